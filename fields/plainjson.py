"""JSON that somebody else wrote: whether it can be read, stored and
written again. Knows no Django.

Python reads more than JSON is (NaN, halves of characters), fails for deep
nesting and for thousands of digits, and no database stores all of it.
"""

import json
import re

from text.limits import SURROGATE

# lists and objects in one another; what browsers send of a passkey has
# four
DEPTH_MAX = 12
STRINGS = re.compile(r'"(?:[^"\\]|\\.?)*+"?', re.DOTALL)
BRACKETS = re.compile(r"[\[\]{}]")
NO_NUMBERS = re.compile(r"NaN|Infinity|\d{400}")
NUL = re.compile("\x00")


def can_be_kept(text: str) -> bool:
    """Whether the text is JSON that nothing fails for.

    True for what is no JSON at all: fields say so.
    """
    bare = STRINGS.sub("", text)
    if NO_NUMBERS.search(bare) or _depth(bare) > DEPTH_MAX:
        return False
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        return True
    return not _has_odd_text(value)


def _depth(bare: str) -> int:
    """How deep brackets stand in one another, whatever closes them."""
    deepest = depth = 0
    for bracket in BRACKETS.findall(bare):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _has_odd_text(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_has_odd_text, (*value, *value.values())))
    if isinstance(value, list):
        return any(map(_has_odd_text, value))
    return isinstance(value, str) and bool(SURROGATE.search(value) or NUL.search(value))
