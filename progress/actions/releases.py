"""Move to another release of a curriculum."""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from curriculum.models import Release
from progress import carrying, tally
from progress.actions.enrollments import lock
from progress.actions.finishes import with_finishes
from progress.actions.log import log_event
from progress.actions.refusals import OtherCurriculum
from progress.carrying import Carried
from progress.counting import Standing
from progress.models import Enrollment, StudyEvent
from progress.week import monday_of

Kind = StudyEvent.Kind


@transaction.atomic
def move_release(enrollment: Enrollment, release: Release, *, now: datetime) -> None:
    """Go on with another release of the same curriculum, newer or older.

    Records follow by their keys. No percentage falls by it, and what is finished stays
    finished: see carrying. Raises OtherCurriculum.
    """
    lock(enrollment)
    if release.curriculum_id != enrollment.curriculum_id:
        raise OtherCurriculum(_("This release belongs to another curriculum."))
    if enrollment.release_id == release.pk:
        return
    enrollment.carried = _carried_into(enrollment, release, now).as_json()
    enrollment.release = release
    enrollment.save(update_fields=["release", "carried"])
    log_event(
        enrollment.member,
        Kind.MOVED,
        now,
        curriculum_id=enrollment.curriculum_id,
        release=release.number,
        carried=enrollment.carried,
    )


def put_away_release(enrollment: Enrollment, release: Release) -> None:
    """Announce this release and earlier ones no longer; moving to them stays possible."""
    if release.number > (enrollment.told_of_release or 0):
        enrollment.told_of_release = release.number
        enrollment.save(update_fields=["told_of_release"])


def _carried_into(enrollment: Enrollment, release: Release, now: datetime) -> Carried:
    standing = tally.standings([enrollment])[enrollment.pk]
    before = with_finishes(enrollment, standing, now)
    known = _carried_before(enrollment, release).anchors
    arriving = replace(
        before, outline=release.outline, carried=replace(before.carried, anchors=known)
    )
    after = with_finishes(enrollment, arriving, now)
    anchors = carrying.anchors_for(
        before.measures(), after.measures(), before.carried.anchors, known
    )
    monday = monday_of(enrollment.member.local(now).date())
    mix = _mix(enrollment, before, monday)
    return replace(after.carried, anchors=anchors, week=monday, mix=mix)


def _carried_before(enrollment: Enrollment, release: Release) -> Carried:
    """What the enrolment carried into the release when it was followed last."""
    moves = StudyEvent.objects.filter(
        member=enrollment.member_id,
        curriculum=enrollment.curriculum_id,
        kind=Kind.MOVED,
        data__release=release.number,
    )
    newest = moves.order_by("-pk").first()
    if newest is None:
        return carrying.NOTHING
    return Carried.from_json(newest.data.get("carried", {}))


def _mix(enrollment: Enrollment, before: Standing, monday: date) -> dict[str, int]:
    """What the targets of this week are weighed by: moving does not change them."""
    if before.carried.week == monday:
        return dict(before.carried.mix)
    coming = before.next_activity(enrollment.step_key)
    if coming is None:
        return {}
    return tally.weigh(before.core(coming.step).values())
