"""Formulas on lines of their own."""

import re

from markdown_it.rules_block import StateBlock

from text import maths
from text.delimiters.inline import CLOSERS, ENVIRONMENTS, OPENER
from text.delimiters.judging import LATEX_MARK, QUOTED, is_prose


def block_formula(
    state: StateBlock, start_line: int, end_line: int, silent: bool
) -> bool:
    if state.is_code_block(start_line):
        return False
    first = line_of(state, start_line)
    if first.startswith("["):
        return bare_brackets_block(state, start_line, end_line, silent)
    opener = first[:2]
    inside = 2
    if opener in ("$$", r"\["):
        closer = CLOSERS[opener]
    elif found := begins_environment(first):
        closer = f"\\end{{{found[1]}}}"
        inside = 0
    else:
        return False
    # How far the text is known to hold no such closing mark: a page of
    # opening marks is searched once, not from each.
    barren = state.env.setdefault("barren", {})
    if start_line < barren.get(closer, 0):
        return False
    lines = [first[inside:]]
    line = start_line
    while closer not in lines[-1]:
        line += 1
        if (
            line >= end_line
            or not (text := line_of(state, line)).strip()
            or state.sCount[line] < state.blkIndent
        ):
            barren[closer] = line
            return False
        lines.append(text)
    last, _, rest = lines[-1].partition(closer)
    if rest.strip(" \t.,;"):
        return False  # more text on the line: the formula is part of a paragraph
    if not inside:  # the delimiters are part of the formula
        last += closer
    content = "\n".join([*lines[:-1], last])
    if opener == r"\[" and is_prose(content):
        return False
    return add_block(state, content, opener, (start_line, line + 1), silent)


def begins_environment(first: str) -> re.Match[str] | None:
    found = OPENER.match(first)
    if found and found[1] in ENVIRONMENTS:
        return found
    return None


def bare_brackets_block(
    state: StateBlock, start_line: int, end_line: int, silent: bool
) -> bool:
    """A line with nothing but `[`, lines of a formula, a line with
    nothing but `]`.
    """
    if line_of(state, start_line).strip() != "[":
        return False
    barren = state.env.setdefault("barren", {})
    if start_line < barren.get("]", 0):
        return False
    lines: list[str] = []
    line = start_line + 1
    while (
        line < end_line
        and (text := line_of(state, line)).strip()
        and state.sCount[line] >= state.blkIndent
    ):
        if text.strip() in ("]", "],", "]."):
            break
        lines.append(text)
        line += 1
    else:
        barren["]"] = line
        return False
    content = "\n".join(lines)
    if not LATEX_MARK.search(content) or QUOTED.search(content) or is_prose(content):
        return False
    if "math-source" in maths.tex(content, display=True):
        return False
    return add_block(state, content, r"\[", (start_line, line + 1), silent)


def add_block(
    state: StateBlock, content: str, opener: str, lines: tuple[int, int], silent: bool
) -> bool:
    if not content.strip("\\ \n"):
        return False
    if not silent:
        token = state.push("math_block", "math", 0)
        token.block = True
        token.content = content
        token.markup = opener
        token.map = list(lines)
        state.line = lines[1]
    return True


def line_of(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
