"""Markdown in, one line of plain text out: previews, titles, the text part of a mail."""

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from richtext.limits import TextRefused, without_surrogates
from richtext.markdown import PARSER
from richtext.shape import words_of

READ_MIN = 4_000  # characters read even for a short preview: links and tables hold few words
READ_FACTOR = 20


def plain(text: str, limit: int) -> str:
    """At most `limit` characters on one line, cut between words with an ellipsis. Formulas stay as their source between
    dollars. The answer is text, not HTML. Never raises."""
    beginning = without_surrogates(text[: max(READ_MIN, limit * READ_FACTOR)])
    try:
        parts = list(parts_of(PARSER.parse(beginning, {"doc_id": "p"})))
    except (TextRefused, RecursionError):
        parts = [beginning]
    return shortened(" ".join(" ".join(parts).split()), limit)


def parts_of(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "footnote_block_open":
            return
        if token.type == "inline":
            yield words_of(token.children or [])
        elif token.type == "math_block" or (token.type == "fence" and token.info.strip() == "math"):
            yield f"${token.content.strip()}$"
        elif token.type in ("fence", "code_block"):
            yield token.content


def shortened(line: str, limit: int) -> str:
    if len(line) <= limit:
        return line
    cut = line[: max(0, limit - 1)]
    if " " in cut and line[len(cut)] != " ":
        cut = cut[: cut.rindex(" ")]
    return (cut.rstrip(" ,;:.") + "…")[:limit]
