"""Full addresses in the text become links.

Only http and https, spelt out: `main.py` and `data.io` look like domains,
and `A@B.T` like a mail address. An address ends where GitHub's autolinks
end, and before Chinese, Japanese and Korean words and full-width signs,
which stand beside it without a space.
"""

import re
from collections.abc import Iterator

from markdown_it.rules_inline import StateInline

BEFORE_REST = re.compile(r"(?<![A-Za-z0-9])https?(?=://)", re.IGNORECASE)
SCHEME = re.compile(r"(?<![A-Za-z0-9])https?$", re.IGNORECASE)
EAST = (
    "\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\ufe30-\ufe4f\uff00-\uffef\U0001f200-\U0003ffff"
)
QUOTES = "\u2018-\u201f\u2026\u00ab\u00bb\u2039\u203a\u3000-\u303f"
WIKI = (
    rf"(?<=\.wikipedia\.org)/wiki/[^\s<>\"`\\\[\]{QUOTES}"
    r"\uff00-\uff0f\uff1a-\uff20\uff3b-\uff60]{0,500}"
)
EAST_HOST = r"[\u3041-\u9fff\uac00-\ud7a3][\w-]{0,60}\."
REST = re.compile(
    rf"://(?:{EAST_HOST}|[A-Za-z0-9\u00a1-\u10ff\u1200-\u1fff])"
    rf"(?:{WIKI}|[^\s<>\"`\\\[\]{EAST}{QUOTES}]){{0,2000}}",
    re.IGNORECASE,
)
TRAILING = "?!.,:;*_~'|"
PAIRS = {")": "(", "}": "{"}


def address(state: StateInline, silent: bool) -> bool:
    """Tried at each colon; the scheme before it is already among the
    pending text.
    """
    # Words that are only skipped over (silent) pend nowhere, and an
    # address holds no mark that would end them.
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


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """The text cut at its full addresses: the words before each, and the
    address; "" behind the last words.
    """
    end = 0
    for scheme in BEFORE_REST.finditer(text):
        rest = None
        if scheme.start() >= end:
            rest = REST.match(text, scheme.end())
        if rest:
            shown = scheme[0] + without_trailing(rest[0])
            yield text[end : scheme.start()], shown
            end = scheme.start() + len(shown)
    yield text[end:], ""


def without_trailing(rest: str) -> str:
    """Without the full stop of the sentence, and without a closing bracket
    that the address did not open.
    """
    unopened = {
        closer: rest.count(closer) - rest.count(opener)
        for closer, opener in PAIRS.items()
    }
    while rest[-1] in TRAILING or unopened.get(rest[-1], 0) > 0:
        if rest[-1] in PAIRS:
            unopened[rest[-1]] -= 1
        rest = rest[:-1]
    return rest
