"""What is read of one member by compiled statements is what the
querysets say.
"""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from curriculum import newest
from lists.tests.compare import assert_same
from members.models import Member
from members.tests.make import make_member
from progress import actions, enrolled, facts
from progress.actions import records
from progress.models import Enrollment, Record
from progress.tests.make import NOW, key, make_curriculum, make_enrollment

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture(name="enrollment")
def _enrollment() -> Enrollment:
    """A member with marks, minutes and a route, beside another one
    who has them too.
    """
    curriculum = make_curriculum()
    enrollments = [make_enrollment(make_member(), curriculum) for _ in range(2)]
    for enrollment in enrollments:
        member = enrollment.member
        actions.mark_done(member, key("A"), now=NOW, confidence=2)
        actions.mark_skipped(member, key("B"), now=NOW, reason="known")
        actions.mark_revisit(member, key("B1"), now=NOW)
        actions.choose_route(enrollment, key("deep"), key("course"), now=NOW)
        for minutes in (20, 30):
            log(enrollment, minutes)
    actions.log_minutes(
        enrollments[0].member, aspect="hack", minutes=5, studied_on=TODAY, now=NOW
    )
    return enrollments[0]


def log(enrollment: Enrollment, minutes: int) -> None:
    actions.log_minutes(
        enrollment.member,
        aspect="math",
        minutes=minutes,
        studied_on=TODAY - timedelta(days=minutes),
        now=NOW,
        enrollment=enrollment,
        step_key=key("start"),
    )


def test_every_statement_is_its_queryset(enrollment: Enrollment) -> None:
    member = enrollment.member
    for statement in (
        facts.every_record,
        facts.choices_of_member,
        facts.minutes_by_step,
        enrolled.statement,
    ):
        assert assert_same(statement, member=member)
    assert assert_same(facts.choices, enrollment=enrollment)
    days = {"first": TODAY - timedelta(days=20), "last": TODAY}
    assert assert_same(facts.minutes_of_days, member=member, **days)
    assert assert_same(facts.logged_at, member=member, step_key=key("start"))
    first = TODAY - timedelta(days=20)
    assert len(assert_same(facts.logged_since, member=member, first=first)) == 2
    assert assert_same(records._locked_one, member=member, key=key("A"))
    assert assert_same(records._lines_of_one, member=member, key=key("A"))
    assert assert_same(newest._all)
    assert assert_same(newest._one, slug="way-up")


@pytest.mark.parametrize("count", [1, 16, 17, 40])
def test_records_are_those_of_the_activities_asked_for(
    enrollment: Enrollment, count: int
) -> None:
    others = [uuid4() for _ in range(count - 1)]

    found = facts.records(enrollment.member, {key("A"), *others})

    assert [row.activity_key for row in found] == [key("A")]
    assert facts.records(enrollment.member, others) == []


def test_a_row_says_the_same_of_a_record_as_the_model(enrollment: Enrollment) -> None:
    rows = {
        row.activity_key: row for row in facts.every_record(member=enrollment.member)
    }
    stored = Record.objects.filter(member=enrollment.member)

    assert len(rows) == len(stored) == 3
    for record in stored:
        row = rows[record.activity_key]
        assert row.mark == record.mark
        assert row.is_to_revisit == record.is_to_revisit


def test_enrolments_say_which_release_is_the_newest(
    member: Member, django_assert_num_queries
) -> None:
    first = make_enrollment(member, make_curriculum(slug="one"))
    later = make_enrollment(
        member, make_curriculum(slug="two"), now=NOW + timedelta(days=1)
    )
    actions.withdraw(first, now=NOW)

    with django_assert_num_queries(1):
        found = enrolled.enrollments_of(member)

    assert found == [later, first]
    assert [each.release.outline.slug for each in found] == ["two", "one"]
    assert [each.newest_number for each in found] == [1, 1]
    assert found[1].withdrawn_at == NOW


@pytest.fixture(name="member")
def _member() -> Member:
    return make_member()


def test_the_newest_release_is_not_that_of_a_retired_curriculum() -> None:
    curriculum = make_curriculum()
    assert newest.newest_release("way-up") == curriculum.releases.get()
    assert newest.newest_releases() == [curriculum.releases.get()]

    curriculum.retired_at = NOW
    curriculum.save()

    assert newest.newest_release("way-up") is None
    assert newest.newest_releases() == []


def test_uuids_come_back_as_such(enrollment: Enrollment) -> None:
    (choice,) = facts.choices(enrollment=enrollment)

    assert isinstance(choice.step_key, UUID)
    assert facts.chosen_routes([choice]) == {
        enrollment.pk: {key("deep"): [key("course")]}
    }
