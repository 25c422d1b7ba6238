"""Which papers fit a text: words in, ranked papers with the words that fitted out.
Knows no Django.

BM25 with the rarity of a word taken from the candidates themselves (a word of every
tenth abstract says little), a title counting three times, and pairs of neighbouring
words beside single ones. Pure Python: a day's papers are ranked in milliseconds once
they are indexed, and a week's are indexed in about a second.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from itertools import pairwise

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
        words = list(_words(text))
        counts.update({word for word, _, _ in words if word not in GENERIC})
        counts.update(set(_pairs(words)))
    return {term: 1 + math.log(n) for term, n in sorted(counts.items())}


class Index:
    """Candidates made ready to be ranked for many texts."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._candidates = candidates
        self._postings: dict[str, list[tuple[int, int]]] = {}
        self._lengths: list[int] = []
        for number, candidate in enumerate(candidates):
            title, abstract = (
                list(_words(candidate.title)),
                list(_words(candidate.abstract)),
            )
            counts: Counter[str] = Counter()
            for words, weight in ((title, TITLE_WEIGHT), (abstract, 1)):
                for term in (*(word for word, _, _ in words), *_pairs(words)):
                    counts[term] += weight
            for term, n in counts.items():
                self._postings.setdefault(term, []).append((number, n))
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
        return [one for one in ranked if one is not None][:limit]

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
            tuple(standing[term] for term in reasons[:REASONS]),
        )


# of a sentence's beginning or a spelt-out short name
_CAPITALISED_PAIR = re.compile(r"[A-Z][a-z]+[ -][A-Z]?[a-z]+")


def _standing(abstract: str) -> dict[str, str]:
    """Each term of an abstract to a spelling that it has there, one in small letters
    where there is one.
    """
    words = list(_words(abstract))
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


def _words(text: str) -> Iterable[tuple[str, int, int]]:
    """Each word that may carry meaning, folded, with where it begins and ends."""
    for match in _WORD.finditer(_MATHS.sub(lambda maths: " " * len(maths[0]), text)):
        word = _folded(match[0].lower())
        if word not in STOP:
            yield word, match.start(), match.end()


def _pairs(words: Sequence[tuple[str, int, int]]) -> Iterable[str]:
    """Neighbours with one space or hyphen between them, unless both are too general."""
    for (one, _, end), (other, start, _) in pairwise(words):
        if start - end == 1 and not (one in GENERIC and other in GENERIC):
            yield f"{one} {other}"


# a week's abstracts hold a million words and 40,000 different ones
@lru_cache(maxsize=100_000)
def _folded(word: str) -> str:
    """One form for singular and plural, British and American spelling, and a few short names."""
    if len(word) > 4 and word.endswith("ies"):
        word = f"{word[:-3]}y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    word = re.sub(r"is(ation|ing|ed|er|e)$", r"iz\1", word)
    if word.endswith("ional"):
        word = word[:-2]
    return SHORT_NAMES.get(word, word)


SHORT_NAMES = {
    "backprop": "backpropagation",
    "convnet": "convolution",
    "cnn": "convolution",
    "rnn": "recurrent",
    "llm": "language",
    "nlp": "language",
    "rl": "reinforcement",
}
STOP = frozenset(
    map(
        _folded,
        """
    a about above across after again against all almost along already also although
    always among an and another any are around as at be because been before being
    below between both but by can cannot come could did do does doing done down
    during each either else enough et etc even ever every few first for from further
    get give given go good had has have having he her here him his how however if in
    into is it its itself just keep know less let like ll made make many may me
    might more most much must my need never new next no non nor not now of off often
    on once one only onto or other our out over own per put rather same say see
    several shall she should since so some still such take than that the their them
    then there therefore these they thi this those three through thu thus to
    together too toward towards two under until up upon us use used using ve very
    via want was way we well were what when where whether which while who whole whom
    whose why will with within without would yet you your
    """.split(),
    )
)
# Words of every course and of every abstract: they never count alone, and two of them
# together do not either.
GENERIC = frozenset(
    map(
        _folded,
        """
    ability accuracy achieve act action activity add advance advanced advice
    algorithm analysis andrew answer anything application apply approach archive
    archived argument art article artificial ask aspect author available award away
    back bad base based basic beat begin beginner behind believe benchmark beside
    best better beyond big blog book bootcamp borrowed bring build building capstone
    card cat certificate challenge change chapter cheat check choice choose class
    closed code coder coding collection command common community competition
    complete computer concept consist corpus cost count course cover create current
    cut data database dataset date datum day decide deep deeplearning demonstrate
    derivation derive describe design desk detail develop development different
    difficult discuss discussed dive doctoral dog domain draft easy edition
    effective effectiveness efficient encounter end engineer engineering enough
    enter environment equation error estimate evaluate evaluation everyday example
    exercise existing experience experiment experimental explain explanation explore
    facebook fail failing fast feature field film find finding finish fit five
    follow followed foundation four framework free full function future general
    github goal going google ground group guide hack hand handbook happen hard
    hardware high homework hour human hundred idea ii implement implementation
    important improve improved improvement improving include information input
    install intelligence interface intermediate introduce introduction introductory
    intuition issue jupyter kaggle key kind lab language laptop large last later
    learn learner learning lecture lesson level library limited line link linux list
    look low lower machine main map math mathematic maths matter mean meet method
    million minute mit model modern month move multiple name natural net network
    neural ng note notebook novel number objective online open order original
    outperform output overview package page paper part people performance person
    personal phd pick plan play playing plot plots point possible post power
    practical practice practitioner predict present problem process program
    programming project propose proposed provide public purpose python question
    quick quickly read reading ready real recent recipe record reference related
    remain repository represent require research resource result resume reveal
    review rule run running scale school science scientist scratch second section
    seed seem self series set setup show significantly simple single six skill skim
    small software solution solve some somebody something source space special
    specialization spent spinning stage standard stanford start state step stop
    strong student study subject suggest support survey syllabu system talk target
    task teach technique tell ten term test text themselves theory thing think
    thinking third thousand time title tool topic track traditional train training
    tutorial twenty type understand understanding unit university unreasonable
    update value variou version versus video view visit watch website week welcome
    wide will word work write year yourself
    """.split(),
    )
)
