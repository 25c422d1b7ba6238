"""Which papers fit a text: words in, ranked papers with the words that fitted out.
Knows no Django.

BM25 with the rarity of a word taken from the candidates themselves (a word of every
tenth abstract says little), a title counting three times, and pairs of neighbouring
words beside single ones. Pure Python: a day's papers are ranked in milliseconds once
they are indexed, and a week's are indexed in about a second.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from itertools import islice, pairwise

from papers.vocabulary import GENERIC, STOP, folded

TITLE_WEIGHT = 3
SATURATION, LENGTH_SHARE = 1.2, 0.5  # BM25's k1 and b
PAIR_WEIGHT = 1.6  # a pair is more certain to mean the same thing than a word is
# a word in more than this share of the candidates says nothing about any of them
COMMON = 0.15
# times log(1 + candidates / 10) squared: below it words met by chance (tried on 2,200
# papers)
LEAST = 1.0
REASONS = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    paper_id: int
    title: str
    abstract: str


@dataclass(frozen=True, slots=True)
class Ranked:
    paper_id: int
    score: float
    # at most three, the strongest first, as they stand in the abstract
    terms: tuple[str, ...]


def top_papers(
    terms: Mapping[str, float], candidates: Sequence[Candidate], limit: int
) -> list[Ranked]:
    """The `limit` candidates that fit `terms` (from `terms_of`) best, best first; those
    that fit nowhere are left out.

    A paper counts when at least two different words of `terms` stand in its abstract,
    and say more than chance would.
    """
    return Index(candidates).top(terms, limit)


def terms_of(texts: Iterable[str]) -> dict[str, float]:
    """The words and pairs of words that texts are about, with their weight; said more
    often weighs more.
    """
    counts: Counter[str] = Counter()
    for text in texts:
        words = _words(text)
        counts.update({word for word, _, _ in words if word not in GENERIC})
        counts.update(set(_pairs(words)))
    return {term: 1 + math.log(n) for term, n in sorted(counts.items())}


class Index:
    """Candidates made ready to be ranked for many texts."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._candidates = candidates
        self._postings = defaultdict[str, list[tuple[int, int]]](list)
        self._lengths: list[int] = []
        self._in_small_letters: dict[str, bool] = {}
        for number, candidate in enumerate(candidates):
            title, abstract = _words(candidate.title), _words(candidate.abstract)
            counts = Counter(TITLE_WEIGHT * _terms(title))
            counts.update(_terms(abstract))
            for term, n in counts.items():
                self._postings[term].append((number, n))
            self._lengths.append(len(abstract) + TITLE_WEIGHT * len(title))
        self._mean_length = (
            sum(self._lengths) / len(self._lengths) if self._lengths else 1
        )

    def top(self, terms: Mapping[str, float], limit: int) -> list[Ranked]:
        """As `top_papers`."""
        parts: dict[int, dict[str, float]] = {}
        for term, weight in terms.items():
            postings = self._postings.get(term, ())
            if not postings or len(postings) > max(COMMON * len(self._candidates), 3):
                continue
            rarity = math.log(
                1
                + (len(self._candidates) - len(postings) + 0.5) / (len(postings) + 0.5)
            )
            value = weight * rarity * (PAIR_WEIGHT if " " in term else 1)
            for number, count in postings:
                damping = (
                    1
                    - LENGTH_SHARE
                    + LENGTH_SHARE * self._lengths[number] / self._mean_length
                )
                part = value * count * (SATURATION + 1) / (count + SATURATION * damping)
                parts.setdefault(number, {})[term] = part
        least = LEAST * math.log(1 + len(self._candidates) / 10) ** 2
        fitting = [number for number, of in parts.items() if sum(of.values()) >= least]
        best = nlargest(
            limit * 4,
            fitting,
            key=lambda number: (sum(parts[number].values()), -number),
        )
        ranked = (self._ranked(number, parts[number]) for number in best)
        return list(islice((one for one in ranked if one is not None), limit))

    def _ranked(self, number: int, parts: Mapping[str, float]) -> Ranked | None:
        candidate = self._candidates[number]
        standing = _standing(candidate.abstract)
        here = [
            term
            for term in sorted(parts, key=lambda term: (-parts[term], term))
            if term in standing
        ]
        if len(set(" ".join(here).split())) < 2:
            return None
        reasons: list[str] = []
        for term in here:
            if not any(set(term.split()) & set(other.split()) for other in reasons):
                reasons.append(term)
        return Ranked(
            candidate.paper_id,
            sum(parts.values()),
            tuple(self._spelt(term, standing[term]) for term in reasons[:REASONS]),
        )

    def _spelt(self, term: str, spelling: str) -> str:
        """A word in small letters that only begins a sentence or a name here:
        “Recurrent”, but not “Markov”.
        """
        is_word = " " not in term and spelling[1:].islower()
        if is_word and self._stands_in_small_letters(term):
            return spelling.lower()
        return spelling

    def _stands_in_small_letters(self, word: str) -> bool:
        """Whether an abstract has the word in small letters."""
        if word not in self._in_small_letters:
            self._in_small_letters[word] = any(
                _holds_in_small_letters(self._candidates[number].abstract, word)
                for number, _n in self._postings[word]
            )
        return self._in_small_letters[word]


def _holds_in_small_letters(abstract: str, word: str) -> bool:
    found = (span for one, *span in _words(abstract) if one == word)
    return any(abstract[start:end].islower() for start, end in found)


# of a sentence's beginning or a spelt-out short name
_CAPITALISED_PAIR = re.compile(r"[A-Z][a-z]+[ -][A-Z]?[a-z]+")


def _standing(abstract: str) -> dict[str, str]:
    """Each term of an abstract to a spelling that it has there, one in small letters
    where there is one.
    """
    words = _words(abstract)
    found = [(one, abstract[start:end]) for one, start, end in words]
    for (one, start, end), (other, next_start, next_end) in pairwise(words):
        if next_start - end == 1:
            found.append((f"{one} {other}", abstract[start:next_end]))
    spelt: dict[str, str] = {}
    for term, spelling in found:
        if term not in spelt or (spelling.islower() and not spelt[term].islower()):
            spelt[term] = " ".join(spelling.split())
    return {
        term: spelling.lower() if _CAPITALISED_PAIR.fullmatch(spelling) else spelling
        for term, spelling in spelt.items()
    }


# Words

_WORD = re.compile(r"[a-zA-Z][a-zA-Z0-9]+")
_MATHS = re.compile(r"\$[^$]*\$")


def _words(text: str) -> list[tuple[str, int, int]]:
    """Each word that may carry meaning, folded, with where it begins and ends."""
    if "$" in text:
        text = _MATHS.sub(lambda maths: " " * len(maths[0]), text)
    found = _WORD.finditer(text)
    return [(word, *each.span()) for each in found if (word := _meaning(each[0]))]


# a week's abstracts hold a million words and 60,000 different ones
@lru_cache(maxsize=100_000)
def _meaning(word: str) -> str:
    """The folded word; empty if it carries no meaning."""
    word = folded(word.lower())
    return "" if word in STOP else word


def _terms(words: Sequence[tuple[str, int, int]]) -> list[str]:
    """The words, and their pairs."""
    return [*(word for word, _, _ in words), *_pairs(words)]


def _pairs(words: Sequence[tuple[str, int, int]]) -> list[str]:
    """Neighbours with one space or hyphen between them, unless both are too general."""
    return [
        f"{one} {other}"
        for (one, _, end), (other, start, _) in pairwise(words)
        if start - end == 1 and not (one in GENERIC and other in GENERIC)
    ]
