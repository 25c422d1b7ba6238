"""When and how diligently a member of the demo studies."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from demo.source import Character
from members.models import Member

HOURS = {"morning": 6.5, "noon": 12.0, "evening": 19.0, "night": 21.0}


@dataclass(frozen=True, slots=True)
class Habits:
    hour: float
    diligence: float  # hours studied for one that was planned
    speed: float  # minutes for one of the curriculum's estimate
    logs: float  # the share of sessions that are logged
    last_day: date
    off: frozenset[int]  # week numbers without study
    always_on: date  # from this day on no study day is missed


def habits_of(
    character: Character, member: Member, rng: Random, until: datetime
) -> Habits:
    today = member.local(until).date()
    joined = member.local(member.joined_at).date()
    weeks = max(1, (today - joined).days // 7)
    off = {week for week in range(weeks) if rng.random() < 0.1}
    if weeks > 12:
        holiday = rng.randrange(4, weeks - 3)
        off |= {holiday, holiday + 1}
    last_day = today
    if character.ends == "stops":
        last_day = today - timedelta(days=rng.randint(21, 60))
    elif character.ends:
        last_day = today - timedelta(days=rng.randint(4, 25))
    hour = HOURS[character.at] + rng.uniform(-0.5, 0.75)
    diligence = 0.95
    if character.role == "owner":
        diligence = 0.72
    if character.steady:
        return Habits(
            hour=hour,
            diligence=diligence,
            speed=rng.uniform(0.55, 0.95) * character.pace,
            logs=1.0,
            last_day=last_day,
            off=frozenset(off - {weeks, weeks - 1}),
            always_on=today - timedelta(days=9),
        )
    return Habits(
        hour=hour,
        diligence=rng.uniform(0.5, 1.15),
        speed=rng.uniform(0.55, 0.95) * character.pace,
        logs=rng.choice((1.0, 0.95, 0.9, 0.8, 0.4)),
        last_day=last_day,
        off=frozenset(off),
        always_on=date.max,
    )


def sessions(
    member: Member, character: Character, habits: Habits, rng: Random, until: datetime
) -> Iterator[tuple[datetime, int]]:
    """When the member studies, and for how many minutes. All sessions end before
    `until`.
    """
    first = member.local(member.joined_at).date()
    usual = character.hours * 60 * habits.diligence / len(character.days)
    ends = member.joined_at + timedelta(minutes=20)
    for n in range((habits.last_day - first).days + 1):
        day = first + timedelta(days=n)
        luck, minutes = rng.random(), usual * rng.lognormvariate(0, 0.32)
        begins = _at(member, day, habits.hour + rng.gauss(0, 0.5))
        if day.weekday() in character.days:
            likely = 0.84
        else:
            likely = 0.08
        if day.weekday() in character.days and day >= habits.always_on:
            likely, minutes = 1.0, max(minutes, 0.7 * usual)
        if n // 7 in habits.off or luck > likely:
            continue
        length = int(min(240, max(15, minutes)) // 5 * 5)
        if begins > ends and begins + timedelta(minutes=length + 10) < until:
            ends = begins + timedelta(minutes=length)
            yield begins, length


def _at(member: Member, day: date, hour: float) -> datetime:
    hour = min(max(hour, 5.0), 22.5)
    clock = time(int(hour), int(hour % 1 * 60))
    return datetime.combine(day, clock, tzinfo=member.zone).astimezone(
        member.joined_at.tzinfo
    )
