"""The weekly slot: a weekday and an hour on a member's own clock.

Pure. A slot falls on one instant a week in a zone, whatever its clocks do. An hour that
does not exist on that day becomes the next instant that does, an hour that comes twice
is the first one.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# no two digests to a member are closer, whatever she changes and whenever the site was
# off
APART = timedelta(days=2)
# a digest that could not go out at its hour goes out this much later, at most
CATCH_UP = timedelta(days=7) - APART


@dataclass(frozen=True, slots=True)
class Slot:
    """A weekday and hour of one week, and the instant it falls on."""

    on: date
    hour: int
    at: datetime

    @property
    def key(self) -> str:
        """The ISO week of the local date."""
        return week_key(self.on)


def week_key(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def instant(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """When the clocks of the zone first show this hour of this day or, if they never
    do, the next thing they show.
    """
    local = datetime.combine(day, time(hour), zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    # The clocks jump over it. Python answers with an instant on each side of the jump;
    # the jump is what we want.
    before, after = local.replace(fold=1).astimezone(UTC), moment
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (
            (middle, after)
            if middle.astimezone(zone).utcoffset() == old
            else (before, middle)
        )
    return after


def slots(zone: ZoneInfo, now: datetime) -> list[Slot]:
    """Every whole hour of the zone's clocks whose instant lies in the last CATCH_UP
    before `now`, `now` included.
    """
    return _slots(zone, now - CATCH_UP, now)


def _slots(zone: ZoneInfo, after: datetime, until: datetime) -> list[Slot]:
    """Later than `after`, and at `until` or before it; the newest day first."""
    day, last = (
        until.astimezone(zone).date(),
        after.astimezone(zone).date() - timedelta(days=1),
    )
    slots = []
    while day >= last:
        candidates = (Slot(day, hour, instant(day, hour, zone)) for hour in range(24))
        slots += [slot for slot in candidates if after < slot.at <= until]
        day -= timedelta(days=1)
    return slots


def weekly(
    zone: ZoneInfo, weekday: int, hour: int, *, after: datetime, until: datetime
) -> list[Slot]:
    """The slots of one weekday and hour later than `after`, and at `until` or before
    it, the newest first.
    """
    # A zone may leave out a day, so that the instant of a day lies on the next one.
    last = until.astimezone(zone).date() + timedelta(days=1)
    first = after.astimezone(zone).date() - timedelta(days=1)
    day = last - timedelta(days=(last.weekday() - weekday) % 7)
    slots = []
    while day >= first:
        slot = Slot(day, hour, instant(day, hour, zone))
        if after < slot.at <= until:
            slots.append(slot)
        day -= timedelta(days=7)
    return slots


def next_slot(zone: ZoneInfo, weekday: int, hour: int, now: datetime) -> Slot:
    """The first one after `now`."""
    week = timedelta(days=9)  # longer than any week that clocks make
    return weekly(zone, weekday, hour, after=now, until=now + week)[-1]
