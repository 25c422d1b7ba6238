"""Marks of the time when a text was written."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from documents.moments import marks_between, marks_of

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=3_650)).map(EPOCH.__add__)


def test_the_year_and_the_month_of_utc() -> None:
    at = datetime(2027, 1, 1, 1, tzinfo=timezone(timedelta(hours=2)))

    assert marks_of(at) == ("at2026", "at202612")


def test_few_months_or_else_years() -> None:
    march = datetime(2026, 3, 4, tzinfo=UTC)

    assert marks_between(march - timedelta(days=7), march) == ("at202602", "at202603")
    assert marks_between(march - timedelta(days=366), march) == ("at2025", "at2026")


@given(MOMENTS, MOMENTS, st.floats(0, 1))
def test_whatever_is_written_meanwhile_has_one_of_them(
    first: datetime, second: datetime, share: float
) -> None:
    since, until = sorted((first, second))
    written = since + (until - since) * share

    assert not set(marks_of(written)).isdisjoint(marks_between(since, until))
