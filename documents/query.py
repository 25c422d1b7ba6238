"""What somebody typed into a search, as terms. Knows no database."""

import re
from dataclasses import dataclass
from itertools import chain

from text.terms import STOP_TERMS, american, terms_of, words_of
from text.typed import folded

TYPED_MAX = 200  # characters
NEEDED_MAX = 12  # words, and phrases
PHRASE_MAX = 12  # terms of one phrase; what follows them is left out
CHUNK = re.compile(r'"([^"]*)"?|(-?)([^\s"]+)')


@dataclass(frozen=True, slots=True)
class Needed:
    """A word that a text must hold: one of `forms`, whole or as a beginning."""

    word: str  # as it was typed
    forms: tuple[tuple[str, ...], ...]  # all terms of one of them
    beginnings: tuple[str, ...] = ()

    @property
    def telling(self) -> tuple[tuple[str, ...], ...]:
        """The forms without those that begin as one of `beginnings`."""
        if not self.beginnings:
            return self.forms
        forms = self.forms
        return tuple(
            form
            for form in forms
            if len(form) > 1 or not form[0].startswith(self.beginnings)
        )


@dataclass(frozen=True, slots=True)
class Query:
    needed: tuple[Needed, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[str, ...] = ()
    marks: tuple[tuple[str, ...], ...] = ()  # one of each

    def __bool__(self) -> bool:
        """Whether there is anything to search for."""
        return bool(self.needed or self.phrases)

    @property
    def terms(self) -> tuple[str, ...]:
        """Those of the phrases and words that must stand in a text, in their order."""
        whole = [needed.forms[0] for needed in self.needed if needed.forms]
        return tuple(chain(*self.phrases, *whole))


def parse(typed: str, *, marks: tuple[tuple[str, ...], ...] = ()) -> Query:
    """Read words, "phrases", -words that must not be there, and beginnings*.

    The last word is a beginning too, since it may not be typed to its end. Words such as
    “the” count only where nothing else was typed. Never raises: what is no word is left
    out.
    """
    needed: list[Needed] = []
    phrases: list[tuple[str, ...]] = []
    excluded: list[str] = []
    typed = typed[:TYPED_MAX]
    for chunk in CHUNK.finditer(typed):
        if chunk[3] is None:
            if phrase := tuple(terms_of(chunk[1])[:PHRASE_MAX]):
                phrases.append(phrase)
        elif chunk[2]:
            excluded += [word.term for word in words_of(chunk[3])][:1]
        else:
            is_beginning = chunk[3].endswith("*")
            needed += _needed(chunk[3], is_beginning=is_beginning)
    if needed and typed[-1:] not in (" ", '"', "*"):
        needed[-1] = _maybe_unfinished(needed[-1])
    needed, phrases = list(dict.fromkeys(needed)), list(dict.fromkeys(phrases))
    telling = [each for each in needed if each.forms not in STOP_FORMS]
    return Query(
        tuple((telling or (needed if not phrases else []))[:NEEDED_MAX]),
        tuple(phrases[:NEEDED_MAX]),
        tuple(excluded[:NEEDED_MAX]),
        marks,
    )


STOP_FORMS = frozenset(((term,),) for term in STOP_TERMS)


def _needed(chunk: str, *, is_beginning: bool) -> list[Needed]:
    words = list(words_of(chunk))
    found = [
        Needed(
            chunk[word.start : word.end],
            ((word.term,), word.parts) if word.parts else ((word.term,),),
        )
        for word in words
    ]
    if found and is_beginning:
        found[-1] = Needed(found[-1].word, (), _beginnings(found[-1].word))
    return found


def _maybe_unfinished(last: Needed) -> Needed:
    return Needed(last.word, last.forms, last.beginnings or _beginnings(last.word))


def _beginnings(word: str) -> tuple[str, ...]:
    """How terms begin that may become of the word."""
    return (american(folded(word).replace("'", "")),)
