"""Plain text with the words that were searched for, as safe HTML."""

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape
from itertools import islice

from text.limits import without_surrogates
from text.terms import TERM_MAX, WORD, Word, words_of_run

BEFORE, AFTER = 90, 210  # characters around the first word that was found
READ_MAX = 500  # words that are read one by one: a text may hold 100,000
FORMULA = re.compile(r"\$\$[^$]+\$\$|\$[^$\n]+\$")


Spans = tuple[tuple[int, int], ...]


class SoughtWords:
    """The words that are looked for in the texts of one page.

    `is_sought` is asked for a word and how it is written. Texts use the same words over
    and over: what is written in the same way is judged once.
    """

    def __init__(
        self, is_sought: Callable[[Word, str], bool], *, spelt: Iterable[str] = ()
    ) -> None:
        """Far down in a long text a word is found where it is written as in `spelt`, in
        small letters.
        """
        self.is_sought = is_sought
        self.spelt = tuple(spelt)
        # by run: how many words it has, and where in it the sought ones stand
        self._judged: dict[str, tuple[int, Spans]] = {}

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where sought words stand."""
        for run in WORD.finditer(text):
            written = run[0]
            _count, spans = self._judged.get(written) or self._judge(written)
            if spans:
                offset = run.start()
                for start, end in spans:
                    yield offset + start, offset + end

    def first(self, text: str) -> int:
        """Where the first one begins; 0 if none is found.

        Only the first words of a long text are read one by one.
        """
        left, end = READ_MAX, 0
        for run in WORD.finditer(text):
            written = run[0]
            count, spans = self._judged.get(written) or self._judge(written, left)
            if spans:
                return run.start() + spans[0][0]
            left -= count
            if left <= 0:
                break
            end = run.end()
        small = text.lower()
        if len(small) != len(text):  # a few letters become two: nothing is at its place
            return 0
        places = (small.find(written, end) for written in self.spelt)
        return min((place for place in places if place >= 0), default=0)

    def _judge(self, run: str, most: int | None = None) -> tuple[int, Spans]:
        """Of no more than `most` words, where the run is long."""
        is_long = len(run) > TERM_MAX
        words = list(islice(words_of_run(run), most if is_long else None))
        spans = tuple(
            (word.start, word.end)
            for word in words
            if self.is_sought(word, run[word.start : word.end])
        )
        if not is_long:
            self._judged[run] = len(words), spans
        return len(words), spans


def highlighted(text: str, sought: SoughtWords) -> str:
    """Text with each sought word in a <mark>."""
    parts, end = [], 0
    text = without_surrogates(text)
    for start, stop in spots(text, sought):
        parts.append(escape(text[end:start]))
        parts.append(f"<mark>{escape(text[start:stop])}</mark>")
        end = stop
    parts.append(escape(text[end:]))
    return "".join(parts)


def spots(text: str, sought: SoughtWords) -> Iterator[tuple[int, int]]:
    """Where sought words stand; those with one sign or space between them as one."""
    start = end = -1
    for first, last in sought.spans(text):
        if start >= 0 and first <= end + 1:
            end = max(end, last)
            continue
        if start >= 0:
            yield start, end
        start, end = first, last
    if start >= 0:
        yield start, end


def around(text: str, sought: SoughtWords) -> str:
    """The part of a Markdown text around the first sought word, or its beginning, cut
    between words and outside of formulas.
    """
    middle = sought.first(text)
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
