"""A quotation is Markdown that names who wrote it, whatever was written."""

from hypothesis import given
from hypothesis import strategies as st

from community.quoting import LENGTH_MAX, quotation
from text import render


def test_every_line_is_quoted_below_its_author() -> None:
    quoted = quotation("Kofi Mensah", "/posts/3/", "First.\r\n\r\n    indented")

    assert quoted == ("> [Kofi Mensah](/posts/3/):\n>\n> First.\n>\n>     indented\n\n")


def test_formulas_and_code_stay_what_they_were() -> None:
    html = render(quotation("Kofi", "/posts/3/", "A $\\sigma$\n\n```python\nx\n```"))

    assert html.count("<blockquote>") == 1
    assert "<math>" in html
    assert "<pre" in html


def test_long_words_are_cut_at_a_line() -> None:
    words = "\n".join(["x" * 99] * 40)
    quoted = quotation("Kofi", "/posts/3/", words)

    assert quoted.endswith("x\n> …\n\n")
    assert len(quoted) < LENGTH_MAX + 200
    assert quotation("K", "/p/", "y" * 9_000).count("y") == LENGTH_MAX


@given(st.text(max_size=30))
def test_a_name_never_becomes_markup(name: str) -> None:
    html = render(quotation(f"a{name}z", "/posts/3/", "Hello"))

    assert html.count('href="/posts/3/"') == 1
    assert html.count("<a ") == 1
    assert "<em>" not in html
    assert "<blockquote>" in html
