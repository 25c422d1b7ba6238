"""What was planned, done: one action after the other, or written down at
once where the group is large.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from itertools import chain, groupby
from uuid import UUID

from django.db import transaction

from demo.plans import Course, StudyPlan
from progress import actions, replay
from progress.models import Enrollment, LoggedTime, Record, RouteChoice, StudyEvent

Kind = StudyEvent.Kind
BULK = 500


@transaction.atomic
def live_through(plan: StudyPlan, courses: dict[int, Course]) -> None:
    """Let the member do everything in the plan through the actions, each at its own
    moment.
    """
    enrollments: dict[int, Enrollment] = {}
    for _press_id, lines in groupby(plan.lines, key=lambda line: line.press_id):
        together = list(lines)
        line = together[0]
        course = line.curriculum_id or 0
        if line.kind == Kind.ENROLLED:
            curriculum = courses[course].curriculum
            enrollments[course] = actions.enroll(plan.member, curriculum, now=line.at)
        elif line.kind == Kind.TIME_LOGGED:
            _log_minutes(line, enrollments[course])
        elif line.activity_key:
            _mark(line, enrollments[course])
        else:
            _decide(line, enrollments[course])
    for curriculum_id, (step, at) in plan.places.items():
        actions.visit(enrollments[curriculum_id], step, now=at)


def _log_minutes(line: StudyEvent, enrollment: Enrollment) -> None:
    actions.log_minutes(
        line.member,
        aspect=line.data["aspect"],
        minutes=line.data["minutes"],
        now=line.at,
        studied_on=date.fromisoformat(line.data["studied_on"]),
        enrollment=enrollment,
        step_key=UUID(line.data["step"]),
        activity_key=line.activity_key,
        press_id=line.press_id,
    )


def _mark(line: StudyEvent, enrollment: Enrollment) -> None:
    member, key, at, curriculum = (
        line.member,
        line.activity_key,
        line.at,
        enrollment.curriculum,
    )
    assert key
    if line.kind == Kind.STARTED:
        actions.mark_started(member, key, now=at, curriculum=curriculum)
    elif line.kind == Kind.DONE:
        confidence = line.data.get("confidence")
        actions.mark_done(
            member, key, now=at, confidence=confidence, curriculum=curriculum
        )
    elif line.kind == Kind.REVISIT:
        actions.mark_revisit(
            member, key, now=at, flag=line.data["flag"], curriculum=curriculum
        )
    elif "step" in line.data:
        step = enrollment.release.outline.step_by_key(UUID(line.data["step"]))
        assert step
        actions.skip_step(enrollment, step, now=at, reason=line.data["reason"])
    else:
        actions.mark_skipped(
            member, key, now=at, reason=line.data["reason"], curriculum=curriculum
        )


def _decide(line: StudyEvent, enrollment: Enrollment) -> None:
    if line.kind == Kind.ROUTE_CHOSEN:
        actions.choose_route(
            enrollment, UUID(line.data["step"]), UUID(line.data["route"]), now=line.at
        )
    elif line.kind == Kind.PAUSED:
        actions.pause(
            enrollment, until=date.fromisoformat(line.data["until"]), now=line.at
        )
    elif line.kind == Kind.WITHDREW:
        actions.withdraw(enrollment, now=line.at)
    else:
        actions.finish(enrollment, now=line.at)


@transaction.atomic
def write_down(plans: Sequence[StudyPlan], courses: dict[int, Course]) -> None:
    """Insert the plans' logs, and the rows that they add up to, at once
    for many members.

    The rows come from the same replay that the actions and the rebuilding
    use, so that log and rows agree.
    """
    events = chain.from_iterable(plan.lines for plan in plans)
    StudyEvent.objects.bulk_create(events, batch_size=BULK)
    records = chain.from_iterable(map(_records, plans))
    Record.objects.bulk_create(records, batch_size=BULK)
    minutes = chain.from_iterable(map(_minutes, plans))
    LoggedTime.objects.bulk_create(minutes, batch_size=BULK)
    choices: dict[tuple[int, int], dict[tuple[UUID, UUID], datetime]] = defaultdict(
        dict
    )
    enrollments = []
    for plan in plans:
        for curriculum_id, course in replay.enrollments(plan.lines).items():
            choices[plan.member.pk, curriculum_id] = dict(course.routes)
            enrollments.append(_enrollment(plan, courses[curriculum_id], course))
    route_choices: list[RouteChoice] = []
    for row in Enrollment.objects.bulk_create(enrollments, batch_size=BULK):
        route_choices += [
            RouteChoice(enrollment=row, step_key=step, route_key=route, chosen_at=at)
            for (step, route), at in choices[row.member_id, row.curriculum_id].items()
        ]
    RouteChoice.objects.bulk_create(route_choices, batch_size=BULK)


def _records(plan: StudyPlan) -> Iterable[Record]:
    for key, past in replay.histories(plan.lines).items():
        if past.outcome.kind or past.revisit_at:
            yield Record(
                member=plan.member,
                activity_key=key,
                revisit_at=past.revisit_at,
                **asdict(past.outcome),
            )


def _minutes(plan: StudyPlan) -> Iterable[LoggedTime]:
    for press_id, entry in replay.minutes(plan.lines).items():
        yield LoggedTime(member=plan.member, press_id=press_id, **asdict(entry))


def _enrollment(
    plan: StudyPlan, known: Course, state: replay.EnrollmentState
) -> Enrollment:
    step, visited_at = plan.places[known.curriculum.pk]
    return Enrollment(
        member=plan.member,
        curriculum=known.curriculum,
        release=known.release,
        enrolled_at=state.enrolled_at,
        visited_at=visited_at,
        step_key=step.key,
        step_slug=step.slug,
        step_number=step.number,
        paused_at=state.paused_at,
        paused_until=state.paused_until,
        withdrawn_at=state.withdrawn_at,
        finished_at=state.finished_at,
    )
