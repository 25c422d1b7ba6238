"""When a text was written, as marks of its document: the year, and the month. Knows no
database.

A search of the last week looks at the documents of a month or two, however many hold
the words; the exact time is compared in the rows.
"""

from datetime import UTC, datetime, timedelta

MONTHS_MOST = 3  # of marks; a longer time is narrowed by its years


def marks_of(moment: datetime) -> tuple[str, str]:
    moment = moment.astimezone(UTC)
    return f"at{moment:%Y}", f"at{moment:%Y%m}"


def marks_between(since: datetime, until: datetime) -> tuple[str, ...]:
    """One of them is on every document written in this time."""
    months = dict.fromkeys(marks_of(day)[1] for day in _days(since, until))
    if len(months) <= MONTHS_MOST:
        return tuple(months)
    years = range(since.astimezone(UTC).year, until.astimezone(UTC).year + 1)
    return tuple(f"at{year:04}" for year in years)


def _days(since: datetime, until: datetime) -> list[datetime]:
    """A moment of each of the first hundred days, and the last."""
    days = min((until - since).days, 100)
    return [*(since + timedelta(days=number) for number in range(days + 1)), until]
