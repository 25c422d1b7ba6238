"""Months of study, planned as the log of study events that they leave. Plans only:
nothing is written here.

A person studies on her own days at her own hour, a little more or less than she meant
to, with weeks off; goes through a curriculum in its order by one of its routes; skips
what she knows and says why; and logs what she does, mostly.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from curriculum.models import Curriculum, Release
from curriculum.outline import Activity, Outline, Step
from demo.source import Character
from members.models import Member
from progress.counting import core_of
from progress.models import StudyEvent

Kind = StudyEvent.Kind
HOURS = {"morning": 6.5, "noon": 12.0, "evening": 19.0, "night": 21.0}
SKIPPED = (
    "I do this at work every week.",
    "Did it at university, and checked that I still can.",
    "Covered by the course I took last year.",
    "Reads like something for later; the step works without it.",
    "No graphics card this month.",
    "I know this from another curriculum.",
    "Watched it twice before I joined.",
    "Not in a language that I read fast enough.",
)
STEP_SKIPPED = (
    "My degree was in mathematics; I solved the exercises to be sure.",
    "I have used this at work for years.",
    "I teach this.",
)


@dataclass(frozen=True, slots=True)
class Course:
    """A curriculum and the release that the demo's members are on."""

    curriculum: Curriculum
    release: Release

    @property
    def outline(self) -> Outline:
        return self.release.outline


@dataclass(slots=True)
class StudyPlan:
    """The log of one member, in order, and where it leaves her."""

    member: Member
    lines: list[StudyEvent] = field(default_factory=list)
    # curriculum id to the newest visit
    places: dict[int, tuple[Step, datetime]] = field(default_factory=dict)
    # step key to when she began it
    reached: dict[UUID, datetime] = field(default_factory=dict)

    @property
    def newest(self) -> datetime:
        if self.lines:
            return self.lines[-1].at
        return self.member.joined_at


