"""Numbers and moments from addresses and forms are read by two functions
that never raise, and by nothing else.
"""

import ast
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.tests.test_safe_text import APPS, ROOT
from config.values import BIGGEST, moment, number

# Modules that read what addresses and forms say. Settings, files and
# stored rows are read elsewhere.
READERS = {
    "views.py",
    "admin.py",
    "cursors.py",
    "headlines.py",
    "desk.py",
    "versions.py",
}
BY_HAND = {
    "int", "float", "Decimal", "isdigit", "isdecimal", "isnumeric", "fromisoformat",
    "strptime", "parse_datetime",
    "parse_date", "parse_time", "parse_duration", "fromtimestamp",
}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "-1",
            "+1",
            "1.0",
            "1e3",
            "1_000",
            " 1",
            "1\n",
            "٣",
            "²",
            "é",
            "abc",
            "\x00",
            "\ud800",
        ),
        *(str(BIGGEST + 1), "9" * 30, "9" * 5000, "0" * 5000),
    ],
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert number(text) is None


@given(st.integers(0, BIGGEST))
def test_every_number_that_a_column_holds_is_read(value: int) -> None:
    assert number(str(value)) == value


@given(st.text())
def test_no_text_is_an_error(text: str) -> None:
    assert number(text) is None or 0 <= number(text) <= BIGGEST  # type: ignore[operator]
    assert moment(text) is None or moment(text).tzinfo is UTC  # type: ignore[union-attr]


def test_a_number_may_have_an_end() -> None:
    assert (number("99", most=99), number("100", most=99)) == (99, None)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "abc",
            "2026-03-04",
            "2026-03-04T12:00:00",
            "0000-00-00",
            "0000-01-01T00:00:00+00:00",
            "\x00",
            "\ud800",
        ),
        *(
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
            "0001-01-01T00:00:00Z",
            "9" * 5000,
        ),
    ],
)
def test_what_is_no_moment_of_every_time_zone_is_none(text: str) -> None:
    assert moment(text) is None


@given(
    st.datetimes(
        datetime(2, 1, 1),  # noqa: DTZ001  # Hypothesis wants it so, and adds the zone
        datetime(9998, 12, 1),  # noqa: DTZ001
        timezones=st.integers(-1439, 1439).map(
            lambda minutes: timezone(timedelta(minutes=minutes))
        ),
    )
)
def test_moments_come_back_in_utc(value: datetime) -> None:
    assert moment(value.isoformat()) == value


def _calls(path: Path) -> list[str]:
    calls = [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
    ]
    names = [
        (call.lineno, getattr(call.func, "id", getattr(call.func, "attr", "")))
        for call in calls
    ]
    return [
        f"{path.relative_to(ROOT)}:{line} {name}()"
        for line, name in names
        if name in BY_HAND
    ]


def _reads_requests(path: Path) -> bool:
    return (
        path.name in READERS
        or path.name.endswith(("forms.py", "_views.py"))
        or path.parent.name in ("views", "admin", "forms")
    )


def test_pages_and_forms_read_no_number_or_moment_by_hand() -> None:
    readers = [
        path
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if "tests" not in path.parts and _reads_requests(path)
    ]

    assert len(readers) > 25, "the list of readers no longer finds modules"
    assert [call for path in readers for call in _calls(path)] == []
