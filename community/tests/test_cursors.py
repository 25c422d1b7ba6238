from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.cursors import Cursor

MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS, st.integers(0, 2**63 - 1))
def test_a_cursor_is_read_as_it_was_written(moment: datetime, pk: int) -> None:
    assert Cursor.parse(str(Cursor(moment, pk))) == Cursor(moment, pk)


@given(st.text())
def test_any_other_text_starts_at_the_beginning(text: str) -> None:
    assert Cursor.parse(text) is None or "-" in text


@pytest.mark.parametrize(
    "text",
    ["", "-", "1", "1-", "-1", "a-b", "1-2-3", "१-१", "1e3-1", "9" * 5000 + "-1", f"1-{2**63}", "4102444800000001-1"],
)
def test_a_cursor_that_names_nothing_starts_at_the_beginning(text: str) -> None:
    assert Cursor.parse(text) is None
