"""Formulas inside a line of text."""

import re

from markdown_it.rules_inline import StateInline

from text import maths
from text.delimiters.judging import COMMAND, QUOTED, dollars_hold_a_formula, is_prose
from text.maths import FORMULA_MAX

OPENER = re.compile(r"\$\$?|\\[(\[]|\\begin\{([A-Za-z]{3,12}\*?)\}|\[(?=\s)")
CLOSERS = {"$": "$", "$$": "$$", r"\(": r"\)", r"\[": r"\]"}

ENVIRONMENTS = frozenset(
    "align align* alignat alignat* aligned alignedat array Bmatrix bmatrix cases "
    "dcases displaymath eqnarray eqnarray* "
    "equation equation* flalign flalign* gather gather* gathered matrix multline "
    "multline* pmatrix rcases smallmatrix "
    "split subarray vmatrix Vmatrix".split()
)
IN_TEXT = re.compile(
    r"\\(?:text|textrm|textbf|textit|textsf|mbox|hbox)\s*\{[^{}$]{0,200}\Z"
)
GROUPS_IN_TEXT = 10  # formulas inside the words of a formula, as in \text{if $x$}

BARE_BRACKETS = re.compile(r"\[\s([^\[\]\n]{1,500})\s\](?![(\[:])")


def inline_formula(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "$\\[":
        return False
    found = OPENER.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    opener = found[0]
    if opener == "[":
        return bare_brackets(state, silent)
    if opener.startswith(r"\begin"):
        return environment(state, found[1], silent)
    if opener == "$" and state.src.startswith("`", found.end(), state.posMax):
        return dollar_backtick(state, silent)
    start = found.end()
    end = end_of_formula(state.src, start, state.posMax, CLOSERS[opener])
    if end < 0:
        return False
    content = state.src[start:end]
    after = end + len(opener)
    if opener == "$" and not dollars_hold_a_formula(
        content,
        before=state.src[max(0, start - 12) : start - 1],
        after=state.src[after : after + 1],
    ):
        return False
    if opener[0] == "\\" and is_prose(content):
        return False
    return add_formula(state, content, opener, after, silent)


def add_formula(
    state: StateInline, content: str, opener: str, after: int, silent: bool
) -> bool:
    if not content.strip("\\ \n"):
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content = content
        token.markup = opener
    state.pos = after
    return True


def dollar_backtick(state: StateInline, silent: bool) -> bool:
    """$`…`$, as GitHub and GitLab write a formula in its line."""
    start = state.pos + 2
    end = state.src.find("`", start, min(state.posMax, start + FORMULA_MAX + 1))
    if end < 0 or not state.src.startswith("`$", end, state.posMax):
        return False
    return add_formula(state, state.src[start:end], "$", end + 2, silent)


def environment(state: StateInline, name: str, silent: bool) -> bool:
    r"""\begin{align} … \end{align} without dollars around it."""
    if name not in ENVIRONMENTS:
        return False
    closer = f"\\end{{{name}}}"
    end = state.src.find(
        closer, state.pos, min(state.posMax, state.pos + FORMULA_MAX + len(closer))
    )
    if end < 0:
        return False
    after = end + len(closer)
    return add_formula(state, state.src[state.pos : after], "$$", after, silent)


def bare_brackets(state: StateInline, silent: bool) -> bool:
    r"""[ \frac{a}{b} ]: what is left of \[…\] when a chatbot's
    answer is copied.

    Only what can be set as a formula.
    """
    found = BARE_BRACKETS.match(state.src, state.pos, state.posMax)
    if (
        not found
        or not COMMAND.search(found[1])
        or QUOTED.search(found[1])
        or is_prose(found[1])
    ):
        return False
    if "math-source" in maths.tex(found[1], display=True):
        return False
    return add_formula(state, found[1], "$$", found.end(), silent)


def end_of_formula(text: str, start: int, stop: int, closer: str) -> int:
    """The place of the closing mark, or -1.

    Looks no further than a formula may be long.
    """
    stop = min(stop, start + FORMULA_MAX + len(closer))
    place = text.find(closer, start, stop)
    inside = 0
    while place >= 0:
        if is_escaped(text, start, place):
            place = text.find(closer, place + 1, stop)
        elif (
            closer == "$"
            and inside < GROUPS_IN_TEXT
            and IN_TEXT.search(text, max(start, place - 220), place)
        ):
            inside += 1
            inner_end = text.find("$", place + 1, stop)
            if inner_end >= 0:
                place = text.find(closer, inner_end + 1, stop)
            else:
                place = -1
        else:
            break
    return place


def is_escaped(text: str, start: int, place: int) -> bool:
    before = text[start:place]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1
