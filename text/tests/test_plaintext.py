import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text import plain


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# A *title*\n\nand [words](/x/) `code`", "A title and words code"),
        ("a $x^2$ b\n\n$$\ny\n$$\n\n```math\nz\n```", "a x² b y z"),
        ("- [x] done\n- [ ] to do", "done to do"),
        ("![A graph](/media/a.png) ![B](https://e.example/b)", "A graph B"),
        ("a  \nb\nc", "a b c"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a b 1 2"),
        ("```python\nx = 1\n```\n\n    y", "x = 1 y"),
        ("a[^1]\n\n[^1]: note", "a"),
        ("<b> &amp; \\*", "<b> & *"),
        (">" * 30 + " too deep", ">" * 30 + " too deep"),
        ("a\ud800", "a\ufffd"),
    ],
)
def test_markdown_becomes_one_line(text, line):
    assert plain(text, 200) == line


@pytest.mark.parametrize(
    ("limit", "line"),
    [
        (0, ""),
        (1, "…"),
        (2, "w…"),
        (5, "word…"),
        (9, "word…"),
        (13, "word…"),
        (14, "word, another…"),
        (16, "word, another…"),
        (17, "word, another one"),
        (18, "word, another one"),
    ],
)
def test_a_line_is_cut_between_words(limit, line):
    assert plain("word, another one", limit) == line


def test_a_word_longer_than_the_line_is_cut_inside():
    assert plain("abcdefghij", 5) == "abcd…"


WORDS = (
    "a In 1 12. 3.5 x.y example.com it's don’t … 50% ab, why? GPT2 e.g. “quoted” 漢字 é"
)


@given(st.lists(st.sampled_from([*WORDS.split(), "", "  "]), max_size=8))
def test_text_without_any_sign_is_as_it_would_be_parsed(words):
    text = " ".join(words)

    at_once = plain(text, 280)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("text.plaintext.SIMPLE", re.compile("(?!)"))
        parsed = plain(text, 280)

    assert at_once == parsed
