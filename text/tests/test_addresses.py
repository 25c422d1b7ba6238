"""Full addresses in a text that is no Markdown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.addresses import pieces


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("", [("", "")]),
        ("no address", [("no address", "")]),
        (
            "See https://e.example/a, then.",
            [("See ", "https://e.example/a"), (", then.", "")],
        ),
        (
            "(https://e.example/a_(b))",
            [("(", "https://e.example/a_(b)"), (")", "")],
        ),
        (
            "http://a.example HTTPS://b.example",
            [("", "http://a.example"), (" ", "HTTPS://b.example"), ("", "")],
        ),
        ("https:// and xhttps://e.example", [("https:// and xhttps://e.example", "")]),
        # An address inside another one is a part of it.
        (
            "https://e.example/?to=https://f.example!",
            [("", "https://e.example/?to=https://f.example"), ("!", "")],
        ),
        ("https://e.example/a你", [("", "https://e.example/a"), ("你", "")]),
    ],
)
def test_a_text_is_cut_at_its_addresses(text: str, cut: list[tuple[str, str]]) -> None:
    assert list(pieces(text)) == cut


@given(
    st.lists(
        st.sampled_from(["http", "s", "://", "e.example", "/", ")", ".", " "])
    ).map("".join)
)
def test_the_pieces_together_are_the_text(text: str) -> None:
    assert "".join(words + address for words, address in pieces(text)) == text
