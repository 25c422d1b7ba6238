"""When a feed is worth visiting again."""

from datetime import UTC, date, datetime, timedelta

import pytest

from papers.timetable import next_try, next_visit


@pytest.mark.parametrize(
    ("now", "announced_on", "expected"),
    [
        # Wednesday morning, today's feed is read: Thursday after midnight,
        # Eastern (summer time).
        (
            datetime(2025, 6, 11, 9, tzinfo=UTC),
            date(2025, 6, 11),
            datetime(2025, 6, 12, 4, 15, tzinfo=UTC),
        ),
        # In winter midnight is an hour later.
        (
            datetime(2025, 12, 10, 9, tzinfo=UTC),
            date(2025, 12, 10),
            datetime(2025, 12, 11, 5, 15, tzinfo=UTC),
        ),
        # Wednesday, only yesterday's is there.
        (
            datetime(2025, 6, 11, 9, tzinfo=UTC),
            date(2025, 6, 10),
            datetime(2025, 6, 11, 10, 50, tzinfo=UTC),
        ),
        (
            datetime(2025, 6, 11, 9, tzinfo=UTC),
            None,
            datetime(2025, 6, 11, 10, 50, tzinfo=UTC),
        ),
        # Thursday 03:00 UTC is still Wednesday at arXiv.
        (
            datetime(2025, 6, 12, 3, tzinfo=UTC),
            date(2025, 6, 11),
            datetime(2025, 6, 12, 4, 15, tzinfo=UTC),
        ),
        # Friday's feed is read, or it is the weekend: Monday.
        (
            datetime(2025, 6, 13, 9, tzinfo=UTC),
            date(2025, 6, 13),
            datetime(2025, 6, 16, 4, 15, tzinfo=UTC),
        ),
        (
            datetime(2025, 6, 14, 9, tzinfo=UTC),
            date(2025, 6, 13),
            datetime(2025, 6, 16, 4, 15, tzinfo=UTC),
        ),
        (
            datetime(2025, 6, 15, 9, tzinfo=UTC),
            None,
            datetime(2025, 6, 16, 4, 15, tzinfo=UTC),
        ),
    ],
)
def test_the_next_visit_is_when_arxiv_will_have_written_something_new(
    now: datetime, announced_on: date | None, expected: datetime
) -> None:
    assert next_visit(now, announced_on) == expected


def test_pauses_after_failures_double_up_to_four_hours() -> None:
    now = datetime(2025, 6, 11, tzinfo=UTC)

    pauses = [next_try(now, failures) - now for failures in (0, 1, 2, 3, 4, 5, 1000)]

    assert pauses == [timedelta(minutes=m) for m in (50, 50, 100, 200, 240, 240, 240)]


def test_a_server_is_obeyed_up_to_two_days() -> None:
    now = datetime(2025, 6, 11, tzinfo=UTC)

    assert next_try(now, 1, timedelta(seconds=5)) == now + timedelta(minutes=50)
    assert next_try(now, 1, timedelta(hours=5)) == now + timedelta(hours=5)
    assert next_try(now, 1, timedelta(days=400)) == now + timedelta(days=2)
