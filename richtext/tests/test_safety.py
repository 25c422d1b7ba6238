"""The pipeline against hostile text. In a real browser the same corpus runs in browser_tests/test_richtext_xss.py."""

import json
import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from richtext import TEXT_MAX, TextRefused, plain, render, render_inline
from richtext.code import LANGUAGES
from richtext.sanitise import cleaned

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
            if name.startswith("on") or name in ("style", "srcdoc", "formaction", "xlink:href", "srcset", "ping"):
                self.found.append(f"{tag} {name}")
            if name in ("href", "src") and re.match(r"[\x00-\x20]*(javascript|vbscript|data):", value or "", re.I):
                self.found.append(f"{tag} {name}={value}")
            if name == "src" and not value.startswith("/media/"):
                self.found.append(f"{tag} src={value}")


def html_of(text):
    try:
        return render(text, mentions=lambda handle: f"/members/{handle}/") + render_inline(text, links=True)
    except TextRefused:
        return render_inline(text, links=True)


def test_there_are_enough_attacks():
    assert len(ATTACKS) >= 350


def test_nothing_of_the_corpus_can_run_or_fetch():
    documents = {attack: html_of(attack) for attack in ATTACKS}

    assert {attack: Dangers(html).found for attack, html in documents.items() if Dangers(html).found} == {}
    assert [attack for attack, html in documents.items() if cleaned(html) != html] == []


def test_the_second_wall_holds_alone():
    documents = {attack: cleaned(attack) for attack in ATTACKS}

    assert {attack: Dangers(html).found for attack, html in documents.items() if Dangers(html).found} == {}
    assert [attack for attack, html in documents.items() if cleaned(html) != html] == []


FRAGMENTS = st.sampled_from(
    [
        *"# ## > - 1. * **".split(),
        *"_ ~~ ` `` ``` ~~~ [ ] ( ) ![ ]( [^1] [^1]: [x]: \\ $ $$ \\( \\) \\[ \\] ```math | |-|-| - @ada".split(),
        *"https:// http://e.example /media/a.png".split(),
        *"javascript: data: < > </ <script> onerror=x <!-- & &lt; &#x6a; = é".split(),
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
@settings(max_examples=400, deadline=None)
def test_any_text_gives_html_that_is_safe_and_settled(text):
    html = html_of(text)

    assert Dangers(html).found == []
    assert cleaned(html) == html


@given(TEXTS, st.integers(0, 60))
@settings(max_examples=200, deadline=None)
def test_any_text_gives_one_short_plain_line(text, limit):
    line = plain(text, limit)

    assert len(line) <= limit
    assert "\n" not in line


def filled(piece, length=TEXT_MAX):
    return (piece * (length // len(piece) + 1))[:length]


PIECES = [
    *[
        ">",
        "> ",
        "- ",
        "- a\n",
        "1. a\n",
        "- [ ] a\n",
        "*",
        "a*",
        "*a ",
        "*a **b ",
        "*a_ _b ",
        "~~a ",
        "[",
        "[]",
        "[a](",
    ],
    *["![", "[a](<b", '[a](b "', "[![a](b)", "[[a](b)", "[a][", "`", "a`", "<", "<a ", "<http://a", "<!--", "&", "&#1"],
    *["\\", "\\a", "a  \n", "# a\n", "a\n---\n", "[a]:\n", "[a]: b\n", "[^1]: ", "[^a", "^[", "|", "|a|\n|-|\n|b|\n\n"],
    *["a|b\n-|-\n", "$", "$a", "$a$", "$$a", "$$a\n", "$$\n", "\\(", "\\[\n", "\\[a\n", "$\\$", "\\(a\\)"],
    *["```math\nx\n```\n", "http://", "http://a.b/(", "http://é.b ", "://", "a://b", "https:", "@ab@", "@a ", "```\n"],
    *["- ```\n", "- a\n\n", "a\n", "é漢字 ", "\0", "😀", "> - ", "<http://a.b>", "\\*", "&amp;"],
]
WORST = {
    **{piece: filled(piece) for piece in PIECES},
    "growing backticks": " ".join("`" * n + "a" for n in range(1, 440)),
    "a reference used often": "[a]: /u\n\n" + filled("[a]", 90_000),
    "a long reference": "[a]: /" + "u" * 50_000 + "\n\n" + "![a] " * 9_000,
    "footnotes": filled("".join(f"[^{n}]\n\n[^{n}]: x\n\n" for n in range(4_000))),
    "a note named often": "[^1]: x\n\n" + filled("[^1]", 90_000),
    "a wide table": "|" + "a|" * 15_000 + "\n|" + "-|" * 15_000 + "\n" + "|\n" * 10_000,
    "deep lists": "\n".join("  " * (n % 9) + "- a" for n in range(5_000)),
    "large formulas": "\n\n".join(f"$$\n{'x' * 1990}{n}\n$$" for n in range(49)),
    "formulas that never close": " ".join("$" + "(" * n + "$" for n in range(1, 300)),
    "brackets before an address": "[" * 90 + filled(":", 90_000),
}


@pytest.mark.parametrize("name", WORST)
def test_the_worst_texts_of_full_length_are_answered_in_seconds(name):
    """Measured at 0.7 s at most; what this test would catch took from eight seconds to forever."""
    text = WORST[name][:TEXT_MAX]
    begun = time.process_time()

    html_of(text)
    plain(text, 200)

    assert time.process_time() - begun < 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_lexer_stalls_on_what_stalls_lexers(language):
    pieces = ("\n", " \n", "a\n", "a ", "(", '"\\', "'", "/*", "<a ", "qimport a.\n", "int a\n", "0x", "\\", "{", "* ")
    begun = time.process_time()

    for piece in pieces:
        render(f"```{language}\n{filled(piece, 9_900)}\n```")
        lines = filled(filled(piece.strip() or "-", 990) + "\n", 9_900)
        render(f"```{language}\n{lines}\n```")

    assert time.process_time() - begun < 12
