from datetime import timedelta
from uuid import uuid4

import pytest

from community.rail import rail
from community.tests.make import NOON, make_enrollment, make_step
from members.tests.make import make_member
from papers.models import Batch
from progress import actions
from progress.models import Enrollment
from progress.tests.make import week_now

pytestmark = pytest.mark.django_db


def test_the_week_beside_the_feed_is_the_week_that_is_tallied() -> None:
    member = make_member(time_zone="Pacific/Auckland", study_days=[0, 2])
    enrollment = make_enrollment(member, make_step())
    for days, minutes in ((0, 25), (1, 30), (9, 45)):
        actions.log_minutes(
            member, aspect="hack", minutes=minutes, now=NOON - timedelta(days=days)
        )
        actions.mark_done(member, uuid4(), now=NOON - timedelta(days=days))
    undone = actions.log_minutes(member, aspect="run", minutes=5, now=NOON)
    actions.undo_minutes(undone, now=NOON)

    shown = rail(member, Enrollment.objects.get(pk=enrollment.pk), NOON)["week"]

    assert shown == week_now(member, NOON)
    assert (shown.total_minutes, shown.activities_done) == (55, 2)


def test_a_member_who_is_not_enrolled_has_a_week_too() -> None:
    shown = rail(make_member(), None, NOON)

    assert (shown["where"], shown["for_step"], shown["week"].total_minutes) == (
        None,
        None,
        0,
    )


def test_papers_are_for_the_step_visited_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Batch.objects.create(category="cs.LG", announced_on=NOON.date(), stored_at=NOON)
    step = make_step("Convolutional networks")
    enrollment = make_enrollment(make_member(), step)

    for_step = rail(enrollment.member, enrollment, NOON)["for_step"]

    assert (for_step.number, for_step.title) == (1, "Convolutional networks")


def test_nobody_gets_papers_before_having_a_step() -> None:
    Batch.objects.create(category="cs.LG", announced_on=NOON.date(), stored_at=NOON)
    enrollment = make_enrollment(make_member(), make_step())
    enrollment.step_key = None  # and the step holds nothing to do next

    assert rail(enrollment.member, enrollment, NOON)["for_step"] is None
