"""Every change of a member's progress. Each appends to the log what it changes, and nothing when nothing changes."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from curriculum import outline
from curriculum.models import Aspect, Curriculum, Release
from members.models import Member
from progress import replay, tally
from progress.models import Enrollment, LoggedTime, Record, RouteChoice, StudyEvent

Kind = StudyEvent.Kind
FACTS = ["started_at", "done_at", "confidence", "skipped_at", "skip_reason"]
MOST_MINUTES = 960


P = ParamSpec("P")
R = TypeVar("R")


def tried_twice(action: Callable[P, R]) -> Callable[P, R]:
    """Two presses at once may both find no record and insert one; whoever comes second starts over and finds it."""

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return action(*args, **kwargs)
        except IntegrityError:
            return action(*args, **kwargs)

    return run


class Refused(Exception):
    """What a member asked for cannot be; the text says why, in words for her."""


class NotPublished(Refused):
    pass


class NotCurrent(Refused):
    pass


class PauseEnded(Refused):
    pass


class NotAllDone(Refused):
    pass


class OtherCurriculum(Refused):
    pass


class UnknownRoute(Refused):
    pass


class BadConfidence(Refused):
    pass


class BadMinutes(Refused):
    pass


class BadDay(Refused):
    pass


# Enrolment


@transaction.atomic
def enroll(member: Member, curriculum: Curriculum, *, now: datetime) -> Enrollment:
    """The member's one enrolment in the curriculum, on its newest release; after a withdrawal, where she left it.

    Raises NotPublished while the curriculum has no release.
    """
    release = curriculum.releases.order_by("-number").first()
    if release is None:
        raise NotPublished(_("This curriculum is not published yet."))
    enrollment, is_new = Enrollment.objects.select_for_update().get_or_create(
        member=member,
        curriculum=curriculum,
        defaults={"release": release, "enrolled_at": now, "visited_at": now},
    )
    is_back = enrollment.withdrawn_at is not None
    if is_back:
        enrollment.withdrawn_at, enrollment.visited_at = None, now
        enrollment.save(update_fields=["withdrawn_at", "visited_at"])
    if is_new or is_back:
        _log(member, Kind.ENROLLED, now, curriculum_id=curriculum.pk, release=enrollment.release.number)
    return enrollment


@transaction.atomic
def pause(enrollment: Enrollment, *, until: date, now: datetime) -> None:
    """Stop clocks and reminders up to the morning of `until`. Raises PauseEnded and NotCurrent."""
    _lock(enrollment)
    _must_be_current(enrollment)
    if until <= enrollment.member.local(now).date():
        raise PauseEnded(_("A pause ends on a day to come."))
    if enrollment.paused_until != until:
        enrollment.paused_at, enrollment.paused_until = now, until
        enrollment.save(update_fields=["paused_at", "paused_until"])
        _log(enrollment.member, Kind.PAUSED, now, curriculum_id=enrollment.curriculum_id, until=until.isoformat())


@transaction.atomic
def resume(enrollment: Enrollment, *, now: datetime) -> None:
    _lock(enrollment)
    if enrollment.paused_at:
        enrollment.paused_at = enrollment.paused_until = None
        enrollment.save(update_fields=["paused_at", "paused_until"])
        _log(enrollment.member, Kind.RESUMED, now, curriculum_id=enrollment.curriculum_id)


@transaction.atomic
def withdraw(enrollment: Enrollment, *, now: datetime) -> None:
    """Leave the curriculum; records, minutes and routes stay for the day she comes back. Raises NotCurrent."""
    _lock(enrollment)
    if not enrollment.withdrawn_at:
        _must_be_current(enrollment)
        _close(enrollment, "withdrawn_at", Kind.WITHDREW, now)


@transaction.atomic
def finish(enrollment: Enrollment, *, now: datetime) -> None:
    """Note that she is through. Raises NotAllDone while core activities are open, and NotCurrent."""
    _lock(enrollment)
    if not enrollment.finished_at:
        _must_be_current(enrollment)
        if not tally.tally(enrollment).is_complete:
            raise NotAllDone(_("Some core activities are still open."))
        _close(enrollment, "finished_at", Kind.FINISHED, now)


@transaction.atomic
def move_release(enrollment: Enrollment, release: Release, *, now: datetime) -> None:
    """Go on with another release of the same curriculum; records follow by their keys. Raises OtherCurriculum."""
    _lock(enrollment)
    if release.curriculum_id != enrollment.curriculum_id:
        raise OtherCurriculum(_("This release belongs to another curriculum."))
    if enrollment.release_id != release.pk:
        enrollment.release = release
        enrollment.save(update_fields=["release"])
        _log(enrollment.member, Kind.MOVED, now, curriculum_id=enrollment.curriculum_id, release=release.number)


def visit(enrollment: Enrollment, step: outline.Step, *, now: datetime, is_newest: bool = False) -> bool:
    """Remember the step as the place where she is; False, and no write, when she was there last (`is_newest`).

    A visit is no study event: it says where to go on, not what was done.
    """
    if is_newest and (enrollment.step_key, enrollment.step_number) == (step.key, step.number):
        return False
    enrollment.visited_at = now
    enrollment.step_key, enrollment.step_slug, enrollment.step_number = step.key, step.slug, step.number
    enrollment.save(update_fields=["visited_at", "step_key", "step_slug", "step_number"])
    return True


# Routes


@transaction.atomic
def choose_route(
    enrollment: Enrollment, step_key: UUID, route_key: UUID, *, now: datetime, besides: bool = False
) -> None:
    """Go this way through the step: instead of the routes active so far, or `besides` them. Raises UnknownRoute."""
    step, chosen = _fork(enrollment, step_key, route_key)
    active = set(tally.active_routes(step, chosen, enrollment.member.goal))
    wanted = active | {route_key} if besides else {route_key}
    _set_routes(enrollment, step_key, chosen, wanted if wanted != active or chosen else set(), now)


@transaction.atomic
def leave_route(enrollment: Enrollment, step_key: UUID, route_key: UUID, *, now: datetime) -> None:
    """Take the route off; without any the recommended one is active again. Raises UnknownRoute."""
    _step, chosen = _fork(enrollment, step_key, route_key)
    _set_routes(enrollment, step_key, chosen, set(chosen) - {route_key}, now)


def _fork(enrollment: Enrollment, step_key: UUID, route_key: UUID) -> tuple[outline.Step, list[UUID]]:
    """The step, and the keys of the routes chosen in it, in the order of choosing."""
    _lock(enrollment)
    step = enrollment.release.outline.step_by_key(step_key)
    if step is None or step.route(route_key) is None:
        raise UnknownRoute(_("This step has no such route."))
    choices = enrollment.route_choices.filter(step_key=step_key).order_by("chosen_at", "pk")
    return step, list(choices.values_list("route_key", flat=True))


def _set_routes(enrollment: Enrollment, step_key: UUID, chosen: list[UUID], wanted: set[UUID], now: datetime) -> None:
    left, new = [key for key in chosen if key not in wanted], sorted(wanted - set(chosen))
    RouteChoice.objects.filter(enrollment=enrollment, step_key=step_key, route_key__in=left).delete()
    RouteChoice.objects.bulk_create(
        RouteChoice(enrollment=enrollment, step_key=step_key, route_key=key, chosen_at=now) for key in new
    )
    deed = uuid.uuid4()
    for kind, keys in ((Kind.ROUTE_LEFT, left), (Kind.ROUTE_CHOSEN, new)):
        for key in keys:
            _log(
                enrollment.member,
                kind,
                now,
                deed=deed,
                curriculum_id=enrollment.curriculum_id,
                step=str(step_key),
                route=str(key),
            )


# Activities


def mark_started(
    member: Member, activity_key: UUID, *, now: datetime, curriculum: Curriculum | None = None
) -> list[UUID]:
    """Returns the keys that changed, as the other marks do: the activity's, or none."""
    return _mark(member, [activity_key], Kind.STARTED, {}, now=now, curriculum=curriculum)


