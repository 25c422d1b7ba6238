"""Marked words in plain text."""

from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from text.highlight import around, highlighted
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
