"""Plain text with the words that were searched for, as safe HTML."""

from collections.abc import Callable
from html import escape

from text.limits import without_surrogates
from text.terms import Word, words_of

BEFORE, AFTER = 90, 210  # characters around the first word that was found


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


def spots(text: str, is_sought: Callable[[Word, str], bool]) -> list[tuple[int, int]]:
    """Where sought words stand; those with one sign or space between them as one."""
    found: list[tuple[int, int]] = []
    for word in words_of(text):
        if not is_sought(word, text[word.start : word.end]):
            continue
        if found and word.start <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], word.end))
        else:
            found.append((word.start, word.end))
    return found


def around(text: str, is_sought: Callable[[Word, str], bool]) -> str:
    """The part of a text around the first sought word, or its beginning, cut between
    words.
    """
    found = spots(text, is_sought)
    middle = found[0][0] if found else 0
    start, end = max(0, middle - BEFORE), middle + AFTER
    if start and (space := _space_after(text, start, middle)):
        start = space
    if end < len(text):
        end = max(text.rfind(" ", start, end), middle + 1)
    part = text[start:end].strip()
    return f"{'… ' if start else ''}{part}{' …' if end < len(text) else ''}"


def _space_after(text: str, start: int, end: int) -> int:
    spaces = [text.find(sign, start, end) for sign in " \n"]
    return min((space for space in spaces if space >= 0), default=0)