def mark_done(
    member: Member,
    activity_key: UUID,
    *,
    now: datetime,
    confidence: int | None = None,
    curriculum: Curriculum | None = None,
) -> list[UUID]:
    """Raises BadConfidence when it is not 1 to 4."""
    if confidence is not None and confidence not in Record.Confidence.values:
        raise BadConfidence(_("Confidence is between 1 and 4."))
    data = {} if confidence is None else {"confidence": confidence}
    return _mark(member, [activity_key], Kind.DONE, data, now=now, curriculum=curriculum)


def mark_skipped(
    member: Member, activity_key: UUID, *, now: datetime, reason: str = "", curriculum: Curriculum | None = None
) -> list[UUID]:
    return _mark(member, [activity_key], Kind.SKIPPED, {"reason": _short(reason)}, now=now, curriculum=curriculum)


@tried_twice
@transaction.atomic
def mark_revisit(
    member: Member, activity_key: UUID, *, now: datetime, flag: bool = True, curriculum: Curriculum | None = None
) -> list[UUID]:
    """Flag the activity to be seen again, or take the flag off."""
    (record,) = _locked_records(member, [activity_key])
    if bool(record.revisit_at) == flag:
        return []
    record.revisit_at = now if flag else None
    _save([record])
    curriculum_id = curriculum.pk if curriculum else None
    _log(member, Kind.REVISIT, now, activity_key=activity_key, curriculum_id=curriculum_id, flag=flag)
    return [activity_key]


