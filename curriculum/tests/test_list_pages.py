import pytest
from django.urls import reverse

from curriculum import actions as teaching
from curriculum.models import Curriculum
from curriculum.tests.make import NOW, make_draft
from curriculum.tests.pages import publish_all as publish
from curriculum.tests.pages import text
from members.tests.make import make_member
from progress import actions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("group")]


# The list
def test_a_visitor_sees_the_published_curricula(client):
    publish("way-up", "another-way")
    make_draft(slug="a-draft")
    retired = publish("old-way")
    teaching.retire(Curriculum.objects.filter(pk=retired[0].pk), now=NOW)

    page = text(client.get(reverse("curriculum:list")))

    assert page.count('class="sheet curriculum-card"') == 2
    assert "after Ada Example" in page
    assert "2 steps" in page
    assert "about 110 hours" in page
    assert reverse("curriculum:resources") not in page


def test_members_see_their_own_first_with_how_far_they_are(client, member):
    other, mine = publish("another-way", "way-up")
    enrollment = actions.enroll(member, mine, now=NOW)
    for activity in enrollment.release.outline.steps[0].activities:
        actions.mark_done(member, activity.key, now=NOW, curriculum=mine)

    page = text(client.get(reverse("curriculum:list")))

    yours, others = page.split('id="others"')
    assert "1 of 2 steps done." in yours
    assert "Next: Deep dive" in yours
    assert reverse("curriculum:step", args=["way-up", "deep-dive"]) in yours
    assert other.get_absolute_url() in others


def test_a_curriculum_that_a_member_has_left_is_among_the_others(client, member):
    (mine,) = publish("way-up")
    actions.withdraw(actions.enroll(member, mine, now=NOW), now=NOW)

    page = text(client.get(reverse("curriculum:list")))

    assert 'id="mine"' not in page
    assert mine.get_absolute_url() in page


def test_a_finished_curriculum_stays_in_the_list_without_a_next_step(client, member):
    (mine,) = publish("way-up")
    enrollment = actions.enroll(member, mine, now=NOW)
    for step in enrollment.release.outline.steps:
        for activity in step.every_activity():
            actions.mark_done(member, activity.key, now=NOW, curriculum=mine)

    page = text(client.get(reverse("curriculum:list")))

    assert "2 of 2 steps done." in page
    assert "Continue" not in page


def test_without_curricula_the_list_says_what_will_come(client, member):
    page = text(client.get(reverse("curriculum:list")))

    assert "No curriculum yet" in page
    assert "To the curators’ desk" not in page

    client.force_login(make_member("Cora Curator", curator_since=NOW))
    assert "To the curators’ desk" in text(client.get(reverse("curriculum:list")))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(
    client, member, django_assert_num_queries, count
):
    for curriculum in publish("way-up", "second", "third")[:count]:
        actions.enroll(member, curriculum, now=NOW)

    # session with member, releases, enrolments, minutes, records, routes
    with django_assert_num_queries(6):
        client.get(reverse("curriculum:list"))
