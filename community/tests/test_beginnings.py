import pytest
from hypothesis import given
from hypothesis import strategies as st

import richtext
from community.beginnings import LENGTH_MAX, LINES_MAX, beginning_of

LONG = "word " * 200


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("One.\n\nTwo.", "One.\n\nTwo."),
        (f"One.\n\nTwo.\n\n{LONG}", "One.\n\nTwo."),
        (f"- a\n- b\n\n{LONG}", "- a\n- b"),
        (f"One.\n\n```python\na = 1\n\nb = 2\n```\n\n{LONG}", "One.\n\n```python\na = 1\n\nb = 2\n```"),
        ("One.\n\n```python\n" + "a = 1\n\n" * 20 + "```", "One."),
        (f"One.\n\n~~~~\n```\n\nb\n~~~~\n\n{LONG}", "One.\n\n~~~~\n```\n\nb\n~~~~"),
        (f"One.\n\n$$\nx\n$$\n\n{LONG}", "One.\n\n$$\nx\n$$"),
        (f"$$x$$\n\nOne.\n\n{LONG}", "$$x$$\n\nOne."),
        ("One.\n\n$$\n" + "x \\\\\n" * 20 + "$$", "One."),
        (LONG, ""),
        ("line\n" * 20, ""),
        ("", ""),
    ],
)
def test_a_long_text_begins_with_its_first_whole_blocks(text: str, beginning: str) -> None:
    assert beginning_of(text) == beginning


@given(st.lists(st.sampled_from(["", "a", "```", "~~~", "$$", "$$x$$", "- b", "word " * 30, "    c"]), max_size=30))
def test_a_beginning_is_short_and_begins_the_text(lines: list[str]) -> None:
    text = "\n".join(lines)

    beginning = beginning_of(text)

    assert text.strip("\n").startswith(beginning)
    assert len(beginning) <= LENGTH_MAX
    assert beginning.count("\n") < LINES_MAX
    richtext.render(beginning)
