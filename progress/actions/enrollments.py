"""Enrol in a curriculum, pause, resume, leave and finish it."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from curriculum.models import Curriculum
from curriculum.outline import Step
from members.actions import finish_onboarding
from members.models import Member
from progress import tally
from progress.actions.log import log_event
from progress.actions.refusals import NotAllDone, NotCurrent, NotPublished, PauseEnded
from progress.models import Enrollment, StudyEvent

Kind = StudyEvent.Kind
LONGEST_PAUSE = timedelta(days=366)


@transaction.atomic
def enroll(member: Member, curriculum: Curriculum, *, now: datetime) -> Enrollment:
    """The member's one enrolment in the curriculum, on its newest release.

    After a withdrawal it is the same enrolment, on the same release. Enrolling ends the
    onboarding. Raises NotPublished while the curriculum has no release.
    """
    release = curriculum.releases.order_by("-number").first()
    if release is None:
        raise NotPublished(_("This curriculum is not published yet."))
    enrollment, is_new = Enrollment.objects.select_for_update().get_or_create(
        member=member,
        curriculum=curriculum,
        defaults={"release": release, "enrolled_at": now, "visited_at": now},
    )
    finish_onboarding(member, now=now)
    is_back = enrollment.withdrawn_at is not None
    if is_back:
        enrollment.withdrawn_at = None
        enrollment.visited_at = now
        enrollment.save(update_fields=["withdrawn_at", "visited_at"])
    if is_new or is_back:
        log_event(
            member,
            Kind.ENROLLED,
            now,
            curriculum_id=curriculum.pk,
            release=enrollment.release.number,
        )
    return enrollment


@transaction.atomic
def pause(enrollment: Enrollment, *, until: date, now: datetime) -> None:
    """Stop reminders up to the morning of `until`. Raises PauseEnded and NotCurrent."""
    lock(enrollment)
    _must_be_current(enrollment)
    today = enrollment.member.local(now).date()
    if until <= today:
        raise PauseEnded(_("Choose a date in the future."))
    if until > today + LONGEST_PAUSE:
        raise PauseEnded(
            _(
                "A pause lasts at most a year. To stay away for longer, leave this curriculum."
            )
        )
    if enrollment.paused_until != until:
        enrollment.paused_at = now
        enrollment.paused_until = until
        enrollment.save(update_fields=["paused_at", "paused_until"])
        log_event(
            enrollment.member,
            Kind.PAUSED,
            now,
            curriculum_id=enrollment.curriculum_id,
            until=until.isoformat(),
        )


@transaction.atomic
def resume(enrollment: Enrollment, *, now: datetime) -> None:
    lock(enrollment)
    if enrollment.paused_at:
        enrollment.paused_at = enrollment.paused_until = None
        enrollment.save(update_fields=["paused_at", "paused_until"])
        log_event(
            enrollment.member, Kind.RESUMED, now, curriculum_id=enrollment.curriculum_id
        )


@transaction.atomic
def withdraw(enrollment: Enrollment, *, now: datetime) -> None:
    """Leave the curriculum; records, minutes and routes stay. Raises NotCurrent."""
    lock(enrollment)
    if not enrollment.withdrawn_at:
        _must_be_current(enrollment)
        _close(enrollment, "withdrawn_at", Kind.WITHDREW, now)


@transaction.atomic
def finish(enrollment: Enrollment, *, now: datetime) -> None:
    """Note that the member has completed the curriculum.

    Raises NotAllDone while core activities are open, and NotCurrent.
    """
    lock(enrollment)
    if not enrollment.finished_at:
        _must_be_current(enrollment)
        if not tally.tally(enrollment).is_complete:
            raise NotAllDone(_("Some core activities are still open."))
        _close(enrollment, "finished_at", Kind.FINISHED, now)


def visit(
    enrollment: Enrollment, step: Step, *, now: datetime, is_newest: bool = False
) -> bool:
    """Store the step as the one that the member visited last.

    Return False, and write nothing, if it is so already (`is_newest`). A visit is not a
    study event: it says where to continue, not what was done.
    """
    is_same = (enrollment.step_key, enrollment.step_number) == (step.key, step.number)
    if is_newest and is_same:
        return False
    enrollment.visited_at = now
    enrollment.step_key = step.key
    enrollment.step_slug = step.slug
    enrollment.step_number = step.number
    enrollment.save(
        update_fields=["visited_at", "step_key", "step_slug", "step_number"]
    )
    return True


def lock(enrollment: Enrollment) -> None:
    """Read the row again under a lock, so that two tabs decide one after the other."""
    enrollment.refresh_from_db(
        from_queryset=Enrollment.objects.select_related("member").select_for_update(
            of=("self",)
        )
    )


def _must_be_current(enrollment: Enrollment) -> None:
    if not enrollment.is_current:
        raise NotCurrent(_("You are not enrolled in this curriculum now."))


def _close(enrollment: Enrollment, field: str, kind: Kind, now: datetime) -> None:
    setattr(enrollment, field, now)
    enrollment.paused_at = enrollment.paused_until = None
    enrollment.save(update_fields=[field, "paused_at", "paused_until"])
    log_event(enrollment.member, kind, now, curriculum_id=enrollment.curriculum_id)
