"""One pass over a text gives the whole, its beginning and its first words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text import TextRefused, plain, render
from text.rendered import rendered

NOTE = "a[^1]\n\nb\n\n[^1]: the note"


def test_the_whole_is_what_render_gives() -> None:
    text = "# A\n\nb *c* $x$\n\n- d\n"

    assert rendered(text).html == render(text)


def test_the_beginning_holds_whole_blocks_that_fit_in_the_lines() -> None:
    post = rendered("one\n\ntwo\nthree\n\nfour")

    assert post.beginning(lines=1, characters=99, html=999) == "<p>one</p>\n"
    assert post.beginning(lines=3, characters=99, html=999) == "<p>one</p>\n"
    assert (
        post.beginning(lines=4, characters=99, html=999)
        == "<p>one</p>\n<p>two<br>\nthree</p>\n"
    )
    assert post.beginning(lines=9, characters=99, html=999) == post.html


def test_the_beginning_holds_whole_blocks_that_fit_in_the_characters() -> None:
    post = rendered("one\n\ntwo")

    assert post.beginning(lines=9, characters=2, html=999) == ""
    assert post.beginning(lines=9, characters=3, html=999) == "<p>one</p>\n"
    assert post.beginning(lines=9, characters=7, html=999) == "<p>one</p>\n"
    assert post.beginning(lines=9, characters=8, html=999) == post.html


def test_the_beginning_holds_whole_blocks_that_fit_in_the_html() -> None:
    post = rendered("one\n\ntwo")

    assert post.beginning(lines=9, characters=99, html=10) == ""
    assert post.beginning(lines=9, characters=99, html=11) == "<p>one</p>\n"
    assert post.beginning(lines=9, characters=99, html=22) == post.html


def test_the_beginning_is_empty_where_the_first_block_is_longer() -> None:
    assert (
        rendered("one\ntwo\n\nthree").beginning(lines=1, characters=99, html=999) == ""
    )


def test_a_beginning_has_neither_notes_nor_their_marks() -> None:
    post = rendered(NOTE)

    assert "footnote" in post.html
    assert post.beginning(lines=99, characters=999, html=999) == "<p>a</p>\n<p>b</p>\n"


def test_an_excerpt_is_cut_between_words_and_leaves_notes_out() -> None:
    assert rendered(NOTE).excerpt(99) == "a b"
    assert rendered("# One *two*\n\nthree four").excerpt(12) == "One two…"
    assert rendered("one\n\n" * 50).excerpt(7) == "one…"


@given(st.lists(st.sampled_from(["a", "*b*", "# c", "- d", "\n", " ", "$x$"])))
def test_an_excerpt_is_the_plain_text(parts: list[str]) -> None:
    text = "".join(parts)

    assert rendered(text).excerpt(20) == plain(text, 20)


def test_half_a_character_is_replaced_in_all_forms() -> None:
    post = rendered("a\ud800")

    assert post.html == "<p>a\ufffd</p>\n"
    assert post.excerpt(9) == "a\ufffd"


def test_a_text_that_is_refused_is_refused_in_all_forms() -> None:
    with pytest.raises(TextRefused):
        rendered(">" * 30 + " too deep")
