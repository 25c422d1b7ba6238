import ast
import inspect
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text import typed
from text.tests.piles import PILES, counting, pile
from text.typed import (
    can_be_seen,
    characters,
    clean_address,
    clean_line,
    clean_name,
    clean_text,
)

NAMES = Path(__file__).with_name("corpus") / "names.txt"
FUNCTIONS = [clean_text, clean_line, clean_name, clean_address]
# Characters that act on their neighbours, and neighbours of every kind.
LIVELY = (
    "aZé1#. "
    "\t\n\r\u00a0\u3000\u0301\u0302\u0e01\u0e47\u0f40\u0f90\u05d0\u05b0\u0628\u062f\u0627\u064e\u0915\u094d"
    "\u09b0\u09cd"
    "\u1100\u1161\u11a8\u1820\u180b\u180e\u845b\u2764\ufe0f\ufe00\u200b\u200c\u200d\u2066\u2067\u2069\u202e\u202c\u200e"
    "\u20e3\u20dd\u00ad\x1b[m\x00\u2028\x85\u3164\u2800\U0001f469\U0001f3fd\U0001f3f4\U000e0067\U000e007f\U000e0100\u2194"
)

PUBLIC = [
    function
    for name, function in inspect.getmembers(typed, inspect.isfunction)
    if function.__module__.startswith(typed.__name__) and not name.startswith("_")
]


def names() -> list[tuple[str, str]]:
    lines = [
        line
        for line in NAMES.read_text("utf-8").splitlines()
        if line and not line.startswith("# ")
    ]
    pairs = [line.partition(" | ")[::2] for line in lines]
    return [(unescaped(typed), unescaped(kept or typed)) for typed, kept in pairs]


def unescaped(text: str) -> str:
    return str(ast.literal_eval(f'"{text}"'))


@pytest.mark.parametrize(("typed", "kept"), names())
def test_a_name_is_kept_as_people_spell_it_or_refused_when_nothing_of_it_can_be_seen(
    typed: str, kept: str
) -> None:
    name = clean_name(typed)

    assert (name if can_be_seen(name) else "refused") == kept


def test_the_corpus_of_names_is_whole() -> None:
    assert len(names()) > 100


def test_line_ends_become_one():
    assert (
        clean_text("one\r\ntwo\rthree\u2028four\x0bfive\n")
        == "one\ntwo\nthree\nfour\nfive\n"
    )


def test_letters_are_composed():
    assert clean_text("Cafe\u0301") == clean_text("Caf\u00e9") == "Caf\u00e9"


def test_a_line_has_single_spaces_and_no_line_end():
    assert clean_line("  two\r\n words\u00a0here ") == "two words here"


def test_a_text_keeps_indentation_tabs_and_empty_lines():
    text = "    def f(x):\n\t\treturn x  # é\n\n\n    \n  - item\u3000"

    assert clean_text(text) == text


def test_code_copied_from_a_page_has_plain_spaces_and_no_colours():
    assert (
        clean_text("\u00a0\u00a0x\u2009=\u00a01\n\x1b[1;31mError\x1b[0m")
        == "  x = 1\nError"
    )


def test_isolates_stay_in_a_text_where_they_are_closed():
    assert clean_text("a \u2067b\u2069 c") == "a \u2067b\u2069 c"
    assert clean_text("a \u2067b\nc\u2069") == "a b\nc"
    assert clean_line("a \u2067b\u2069 c") == "a b c"


def test_a_joiner_goes_beside_a_letter_that_no_one_knows():
    unassigned = "\u0378"

    assert clean_text(f"a{unassigned}\u200c\u0628") == f"a{unassigned}\u0628"


def test_khmer_keeps_its_word_ends_in_a_text():
    assert clean_text("សួស្តី\u200bពិភពលោក") == "សួស្តី\u200bពិភពលោក"
    assert clean_text("hel\u200blo") == "hello"


def test_a_text_of_which_nothing_can_be_seen_is_empty():
    assert clean_text("\u200e \u200b\n\u200f") == clean_line("\u200e\u200f") == ""


def test_an_address_is_written_as_mail_programs_write_it():
    assert clean_address(" mira\u200b＠ｅxample．org\u00a0") == "mira@example.org"


@given(st.text(LIVELY) | st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    for clean in FUNCTIONS:
        once = clean(text)

        assert clean(once) == once


@given(st.text("ab \t\n(){}[]=:#'\"\\_", max_size=80))
def test_ascii_code_is_not_touched(code: str) -> None:
    assert clean_text(code) == code


@given(st.text(LIVELY))
def test_a_line_and_a_name_have_no_overrides_line_ends_or_towers_of_marks(
    text: str,
) -> None:
    for clean in (clean_line, clean_name):
        cleaned = clean(text)

        assert not set(cleaned) & set(
            "\n\r\t\x00\u200b\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028"
        )
        assert "\u0301\u0301\u0301" not in cleaned


@pytest.mark.parametrize("function", PUBLIC)
@pytest.mark.parametrize("name", PILES)
def test_no_text_costs_more_than_its_length(
    monkeypatch: pytest.MonkeyPatch, function: Callable[[str], object], name: str
) -> None:
    text, cost = pile(name, 3_000), counting(monkeypatch)

    function(text)

    assert cost.longest_run <= 4 * 30  # of thirty characters, each of up to four parts
    assert cost.characters <= 60 * len(text)
    assert cost.calls <= 8


def test_an_address_that_is_too_long_is_not_made_longer() -> None:
    assert len(clean_address("\ufdfa" * 1_000)) == 1_000
    assert (
        clean_address("\ufdfa")
        == "\u0635\u0644\u0649 \u0627\u0644\u0644\u0647 \u0639\u0644\u064a\u0647 "
        "\u0648\u0633\u0644\u0645"
    )


def test_every_character_that_is_put_in_order_is_counted_among_a_run() -> None:
    def parts(code: int) -> str:
        return unicodedata.normalize("NFKD", chr(code))

    sorted_ones = {
        chr(code)
        for code in range(sys.maxunicode + 1)
        if all(map(unicodedata.combining, parts(code)))
    }

    assert sorted_ones == {
        chr(code)
        for code in range(sys.maxunicode + 1)
        if characters.LONG_RUNS.match(chr(code) * 31)
    }


def test_marks_at_the_front_of_a_line_go_however_many_they_are() -> None:
    assert clean_line("\u0903" * 50_000 + "a") == "a"
    assert clean_line("\u0903" * 50_000) == ""
