import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from text import plain
from text.plaintext import parsed_words, shortened, sure_words


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
    "a In 1 12. 3.5 x.y example.com it's don’t … 50% ab, why? GPT2 e.g. “quoted” 漢字 é (4)"
    " a_b __init__ _ * - + = ( ) a:b : ; / -- C++ 1) 1. # > | \\ ~ & &amp; < @a [ ] [1] ! ' \""
    " `a` `a_b*` ` `` `a`b a`b` `$x` $ $x$ $x_1^2$ $5 $10$ $a$b $\\frac{1}{n}$ $$ $$y$$ $`x`$"
    " $\\text{if(}$ *a* **a** ***a*** *a b* *a **b* c** a*b* *a*b (*a*) *a*, **a-b**: _a_"
    " [a](https://b.example/c) ![a](https://b.example/c) [a](/c) [a b](https://b.example/?a=b)"
    " https://a.example/b_c_d https://a.example/*b* http://a.example/(b) pip loss: 0.3 import"
    " print(x) x = 1 x=1; return def f(): Traceback ```"
).split(" ")
LINES = (
    *("Traceback (most recent call last):", "loss: 0.3", "import torch", "x = f(*a*)"),
    *("- a", "- `a` b", "---", "===", "    a", "```", "$$", "| a |", "|---|", "> a"),
    *(
        "pip install torch",
        "Epoch 1: 0.3 `a`",
        "1. a",
        "# a",
        "…",
        "- 1. a",
        "a.b(*c*) d",
    ),
    *("def f(*args, **more):", "ValueError: *a*", "java.lang.Error", "x = *a*;"),
)
LINE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)


@given(
    st.lists(st.one_of(LINE, st.sampled_from(LINES), st.just("")), max_size=5),
    st.sampled_from(["", "… "]),
    st.sampled_from([3, 10, 280]),
)
@example(["In $x$", "", "- a *b*", "- 1"], "", 280)
@settings(max_examples=1_000)
def test_what_is_not_parsed_is_as_it_would_be_parsed(lines, before, limit):
    text = before + "\n".join(lines)

    words = sure_words(text, limit)

    if words is not None:
        parsed = " ".join(parsed_words(text).split())
        assert shortened(words, limit) == shortened(parsed, limit)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("… words, and (4) more: a_b", "… words, and (4) more: a_b"),
        ("a `x * y` of $x_1$, **not *b", None),
        ("Use `x * y` for $x_1$, **not** [this](https://e.example/a).",
         "Use x * y for x₁, not this."),
        ("- one\n- *two*\n\nand 3 more", "one two and 3 more"),
        ("$5 a piece and $10", None),
        ("In $5 and 10$", None),
        ("print(*a*)", None),
    ],
)  # fmt: skip
def test_usual_texts_are_not_parsed(text, words):
    assert sure_words(text, 280) == words
