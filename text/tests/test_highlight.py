"""Marked words in plain text."""

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.highlight import READ_MAX, around, highlighted
from text.terms import Word


def is_loss(word: Word, written: str) -> bool:
    return word.term == "loss"


def test_words_in_any_form_are_marked() -> None:
    assert highlighted("Losses & loss", is_loss) == (
        "<mark>Losses</mark> &amp; <mark>loss</mark>"
    )


def test_words_beside_each_other_are_one_mark() -> None:
    assert highlighted("a loss loss", is_loss) == "a <mark>loss loss</mark>"


def test_markup_is_text() -> None:
    assert highlighted("<b>loss</b>", is_loss) == (
        "&lt;b&gt;<mark>loss</mark>&lt;/b&gt;"
    )


@given(st.text(max_size=100))
def test_nothing_is_lost_and_nothing_becomes_markup(text: str) -> None:
    html = highlighted(text, is_loss)
    bare = html.replace("<mark>", "").replace("</mark>", "")

    assert "<" not in bare
    if not any("\ud800" <= sign <= "\udfff" for sign in text):
        assert unescape(bare) == text


def test_the_part_around_the_first_word() -> None:
    text = f"{'before ' * 40}the loss {'after ' * 80}"

    part = around(text, is_loss)

    assert part.startswith("… before")
    assert part.endswith("after …")
    assert "the loss after" in part
    assert len(part) < 320


def test_a_short_text_is_whole() -> None:
    assert around("The loss.", is_loss) == "The loss."


@pytest.mark.parametrize("unit", ["word ", "\u4e2d\u6587", "a\u4e2d "])
def test_a_long_text_is_not_read_to_its_end(unit: str) -> None:
    asked: list[str] = []

    def is_sought(word: Word, written: str) -> bool:
        asked.append(written)
        return False

    around(unit * 30_000, is_sought)

    assert len(asked) == READ_MAX


def test_behind_what_is_read_a_word_is_found_as_it_is_spelt() -> None:
    text = f"{'before ' * 2 * READ_MAX}the Loss {'after ' * 80}"

    assert "the Loss after" in around(text, is_loss, spelt=["loss"])
    assert around(text, is_loss).startswith("before")


def test_small_letters_of_another_length_stand_at_no_place() -> None:
    text = "\u0130 " * 2 * READ_MAX + "loss"

    assert around(text, is_loss, spelt=["loss"]).startswith("\u0130")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (
            f"Sum $$ {'a + ' * 40}b $$ and the loss.",
            "… and the loss.",
        ),
        (
            f"The loss is {'small ' * 30}: $$ {'a + ' * 40}b $$ and so on.",
            f"The loss is {'small ' * 30}: …",
        ),
        (
            f"It is ${'a + ' * 40}loss{' + a' * 80}$ and so on.",
            f"… ${'a + ' * 40}loss{' + a' * 80}$ …",
        ),
        (
            f"The loss is {'small ' * 60} and then $a$ and $b$.",
            f"The loss is {'small ' * 33}…",
        ),
    ],
)
def test_no_formula_is_cut(text: str, part: str) -> None:
    assert around(text, is_loss) == part
