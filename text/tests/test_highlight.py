"""Marked words in plain text."""

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.highlight import READ_MAX, SoughtWords, around, highlighted
from text.terms import Word, words_of


def is_loss(word: Word, written: str) -> bool:
    return word.term == "loss"


LOSS = SoughtWords(is_loss)


def test_words_in_any_form_are_marked() -> None:
    assert highlighted("Losses & loss", LOSS) == (
        "<mark>Losses</mark> &amp; <mark>loss</mark>"
    )


def test_words_beside_each_other_are_one_mark() -> None:
    assert highlighted("a loss loss", LOSS) == "a <mark>loss loss</mark>"


def test_markup_is_text() -> None:
    assert highlighted("<b>loss</b>", LOSS) == ("&lt;b&gt;<mark>loss</mark>&lt;/b&gt;")


@given(st.text(max_size=100))
def test_nothing_is_lost_and_nothing_becomes_markup(text: str) -> None:
    html = highlighted(text, LOSS)
    bare = html.replace("<mark>", "").replace("</mark>", "")

    assert "<" not in bare
    if not any("\ud800" <= sign <= "\udfff" for sign in text):
        assert unescape(bare) == text


def test_the_part_around_the_first_word() -> None:
    text = f"{'before ' * 40}the loss {'after ' * 80}"

    part = around(text, LOSS)

    assert part.startswith("… before")
    assert part.endswith("after …")
    assert "the loss after" in part
    assert len(part) < 320


def test_a_short_text_is_whole() -> None:
    assert around("The loss.", LOSS) == "The loss."


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"word{number}" for number in range(30_000)),
        "\u4e2d\u6587" * 30_000,
        " ".join("\u4e2d" * 60 for _number in range(1_000)),
        "a\u4e2d " * 30_000,
    ],
)
def test_a_long_text_is_not_read_to_its_end(text: str) -> None:
    asked: list[str] = []

    def is_sought(word: Word, written: str) -> bool:
        asked.append(written)
        return False

    around(text, SoughtWords(is_sought))

    assert 0 < len(asked) <= READ_MAX + 60


PIECES = (
    "loss",
    "Losses",
    "rate",
    "don't",
    "GPT2",
    "\u4e2d\u6587",
    "\u640d\u5931loss",
    "$x$",
    "\n",
)


@given(
    st.lists(st.lists(st.sampled_from([*PIECES, "-", "'"])).map(" ".join), max_size=4)
)
def test_what_was_judged_before_is_found_where_it_stands(texts: list[str]) -> None:
    sought = {"loss", "gpt", "\u640d\u5931"}

    def is_sought(word: Word, written: str) -> bool:
        return not sought.isdisjoint((word.term, *word.parts))

    kept = SoughtWords(is_sought)
    for text in texts:
        places = [
            (word.start, word.end)
            for word in words_of(text)
            if is_sought(word, text[word.start : word.end])
        ]

        assert list(kept.spans(text)) == places
        assert kept.first(text) == min((start for start, _end in places), default=0)


def test_behind_what_is_read_a_word_is_found_as_it_is_spelt() -> None:
    text = f"{'before ' * 2 * READ_MAX}the Loss {'after ' * 80}"

    assert "the Loss after" in around(text, SoughtWords(is_loss, spelt=["loss"]))
    assert around(text, LOSS).startswith("before")


def test_small_letters_of_another_length_stand_at_no_place() -> None:
    text = "\u0130 " * 2 * READ_MAX + "loss"

    assert around(text, SoughtWords(is_loss, spelt=["loss"])).startswith("\u0130")


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
    assert around(text, LOSS) == part
