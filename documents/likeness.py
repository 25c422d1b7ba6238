"""How much a text is like a question that somebody types. Knows no database.

Words and concepts weigh by how few of the questions hold them (as in BM25); those of a
title weigh more, and a concept counts as two words and a half. The numbers were chosen
among 50,000 others with the rewordings in `search/tests/paraphrases.yaml` and
`paraphrases_b.yaml`, see decision 0148.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, combinations
from math import log, prod
from typing import NamedTuple

from documents.concepts import concepts
from text.terms import STOP_TERMS, terms_of

TITLE_ASKED, TITLE_HELD, CONCEPT = 2.5, 1.0, 2.5
RARITY = 1.3  # power of it
SATURATION = 4.0
LENGTH = 0.7  # how much a long text must hold more
USUAL_LENGTH = 400  # characters of the words of a document
MOST_TELLING = 4  # of what is typed, by which it is known what is close
CLOSE = 0.6  # share of what these say
BESIDE_BEST = 0.5  # share of the likeness of the best
TIMES_MOST = 3  # that a word of a text counts
END_OF_TITLE = " . "
BODY_READ = 300  # characters

FEW = 1_000  # questions that are read for one lookup
TOGETHER = 10_000  # for all of them
LOOKUPS = 24
PAIRED = 10  # of what many questions hold
ALL_AT_ONCE = 4  # where every two together are still in many


def rarity(share: float) -> float:
    """Of a word or a concept that this share of the questions holds."""
    return log(1 + 1 / share) ** RARITY


class Lookup(NamedTuple):
    """What a question must hold, all of it, to be looked at; and what each says."""

    units: tuple[str, ...]
    weights: tuple[float, ...]


class Likeness(NamedTuple):
    """By `among`, documents are put in order: a long one holds more by chance. `said` is
    how much of what is typed a document says, however long it is.
    """

    among: float
    said: float


@dataclass(frozen=True, slots=True)
class TypedQuestion:
    """What somebody types, as weights of words and of concepts (marked with #)."""

    weights: Mapping[str, float]

    @classmethod
    def of(cls, title: str, body: str) -> "TypedQuestion":
        """What stands in both counts twice."""
        weights = strengths(terms_of(title))
        for unit in weights:
            weights[unit] *= TITLE_ASKED
        for unit, strength in strengths(terms_of(body[:BODY_READ])).items():
            weights[unit] = weights.get(unit, 0) + strength
        return cls(weights)

    def lookups(self, shares: Mapping[str, float], total: int) -> list[Lookup]:
        """What to look up among `total` questions: each thing that few of them hold, and
        two together of what more of them hold.

        What is found is bounded, however many questions there are: `shares` says which
        share of them holds a thing, and these are taken as independent of each other.
        """
        told = {
            unit: weight * rarity(shares[unit]) for unit, weight in self.weights.items()
        }
        telling = sorted(told, key=told.__getitem__, reverse=True)
        frequent = [unit for unit in telling if shares[unit] * total > FEW]
        seldom = ((unit,) for unit in telling if unit not in frequent)
        pairs = [
            (one, two)
            for one, two in combinations(frequent[:PAIRED], 2)
            if shares[one] * shares[two] * total <= FEW
        ]
        weighed = [
            Lookup(units, tuple(told[unit] for unit in units))
            for units in chain(seldom, pairs)
        ]
        weighed.sort(key=lambda each: sum(each.weights), reverse=True)
        lookups: list[Lookup] = []
        left = float(TOGETHER)
        for lookup in weighed[:LOOKUPS]:
            found = total * prod(shares[unit] for unit in lookup.units)
            if found <= left:
                left -= found
                lookups.append(lookup)
        if frequent and not lookups:
            all_at_once = tuple(frequent[:ALL_AT_ONCE])
            lookups.append(
                Lookup(all_at_once, tuple(told[each] for each in all_at_once))
            )
        return lookups

    def likeness(self, words: str, rarities: Mapping[str, float]) -> "Likeness":
        """Of the words of a document. `rarities` has those of what is typed."""
        head, _end, rest = f" {words} ".partition(END_OF_TITLE)
        title = units(term for term in head.split() if term[0] != "#")
        terms = rest.split()
        held = Counter([*terms, *(f"#{name}" for name in set(concepts().of(terms)))])
        length = 1 - LENGTH + LENGTH * len(words) / USUAL_LENGTH
        among, said = 0.0, 0.0
        for unit in self.weights.keys() & (held.keys() | title):
            times = min(held[unit], TIMES_MOST) + TITLE_HELD * (unit in title)
            told = self.weights[unit] * rarities[unit] * times * (SATURATION + 1)
            among += told / (times + SATURATION * length)
            said += told / (times + SATURATION * min(length, 1))
        return Likeness(among, said)

    def close(self, rarities: Mapping[str, float]) -> float:
        """What a question must say of it to be shown. That is measured by the most
        telling of what is typed, so that a long text asks for no more than a title.
        """
        told = (weight * rarities[unit] for unit, weight in self.weights.items())
        return CLOSE * sum(sorted(told, reverse=True)[:MOST_TELLING])


def units(terms: Iterable[str]) -> set[str]:
    """The words and the concepts of terms."""
    listed = list(terms)
    return {*listed, *(f"#{name}" for name in concepts().of(listed))} - STOP_TERMS


def strengths(terms: Iterable[str]) -> dict[str, float]:
    """The words and the concepts of what is typed, with how much each says."""
    listed = list(terms)
    found = {term: 1.0 for term in listed if term not in STOP_TERMS}
    for name, strength in concepts().strengths(listed).items():
        found[f"#{name}"] = CONCEPT * strength
    return found
