"""What somebody typed, as a query."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.query import NEEDED_MAX, PHRASE_MAX, Needed, parse


def test_words_phrases_and_what_must_not_be_there() -> None:
    query = parse('optimisers "weight decay" -keras ')

    assert query.needed == (Needed("optimisers", (("optim",),)),)
    assert query.phrases == (("weight", "decay"),)
    assert query.excluded == ("kera",)


def test_the_last_word_may_go_on() -> None:
    assert parse("gradi").needed == (Needed("gradi", (("gradi",),), ("gradi",)),)
    assert parse("gradi ").needed == (Needed("gradi", (("gradi",),)),)


def test_a_beginning_is_no_whole_word() -> None:
    assert parse("conv* ").needed == (Needed("conv", (), ("conv",)),)


def test_common_words_count_only_alone() -> None:
    assert [each.word for each in parse("why does the loss rise ").needed] == [
        "loss",
        "rise",
    ]
    assert [each.word for each in parse("the who ").needed] == ["the", "who"]
    assert parse('"weight decay" the ').needed == ()


def test_a_name_is_meant_whole_or_in_parts() -> None:
    [needed] = parse("CrossEntropyLoss ").needed

    assert needed.forms == (("crossentropyloss",), ("cross", "entropi", "loss"))


@pytest.mark.parametrize("typed", ["", '"', '""', '- * " "', "\0", "…", "   "])
def test_nothing_to_search_for(typed: str) -> None:
    assert not parse(typed)


@given(st.text(max_size=400))
def test_anything_can_be_typed(typed: str) -> None:
    query = parse(typed)

    assert len(query.needed) <= NEEDED_MAX
    assert len(query.phrases) <= NEEDED_MAX
    assert all(len(phrase) <= PHRASE_MAX for phrase in query.phrases)


def test_a_long_phrase_is_cut() -> None:
    [phrase] = parse(f'"{"b c " * 50}"').phrases

    assert phrase == ("b", "c") * (PHRASE_MAX // 2)


def test_what_is_typed_twice_is_looked_for_once() -> None:
    query = parse('adam adam "weight decay" "weight decay" ')

    assert [each.word for each in query.needed] == ["adam"]
    assert query.phrases == (("weight", "decay"),)


def test_forms_that_a_beginning_covers_tell_nothing() -> None:
    [needed] = parse("CrossEntropyLoss").needed

    assert needed.telling == (("cross", "entropi", "loss"),)
    assert Needed("gradi", (("gradi",), ("gradient",)), ("gradi",)).telling == ()
