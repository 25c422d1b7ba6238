"""A member's way through curricula, as the log of study events
that it leaves.
"""

import uuid
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from curriculum.outline import Activity, Step
from demo.habits import Habits
from demo.plans import Course, StudyPlan
from members.models import Member
from progress.core import core_of
from progress.models import StudyEvent

Kind = StudyEvent.Kind
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


class Walk:
    """One member's way through the curricula, session by session."""

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
        event = StudyEvent(
            member=self.member, kind=kind, at=at, press_id=press_id, data=data
        )
        if activity:
            event.activity_key = activity.key
        if self.course:
            event.curriculum = self.course.curriculum
        self.plan.lines.append(event)
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
        """Mostly what comes next; sometimes the next of another aspect in
        the same step, as people vary their hours.
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
        self.log(Kind.TIME_LOGGED, at, activity=activity, minutes=minutes, **facts)

    def _done(self, activity: Activity, at: datetime) -> None:
        if self.rng.random() < 0.6:
            sure: dict[str, Any] = {"confidence": self.rng.choice((2, 3, 3, 3, 4, 4))}
        else:
            sure = {}
        self.log(Kind.DONE, at, activity=activity, **sure)
        self.closed.add(activity.key)
        if (
            sure.get("confidence") == 2 and self.rng.random() < 0.5
        ) or self.rng.random() < 0.03:
            self.log(Kind.REVISIT, at, activity=activity, flag=True)

    def _pass_over(self, at: datetime) -> None:
        """Drop the next activities that are closed already or not for this member."""
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
