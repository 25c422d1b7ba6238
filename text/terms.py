"""The terms of a text: what search compares.

A term is a word without case, accents and endings, in American spelling, so that
“Regularisation”, “regularized” and “regularize” are one. Both databases store terms as
they are made here, and so find the same texts.
"""

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from threading import Lock
from typing import NamedTuple

import snowballstemmer

from text.typed import folded

TERM_MAX = 64  # characters; what is longer is no word
TERMS_MAX = 10_000  # of one text
STEMMED_MAX = 24  # characters


def _marks() -> str:
    """The combining marks, as ranges of a regular expression: without them words of
    Hindi would end at each vowel.
    """
    codes = [
        code
        for code in range(0x20000)
        if unicodedata.category(chr(code)).startswith("M")
    ]
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


# Scripts that put no spaces between words: Thai to Burmese, Khmer, Japanese, Chinese.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
)
MARKS = _marks()
WORD = re.compile(
    # most words are of ASCII; the look ahead sends all others to the last line
    rf"[cfCF](?:\+\+|\#)(?!\w)"
    rf"|[A-Za-z0-9]+(?=[\s!-&(-/:-@\[-`{{-~]|$)"
    rf"|[^\W_](?:[^\W_]|[{MARKS}]|['’](?=[^\W\d_]))*"
)
UNSPACED_RUN = re.compile(f"[{UNSPACED}]+")
PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
POSSESSIVE = re.compile(r"'s?$")
# American spelling, for all words alike: what is no British ending (“noise”) is
# changed in every text and in every search, and is found all the same.
AMERICAN = (
    (re.compile(r"(?<=\w{3})is(?=(?:e[drs]?|ers|ing|ations?|able)$)"), "iz"),
    (re.compile(r"(?<=\w{2})ys(?=(?:e[drs]?|ers|ing)$)"), "yz"),
    (re.compile(r"(?<=\w{2})our(?=(?:s|ed|ing|al|able|hoods?)?$)"), "or"),
    (re.compile(r"(?<=\w{2})tre(?=s?$)"), "ter"),
    (re.compile(r"(?<=\w{2})tred$"), "tered"),
)
_STEMMER = snowballstemmer.stemmer("english")
_STEMS = Lock()  # the stemmer keeps the word that it works on in itself


class Word(NamedTuple):
    """A word where it stands in a text."""

    start: int
    end: int
    term: str
    # of a name made of several words, as CrossEntropyLoss or GPT2
    parts: tuple[str, ...] = ()


def words_of(text: str) -> Iterator[Word]:
    """The words of a text in their order. Runs of scripts without spaces
    give one word for each two characters that follow each other.
    """
    for found in WORD.finditer(text):
        yield from words_of_run(found[0], found.start())


def words_of_run(run: str, offset: int = 0) -> Iterator[Word]:
    """The words of what `WORD` finds, which stands at `offset`: one, unless scripts
    without spaces are in it.
    """
    if not run.isascii() and UNSPACED_RUN.search(run):
        yield from _pairs(run, offset)
    else:
        yield from _spaced(run, offset)


def terms_of(text: str) -> list[str]:
    """The terms of a text in their order; a name made of several words is followed by
    its parts.
    """
    terms: list[str] = []
    for word in WORD.findall(text):
        if len(terms) >= TERMS_MAX:
            break
        if not word.isascii() and UNSPACED_RUN.search(word):
            pairs = islice(_pairs(word, 0), TERMS_MAX - len(terms))
            terms += [pair.term for pair in pairs]
        elif len(word) <= TERM_MAX:
            terms += _terms(word)
    return terms[:TERMS_MAX]


@lru_cache(maxsize=50_000)
def _terms(word: str) -> tuple[str, ...]:
    """The term of a word, and those of its parts; nothing for signs alone."""
    term = _term(word)
    parts: list[str] = []
    if word.isascii() and "'" not in word:
        parts = PARTS.findall(word)
    if len(parts) > 1:
        return term, *(_term(part) for part in parts)
    return (term,) if term else ()


def _term(word: str) -> str:
    term = POSSESSIVE.sub("", folded(word)).replace("'", "")
    if not term.isascii() or not term.isalpha() or len(term) > STEMMED_MAX:
        return sys.intern(term)
    with _STEMS:
        return sys.intern(_STEMMER.stemWord(american(term)))


def american(word: str) -> str:
    """American spelling of a folded word, where its ending is known."""
    for ending, replacement in AMERICAN:
        changed = ending.sub(replacement, word)
        if changed != word:
            return changed
    return word


def _pairs(run: str, offset: int) -> Iterator[Word]:
    """A word of one or more scripts without spaces, and what stands between them."""
    end = 0
    for found in UNSPACED_RUN.finditer(run):
        yield from _spaced(run[end : found.start()], offset + end)
        last = max(found.start() + 1, found.end() - 1)
        for start in range(found.start(), last):
            pair = run[start : min(start + 2, found.end())]
            yield Word(offset + start, offset + start + len(pair), folded(pair))
        end = found.end()
    yield from _spaced(run[end:], offset + end)


def _spaced(text: str, offset: int) -> Iterator[Word]:
    if text and len(text) <= TERM_MAX and (terms := _terms(text)):
        yield Word(offset, offset + len(text), terms[0], terms[1:])


# too common to tell texts apart
STOP_TERMS = frozenset(
    map(
        _term,
        "a an and are as at be been but by can could did do does for from had has have how"
        " i if in into is it its me my of on or so that the their them then there these"
        " they this to was we were what when where which who why will with would you"
        " your".split(),
    )
)
