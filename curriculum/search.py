"""Finding resources by words: the text that is searched, and the spellings
that a word may have.

The text is stored with each resource, folded in Python, so that
SQLite and PostgreSQL find the same rows: neither has to know that
É is e. Knows no models.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import chain

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
    if len(word) < SHORTEST_WITH_A_TYPO or any(word in known for known in vocabulary):
        return [word]
    near = sorted(known for known in vocabulary if is_one_typo(word, known))
    return [word, *near[:NEAR_MAX]]


def is_one_typo(one: str, other: str) -> bool:
    """Return whether a letter is missing, too many or another one, or two
    neighbours have changed places.
    """
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, other_rest = one[start:], other[start:]
    if rest[1:] == other_rest[1:] or rest[1:] == other_rest or rest == other_rest[1:]:
        return True
    return rest[:2] == other_rest[:2][::-1] and rest[2:] == other_rest[2:]
