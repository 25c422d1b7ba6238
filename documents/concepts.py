"""Words that mean the same in questions about deep learning. Knows no database.

`concepts.txt` holds a concept a line. Questions are compared by concepts besides words,
since who asks again uses other words: “lr too high” for “learning rate too large”.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from text.terms import terms_of

FILE = Path(__file__).parent / "concepts.txt"
SEVERAL_WORDS = 1.6  # for what is said with them
DOUBT = 0.6  # how much less a word tells that may mean several concepts


class Concepts(NamedTuple):
    """By the first term of what may be said for a concept, its other terms, and the
    name of the concept.
    """

    by_term: dict[str, list[tuple[tuple[str, ...], str]]]

    def of(self, terms: Sequence[str]) -> list[str]:
        """The concepts that are named, each time that they are."""
        return [name for _term, _rest, name in self._named(terms)]

    def strengths(self, terms: Sequence[str]) -> dict[str, float]:
        """How surely each of the concepts is meant: 1 for a word that means nothing
        else, less for one that means several, more for several words together.
        """
        found: dict[str, float] = {}
        for term, rest, name in self._named(terms):
            strength = SEVERAL_WORDS if rest else self._meanings(term) ** -DOUBT
            found[name] = max(strength, found.get(name, 0))
        return found

    def _named(
        self, terms: Sequence[str]
    ) -> Iterator[tuple[str, tuple[str, ...], str]]:
        for start, term in enumerate(terms, 1):
            for rest, name in self.by_term.get(term, ()):
                if not rest or tuple(terms[start : start + len(rest)]) == rest:
                    yield term, rest, name

    def _meanings(self, term: str) -> int:
        return sum(not rest for rest, _name in self.by_term[term])

    @classmethod
    def read(cls, lines: Iterable[str]) -> "Concepts":
        """Lines of words with commas between them; those with a # in front are left
        out. A concept is called by the first of its words, so that others may be added
        anywhere.
        """
        by_term: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for line in lines:
            if not line.strip() or line.startswith("#"):
                continue
            said = dict.fromkeys(tuple(terms_of(words)) for words in line.split(","))
            name = "c" + "".join(next(iter(said)))
            for terms in filter(None, said):
                by_term[terms[0]].append((terms[1:], name))
        return cls(dict(by_term))


@cache
def concepts() -> Concepts:
    """Those of the file, read once in a process."""
    return Concepts.read(FILE.read_text("utf-8").replace(",\n", ",").splitlines())


def concepts_of(text: str) -> list[str]:
    return concepts().of(terms_of(text))
