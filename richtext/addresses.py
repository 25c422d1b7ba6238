"""Full addresses in the text become links.

Only http and https, spelt out: `main.py` and `data.io` look like domains, and `A@B.T` like a mail address. An address
ends where GitHub's autolinks end.
"""

import re

from markdown_it.rules_inline import StateInline

SCHEME = re.compile(r"(?<![A-Za-z0-9])https?$", re.IGNORECASE)
REST = re.compile(r"://[A-Za-z0-9\u00a1-\uffff][^\s<>\"`\\\[\]]{0,2000}")
TRAILING = "?!.,:;*_~'"


def address(state: StateInline, silent: bool) -> bool:
    """Tried at each colon; the scheme before it is already among the pending text."""
    # Words that are only skipped over (silent) pend nowhere, and an address holds no mark that would end them.
    if silent or state.src[state.pos] != ":" or state.linkLevel:
        return False
    scheme = SCHEME.search(state.src[max(0, state.pos - 6) : state.pos])
    rest = REST.match(state.src, state.pos, state.posMax)
    if not scheme or not rest or not state.pending.endswith(scheme[0]):
        return False
    shown = without_trailing(rest[0])
    href = state.md.normalizeLink(scheme[0] + shown)
    state.pending = state.pending[: -len(scheme[0])]
    state.push("link_open", "a", 1).attrs = {"href": href}
    state.push("text", "", 0).content = scheme[0] + shown
    state.push("link_close", "a", -1)
    state.pos += len(shown)
    return True


def without_trailing(rest: str) -> str:
    """Without the full stop of the sentence, and without a closing bracket that the address did not open."""
    unopened = rest.count(")") - rest.count("(")
    while rest[-1] in TRAILING or (rest[-1] == ")" and unopened > 0):
        unopened -= rest[-1] == ")"
        rest = rest[:-1]
    return rest
