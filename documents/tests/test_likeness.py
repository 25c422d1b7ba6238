"""How much a text is like a question that somebody types."""

from math import prod

import pytest

from documents.concepts import Concepts
from documents.likeness import (
    FEW,
    LOOKUPS,
    TOGETHER,
    TypedQuestion,
    rarity,
    units,
)

CONCEPTS = Concepts.read(
    ["# a line of its own", "", "learning rate, lr, step", "epoch, step", "seed"]
)


class TestConcepts:
    def test_each_time_that_one_is_named(self) -> None:
        assert CONCEPTS.of("lr or learn rate".split()) == ["clearnrate", "clearnrate"]
        assert CONCEPTS.of("learn a rate".split()) == []

    def test_several_words_say_more_and_what_means_several_says_less(self) -> None:
        of = CONCEPTS.strengths("learn rate seed step".split())

        assert of["clearnrate"] > of["cseed"] == 1 > of["cepoch"] > 0

    def test_no_word_of_the_file_stands_in_every_text(self) -> None:
        assert not units("to be or not 1 0 in a of it is".split()) & {
            "#cdevic",
            "#cnan",
        }


class TestLikeness:
    def likeness(self, title: str, words: str, body: str = "") -> float:
        asked = TypedQuestion.of(title, body)
        return asked.likeness(words, dict.fromkeys(asked.weights, rarity(0.01))).among

    def test_titles_before_texts_and_short_before_long(self) -> None:
        in_title = self.likeness("wombat", "#post wombat . quokka")
        in_text = self.likeness("wombat", "#post quokka . wombat")
        in_long = self.likeness("wombat", "#post . wombat " + "a1 b1 c1 d1 e1 f1 g1")

        assert in_title >= in_text > in_long > 0
        assert self.likeness("wombat", "#post . quokka") == 0

    def test_a_concept_in_other_words(self) -> None:
        assert self.likeness("my lr", "#clearnrate . step size") > 0

    def test_marks_are_no_words(self) -> None:
        assert self.likeness("#wombat", "#wombat . quokka") == 0

    def test_what_is_in_the_title_and_in_the_text_counts_twice(self) -> None:
        once = self.likeness("wombat", "#post . wombat")

        assert self.likeness("wombat", "#post . wombat", "wombat") > once

    def test_a_long_question_is_as_close_as_a_short_one(self) -> None:
        asked = TypedQuestion.of("wombat quokka numbat", "")
        rarities = dict.fromkeys(asked.weights, rarity(0.01))
        rest = " a1" * 10_000

        both = asked.likeness(f"#post . wombat quokka numbat{rest}", rarities)
        one = asked.likeness(f"#post . wombat{rest}", rarities)

        assert both.said > asked.close(rarities) > one.said
        assert both.among < one.said

    def test_a_long_text_asks_for_no_more_than_a_title(self) -> None:
        title = TypedQuestion.of("wombat quokka numbat bilby", "")
        more = TypedQuestion.of("wombat quokka numbat bilby", "and it eats grass")
        rarities = dict.fromkeys(more.weights, rarity(0.01))

        assert title.close(rarities) == more.close(rarities)

    def test_rare_ones_say_more(self) -> None:
        assert rarity(0.001) > rarity(0.1) > rarity(1) > 0


class TestLookups:
    def found(self, title: str, total: int, **shares: float) -> list[tuple[str, ...]]:
        asked = TypedQuestion(dict.fromkeys(title.split(), 1.0))
        return [each.units for each in asked.lookups(shares, total)]

    def test_each_one_where_there_are_few_questions(self) -> None:
        assert self.found("a b", FEW, a=1, b=0.5) == [("b",), ("a",)]

    def test_two_together_of_what_many_hold(self) -> None:
        found = self.found("a b c", 10 * FEW, a=0.2, b=0.3, c=0.01)

        assert sorted(found) == [("a", "b"), ("c",)]

    def test_all_at_once_where_two_are_still_in_many(self) -> None:
        assert self.found("a b c", 100 * FEW, a=0.9, b=0.8, c=0.7) == [("c", "b", "a")]

    def test_nothing_for_nothing(self) -> None:
        assert self.found("", FEW) == []

    @pytest.mark.parametrize("total", [1, 100, 10_000, 1_000_000, 100_000_000])
    def test_what_is_found_is_bounded(self, total: int) -> None:
        shares = {f"w{number}": 0.5**number for number in range(1, 20)}
        asked = TypedQuestion(dict.fromkeys(shares, 1.0))

        lookups = asked.lookups(shares, total)

        expected = [
            total * prod(shares[unit] for unit in each.units) for each in lookups
        ]
        assert 0 < len(lookups) <= LOOKUPS
        assert max(expected) <= FEW
        assert sum(expected) <= TOGETHER

    def test_all_together_are_bounded(self) -> None:
        shares = {f"w{number}": 0.01 for number in range(LOOKUPS)}
        asked = TypedQuestion(dict.fromkeys(shares, 1.0))

        assert len(asked.lookups(shares, 100 * FEW)) == TOGETHER // FEW
