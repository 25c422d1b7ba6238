"""Pictures and files of members in a text."""

from uuid import UUID

import pytest

from text import Attachment, plain, render, rendered
from text.attached import (
    DESCRIPTION_MAX,
    MOST,
    described,
    keys_in,
    without_description,
    without_keys,
)
from text.sanitise import cleaned

KEY, FILE, OTHERS = (str(UUID(int=number)) for number in (1, 2, 3))
SMALL, LARGE = f"/pictures/{KEY}/small/", f"/pictures/{KEY}/"
ATTACHED = {KEY: Attachment(800, 300), FILE: Attachment()}


def shown(text: str) -> str:
    return render(text, attached=ATTACHED)


def test_a_picture_is_shown_with_its_size_and_description_and_leads_to_its_large_form():
    assert shown(f"![A *loss* curve: $x^2$](picture:{KEY} 'Loss')") == (
        f'<p><a href="{LARGE}" class="picture"><img src="{SMALL}"'
        ' alt="A loss curve: x²" title="Loss" width="800" height="300"'
        ' loading="lazy" referrerpolicy="no-referrer"></a></p>\n'
    )


def test_the_link_around_a_picture_without_a_description_has_a_name():
    html = shown(f"![](picture:{KEY})")

    assert 'aria-label="Open the picture"' in html
    assert ' alt=""' in html


def test_a_picture_inside_a_link_leads_where_the_link_leads():
    html = shown(f"[![Curve](picture:{KEY})](/learn/)")

    assert html.startswith(f'<p><a href="/learn/"><img src="{SMALL}" alt="Curve"')
    assert html.count("<a ") == 1


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (f"[run.log](file:{FILE})", f'href="/pictures/{FILE}/file/" class="attached"'),
        (f"[The curve](picture:{KEY})", f'href="{LARGE}" class="attached"'),
    ],
)
def test_a_link_leads_to_a_file_and_to_a_picture(text, html):
    assert html in shown(text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (f"![A curve](picture:{OTHERS})", "<p>A curve</p>\n"),
        (f"![](picture:{OTHERS})", "<p>Picture</p>\n"),
        (f"[![A curve](picture:{OTHERS})](/x/)", '<p><a href="/x/">A curve</a></p>\n'),
        (f"![A log](file:{FILE})", "<p>A log</p>\n"),
        (f"![A log](picture:{FILE})", "<p>A log</p>\n"),
        (f"[the *log*](file:{OTHERS}), a", "<p>the <em>log</em>, a</p>\n"),
        (f"[a curve](file:{KEY})", "<p>a curve</p>\n"),
        (f"[a log](picture:{FILE})", "<p>a log</p>\n"),
        (f"[x](/y/) [a log](file:{OTHERS})", '<p><a href="/y/">x</a> a log</p>\n'),
    ],
)
def test_of_what_the_text_may_not_show_the_words_remain(text, html):
    assert shown(text) == html


def test_nothing_is_shown_where_nothing_is_said_of_it():
    assert render(f"![A curve](picture:{KEY})") == "<p>A curve</p>\n"


def test_the_second_wall_lets_no_other_address_and_no_other_size_through():
    for source in ("/media/a.png", "https://e.example/a.png", f"{SMALL}../", LARGE):
        assert "src" not in cleaned(f'<img src="{source}">')
    for size in ("0", "99999", "1e9", "100%"):
        assert "width" not in cleaned(f'<img src="{SMALL}" width="{size}">')


def test_a_preview_names_a_picture_by_its_description():
    text = f"![A curve](picture:{KEY}) and ![](picture:{KEY}) in [a](file:{FILE})"

    assert plain(text, 100) == "A curve and Picture in a"
    assert rendered(text, attached=ATTACHED).excerpt(100) == "A curve and Picture in a"


def test_the_beginning_of_a_text_shows_its_pictures():
    text = f"![A curve](picture:{KEY})\n\n" + "word " * 300

    beginning = rendered(text, attached=ATTACHED).beginning(
        lines=9, characters=500, html=8_000
    )

    assert f'<img src="{SMALL}"' in beginning


def test_keys_are_read_in_order_each_once_and_not_too_many():
    many = "".join(f"picture:{UUID(int=number)} " for number in range(100))

    assert keys_in(f"![](picture:{KEY}) [a](file:{FILE}) picture:{KEY}") == [KEY, FILE]
    assert len(keys_in(many)) == MOST
    assert keys_in("picture:1 picture: file:x") == []


def test_search_reads_no_keys():
    assert without_keys(f"A ![curve](picture:{KEY})") == "A ![curve]()"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("Two lines\nof text", "![Two lines of text]"),
        (r"a [b] $\sigma$ \\", r"![a (b) $\sigma$ ]"),
    ],
)
def test_a_description_is_written_into_the_text(words, line):
    before = f"x ![](picture:{KEY}) ![old \\] one](picture:{KEY}) ![](picture:{OTHERS})"

    after = described(before, {KEY: words})

    picture = f"{line}(picture:{KEY})"
    assert after == f"x {picture} {picture} ![](picture:{OTHERS})"


@pytest.mark.parametrize("words", ["", " \\ ", "x" * (DESCRIPTION_MAX + 1)])
def test_a_description_without_words_or_without_end_changes_nothing(words):
    before = f"![as it was](picture:{KEY}) ![](picture:{KEY})"

    assert described(before, {KEY: words, OTHERS: "It falls."}) == before


def test_pictures_without_a_description_are_named():
    text = f"![](picture:{KEY}) ![ ](picture:{OTHERS}) ![x](picture:{FILE})"

    assert without_description(text) == [KEY, OTHERS]
