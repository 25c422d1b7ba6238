"""The few tags that a text may have: folds, breaks, small letters,
comments.
"""

import pytest

from text import render


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "<details><summary>a</summary>\n\nb\n</details>",
            "<details><summary>a</summary>\n<p>b</p>\n</details>",
        ),
        # A summary is one line, and a space stands for the ends of its
        # lines.
        (
            "<details><summary>a\nb\n\nc</summary>\nd\n</details>",
            "<details><summary>a b c</summary>\n<p>d</p>\n</details>",
        ),
        # One that is never closed ends with the fold, or with the text.
        (
            "<details>\n<summary>a\n\nb",
            "<details><summary>a b</summary>\n</details>",
        ),
        (
            "<details><summary>a\n\n- b\n\n</summary>\nc\n</details>",
            "<details><summary>a</summary>\n<ul>\n<li>b</li>\n</ul>\n<p>c</p>\n</details>",
        ),
        (
            "<details><summary></summary>\na\n</details>",
            "<details><p>a</p>\n</details>",
        ),
        ("a\n\n</details>\n\nb", "<p>a</p>\n<p>b</p>"),
    ],
)
def test_folds(text: str, html: str) -> None:
    assert render(text).strip() == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a<br>b", "a<br>\nb"),
        ("a<br>\nb", "a<br>\nb"),
        ("[a<br>b](/u)", '<a href="/u">a<br>\nb</a>'),
        ("H<sub>2</sub>O", "H<sub>2</sub>O"),
        ("[H<sub>2</sub>O](/u)", '<a href="/u">H<sub>2</sub>O</a>'),
        ("[__init__](/u)", '<a href="/u">__init__</a>'),
        ("a<sub>2<sub> b", "a<sub>2 b</sub>"),
        ("*a<sub>2*</sub> b", "<em>a<sub>2</sub></em> b"),
        ("a</sub> b", "a b"),
    ],
)
def test_breaks_and_small_letters(text: str, html: str) -> None:
    assert render(text) == f"<p>{html}</p>\n"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a <!-- b --> c", "a  c"),
        ("a <!-- b", "a &lt;!-- b"),
        ("a <!-- b <!-- c", "a &lt;!-- b &lt;!-- c"),
        ("[a <!-- b](/u)", '<a href="/u">a &lt;!-- b</a>'),
        ("[a <!-- b](/u) --> c](/v)", '<a href="/v">a  c</a>'),
    ],
)
def test_comments(text: str, html: str) -> None:
    assert render(text) == f"<p>{html}</p>\n"
