"""What kind of line a line is."""

import re
from enum import Enum

from markdown_it.rules_block import StateBlock

from text.pasted.signs import (
    AT_PLACE,
    CERTAIN,
    CODE,
    CONTINUED,
    DECORATOR,
    DEFINES,
    DOCTEST,
    INCLUDE,
    LOOK_AT,
    MARKDOWN,
    OUTPUT,
    RULE,
    SENTENCE,
    STATEMENT,
    THROWN,
)

COMMENTS_MAX = 10  # lines of comment before the first line of code


class Kind(Enum):
    CERTAIN = "no doubt"
    LIKELY = "code or output"
    INDENTED = "stands in"
    CONTINUED = "only beside code"
    PROSE = "words"


def kind_of(state: StateBlock, line: int, end_line: int) -> Kind:
    text = text_of(state, line)
    if CERTAIN.match(text) or is_known_by_the_next(state, line, end_line, text):
        return Kind.CERTAIN
    if MARKDOWN.match(text) and not text.startswith("* "):
        if text.startswith("#"):
            return kind_of_hash(state, line, end_line)
        return Kind.PROSE
    if state.sCount[line] - state.blkIndent >= 2:
        return Kind.INDENTED
    if "](" in text:
        return Kind.PROSE
    if OUTPUT.match(text):
        return Kind.LIKELY
    if SENTENCE.match(text):
        return Kind.PROSE
    if (
        CODE.match(text)
        or is_json(state, line, end_line, text)
        or (text.rstrip().endswith(";") and STATEMENT.search(text))
    ):
        return Kind.LIKELY
    if CONTINUED.match(text):
        return Kind.CONTINUED
    return Kind.PROSE


def may_be_pasted(line: str) -> bool:
    """Whether pasted code or output may begin with a line that begins with a word; that
    it does also depends on the lines around it.
    """
    begins = any(sort.match(line) for sort in (CERTAIN, OUTPUT, CODE, THROWN))
    return begins or line.rstrip().endswith(";")


def is_json(state: StateBlock, line: int, end_line: int, text: str) -> bool:
    if text.strip() not in ("{", "[") or line + 1 >= end_line:
        return False
    return text_of(state, line + 1).startswith(('"', "'", "{", "["))


def kind_of_hash(state: StateBlock, line: int, end_line: int) -> Kind:
    """A heading, or a comment when code stands right below it."""
    for below in range(line + 1, min(end_line, line + COMMENTS_MAX)):
        text = text_of(state, below)
        if not text.startswith("#") or INCLUDE.match(text):
            is_code = CODE.match(text) and "](" not in text and not SENTENCE.match(text)
            if is_code:
                return Kind.LIKELY
            return Kind.CONTINUED
    return Kind.CONTINUED


def is_known_by_the_next(
    state: StateBlock, line: int, end_line: int, text: str
) -> bool:
    if text.startswith(">>>"):
        below = ""
        if line + 1 < end_line:
            below = text_of(state, line + 1)
        return bool(DOCTEST.match(text)) and (
            below.startswith(">>>") or not below.startswith(">")
        )
    if line + 1 >= end_line:
        return False
    if RULE.match(text):
        return "Traceback (most recent call last)" in text_of(state, line + 1)
    if THROWN.match(text):
        return bool(
            AT_PLACE.match(
                state.src[state.bMarks[line + 1] : state.eMarks[line + 1]][:LOOK_AT]
            )
        )
    return bool(DECORATOR.match(text)) and bool(DEFINES.match(text_of(state, line + 1)))


def language_of(first: str) -> str:
    if DOCTEST.match(first):
        return "pycon"
    if re.match(r"(?:\([\w.-]+\) )?\$ ", first):
        return "console"
    if re.match(
        r"(?:(?:async )?def |class \w+[(:]|import \w+|from [\w.]+ import |@\w)", first
    ):
        if not first.rstrip().endswith((";", "{")):
            return "python"
        return ""
    return ""


def text_of(state: StateBlock, line: int) -> str:
    start = state.bMarks[line] + state.tShift[line]
    return state.src[start : min(state.eMarks[line], start + LOOK_AT)]
