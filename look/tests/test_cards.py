"""Pieces of pages that are kept: made of their row alone, filled in for
each request.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import jinja2
import pytest
from django.template import engines
from django.urls import set_script_prefix
from django.utils import timezone
from django.utils.safestring import mark_safe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lists.cache import forget_all
from look.around import around
from look.cards import BYTES, Cards

TEMPLATE = """
<p>{{ row.words }}{% if row.is_mine %} (mine){% endif %}</p>
<form action="{{ url("home") }}">{{ csrf_input }}</form>{{ posted }}{{ csrf_input }}
"""
TOKEN = mark_safe('<input value="t0ken">')


class Row(NamedTuple):
    words: str
    is_mine: bool = False


@pytest.fixture
def write(tmp_path: Path, settings: Any) -> Iterator[Any]:
    """Writes the template, in a folder that the engine knows."""
    settings.TEMPLATES = [
        {**engine, "DIRS": [*engine["DIRS"], tmp_path]} for engine in settings.TEMPLATES
    ]

    def write(text: str = TEMPLATE) -> Cards:
        (tmp_path / "card.html").write_text(text)
        return Cards("card.html", slots=("csrf_input", "posted"), most=3)

    yield write
    set_script_prefix("/")


def shown(cards: Cards, row: Row, **slots: object) -> str:
    return cards(row, **{"csrf_input": TOKEN, "posted": "now", **slots})


def test_a_card_is_rendered_once_and_its_slots_are_filled_each_time(
    write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = write()
    first = shown(cards, Row("a"))
    monkeypatch.setattr(Cards, "fresh", None)

    second = shown(cards, Row("a"), csrf_input="<other>", posted="later")

    assert first == (f'<p>a</p><form action="/">{TOKEN}</form>now{TOKEN}')
    other = str(first).replace(TOKEN, "&lt;other&gt;")
    assert second == other.replace("now", "later")


class Asked:
    """A value that counts how often its HTML is asked for."""

    def __init__(self) -> None:
        self.times = 0

    def __html__(self) -> str:
        self.times += 1
        return TOKEN


def test_a_slot_is_written_once_for_a_card_and_only_if_the_card_shows_it(
    write: Any,
) -> None:
    words = "{{ csrf_input }} {{ csrf_input }}"
    cards, twice, unseen = (
        write(f"{{% if row.is_mine %}}{words}{{% endif %}}"),
        Asked(),
        Asked(),
    )
    for row in (Row("a"), Row("a", is_mine=True)):
        shown(cards, row)  # renders it
    shown(cards, Row("a", is_mine=True), csrf_input=twice)
    shown(cards, Row("a"), csrf_input=unseen)

    assert (twice.times, unseen.times) == (1, 0)


def test_a_card_knows_nothing_but_its_row_and_its_slots(write: Any) -> None:
    for name in ("user", "request", "csrf_token"):
        with pytest.raises(jinja2.UndefinedError):
            shown(write("{{ " + name + " }}"), Row("a"))


def test_another_value_language_or_prefix_is_another_card(
    write: Any, settings: Any
) -> None:
    cards = write()

    assert "(mine)" not in shown(cards, Row("a"))
    assert "(mine)" in shown(cards, Row("a", is_mine=True))
    set_script_prefix("/below/")
    assert 'action="/below/"' in shown(cards, Row("a"))
    settings.LANGUAGE_CODE = "fr"
    shown(cards, Row("a"))
    assert len(cards) == 3


def test_cards_are_bounded_and_forgotten_with_what_else_is_kept(write: Any) -> None:
    cards = write()

    for number in range(5):
        shown(cards, Row(str(number)))

    assert len(cards) == 3
    forget_all()
    assert len(cards) == 0


def test_cards_are_bounded_by_their_bytes_as_well(write: Any) -> None:
    cards = write()

    for number in range(5):
        shown(cards, Row(f"{number}" + "\U0001f600" * 700))  # of four bytes each
        assert cards._kept.bytes <= 3 * BYTES
    assert len(cards) == 2
    shown(cards, Row("\U0001f600" * 6_000))
    assert len(cards) == 2  # this one is too large to be kept


def test_a_card_that_is_used_stays(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = write()
    shown(cards, Row("used"))
    for number in range(20):
        shown(cards, Row(str(number)))
        shown(cards, Row("used"))
    monkeypatch.setattr(Cards, "fresh", None)

    assert "used" in shown(cards, Row("used"))
    assert len(cards) == 3


def test_a_template_that_is_worked_on_is_read_again(write: Any, settings: Any) -> None:
    cards = write()
    settings.DEBUG = True

    shown(cards, Row("a"))

    assert len(cards) == 0


TEXT = st.text(st.sampled_from("<>&\"'csrf_inputposted{}% 0aé"), max_size=30)


@given(st.lists(st.tuples(TEXT, st.booleans(), TEXT, TEXT), min_size=1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_kept_card_is_the_card_rendered_again(
    write: Any, asked: list[tuple[str, bool, str, str]]
) -> None:
    cards = write()

    for words, is_mine, token, posted in asked:
        row, slots = Row(words, is_mine), {"csrf_input": token, "posted": posted}
        assert cards(row, **slots) == cards.fresh(row, **slots)


def test_a_moment_is_written_once_for_each_zone_and_age() -> None:

    template = engines["jinja2"].from_string("{{ when(t) }}")
    moment = timezone.now() - timedelta(days=40)

    def element(zone: str) -> str:
        with timezone.override(ZoneInfo(zone)):
            return template.render({"t": moment})

    assert element("Asia/Tokyo") == element("Asia/Tokyo")
    assert element("Asia/Tokyo") != element("America/Lima")


def test_the_moments_of_a_page_are_told_from_one_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[datetime] = []
    now = timezone.now

    def counted() -> datetime:
        asked.append(now())
        return asked[-1]

    page = engines["jinja2"].from_string("{% for t in ts %}{{ when(t) }}{% endfor %}")
    moments = [now() - timedelta(days=days) for days in range(40, 45)]
    page.render({"ts": moments})  # each element is made
    monkeypatch.setattr(timezone, "now", counted)
    page.render({"ts": moments})

    assert len(asked) == 1


def test_each_language_has_its_own_card(
    write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = write()

    for language in ("en-gb", "de"):
        monkeypatch.setattr("look.around.get_language", lambda said=language: said)
        cards(Row("One"), csrf_input=TOKEN, posted="")

    assert len(cards) == 2


def test_a_template_is_in_one_language_from_its_beginning_to_its_end(
    write: Any,
) -> None:
    cards = write("{{ row.words }} {{ url('home') }}")
    page = engines["jinja2"].from_string("{{ ask() }}{{ card() }}{{ url('home') }}")

    def ask() -> str:
        set_script_prefix("/other/")
        return ""

    def card() -> str:
        return cards(Row("A"), csrf_input="", posted="")

    set_script_prefix("/below/")
    assert page.render({"ask": ask, "card": card}).endswith("/below/")
    assert page.render({"ask": ask, "card": card}) == "A /other//other/"


def test_an_error_in_a_template_leaves_nothing_to_the_next(write: Any) -> None:
    page = engines["jinja2"].from_string("{{ missing }}")
    set_script_prefix("/below/")
    with pytest.raises(jinja2.UndefinedError):
        page.render({})

    set_script_prefix("/other/")
    assert around().prefix == "/other/"
