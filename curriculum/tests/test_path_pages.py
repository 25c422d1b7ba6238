from datetime import timedelta

import pytest
from django.urls import reverse

from curriculum.tests.make import NOW, make_draft, make_release
from curriculum.tests.pages import path
from curriculum.tests.pages import publish_all as publish
from lists.cache import forget_all
from members.tests.make import make_member
from progress import actions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("group")]


# The path
def test_a_visitor_sees_the_path_with_its_credit_and_no_personal_parts(
    client, django_assert_num_queries
):
    publish("way-up")

    with django_assert_num_queries(1):  # the release
        page = path(client)

    assert page.count('class="stop-node"') == 2
    assert "First encounter" in page
    assert "How I learnt</a> (2018)" in page
    assert "CC BY-SA 4.0" in page
    assert "Release 1 of 4 May 2026" in page
    assert "<em>derive</em>" in page
    assert 'class="leg fork"' in page
    assert "Join the group" in page
    # closed, so that step 1 is in sight
    assert '<details class="fold curriculum-intro">' in page
    for word in (
        "You are here",
        "Your route",
        "Suggested for you",
        "is here",
        "Continue",
    ):
        assert word not in page


def test_a_member_who_is_not_enrolled_may_enrol(client, member):
    publish("way-up")

    page = path(client)

    assert f'action="{reverse("progress:enroll", args=["way-up"])}"' in page
    assert "You are here" not in page


def test_members_see_where_they_are_and_what_they_have_done(client, member):
    (curriculum,) = publish("way-up")
    enrollment = actions.enroll(member, curriculum, now=NOW)
    first, deep = enrollment.release.outline.steps
    assert "Suggested for you" in path(client)

    for activity in first.activities:
        actions.mark_done(member, activity.key, now=NOW, curriculum=curriculum)
    actions.choose_route(enrollment, deep.key, deep.routes[0].key, now=NOW)
    actions.mark_done(
        member, deep.routes[0].activities[0].key, now=NOW, curriculum=curriculum
    )
    actions.log_minutes(
        member, aspect="math", minutes=90, now=NOW, enrollment=enrollment
    )

    page = path(client)

    assert "1 of 2 steps done." in page
    assert "1 h 30 logged of about 110 hours." in page
    assert page.count("You are here") == 1
    assert "1 of 3 done" in page
    assert page.count("Your route") == 1
    assert 'class="walked" d="M31 0C31 60 50 40 50 100"' in page
    assert "Continue" in page


def test_a_withdrawn_member_can_come_back(client, member):
    (curriculum,) = publish("way-up")
    actions.withdraw(actions.enroll(member, curriculum, now=NOW), now=NOW)

    page = path(client)

    assert "What you had done is kept." in page
    assert "Enrol again" in page


def test_a_pause_is_shown(client, member):
    (curriculum,) = publish("way-up")
    enrollment = actions.enroll(member, curriculum, now=NOW)
    actions.pause(enrollment, until=(NOW + timedelta(days=9)).date(), now=NOW)

    assert "Paused until 13 May." in path(client)


def test_other_members_stand_where_they_were_last(client, member):
    (curriculum,) = publish("way-up")
    actions.enroll(member, curriculum, now=NOW)
    for name in ("Lars Holm", "Elif Demir", "Noor Haddad"):
        enrollment = actions.enroll(
            make_member(name, shows_step=True), curriculum, now=NOW
        )
        first, deep = enrollment.release.outline.steps
        actions.visit(enrollment, first if name == "Lars Holm" else deep, now=NOW)

    page = path(client)

    assert "<bdi>Lars Holm</bdi> is here" in page
    assert "<bdi>Noor Haddad</bdi> and <bdi>Elif Demir</bdi> are here" in page

    for number in range(4):
        shown = make_member(f"Member {number}", shows_step=True)
        enrollment = actions.enroll(shown, curriculum, now=NOW)
        actions.visit(enrollment, deep, now=NOW + timedelta(hours=number))
    forget_all()  # who is where is asked once a minute
    page = path(client)
    assert "6 members are here" in page

    actions.visit(member.enrollments.get(), deep, now=NOW + timedelta(days=1))
    forget_all()
    assert "6 members are here" in path(client)  # without the reader
    assert 'aria-label="Member 3"' in page
    assert 'aria-label="Noor Haddad"' not in page


@pytest.mark.parametrize("others", [1, 3])
def test_the_path_costs_the_same_for_any_number_of_members(
    client, member, django_assert_num_queries, others
):
    (curriculum,) = publish("way-up")
    actions.enroll(member, curriculum, now=NOW)
    for number in range(others):
        enrollment = actions.enroll(
            make_member(f"Member {number}"), curriculum, now=NOW
        )
        actions.visit(enrollment, enrollment.release.outline.steps[0], now=NOW)

    # session with member and current enrolment, enrolment with release,
    # minutes, records, routes, people
    with django_assert_num_queries(6):
        path(client)


def test_a_credit_needs_no_more_than_its_author(client):
    draft = make_draft(slug="way-up")
    draft.credit = [{"author": "Kim"}]
    draft.save()
    make_release(draft)

    assert "After Kim" in path(client)
