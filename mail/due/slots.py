"""The weekly slot: a weekday and an hour on a member's own clock.

Pure. In a zone a slot is one instant a week, also when clocks are changed. An hour that
does not exist on that day becomes the next instant that does. Of an hour that comes
twice it is the first one.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# the least time between two digests to a member, whatever they change and whenever the
# site was off
APART = timedelta(days=2)
# a digest that could not be sent at its hour is sent at most this much later
CATCH_UP = timedelta(days=7) - APART
THURSDAY = 3


@dataclass(frozen=True, slots=True)
class Slot:
    """A weekday and hour of one week, and the instant that it is."""

    on: date
    hour: int
    at: datetime

    @property
    def key(self) -> str:
        """The ISO week that a digest of this day reports: a member's digests tell each
        week once, whatever day is chosen.
        """
        return week_key(reported_day(self.on))


def week_key(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def reported_day(due_on: date) -> date:
    """A day of the week that a digest of this day reports: the week before until
    Wednesday, its own from Thursday on.
    """
    if due_on.weekday() < THURSDAY:
        return due_on - timedelta(days=THURSDAY)
    return due_on


def day_of(key: str, weekday: int) -> date:
    """The day for which the digest about the ISO week `key` is due; 0 is Monday."""
    year, _, week = key.partition("-W")
    day = date.fromisocalendar(int(year), int(week), weekday + 1)
    return day + timedelta(days=7) if weekday < THURSDAY else day


def instant(day: date, hour: int | time, zone: ZoneInfo) -> datetime:
    """The instant at which the clocks of the zone first show this hour, or time, of this
    day. If they skip it, the instant of the jump.
    """
    clock = hour if isinstance(hour, time) else time(hour)
    local = datetime.combine(day, clock, zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    # The clocks skip this hour. Python gives an instant on each side of the jump; the
    # jump itself is between them.
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
    """Every whole hour of the zone's clocks in the last CATCH_UP before `now`, `now`
    included.
    """
    return _slots(zone, now - CATCH_UP, now)


def _slots(zone: ZoneInfo, after: datetime, until: datetime) -> list[Slot]:
    """The slots after `after`, up to and including `until`, the newest day first."""
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
    """The slots of one weekday and hour after `after`, up to and including `until`, the
    newest first.
    """
    # A zone may skip a whole day; then the instant of a day is on the next one.
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
    """The first slot of this weekday and hour after `now`."""
    week = timedelta(days=9)  # longer than any week, also where a zone skips a day
    return weekly(zone, weekday, hour, after=now, until=now + week)[-1]


def next_daily(zone: ZoneInfo, hour: int | time, now: datetime) -> datetime:
    """The first instant after `now` at which the clocks of the zone show this hour."""
    # A zone may skip a whole day; then the instant of a day is on the next one.
    today = now.astimezone(zone).date() - timedelta(days=1)
    days = (today + timedelta(days=n) for n in range(5))
    instants = (instant(day, hour, zone) for day in days)
    return next(at for at in instants if at > now)
