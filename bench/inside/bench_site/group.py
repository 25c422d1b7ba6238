"""What all rows of the group have in common: how many, when, and who
follows what.
"""

from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from bench_site.sizes import Size

if TYPE_CHECKING:
    from bench_site.checkout import Course

SEED = 1
PRIME = 104_729  # has no divisor in common with any number of members
QUIET_SHARE = 40  # of 100 members have not been here for three weeks or more
WITH_SCREENS = timedelta(days=500)  # since when the group has been there


class Group:
    """A study group of a size, as it is at a moment."""

    def __init__(self, size: Size, now: datetime) -> None:
        from bench_site import checkout, texts

        self.size = size
        self.now = now.replace(microsecond=0)
        self.courses = checkout.courses()
        self.texts = texts

    def course_of(self, n: int) -> "Course":
        """Half of the members follow the first curriculum, the
        others the rest.
        """
        if n % 2 == 0 or len(self.courses) == 1:
            return self.courses[0]
        return self.courses[1 + n // 2 % (len(self.courses) - 1)]

    def step_of(self, n: int) -> int:
        return n % len(self.course_of(n).steps)

    def last_here(self, n: int) -> datetime:
        if n % 100 < QUIET_SHARE:
            return self.now - timedelta(days=21 + n % 60)
        return self.now - timedelta(minutes=n % 600)

    def times_of(self, n: int, count: int) -> list[str]:
        """`count` moments before the member's last visit, the newest first."""
        last = self.last_here(n)
        hours = int((self.now - last).total_seconds() // 3600)
        return [self.hour(hours + 17 * number) for number in range(count)]

    @cached_property
    def hours(self) -> list[str]:
        numbers = range(24 * 200)
        return [moment(self.now - timedelta(hours=number)) for number in numbers]

    def hour(self, before: int) -> str:
        return self.hours[before]

    def second(self, number: int) -> str:
        return moment(self.now - WITH_SCREENS + timedelta(seconds=number))

    def author(self, number: int) -> str:
        """A tenth of the members writes half of all."""
        count = self.size.members
        if number % 2:
            return str(1 + (number * PRIME) % max(count // 10, 1))
        return str(1 + (number * PRIME) % count)


def moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"