def undo(
    member: Member, activity_key: UUID, *, now: datetime, was: str = "", curriculum: Curriculum | None = None
) -> list[UUID]:
    """Restore what stood before the activity was started, done or skipped, from the log.

    With `was` ("done") only that is taken back, so that a button pressed twice takes back once.
    """
    return _undo(member, [activity_key], lambda past: was in ("", past.outcome.kind), now=now, curriculum=curriculum)


def mark_step_done(enrollment: Enrollment, step: outline.Step, *, now: datetime) -> list[UUID]:
    """Mark every open core activity that counts in the step done, in one deed; skipped ones stay skipped."""
    return _mark_step(enrollment, step, Kind.DONE, {}, now)


def skip_step(enrollment: Enrollment, step: outline.Step, *, now: datetime, reason: str = "") -> list[UUID]:
    """Skip every open core activity that counts in the step, in one deed; done ones stay done."""
    return _mark_step(enrollment, step, Kind.SKIPPED, {"reason": _short(reason)}, now)


@transaction.atomic
def undo_step(enrollment: Enrollment, step: outline.Step, *, now: datetime) -> list[UUID]:
    """Take back the newest deed that closed this step as a whole; marks made one by one stay."""
    keys = list({activity.key for activity in step.every_activity()})
    pasts = replay.histories(_lines(enrollment.member, keys))
    deeds = {past.outcomes[-1][1] for past in pasts.values() if past.outcomes and past.outcomes[-1][2] == str(step.key)}
    newest = StudyEvent.objects.filter(member=enrollment.member, deed__in=deeds).order_by("-pk").first()
    if newest is None:
        return []
    return _undo(
        enrollment.member,
        keys,
        lambda past: bool(past.outcomes) and past.outcomes[-1][1] == newest.deed,
        now=now,
        curriculum=enrollment.curriculum,
    )


def _mark_step(
    enrollment: Enrollment, step: outline.Step, kind: Kind, data: dict[str, Any], now: datetime
) -> list[UUID]:
    standing = tally.standings([enrollment])[enrollment.pk]
    keys = [activity.key for activity in standing.open_core(step)]
    data = {**data, "step": str(step.key)}
    return _mark(enrollment.member, keys, kind, data, now=now, curriculum=enrollment.curriculum)


@tried_twice
@transaction.atomic
def _mark(
    member: Member,
    keys: list[UUID],
    kind: Kind,
    data: Mapping[str, Any],
    *,
    now: datetime,
    curriculum: Curriculum | None,
) -> list[UUID]:
    changed = []
    for record in _locked_records(member, keys):
        old = _outcome(record)
        new = replay.after(old, kind, now, data)
        if new != old:
            _take(record, new)
            changed.append(record)
    return _keep(member, changed, kind, data, now, curriculum)


@tried_twice
@transaction.atomic
def _undo(member: Member, keys: list[UUID], is_meant: Any, *, now: datetime, curriculum: Any) -> list[UUID]:
    records = {record.activity_key: record for record in _locked_records(member, keys)}
    changed = []
    for key, past in replay.histories(_lines(member, keys)).items():
        if past.outcomes and is_meant(past):
            _take(records[key], past.outcome_before)
            changed.append(records[key])
    return _keep(member, changed, Kind.UNDONE, {}, now, curriculum)


def _lines(member: Member, keys: Iterable[UUID]) -> Iterable[StudyEvent]:
    return StudyEvent.objects.filter(member=member, activity_key__in=keys).order_by("pk")


def _locked_records(member: Member, keys: list[UUID]) -> list[Record]:
    """Records in the order of `keys`: rows locked until the commit, and new ones, not yet inserted."""
    rows = Record.objects.select_for_update().filter(member=member, activity_key__in=keys)
    found = {row.activity_key: row for row in rows}
    return [found.get(key) or Record(member=member, activity_key=key) for key in keys]


def _outcome(record: Record) -> replay.Outcome:
    return replay.Outcome(**{name: getattr(record, name) for name in FACTS})


