r"""Where a formula begins and ends in Markdown: $…$, $$…$$, \(…\), \[…\] and a fence of ```math.

The dollar rules are those of Pandoc: no space inside the dollars, no digit right after the closing one, so that prices
stay prices; `3$\times$3` is a formula all the same, because nobody writes a price with a backslash.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from richtext.maths import FORMULA_MAX

OPENER = re.compile(r"\$\$?|\\[(\[]")
CLOSERS = {"$": "$", "$$": "$$", r"\(": r"\)", r"\[": r"\]"}
LATEX_MARK = re.compile(r"[\\^_{]")
PRICE = re.compile(r"\d[\d,.]*\s+[^\W\d]{2,}")  # $5 and 10$


def maths_plugin(parser: MarkdownIt) -> None:
    parser.inline.ruler.before("escape", "math_inline", inline_formula)
    parser.block.ruler.before("fence", "math_block", block_formula, {"alt": ["paragraph", "reference", "blockquote"]})


def inline_formula(state: StateInline, silent: bool) -> bool:
    found = OPENER.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    opener = found[0]
    start = found.end()
    end = end_of_formula(state.src, start, state.posMax, CLOSERS[opener])
    if end < 0:
        return False
    content = state.src[start:end]
    after = end + len(opener)
    if opener == "$" and not dollars_hold_a_formula(
        content, before=state.src[max(0, start - 2) : start - 1], after=state.src[after : after + 1]
    ):
        return False
    if not content.strip("\\ \n"):
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content = content
        token.markup = opener
    state.pos = after
    return True


def end_of_formula(text: str, start: int, stop: int, closer: str) -> int:
    """The place of the closing mark, or -1. Looks no further than a formula may be long."""
    stop = min(stop, start + FORMULA_MAX + len(closer))
    place = text.find(closer, start, stop)
    while place >= 0 and is_escaped(text, start, place):
        place = text.find(closer, place + 1, stop)
    return place


def is_escaped(text: str, start: int, place: int) -> bool:
    before = text[start:place]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def dollars_hold_a_formula(content: str, *, before: str, after: str) -> bool:
    if not content or content[0].isspace() or content[-1].isspace() or "`" in content:
        return False
    looks_like_money = before.isdigit() or after.isdigit() or bool(PRICE.match(content))
    return not looks_like_money or bool(LATEX_MARK.search(content))


def block_formula(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    if state.is_code_block(start_line):
        return False
    first = line_of(state, start_line)
    opener = first[:2]
    if opener not in ("$$", r"\["):
        return False
    closer = CLOSERS[opener]
    # How far the text is known to hold no such closing mark: a page of opening marks is searched once, not from each.
    barren = state.env.setdefault("barren", {})
    if start_line < barren.get(closer, 0):
        return False
    lines = [first[2:]]
    line = start_line
    while closer not in lines[-1]:
        line += 1
        if line >= end_line or not (text := line_of(state, line)).strip() or state.sCount[line] < state.blkIndent:
            barren[closer] = line
            return False
        lines.append(text)
    last, _, rest = lines[-1].partition(closer)
    if rest.strip(" \t.,;"):
        return False  # more text on the line: the formula is part of a paragraph
    content = "\n".join([*lines[:-1], last])
    if not content.strip("\\ \n"):
        return False
    if not silent:
        token = state.push("math_block", "math", 0)
        token.block = True
        token.content = content
        token.markup = opener
        token.map = [start_line, line + 1]
        state.line = line + 1
    return True


def line_of(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
