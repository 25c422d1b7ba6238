"""Markdown in, one line of plain text out: previews, titles, the
text part of a mail.
"""

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from text.delimiters import dollars_hold_a_formula
from text.limits import TextRefused, without_surrogates
from text.markdown import PARSER
from text.maths import FORMULA_MAX
from text.pasted import may_be_pasted
from text.shape import words_of
from text.texwords import words_of_formula

# characters read even for a short preview: links and tables hold few words
READ_MIN = 4_000
READ_FACTOR = 20
# Most texts hold little that Markdown and maths know. Of a line like this the words are
# sure without parsing: words with signs that mean nothing where they stand, and between
# them code, formulas, emphasis and links that nobody reads in two ways.
MARK = re.compile(
    r"""
      (?<![`$])`(?P<code>[^\s`](?:[^`\n]*[^\s`])?)`(?![`$])
    | (?<![$\w])\$(?P<formula>[^\s$`](?:[^$`\n]*[^\s$`\\])?)\$(?![$`\w])
    | (?<![^ (])(?:\*(?P<one>STRESSED)\*|\*\*(?P<two>STRESSED)\*\*)(?![^ ,;:.?!)])
    | (?<![^ (])\[(?P<label>STRESSED)\]\(https?://[A-Za-z0-9./?=-]+\)
    """.replace("STRESSED", r"[^\W_](?:[^\W_]|[ ,'-](?=[^\W_]))*"),
    re.VERBOSE,
)
MEANS_NOTHING = r"""(?:[^\W_]|[,;:?!%.()="'’“”…+/\ -])*"""
LINE = re.compile(
    rf"""
    (?:-[ ])?
    (?:[^\W\d_]|[("'“](?=[^\W_])|[0-9]+(?=[ ,%-])|…(?=[ ])|(?=[`$*\[]))
    {MEANS_NOTHING}
    (?:(?:(?<=[^\W_])_(?=[^\W_])|{re.sub("[?]P<[a-z]+>", "?:", MARK.pattern)})
        {MEANS_NOTHING})*
    """,
    re.VERBOSE,
)
HAS_MARKS = re.compile(r"[`$*\[]|^- ", re.MULTILINE)


def plain(text: str, limit: int) -> str:
    """At most `limit` characters on one line, cut between words with an
    ellipsis. Formulas become their signs. The answer is text, not HTML.
    Never raises.
    """
    beginning = without_surrogates(text[: max(READ_MIN, limit * READ_FACTOR)])
    words = sure_words(beginning, limit)
    if words is None:
        words = parsed_words(beginning)
    return shortened(" ".join(words.split()), limit)


def sure_words(text: str, limit: int) -> str | None:
    """The words of a text that need not be parsed; None of any other. Of a text with
    more than `limit` characters of words, the lines that hold them.
    """
    has_marks = HAS_MARKS.search(text) is not None
    words = ""
    for line in text.split("\n"):
        if not line:
            continue
        if not LINE.fullmatch(line):
            return None
        if has_marks:
            line = line.removeprefix("- ")
            if may_be_pasted(line) or not all(map(is_sure, MARK.finditer(line))):
                return None
            line = MARK.sub(_words_of_mark, line)
        words = f"{words} {' '.join(line.split())}".strip()
        if len(words) > limit:
            break
    return words


def is_sure(mark: re.Match[str]) -> bool:
    """Whether what stands between dollars is no price, and goes no further."""
    formula = mark["formula"]
    return formula is None or (
        len(formula) <= FORMULA_MAX
        and formula.count("{") == formula.count("}")
        and dollars_hold_a_formula(formula, before="", after="")
    )


def _words_of_mark(mark: re.Match[str]) -> str:
    if mark["formula"]:
        return words_of_formula(mark["formula"])
    return next(filter(None, mark.groups()), "")


def parsed_words(text: str) -> str:
    try:
        return " ".join(parts_of(PARSER.parse(text, {"doc_id": "p"})))
    except (TextRefused, RecursionError):
        return text


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
