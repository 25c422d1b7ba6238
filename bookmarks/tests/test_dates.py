from datetime import date

import pytest

from bookmarks.dates import CHOICES


@pytest.mark.parametrize(
    ("today", "choice", "day"),
    [
        (date(2026, 10, 24), "tomorrow", date(2026, 10, 25)),  # clocks change
        (date(2026, 12, 31), "tomorrow", date(2027, 1, 1)),
        (date(2026, 3, 25), "week", date(2026, 4, 1)),
        (date(2026, 11, 20), "month", date(2026, 12, 20)),
        (date(2026, 12, 20), "month", date(2027, 1, 20)),
        (date(2027, 1, 31), "month", date(2027, 2, 28)),
        (date(2028, 1, 30), "month", date(2028, 2, 29)),
    ],
)
def test_a_choice_is_a_day_of_the_calendar(today: date, choice: str, day: date) -> None:
    assert CHOICES[choice](today) == day
