"""Terms: words that are one to whoever searches."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text import terms
from text.terms import STOP_TERMS, TERM_MAX, TERMS_MAX, terms_of, words_of

WORDS = (
    "regular optim normal general hospital rational vector tensor model train".split()
)
ENDINGS = (
    "isation ised ising iser ly ation ing fulness ement ational ously ibility".split()
)


def test_threads_make_the_same_terms_at_once() -> None:
    words = [f"{first}{last}" for first in WORDS for last in ENDINGS]
    alone = [terms_of(word) for word in words]
    terms._terms.cache_clear()
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            made = list(pool.map(terms_of, words * 4))
    finally:
        sys.setswitchinterval(before)

    assert made == alone * 4


@pytest.mark.parametrize(
    "alike",
    [
        ("Regularisation", "regularized", "regularize", "REGULARIZATION"),
        ("optimiser", "optimizers", "optimising"),
        ("behaviour", "behaviors"),
        ("centre", "centers", "centred"),
        ("analysing", "analyze"),
        ("modelling", "models", "model"),
        ("naïve", "naive"),
        ("Jürgen", "jurgen"),
        ("Adam's", "Adam’s", "adam"),
        ("don't", "don’t"),
        ("noise", "noises"),
    ],
)
def test_one_term(alike: tuple[str, ...]) -> None:
    assert len({tuple(terms_of(word)) for word in alike}) == 1


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("C++ or C#", ["c++", "or", "c#"]),
        ("GPT-2", ["gpt", "2"]),
        ("gpt2", ["gpt2", "gpt", "2"]),
        ("cross_entropy", ["cross", "entropi"]),
        ("CrossEntropyLoss", ["crossentropyloss", "cross", "entropi", "loss"]),
        ("torch.nn.Linear(3, 4)", ["torch", "nn", "linear", "3", "4"]),
        ("1e-4", ["1e", "1", "e", "4"]),
        ("$\\sigma(z)$", ["sigma", "z"]),
        ("日本語", ["日本", "本語"]),
        ("の", ["の"]),
        ("損失loss関数", ["損失", "loss", "関数"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("— … ' \" *", []),
    ],
)
def test_terms_in_their_order(text: str, terms: list[str]) -> None:
    assert terms_of(text) == terms


def test_common_words_are_terms_of_their_own() -> None:
    assert set(terms_of("why does the")) <= STOP_TERMS


def test_what_is_too_long_is_no_word() -> None:
    assert terms_of("x" * (TERM_MAX + 1)) == []
    assert len(terms_of("word " * (TERMS_MAX + 5))) == TERMS_MAX


def test_no_more_pairs_are_made_than_a_text_may_have_terms(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[str] = []

    def noted(text: str) -> str:
        made.append(text)
        return text

    monkeypatch.setattr(terms, "folded", noted)

    assert len(terms_of("中文" * 50_000)) == TERMS_MAX
    assert len(made) == TERMS_MAX


@given(st.text(max_size=200))
def test_any_text_gives_terms_that_both_databases_keep_as_they_are(text: str) -> None:
    for term in terms_of(text):
        assert term
        assert not set(term) & set(" '\"\\%_.:&|!()*\0")


@given(st.text(max_size=200))
def test_words_stand_where_they_say(text: str) -> None:
    for word in words_of(text):
        assert terms_of(text[word.start : word.end])[0] == word.term
