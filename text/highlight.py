"""Plain text with the words that were searched for, as safe HTML."""

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape
from itertools import islice

from text.limits import without_surrogates
from text.terms import Word, words_of

BEFORE, AFTER = 90, 210  # characters around the first word that was found
READ_MAX = 500  # words that are read one by one: a text may hold 100,000
FORMULA = re.compile(r"\$\$[^$]+\$\$|\$[^$\n]+\$")


def highlighted(text: str, is_sought: Callable[[Word, str], bool]) -> str:
    """Text with each sought word in a <mark>. `is_sought` is asked for each word, and
    how it is written.
    """
    parts, end = [], 0
    text = without_surrogates(text)
    for start, stop in spots(text, is_sought):
        parts.append(escape(text[end:start]))
        parts.append(f"<mark>{escape(text[start:stop])}</mark>")
        end = stop
    parts.append(escape(text[end:]))
    return "".join(parts)


def spots(
    text: str, is_sought: Callable[[Word, str], bool]
) -> Iterator[tuple[int, int]]:
    """Where sought words stand; those with one sign or space between them as one."""
    start = end = -1
    for word in words_of(text):
        if not is_sought(word, text[word.start : word.end]):
            continue
        if start >= 0 and word.start <= end + 1:
            end = max(end, word.end)
            continue
        if start >= 0:
            yield start, end
        start, end = word.start, word.end
    if start >= 0:
        yield start, end


def around(
    text: str, is_sought: Callable[[Word, str], bool], *, spelt: Iterable[str] = ()
) -> str:
    """The part of a Markdown text around the first sought word, or its beginning, cut
    between words and outside of formulas.

    Only the first words of a long text are read. Beyond them a sought word is found
    where it is written as in `spelt`, in small letters.
    """
    middle = _first_sought(text, is_sought, spelt)
    start, end = max(0, middle - BEFORE), middle + AFTER
    if start and (space := _space_after(text, start, middle)):
        start = space
    if end < len(text):
        end = max(text.rfind(" ", start, end), middle + 1)
    start, end = _outside_formulas(text, start, middle, end)
    part = text[start:end].strip()
    return f"{'… ' if start else ''}{part}{' …' if end < len(text) else ''}"


def _outside_formulas(text: str, start: int, middle: int, end: int) -> tuple[int, int]:
    """Where to cut, so that no formula is cut: half of one would be shown as typed."""
    for formula in FORMULA.finditer(text):
        left, right = formula.span()
        if left < start < right:
            start = right if right <= middle else left
        if left < end < right:
            end = left if left > middle else right
        if left > end:
            break
    return start, end


def _space_after(text: str, start: int, end: int) -> int:
    spaces = [text.find(sign, start, end) for sign in " \n"]
    return min((space for space in spaces if space >= 0), default=0)


def _first_sought(
    text: str, is_sought: Callable[[Word, str], bool], spelt: Iterable[str]
) -> int:
    """Where the first sought word begins; 0 if none is found."""
    end = 0
    for word in islice(words_of(text), READ_MAX):
        if is_sought(word, text[word.start : word.end]):
            return word.start
        end = word.end
    small = text.lower()
    if len(small) != len(text):  # a few letters become two: nothing is at its place
        return 0
    places = (small.find(written, end) for written in spelt)
    return min((place for place in places if place >= 0), default=0)
