"""The days that a reminder can be set to by one press."""

import calendar
from collections.abc import Callable, Mapping
from datetime import date, timedelta


def tomorrow(today: date) -> date:
    return today + timedelta(days=1)


def in_a_week(today: date) -> date:
    return today + timedelta(days=7)


def in_a_month(today: date) -> date:
    """The same day of the next month, or its last day where it is shorter."""
    year, month = divmod(today.year * 12 + today.month, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(today.day, last))


CHOICES: Mapping[str, Callable[[date], date]] = {
    "tomorrow": tomorrow,
    "week": in_a_week,
    "month": in_a_month,
}
