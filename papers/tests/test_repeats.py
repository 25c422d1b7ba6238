"""Days that arXiv shows again under another date, and the state of a feed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import Settings
from pytest_httpserver import HTTPServer

from papers import actions, arxiv, fetch, tasks
from papers.models import Announcement, Batch, Feed, Paper
from papers.sentinel import State, state_of, watched
from papers.tests.make import NOW, feed

pytestmark = pytest.mark.django_db
TUESDAY, WEDNESDAY, THURSDAY = date(2025, 6, 10), date(2025, 6, 11), date(2025, 6, 12)
LEARNING = "trimmed_rss_csLG_2025-06-11.xml"


def announced() -> set[tuple[str, date, str]]:
    rows = Announcement.objects.values_list(
        "batch__category", "batch__announced_on", "paper__arxiv_id"
    )
    return set(rows)


def test_yesterdays_papers_under_todays_date_are_no_batch() -> None:
    yesterday = feed(LEARNING)
    actions.store(yesterday, now=NOW)
    before = announced()

    stored = actions.store(
        replace(yesterday, announced_on=THURSDAY), now=NOW + timedelta(days=1)
    )

    assert stored.announcements == 0
    assert stored.repeats[0].all
    assert announced() == before
    assert list(Batch.objects.values_list("announced_on", flat=True)) == [WEDNESDAY]


def test_of_a_feed_that_repeats_in_part_the_rest_is_announced() -> None:
    whole = feed(LEARNING)
    actions.store(replace(whole, entries=whole.entries[:4]), now=NOW)

    stored = actions.store(replace(whole, announced_on=THURSDAY), now=NOW)

    assert stored.announcements == len(whole.entries) - 4
    assert not stored.repeats[0].all
    assert {day for _, day, _ in announced()} == {WEDNESDAY, THURSDAY}
    assert len(announced()) == len(whole.entries)


def test_a_new_version_is_no_repeat_and_the_same_version_again_is_one() -> None:
    entry = replace(
        feed(LEARNING).entries[0], announce_type=arxiv.AnnounceType.REPLACE, version=2
    )
    day = arxiv.FeedDocument("rss", ("cs.LG",), WEDNESDAY, (entry,))
    actions.store(day, now=NOW)

    assert (
        actions.store(replace(day, announced_on=THURSDAY), now=NOW).announcements == 0
    )
    third = replace(day, announced_on=THURSDAY, entries=(replace(entry, version=3),))
    assert actions.store(third, now=NOW).announcements == 1


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sets(st.integers(0, 5)), min_size=3, max_size=3),
    st.permutations([0, 1, 2]),
)
def test_each_paper_is_announced_once_whatever_the_order_of_days(
    days: list[set[int]], order: list[int]
) -> None:
    entries = feed(LEARNING).entries
    feeds = [
        arxiv.FeedDocument(
            "rss",
            ("cs.LG",),
            TUESDAY + timedelta(days=n),
            tuple(entries[each] for each in sorted(chosen)),
        )
        for n, chosen in enumerate(days)
    ]
    for n in order:
        actions.store(feeds[n], now=NOW)
    found = announced()
    Paper.objects.all().delete()
    Batch.objects.all().delete()

    first = {
        entries[each].arxiv_id: TUESDAY
        + timedelta(days=min(n for n, chosen in enumerate(days) if each in chosen))
        for each in set().union(*days)
    }
    assert found == {("cs.LG", day, arxiv_id) for arxiv_id, day in first.items()}


def test_a_batch_that_was_a_repeat_goes_when_the_true_day_arrives() -> None:
    whole = feed(LEARNING)
    for days in permutations([WEDNESDAY, THURSDAY]):
        for day in days:
            actions.store(replace(whole, announced_on=day), now=NOW)
        assert list(Batch.objects.values_list("announced_on", flat=True)) == [WEDNESDAY]
        Paper.objects.all().delete()
        Batch.objects.all().delete()


# The harvest


@pytest.fixture
def served(
    settings: Settings, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> HTTPServer:
    settings.OUTBOUND_PRIVATE_HOSTS = ["localhost"]
    settings.ARXIV_RSS_URL = httpserver.url_for("/rss/")
    settings.ARXIV_CATEGORIES = ["cs.NE"]
    monkeypatch.setattr(fetch, "sleep", lambda seconds: None)
    return httpserver


def document(day: datetime, *numbers: int) -> bytes:
    dated = day.strftime("%a, %d %b %Y 00:00:00 -0500")
    items = "".join(
        f"<item><title>Paper {n}</title>"
        f"<description>arXiv:2611.{n:05}v1 Announce Type: new\nAbstract: Text."
        f"</description><guid>oai:arXiv.org:2611.{n:05}v1</guid>"
        "<category>cs.NE</category></item>"
        for n in numbers
    )
    head = f"<title>cs.NE updates on arXiv.org</title><pubDate>{dated}</pubDate>"
    return f'<rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


def test_a_repeated_day_is_asked_again_until_its_own_papers_come(
    served: HTTPServer,
) -> None:
    wednesday, thursday = (
        datetime(2026, 11, 25, tzinfo=UTC),
        datetime(2026, 11, 26, tzinfo=UTC),
    )
    address = served.expect_ordered_request
    address("/rss/cs.NE").respond_with_data(document(wednesday, 1, 2))
    address("/rss/cs.NE").respond_with_data(
        document(thursday, 1, 2), headers={"ETag": "a"}
    )
    address("/rss/cs.NE").respond_with_data(b"", status=304)
    address("/rss/cs.NE").respond_with_data(document(thursday, 3, 4))

    with time_machine.travel(wednesday.replace(hour=9), tick=False):
        assert tasks.harvest() == 1
    with time_machine.travel(thursday.replace(hour=9), tick=False):
        tasks.harvest()
        row = Feed.objects.get()
        assert row.repeated_on == thursday.date()
        assert row.next_try_at == thursday.replace(hour=10, minute=50)
        assert (
            watched(["cs.NE"], now=thursday.replace(hour=12))[0].state is State.REPEATED
        )
    with time_machine.travel(thursday.replace(hour=11), tick=False):
        tasks.harvest()
        assert Feed.objects.get().repeated_on == thursday.date()
    with time_machine.travel(thursday.replace(hour=13), tick=False):
        tasks.harvest()
        assert watched(["cs.NE"], now=thursday.replace(hour=13))[0].state is State.OK

    days = {arxiv_id: day.day for _, day, arxiv_id in announced()}
    assert days == {
        "2611.00001": 25,
        "2611.00002": 25,
        "2611.00003": 26,
        "2611.00004": 26,
    }
    assert Feed.objects.get().repeated_on is None


# States


NOON = datetime(2025, 6, 11, 16, tzinfo=UTC)  # Wednesday, noon at arXiv


@pytest.mark.parametrize(
    ("fields", "batch_on", "partial", "now", "state"),
    [
        ({"checked_at": None}, None, False, NOON, State.NEVER),
        ({}, WEDNESDAY, False, NOON, State.OK),
        ({}, WEDNESDAY, True, NOON, State.PARTIAL),
        ({"failures": 2}, TUESDAY, False, NOON, State.FAILING),
        ({"failures": 1}, WEDNESDAY, True, NOON, State.PARTIAL),
        ({"repeated_on": WEDNESDAY}, TUESDAY, False, NOON, State.REPEATED),
        ({"repeated_on": TUESDAY}, TUESDAY, False, NOON, State.LATE),
        ({"announced_on": WEDNESDAY}, TUESDAY, False, NOON, State.QUIET),
        ({}, TUESDAY, False, NOON, State.LATE),
        ({}, TUESDAY, False, NOON - timedelta(hours=10), State.WAITING),
        (
            {},
            date(2025, 6, 13),
            False,
            datetime(2025, 6, 14, 16, tzinfo=UTC),
            State.QUIET,
        ),
    ],
)
def test_the_state_of_a_feed(
    fields: dict[str, object],
    batch_on: date | None,
    partial: bool,
    now: datetime,
    state: State,
) -> None:
    row = Feed(**{"category": "cs.LG", "checked_at": now, **fields})

    assert state_of(row, batch_on=batch_on, batch_partial=partial, now=now) is state


def test_weekdays_without_papers_are_named() -> None:
    for day in (2, 3, 5, 9, 10):
        Batch.objects.create(
            category="cs.LG", announced_on=date(2025, 6, day), stored_at=NOW
        )

    assert watched(["cs.LG"], now=NOON)[0].without == (
        date(2025, 6, 4),
        date(2025, 6, 6),
    )
    assert watched(["cs.CL"], now=NOON)[0].without == ()


def test_the_case_of_a_bad_character_names_the_fault_and_keeps_every_paper() -> None:
    broken = document(datetime(2026, 11, 26, tzinfo=UTC), 1, 2, 3).replace(
        b"Paper 2", b"Paper \x0b 2"
    )
    read = arxiv.parse(broken)

    assert actions.store(read, now=NOW).papers == 3
    assert "broken at line" in read.note
