"""Words that a member may have meant: the ends of a word that is not typed to its end,
and what is spelt nearly alike. Knows no database.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from documents.query import Needed, Query
from text.terms import words_of
from text.typed import folded

ENDS_MAX = 12  # words that one beginning may become
SHORTEST_WITH_A_TYPO = 4
SHORTEST_WITH_TWO = 8  # letters, for two typos in a word


@dataclass(frozen=True)
class Spelling:
    """The words of the group's texts, folded, with how often each is used."""

    counts: Mapping[str, int]

    @cached_property
    def in_order(self) -> list[str]:
        return sorted(self.counts)

    def ends_of(self, beginning: str) -> list[str]:
        """The most frequent words that begin so."""
        words = self.in_order
        start = bisect_left(words, beginning)
        end = bisect_left(words, f"{beginning}\U0010ffff")
        return sorted(words[start:end], key=self._rarity)[:ENDS_MAX]

    def nearest(self, word: str) -> str:
        """The word that is spelt most alike; empty where none is. Of two that are
        equally near, the more frequent one.
        """
        if len(word) < SHORTEST_WITH_A_TYPO or not word.isalpha():
            return ""
        typos = 1 + (len(word) >= SHORTEST_WITH_TWO)
        found = extract(
            word, self.in_order, scorer=OSA.distance, score_cutoff=typos, limit=20
        )
        near = [(distance, self._rarity(each), each) for each, distance, _at in found]
        return min(near)[2] if near else ""

    def completed(self, query: Query) -> Query:
        """The query with every word that may become of a beginning. A word that is known,
        and all words that begin so, are looked for as they are: a database finds whole
        words sooner than beginnings.
        """
        return replace(
            query, needed=tuple(self._completed(needed) for needed in query.needed)
        )

    def _completed(self, needed: Needed) -> Needed:
        if not needed.beginnings or len(needed.word) < 2:
            return needed
        ends = self.ends_of(folded(needed.word))
        terms = [word.term for word in words_of("\n".join(ends))]
        forms = dict.fromkeys([*needed.forms, *((term,) for term in terms)])
        beginnings = needed.beginnings
        if needed.forms and self.knows(needed.word) and len(ends) < ENDS_MAX:
            beginnings = ()
        return replace(needed, forms=tuple(forms), beginnings=beginnings)

    def corrected(self, typed: str, words: list[str]) -> str:
        """What was typed, with these words spelt as in the group's texts; empty where
        nothing is nearer.
        """
        for word in words:
            near = self.nearest(folded(word))
            if not near:
                return ""
            typed = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", near, typed)
        return typed

    def knows(self, word: str) -> bool:
        return folded(word) in self.counts

    def _rarity(self, word: str) -> tuple[int, str]:
        return -self.counts[word], word
