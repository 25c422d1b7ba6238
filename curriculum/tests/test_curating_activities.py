"""Curators change what an activity asks for."""

import pytest
from django.urls import reverse

from curriculum import actions
from curriculum.models import Activity
from curriculum.tests.make import NOW
from curriculum.tests.pages import (
    address,
    save,
    sent,
    text,
)
from members.tests.make import make_member
from progress.models import Record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curator")]


def test_sections_of_another_resource_are_offered_without_script(client, draft):
    at = address("curate:new_activity", draft)

    page = text(client.post(at, {"title": "Kept", "resource": "", "sections": "1"}))
    assert 'value="Kept"' in page
    from curriculum.models import Resource

    book = Resource.objects.get(slug="slow-book")
    page = text(
        client.post(at, {"title": "Kept", "resource": book.pk, "sections": "1"})
    )
    assert all(section.title in page for section in book.sections.all())
    assert not Activity.objects.filter(title="Kept").exists()


# Two people
@pytest.mark.parametrize("resource", ["9" * 30, "9" * 5000, "abc", "²", "-1"])
def test_a_resource_that_cannot_be_one_is_said_at_its_field(client, draft, resource):
    page = text(
        client.post(
            address("curate:new_activity", draft),
            {"title": "Kept words", "resource": resource},
        )
    )

    assert "Kept words" in page
    assert "Select a valid choice." in page


# Keys and records
def record(key) -> None:
    Record.objects.create(member=make_member(), activity_key=key, done_at=NOW)


def test_another_verb_keeps_what_members_have_done(client, draft):
    row = Activity.objects.get(title="Read chapter 1")
    record(row.key)
    at = reverse("curate:activity", args=[draft.slug, row.pk])
    assert "1 member has done or skipped this" in text(client.get(at))

    assert save(client, at, do="skim", title="Skim chapter 1").status_code == 302

    assert Activity.objects.get(pk=row.pk).key == row.key
    assert (
        client.post(address("curate:publish", draft), {"changelog": "x"}).status_code
        == 302
    )


def test_another_section_is_another_exercise_and_the_curator_is_told(client, draft):
    row = Activity.objects.get(title="Read chapter 1")
    record(row.key)
    at = reverse("curate:activity", args=[draft.slug, row.pk])
    section = row.resource.sections.get(slug="ch2")

    answer = client.post(
        at,
        {**sent(client.get(at)), "section": section.pk, "title": "Read chapter 2"},
        follow=True,
    )

    assert "The work of 1 member stays with the former one." in text(answer)
    assert Activity.objects.get(pk=row.pk).key != row.key
    page = text(client.get(address("curate:publish", draft)))
    assert (
        "1 member has done or skipped it. The record stays, and no longer counts here."
        in page
    )
    assert "Member" not in page.partition("changed")[2].partition("</section>")[0]


def test_the_curator_may_say_that_it_is_the_same_exercise(client, draft):
    row = Activity.objects.get(title="Read chapter 1")
    at = reverse("curate:activity", args=[draft.slug, row.pk])
    section = row.resource.sections.get(slug="ch2")

    save(client, at, section=section.pk, exercise="same")

    assert Activity.objects.get(pk=row.pk).key == row.key


def test_a_tick_that_two_exercises_would_share_is_asked_about(client, draft):
    row = Activity.objects.get(title="Read chapter 1")
    step = draft.steps.get(slug="encounter")
    at = reverse("curate:new_activity", args=[draft.slug, step.key])
    new = {
        "title": "Draw what chapter 1 says",
        "do": "read",
        "aspect": "math",
        "minutes": 5,
        "resource": row.resource_id,
    }

    page = text(save(client, at, **new, section=row.section_id, sections="1"))
    assert "Draw what" in page
    page = text(client.post(at, {**new, "section": row.section_id}))

    assert (
        "“Read chapter 1” in “The way up” asks for the same part in the same way"
        in page
    )
    client.post(at, {**new, "section": row.section_id, "exercise": "new"})
    assert Activity.objects.get(title=new["title"]).key != row.key
    assert actions.shared_ticks(draft) == []
    client.post(
        at, {**new, "title": "Read it", "section": row.section_id, "exercise": "same"}
    )
    assert Activity.objects.get(title="Read it").key == row.key
    assert "1 pair of activities shares one tick" in text(
        client.get(address("curate:publish", draft))
    )
