from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lists import keyset
from lists.keyset import Cursor, NumberCursor, TitleCursor
from members.models import Member
from members.tests.make import make_member

FIRST, LAST = datetime(1970, 1, 1), datetime(2099, 1, 1)  # noqa: DTZ001
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))


@given(MOMENTS, st.integers(0, 2**63 - 1))
def test_a_cursor_is_read_as_it_was_written(moment: datetime, pk: int) -> None:
    assert Cursor.parse(str(Cursor(moment, pk))) == Cursor(moment, pk)


@given(st.text())
def test_any_other_text_starts_at_the_beginning(text: str) -> None:
    assert Cursor.parse(text) is None or "-" in text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "1",
        "1-",
        "-1",
        "a-b",
        "1-2-3",
        "१-१",
        "1e3-1",
        "9" * 5000 + "-1",
        f"1-{2**63}",
        "4102444800000001-1",
    ],
)
def test_a_cursor_that_names_nothing_starts_at_the_beginning(text: str) -> None:
    assert Cursor.parse(text) is None


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))
def test_a_number_cursor_is_read_as_it_was_written(number: int, pk: int) -> None:
    assert NumberCursor.parse(str(NumberCursor(number, pk))) == NumberCursor(number, pk)


@given(st.text(), st.integers(0, 2**63 - 1))
def test_a_title_cursor_is_read_as_it_was_written(title: str, pk: int) -> None:
    assert TitleCursor.parse(str(TitleCursor(title, pk))) == TitleCursor(title, pk)


@pytest.mark.parametrize("text", ["", ".", "1", "1.", ".1", "a.b", "1-2", f"1.{2**63}"])
def test_a_number_cursor_that_names_nothing_starts_at_the_beginning(text: str) -> None:
    assert NumberCursor.parse(text) is None


@pytest.mark.parametrize("text", ["", ":", "Title", ":Title", "-1:Title", f"{2**63}:x"])
def test_a_title_cursor_that_names_nothing_starts_at_the_beginning(text: str) -> None:
    assert TitleCursor.parse(text) is None


@pytest.mark.django_db
def test_pages_hold_each_row_once_in_both_directions() -> None:
    moments = [NOON, NOON, NOON, NOON + timedelta(hours=1), NOON - timedelta(hours=1)]
    members = [make_member(joined_at=moment) for moment in moments]
    in_order = sorted(members, key=lambda member: (member.joined_at, member.pk))

    for start, row in enumerate(in_order, 1):
        cursor = ("joined_at", row.joined_at, row.pk)
        later = keyset.after(Member.objects.order_by("joined_at", "pk"), *cursor)
        earlier = keyset.before(Member.objects.order_by("-joined_at", "-pk"), *cursor)

        assert list(later) == in_order[start:]
        assert list(earlier) == in_order[: start - 1][::-1]
