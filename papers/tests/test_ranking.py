"""Which papers fit a step, and the words that say why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.ranking import Candidate, Index, Ranked, terms_of, top_papers

FILLER = [
    Candidate(
        100 + n,
        f"On filler {n}",
        "Nothing here speaks about what anybody studies, number " + "abcdefghij"[n],
    )
    for n in range(10)
]
BACKPROPAGATION = Candidate(
    1,
    "Faster training",
    "We study backpropagation and weight initialization in small networks. Backpropagation is old.",
)
INITIALISATION = Candidate(
    2,
    "Weight initialization revisited",
    "Careful weight initialisation avoids vanishing signals.",
)
SPEECH = Candidate(
    3,
    "Speech recognition",
    "A recurrent transducer for speech, trained on telephone calls.",
)
PAPERS = [BACKPROPAGATION, INITIALISATION, SPEECH, *FILLER]


def ranked(
    texts: list[str], papers: list[Candidate] = PAPERS, limit: int = 5
) -> list[tuple[int, tuple[str, ...]]]:
    return [
        (one.paper_id, one.terms) for one in top_papers(terms_of(texts), papers, limit)
    ]


def test_the_papers_of_a_steps_theme_come_first_with_the_words_that_stand_in_their_abstracts() -> (
    None
):
    assert ranked(["Derive backpropagation", "Weight initialisation"]) == [
        (2, ("weight initialisation",)),
        (1, ("backpropagation", "weight initialization")),
    ]


def test_a_title_counts_more_than_an_abstract() -> None:
    in_title = Candidate(1, "Speech transducers", "A transducer for speech.")
    in_abstract = Candidate(2, "A new method here", "A transducer for speech.")

    assert [
        paper
        for paper, _ in ranked(["speech transducer"], [in_abstract, in_title, *FILLER])
    ] == [1, 2]


def test_one_word_alone_is_no_reason() -> None:
    assert ranked(["telephone"]) == []


def test_the_two_words_have_to_stand_in_the_abstract() -> None:
    only_title = Candidate(1, "Speech recognition", "A transducer.")

    assert ranked(["speech recognition"], [only_title, *FILLER]) == []


def test_general_words_do_not_count_alone_or_together() -> None:
    paper = Candidate(
        1,
        "Deep learning course",
        "A deep learning course and its exercise for machine learning.",
    )

    assert terms_of(["Deep learning course", "the exercise"]) == {}
    assert ranked(["Deep learning course", "the exercise"], [paper, *FILLER]) == []


def test_words_of_most_papers_say_nothing() -> None:
    papers = [Candidate(n, "Speech", "Speech and telephone calls") for n in range(10)]

    assert ranked(["speech", "telephone"], papers) == []


def test_pairs_need_to_stand_side_by_side() -> None:
    assert set(terms_of(["Gradient descent, momentum"])) == {
        "gradient",
        "descent",
        "gradient descent",
        "momentum",
    }
    assert "descent momentum" not in terms_of(["Gradient descent, momentum"])


def test_what_is_said_more_often_weighs_more() -> None:
    terms = terms_of(["Momentum", "Momentum and Adam"])

    assert terms["momentum"] > terms["adam"] == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("initialisation", "initialization"),
        ("regularised", "regularized"),
        ("optimise", "optimizes"),
        ("policies", "policy"),
        ("gradients", "gradient"),
        ("backprop", "backpropagation"),
        ("convnets", "convolutional"),
        ("Convolution", "convolutional"),
    ],
)
def test_spellings_of_one_word_are_one(one: str, other: str) -> None:
    assert terms_of([one]) == terms_of([other])


def test_formulas_are_not_words() -> None:
    assert terms_of([r"the loss $\mathcal{gradient}$ of transducers"]) == terms_of(
        ["the loss, of transducers"]
    )


def test_a_reason_is_spelt_in_small_letters_where_the_abstract_does_and_names_each_word_once() -> (
    None
):
    paper = Candidate(
        1,
        "T",
        "Gradient Descent: we follow gradient descent with an LSTM and\n momentum.",
    )

    assert ranked(["gradient descent", "LSTM", "momentum"], [paper, *FILLER]) == [
        (1, ("gradient descent", "LSTM", "momentum"))
    ]


def test_a_word_that_only_begins_a_sentence_is_told_in_small_letters() -> None:
    begins = Candidate(1, "One", "Recurrent transducer and Markov chains.")

    [(_, reasons)] = ranked(
        ["recurrent", "transducer", "Markov"], [begins, SPEECH, *FILLER], limit=1
    )

    assert set(reasons) == {"recurrent", "transducer", "Markov"}


@pytest.mark.parametrize(
    "words", ["short long", "pass forward growing", "backward top fully"]
)
def test_words_that_are_no_subjects_are_no_reasons(words: str) -> None:
    assert terms_of([words, " ".join(reversed(words.split()))]) == {}


def test_no_more_than_the_limit_and_the_best_first() -> None:
    papers = [
        Candidate(n, "Speech", "speech transducer " + "padding words " * n)
        for n in range(1, 6)
    ]
    papers += [Candidate(100 + n, "Filler", "nothing") for n in range(60)]

    assert [paper for paper, _ in ranked(["speech transducer"], papers, limit=3)] == [
        1,
        2,
        3,
    ]


def test_two_words_that_meet_by_chance_are_no_reason() -> None:
    many = [Candidate(n, f"Filler {n}", "nothing") for n in range(1_000)]
    words = " ".join(f"word{n}" for n in range(200))
    chance = Candidate(2_000, "Another", f"speech {words} momentum")
    theme = Candidate(2_001, "Speech momentum", "On speech momentum.")

    assert ranked(["speech momentum"], [*many, chance, theme]) == [
        (2_001, ("speech momentum",))
    ]


def test_nothing_to_rank_gives_nothing() -> None:
    assert top_papers({}, PAPERS, 5) == []
    assert top_papers({"speech": 1.0}, [], 5) == []
    assert Index([]).top({"speech": 1.0}, 5) == []


@given(
    st.lists(st.text(max_size=80), max_size=6),
    st.lists(st.text(max_size=120), max_size=6),
)
def test_every_reason_stands_in_the_abstract(
    texts: list[str], abstracts: list[str]
) -> None:
    papers = [Candidate(n, "Title", abstract) for n, abstract in enumerate(abstracts)]

    for one in top_papers(terms_of(texts), papers, 10):
        assert isinstance(one, Ranked)
        assert 1 <= len(one.terms) <= 3
        for term in one.terms:
            assert term.lower() in " ".join(abstracts[one.paper_id].split()).lower()