@dataclass(frozen=True, slots=True)
class Habits:
    hour: float
    diligence: float  # of the hours she meant to give
    speed: float  # her minutes for one of the curriculum's
    logs: float  # the share of sessions that she logs
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
    if character.steady:
        return Habits(
            hour=hour,
            diligence=0.72 if character.role == "owner" else 0.95,
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


def plan(
    member: Member,
    character: Character,
    courses: dict[str, Course],
    rng: Random,
    *,
    until: datetime,
) -> StudyPlan:
    """Everything that the member has done in the group up to `until`."""
    habits = habits_of(character, member, rng, until)
    walk = _Walk(member, habits, rng, until)
    queue = [courses[slug] for slug in character.studies if slug in courses] or list(
        courses.values()
    )[:1]
    done = {queue[0].curriculum.slug}
    walk.enroll(queue.pop(0), member.onboarded_at or member.joined_at)
    for begins, minutes in sessions(member, character, habits, rng, until):
        if walk.is_through:
            others = [course for slug, course in courses.items() if slug not in done]
            # a while later, something else
            if not queue and others and rng.random() < 0.06:
                queue = [rng.choice(others)]
            if not queue:
                continue
            done.add(queue[0].curriculum.slug)
            walk.enroll(queue.pop(0), begins)
        walk.study(begins, minutes)
    _end(walk, character)
    return walk.plan


def sessions(
    member: Member, character: Character, habits: Habits, rng: Random, until: datetime
) -> Iterator[tuple[datetime, int]]:
    """When she sits down, and for how many minutes; all of it over before `until`."""
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


def _end(walk: "_Walk", character: Character) -> None:
    if not walk.plan.places or walk.is_through or walk.course is None:
        return
    if character.ends == "pauses":
        until = walk.member.local(walk.until).date() + timedelta(
            days=walk.rng.randint(5, 30)
        )
        walk.log(Kind.PAUSED, walk.newest, until=until.isoformat())
    elif character.ends == "leaves":
        walk.log(Kind.WITHDREW, walk.newest)


class _Walk:
    """One member's way through her curricula, session by session."""

    def __init__(
        self, member: Member, habits: Habits, rng: Random, until: datetime
    ) -> None:
        self.member, self.habits, self.rng, self.until = member, habits, rng, until
        self.plan = StudyPlan(member)
        self.course: Course | None = None
        self.todo: list[tuple[Step, Activity]] = []
        self.left: dict[UUID, int] = {}  # minutes that a begun activity still needs
        self.closed: set[UUID] = set()
        self.newest = member.joined_at

    @property
    def is_through(self) -> bool:
        return not self.todo

    def log(
        self,
        kind: Kind,
        at: datetime,
        *,
        activity: Activity | None = None,
        press_id: UUID | None = None,
        **data: Any,
    ) -> UUID:
        press_id = press_id or uuid.UUID(int=self.rng.getrandbits(128), version=4)
        self.newest = max(self.newest, at)
        self.plan.lines.append(
            StudyEvent(
                member=self.member,
                kind=kind,
                at=at,
                press_id=press_id,
                activity_key=activity.key if activity else None,
                curriculum=self.course.curriculum if self.course else None,
                data=data,
            )
        )
        return press_id

    def enroll(self, course: Course, at: datetime) -> None:
        self.course = course
        self.log(Kind.ENROLLED, at, release=course.release.number)
        self.todo = []
        for step in course.outline.steps:
            self.todo += self._of_step(step, at)
        self.plan.places[course.curriculum.pk] = (course.outline.steps[0], at)
        self._pass_over(at)

    def _of_step(self, step: Step, at: datetime) -> list[tuple[Step, Activity]]:
        route = step.default_route(self.member.goal)
        others = [other for other in step.routes if other != route and other.for_goals]
        if others and self.rng.random() < 0.3:
            route = self.rng.choice(others)
            self.log(Kind.ROUTE_CHOSEN, at, step=str(step.key), route=str(route.key))
        if step.purpose == "foundations" and self.rng.random() < 0.08:
            self._skip_step(step, list(core_of(step, route).values()), at)
            return []
        extra = [a for a in step.activities if not a.core and self.rng.random() < 0.2]
        return [
            (step, activity) for activity in [*core_of(step, route).values(), *extra]
        ]

    def _skip_step(self, step: Step, core: list[Activity], at: datetime) -> None:
        press_id, reason = None, self.rng.choice(STEP_SKIPPED)
        for activity in core:
            if activity.key not in self.closed:
                press_id = self.log(
                    Kind.SKIPPED,
                    at,
                    activity=activity,
                    press_id=press_id,
                    reason=reason,
                    step=str(step.key),
                )
                self.closed.add(activity.key)

    def study(self, at: datetime, minutes: int) -> None:
        is_logged = self.rng.random() < self.habits.logs
        while minutes >= 5 and self.todo:
            step, activity = self._take_up()
            self._visit(step, at)
            left = self.left.get(activity.key) or self._needs(activity)
            if left > minutes and activity.key not in self.left:
                self.log(Kind.STARTED, at, activity=activity)
            spent = min(minutes, left, max(25, minutes // 2 // 5 * 5))
            minutes, self.left[activity.key], at = (
                minutes - spent,
                left - spent,
                at + timedelta(minutes=spent),
            )
            if is_logged:
                self._log_minutes(step, activity, spent, at)
            if spent == left:
                self._done(activity, at)
                self.todo.remove((step, activity))
                self._pass_over(at)
        if self.is_through:
            self.log(Kind.FINISHED, at + timedelta(minutes=1))

    def _take_up(self) -> tuple[Step, Activity]:
        """Mostly what comes next; sometimes the next of another aspect in the same
        step, as people vary their hours.
        """
        here = self.todo[0][0]
        firsts: dict[str, tuple[Step, Activity]] = {}
        for step, activity in self.todo:
            if step is here and activity.key not in self.closed:
                firsts.setdefault(activity.aspect, (step, activity))
        return self.rng.choices(list(firsts.values()), (3, 2, 1)[: len(firsts)])[0]

    def _needs(self, activity: Activity) -> int:
        """Minutes, in fives."""
        return max(
            5,
            round(
                activity.minutes * self.habits.speed * self.rng.uniform(0.75, 1.25) / 5
            )
            * 5,
        )

    def _visit(self, step: Step, at: datetime) -> None:
        assert self.course
        self.plan.places[self.course.curriculum.pk] = (step, at)
        self.plan.reached.setdefault(step.key, at)

    def _log_minutes(
        self, step: Step, activity: Activity, minutes: int, at: datetime
    ) -> None:
        on = self.member.local(at).date()
        facts: dict[str, Any] = {
            "aspect": activity.aspect,
            "studied_on": on.isoformat(),
            "step": str(step.key),
        }
        if self.rng.random() < 0.01:  # a slip of the finger, taken back
            wrong = self.log(
                Kind.TIME_LOGGED,
                at,
                activity=activity,
                minutes=min(960, 10 * minutes),
                **facts,
            )
            self.log(
                Kind.TIME_UNDONE,
                at + timedelta(seconds=20),
                activity=activity,
                of=str(wrong),
            )
            at += timedelta(seconds=40)
        self.log(Kind.TIME_LOGGED, at, activity=activity, minutes=minutes, **facts)

    def _done(self, activity: Activity, at: datetime) -> None:
        if self.rng.random() < 0.6:
            sure: dict[str, Any] = {"confidence": self.rng.choice((2, 3, 3, 3, 4, 4))}
        else:
            sure = {}
        if self.rng.random() < 0.01:
            self.log(Kind.DONE, at, activity=activity)
            self.log(Kind.UNDONE, at + timedelta(minutes=1), activity=activity)
            at += timedelta(minutes=3)
        self.log(Kind.DONE, at, activity=activity, **sure)
        self.closed.add(activity.key)
        if (
            sure.get("confidence") == 2 and self.rng.random() < 0.5
        ) or self.rng.random() < 0.03:
            self.log(Kind.REVISIT, at, activity=activity, flag=True)

    def _pass_over(self, at: datetime) -> None:
        """Take what comes next off the list while it is closed already, or not for her."""
        while self.todo:
            _step, activity = self.todo[0]
            if activity.key not in self.closed:
                if self.rng.random() > 0.04:
                    return
                self.log(
                    Kind.SKIPPED, at, activity=activity, reason=self.rng.choice(SKIPPED)
                )
                self.closed.add(activity.key)
            self.todo.pop(0)
