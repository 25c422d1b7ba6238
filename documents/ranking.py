"""Which of the documents found fit a query best. Knows no database."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from documents.query import Needed, Query

IN_TITLE, WHOLE_TITLE, IN_ORDER = 2.0, 3.0, 2.0
NEWEST = 0.25  # for the newest of all; the oldest gets nothing
USUAL_TERMS = 80  # of a text
PATTERNS_MAX = 12  # each goes over every document
END_OF_TITLE = " . "


@dataclass(frozen=True, slots=True)
class Ranking:
    """Weighs documents for one query: terms in the title, how often they stand in the
    text, whether they follow each other, and how new it is beside the others.
    """

    patterns: tuple[re.Pattern[str], ...]
    in_order: str

    @classmethod
    def of(cls, query: Query) -> "Ranking":
        patterns = [_pattern(needed) for needed in query.needed]
        for term in dict.fromkeys(chain.from_iterable(query.phrases)):
            patterns.append(re.compile(f" {re.escape(term)}(?= )"))
        terms = query.terms
        in_order = f" {' '.join(terms)} " if len(terms) > 1 else ""
        return cls(tuple(patterns[:PATTERNS_MAX]), in_order)

    def scores(self, words: Sequence[str]) -> list[float]:
        """The weight of each document; they come newest first."""
        count = len(words)
        return [
            self._score(each) + NEWEST * (count - place) / count
            for place, each in enumerate(words)
        ]

    def is_in_title(self, words: str) -> bool:
        """Whether the title of a document holds every word of the query."""
        title = f" {words} ".partition(END_OF_TITLE)[0]
        return bool(self.patterns) and all(
            pattern.search(f"{title} ") for pattern in self.patterns
        )

    def _score(self, words: str) -> float:
        title, _end, body = f" {words} ".partition(END_OF_TITLE)
        title, body = f"{title} ", f" {body}"
        length = 0.5 + 0.5 * body.count(" ") / USUAL_TERMS
        score, titles = 0.0, 0
        for pattern in self.patterns:
            times = len(pattern.findall(body))
            score += times / (times + length)
            if pattern.search(title):
                titles += 1
        score += IN_TITLE * titles
        if titles == len(self.patterns):
            score += WHOLE_TITLE
        if self.in_order and (self.in_order in title or self.in_order in body):
            score += IN_ORDER
        return score


def _pattern(needed: Needed) -> re.Pattern[str]:
    firsts = [form[0] for form in needed.forms]
    # the look ahead is left out where every word that begins so counts
    firsts = [term for term in firsts if not term.startswith(needed.beginnings)]
    forms = [re.escape(term) + "(?= )" for term in firsts]
    forms += [re.escape(beginning) for beginning in needed.beginnings]
    return re.compile(f" (?:{'|'.join(forms)})")
