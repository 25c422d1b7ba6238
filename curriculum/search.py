"""Finding resources by words: the text that is searched, and the spellings
that a word may have.

The text is stored with each resource, folded in Python, so that
SQLite and PostgreSQL find the same rows: neither has to know that
É is e. Knows no models.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import chain

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from text.typed import folded

WORDS_MAX = 10  # of one search
NEAR_MAX = 8  # other spellings of one word
SHORTEST_WITH_A_TYPO = 4
AROUND = "\"'“”„‘’«»()[]{}<>.,;:!?…،؟。、，"


def search_text(parts: Iterable[str]) -> str:
    """Return what is stored to be searched: each part on a line."""
    return "\n".join(folded(part) for part in parts if part)


def words_of(typed: str) -> list[str]:
    """Return the folded words of a search, each once."""
    words = (word.strip(AROUND) for word in folded(typed).split())
    return list(dict.fromkeys(word for word in words if word))[:WORDS_MAX]


def vocabulary_of(texts: Iterable[str]) -> frozenset[str]:
    """Return the words of the library that a mistyped word may have meant."""
    return frozenset(
        chain.from_iterable(re.findall(r"[^\W\d_]{3,}", text) for text in texts)
    )


def spellings(word: str, vocabulary: Collection[str]) -> Sequence[str]:
    """Return the word itself, and where the library has it nowhere, words
    that are one typo away.
    """
    if len(word) < SHORTEST_WITH_A_TYPO or word in "\n".join(vocabulary):
        return [word]
    # a letter is missing, too many or another one, or two have changed places
    near = extract(word, vocabulary, scorer=OSA.distance, score_cutoff=1, limit=None)
    return [word, *sorted(known for known, _distance, _at in near)[:NEAR_MAX]]