def _take(record: Record, outcome: replay.Outcome) -> None:
    for name in FACTS:
        setattr(record, name, getattr(outcome, name))


def _keep(
    member: Member, records: list[Record], kind: Kind, data: Mapping[str, Any], now: datetime, curriculum: Any
) -> list[UUID]:
    deed = uuid.uuid4()
    if records:
        _save(records)
        StudyEvent.objects.bulk_create(
            StudyEvent(
                member=member,
                kind=kind,
                at=now,
                deed=deed,
                activity_key=record.activity_key,
                curriculum=curriculum,
                data=dict(data),
            )
            for record in records
        )
    return [record.activity_key for record in records]


def _save(records: list[Record]) -> None:
    new, old = [record for record in records if not record.pk], [record for record in records if record.pk]
    Record.objects.bulk_create(new)
    if len(old) > 1:
        Record.objects.bulk_update(old, [*FACTS, "revisit_at"])
    elif old:
        old[0].save(update_fields=[*FACTS, "revisit_at"])


# Minutes


@transaction.atomic
def log_minutes(
    member: Member,
    *,
    aspect: str,
    minutes: int,
    now: datetime,
    studied_on: date | None = None,
    enrollment: Enrollment | None = None,
    step_key: UUID | None = None,
    activity_key: UUID | None = None,
    deed: UUID | None = None,
) -> LoggedTime:
    """Log study minutes on a day of her own calendar, today unless said otherwise.

    A `deed` that a form carries makes sending it twice log once. Raises BadMinutes and BadDay.
    """
    today = member.local(now).date()
    if aspect not in Aspect.values:
        raise BadMinutes(_("Say what you did: run, hack or math."))
    if not 1 <= minutes <= MOST_MINUTES:
        raise BadMinutes(_("Minutes are between 1 and %(most)s.") % {"most": MOST_MINUTES})
    if studied_on and studied_on > today:
        raise BadDay(_("This day is still to come."))
    logged, is_new = LoggedTime.objects.get_or_create(
        deed=deed or uuid.uuid4(),
        member=member,
        defaults={
            "aspect": aspect,
            "minutes": minutes,
            "studied_on": studied_on or today,
            "curriculum_id": enrollment.curriculum_id if enrollment else None,
            "step_key": step_key,
            "activity_key": activity_key,
            "logged_at": now,
        },
    )
    if is_new:
        _log(
            member,
            Kind.TIME_LOGGED,
            now,
            deed=logged.deed,
            curriculum_id=logged.curriculum_id,
            activity_key=activity_key,
            aspect=aspect,
            minutes=minutes,
            studied_on=logged.studied_on.isoformat(),
            step=str(step_key or ""),
        )
    return logged


@transaction.atomic
def undo_minutes(logged: LoggedTime, *, now: datetime) -> None:
    """Take logged minutes back; the row stays with the date of it."""
    if LoggedTime.objects.filter(pk=logged.pk, undone_at=None).update(undone_at=now):
        logged.undone_at = now
        _log(
            logged.member,
            Kind.TIME_UNDONE,
            now,
            curriculum_id=logged.curriculum_id,
            activity_key=logged.activity_key,
            of=str(logged.deed),
        )


def _log(
    member: Member,
    kind: Kind,
    now: datetime,
    *,
    deed: UUID | None = None,
    curriculum_id: int | None = None,
    activity_key: UUID | None = None,
    **data: Any,
) -> None:
    StudyEvent.objects.create(
        member=member,
        kind=kind,
        at=now,
        deed=deed or uuid.uuid4(),
        activity_key=activity_key,
        curriculum_id=curriculum_id,
        data=data,
    )


def _lock(enrollment: Enrollment) -> None:
    """Read the row again under a lock, so that two tabs decide one after the other."""
    enrollment.refresh_from_db(
        from_queryset=Enrollment.objects.select_related("member").select_for_update(of=("self",))
    )


def _must_be_current(enrollment: Enrollment) -> None:
    if not enrollment.is_current:
        raise NotCurrent(_("You are not enrolled in this curriculum now."))


def _close(enrollment: Enrollment, name: str, kind: Kind, now: datetime) -> None:
    setattr(enrollment, name, now)
    enrollment.paused_at = enrollment.paused_until = None
    enrollment.save(update_fields=[name, "paused_at", "paused_until"])
    _log(enrollment.member, kind, now, curriculum_id=enrollment.curriculum_id)


def _short(reason: str) -> str:
    return " ".join(reason.split())[:200]
