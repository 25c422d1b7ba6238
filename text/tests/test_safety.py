"""The pipeline against hostile text.

In a real browser the same corpus runs in
browser_tests/test_richtext_xss.py.
"""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from text import Attachment, TextRefused, plain, render, render_inline
from text.sanitise import OUR_PICTURE, cleaned
from text.tests.worst_texts import PIECES, answer, filled

KEY, FILE = (str(UUID(int=number)) for number in (1, 2))
CORPUS = Path(__file__).parent / "corpus"
ATTACKS = [
    attack
    for name in ("xss.json", "dompurify.json")
    for attack in json.loads((CORPUS / name).read_text(encoding="utf-8"))
]


class Dangers(HTMLParser):
    """What a browser might run or fetch."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag in (
            "script",
            "style",
            "svg",
            "iframe",
            "object",
            "embed",
            "form",
            "base",
            "meta",
            "link",
            "video",
            "audio",
        ):
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in (
                "style",
                "srcdoc",
                "formaction",
                "xlink:href",
                "srcset",
                "ping",
            ):
                self.found.append(f"{tag} {name}")
            if name in ("href", "src") and re.match(
                r"[\x00-\x20]*(javascript|vbscript|data):", value or "", re.I
            ):
                self.found.append(f"{tag} {name}={value}")
            if name == "src" and not OUR_PICTURE.fullmatch(value):
                self.found.append(f"{tag} src={value}")


def html_of(text):
    try:
        return render(
            text,
            mentions=lambda handle: f"/members/{handle}/",
            attached={KEY: Attachment(800, 300), FILE: Attachment()},
        ) + render_inline(text, links=True)
    except TextRefused:
        return render_inline(text, links=True)


def test_there_are_enough_attacks():
    assert len(ATTACKS) >= 350


def test_nothing_of_the_corpus_can_run_or_fetch():
    documents = {attack: html_of(attack) for attack in ATTACKS}

    assert {
        attack: Dangers(html).found
        for attack, html in documents.items()
        if Dangers(html).found
    } == {}
    assert [attack for attack, html in documents.items() if cleaned(html) != html] == []


def test_the_second_wall_holds_alone():
    documents = {attack: cleaned(attack) for attack in ATTACKS}

    assert {
        attack: Dangers(html).found
        for attack, html in documents.items()
        if Dangers(html).found
    } == {}
    assert [attack for attack, html in documents.items() if cleaned(html) != html] == []


FRAGMENTS = st.sampled_from(
    [
        *"# ## > - 1. * **".split(),
        *"_ ~~ ` `` ``` ~~~ [ ] ( ) ![ ]( [^1] [^1]: [x]: \\ $ $$ \\( \\) \\[ \\] "
        "```math | |-|-| - @ada".split(),
        *f"https:// http://e.example /media/a.png picture:{KEY} file:{FILE}".split(),
        *(f"![a](picture:{KEY})", f"[a](file:{FILE})", f"](picture:{FILE} 'b')"),
        *"javascript: data: < > </ <script> onerror=x <!-- --> <summary>".split(),
        *"&  &lt; &#x6a; = é".split(),
        *"\\frac \\text{ \\begin{matrix} \\end{matrix} { }".split(),
        *"^ & \\\\ \\left( \\right) \\sqrt[ \\emph{ \\href{ \\cite{".split(),
        *[
            '\\"',
            '"',
            "'",
            "\t",
            "\0",
            "\u202e",
            "漢",
            "😀",
            "python",
            "html",
            "a",
            "b",
            "1",
            "\n",
            "\n\n",
            "    ",
            " ",
        ],
    ]
)
TEXTS = st.one_of(st.lists(FRAGMENTS, max_size=60).map("".join), st.text(max_size=200))


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_any_text_gives_html_that_is_safe_and_settled(text):
    html = html_of(text)

    assert Dangers(html).found == []
    assert cleaned(html) == html


@given(TEXTS, st.integers(0, 60))
@settings(max_examples=100, deadline=None)
def test_any_text_gives_one_short_plain_line(text, limit):
    line = plain(text, limit)

    assert len(line) <= limit
    assert "\n" not in line


def calls_for(text):
    """How many functions are called to answer the text: a measure of work
    that no busy machine changes.
    """
    calls = 0

    def count(frame, event, argument):
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        answer(text)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("piece", PIECES)
def test_twice_the_text_is_no_more_than_twice_the_work(piece):
    answer(filled(piece, 300))  # what is cached for good is there

    assert calls_for(filled(piece, 6_000)) < 2.2 * calls_for(filled(piece, 3_000))


@pytest.mark.timeout(1_800)  # the process counts its own CPU, whatever else runs
@pytest.mark.parametrize("which", ["texts", "code"])
def test_the_worst_texts_of_full_length_come_back(which):
    done = subprocess.run(
        [sys.executable, "-m", "text.tests.worst_texts", which],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.splitlines()[-1:] == ["all answered"], done.stderr
