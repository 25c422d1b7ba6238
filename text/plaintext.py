"""Markdown in, one line of plain text out: previews, titles, the
text part of a mail.
"""

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from text.limits import TextRefused, without_surrogates
from text.markdown import PARSER
from text.shape import words_of
from text.texwords import words_of_formula

# characters read even for a short preview: links and tables hold few words
READ_MIN = 4_000
READ_FACTOR = 20
# one line without any sign that Markdown or maths knows
SIMPLE = re.compile(
    r"(?:… )?[^\W\d_](?:[^\W_]|[ ,;?%’“”…]|\.(?=[ …]|$)|'(?=[^\W\d_]))*"
)


def plain(text: str, limit: int) -> str:
    """At most `limit` characters on one line, cut between words with an
    ellipsis. Formulas become their signs. The answer is text, not HTML.
    Never raises.
    """
    beginning = without_surrogates(text[: max(READ_MIN, limit * READ_FACTOR)])
    if SIMPLE.fullmatch(beginning):
        return shortened(" ".join(beginning.split()), limit)
    try:
        parts = list(parts_of(PARSER.parse(beginning, {"doc_id": "p"})))
    except (TextRefused, RecursionError):
        parts = [beginning]
    return shortened(" ".join(" ".join(parts).split()), limit)


def first_words(tokens: Sequence[Token], limit: int) -> str:
    """As `plain`, of a text that is parsed already."""
    words = ""
    for part in parts_of(tokens):
        words = f"{words} {' '.join(part.split())}".strip()
        if len(words) > limit:
            break
    return shortened(words, limit)


def parts_of(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "footnote_block_open":
            return
        if token.type == "inline":
            yield words_of(token.children or [])
        elif token.type == "math_block" or (
            token.type == "fence" and token.info.strip() == "math"
        ):
            yield words_of_formula(token.content)
        elif token.type in ("fence", "code_block"):
            yield token.content


def shortened(line: str, limit: int) -> str:
    if len(line) <= limit:
        return line
    cut = line[: max(0, limit - 1)]
    if " " in cut and line[len(cut)] != " ":
        cut = cut[: cut.rindex(" ")]
    return (cut.rstrip(" ,;:.") + "…")[:limit]
