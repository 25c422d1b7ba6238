from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import caches
from django.urls import reverse

from config.context import study_group
from curriculum import actions as teaching
from curriculum.fileformat import load
from curriculum.models import Curriculum, Release, Resource
from curriculum.tests.documents import SMALL, small_document
from curriculum.tests.make import NOW, make_draft, make_release, make_resource
from curriculum.views import cards
from curriculum.views.cards import People
from members.tests.make import make_group, make_member
from progress import actions
from progress.counting import Standing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def group():
    make_group()
    study_group()  # kept in the process from here on


@pytest.fixture
def member(client):
    member = make_member(goal="apply")
    client.force_login(member)
    return member


def text(response) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def publish(*slugs: str) -> list[Curriculum]:
    return [make_release(make_draft(slug=slug)).curriculum for slug in slugs]


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


def test_a_member_sees_hers_first_with_how_far_she_is(client, member):
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


def test_a_curriculum_that_she_has_withdrawn_from_is_among_the_others(client, member):
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
    assert "To the desk" not in page

    client.force_login(make_member("Cora Curator", curator_since=NOW))
    assert "To the desk" in text(client.get(reverse("curriculum:list")))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(client, member, django_assert_num_queries, count):
    for curriculum in publish("way-up", "second", "third")[:count]:
        actions.enroll(member, curriculum, now=NOW)

    # session, member, releases, enrolments, minutes, records, routes
    with django_assert_num_queries(7):
        client.get(reverse("curriculum:list"))


# The path


def path(client, slug: str = "way-up") -> str:
    return text(client.get(reverse("curriculum:curriculum", args=[slug])))


def test_a_visitor_sees_the_path_with_its_credit_and_no_personal_parts(client, django_assert_num_queries):
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
    for word in ("You are here", "Your route", "Suggested for you", "is here", "Continue"):
        assert word not in page


def test_a_member_who_is_not_enrolled_may_enrol(client, member):
    publish("way-up")

    page = path(client)

    assert f'action="{reverse("progress:enroll", args=["way-up"])}"' in page
    assert "You are here" not in page


def test_she_sees_where_she_is_and_what_she_has_done(client, member):
    (curriculum,) = publish("way-up")
    enrollment = actions.enroll(member, curriculum, now=NOW)
    first, deep = enrollment.release.outline.steps
    assert "Suggested for you" in path(client)

    for activity in first.activities:
        actions.mark_done(member, activity.key, now=NOW, curriculum=curriculum)
    actions.choose_route(enrollment, deep.key, deep.routes[0].key, now=NOW)
    actions.mark_done(member, deep.routes[0].activities[0].key, now=NOW, curriculum=curriculum)
    actions.log_minutes(member, aspect="math", minutes=90, now=NOW, enrollment=enrollment)

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
        enrollment = actions.enroll(make_member(name), curriculum, now=NOW)
        first, deep = enrollment.release.outline.steps
        actions.visit(enrollment, first if name == "Lars Holm" else deep, now=NOW)

    page = path(client)

    assert "Lars Holm is here" in page
    assert "Noor Haddad and Elif Demir are here" in page

    for number in range(4):
        enrollment = actions.enroll(make_member(f"Member {number}"), curriculum, now=NOW)
        actions.visit(enrollment, deep, now=NOW + timedelta(hours=number))
    caches["local"].clear()  # who is where is asked once a minute
    page = path(client)
    assert "6 members are here" in page

    actions.visit(member.enrollments.get(), deep, now=NOW + timedelta(days=1))
    caches["local"].clear()
    assert "6 members are here" in path(client)  # she does not meet herself
    assert 'aria-label="Member 3"' in page
    assert 'aria-label="Noor Haddad"' not in page


@pytest.mark.parametrize("others", [1, 3])
def test_the_path_costs_the_same_for_any_number_of_members(client, member, django_assert_num_queries, others):
    (curriculum,) = publish("way-up")
    actions.enroll(member, curriculum, now=NOW)
    for number in range(others):
        enrollment = actions.enroll(make_member(f"Member {number}"), curriculum, now=NOW)
        actions.visit(enrollment, enrollment.release.outline.steps[0], now=NOW)

    # session, member, enrolment with release, minutes, records, routes, people, where she was last
    with django_assert_num_queries(8):
        path(client)


def test_she_is_told_when_a_newer_release_is_out(client, member):
    (curriculum,) = publish("way-up")
    actions.enroll(member, curriculum, now=NOW)
    make_draft(SMALL.replace("First encounter", "The first encounter"))
    teaching.publish(curriculum, by=None, changelog="", now=NOW + timedelta(days=3))

    page = path(client)

    assert "You follow release 1. Release 2 came out on 7 May 2026." in page
    assert ">First encounter<" in page

    client.post(reverse("progress:change_enrollment", args=["way-up"]), {"do": "move"})
    page = path(client)
    assert "You follow release 1" not in page
    assert ">The first encounter<" in page


def test_a_draft_or_unknown_curriculum_is_not_found(client, member):
    make_draft(slug="a-draft")

    for slug in ("a-draft", "gone"):
        for name in ("curriculum", "releases"):
            assert client.get(reverse(f"curriculum:{name}", args=[slug])).status_code == 404
        for name in ("release", "release_file"):
            assert client.get(reverse(f"curriculum:{name}", args=[slug, 1])).status_code == 404


# Releases


def test_releases_are_listed_with_what_they_changed(client, member, django_assert_num_queries):
    (curriculum,) = publish("way-up")
    make_draft(SMALL.replace("Watch lesson 2", "See lesson 2").replace("First encounter", "<i>Encounter</i>"))
    release = teaching.publish(curriculum, by=member, changelog="Clearer titles.\n\nThanks, Kofi.", now=NOW)

    # session, member, where she is, the curriculum, its releases
    with django_assert_num_queries(5):
        page = text(client.get(reverse("curriculum:releases", args=["way-up"])))

    assert page.index("Release 2") < page.index("Release 1")
    assert "<p>Clearer titles.</p> <p>Thanks, Kofi.</p>" in page
    assert "Step: &lt;i&gt;Encounter&lt;/i&gt;" in page
    assert "See lesson 2" in page
    assert "published by Ines Duarte" in page
    assert release.get_absolute_url() in page


def test_visitors_do_not_see_who_published(client):
    release = make_release(by=make_member("Cora Curator"))

    page = text(client.get(reverse("curriculum:releases", args=[release.curriculum.slug])))

    assert "Cora Curator" not in page
    assert "Download" not in page


def test_an_old_release_is_shown_as_it_was(client):
    (curriculum,) = publish("way-up")
    make_draft(SMALL.replace("First encounter", "New encounter"))
    teaching.publish(curriculum, by=None, changelog="", now=NOW)

    page = text(client.get(reverse("curriculum:release", args=["way-up", 1])))

    assert "First encounter" in page
    assert "New encounter" not in page
    assert "Ten pictures of each kind are enough." in page
    assert client.get(reverse("curriculum:release", args=["way-up", 3])).status_code == 404


def test_members_download_a_release_as_a_file(client, member):
    publish("way-up")
    address = reverse("curriculum:release_file", args=["way-up", 1])

    response = client.get(address)

    assert response["Content-Disposition"] == 'attachment; filename="way-up-1.yaml"'
    assert load(response.content)["curriculum"] == small_document()["curriculum"]
    client.logout()
    assert client.get(address).status_code == 302


def test_a_retired_curriculum_is_gone_for_visitors_and_stays_for_those_in_it(client, member):
    (curriculum,) = publish("way-up")
    actions.enroll(member, curriculum, now=NOW)
    teaching.retire(Curriculum.objects.all(), now=NOW)
    addresses = [
        reverse("curriculum:curriculum", args=["way-up"]),
        reverse("curriculum:releases", args=["way-up"]),
        reverse("curriculum:release", args=["way-up", 1]),
    ]

    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]
    assert "The way up" in text(client.get(reverse("curriculum:list")))
    client.logout()
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]
    assert "No curriculum yet" in text(client.get(reverse("curriculum:list")))


# The library


def library(client, **query: object) -> str:
    return text(client.get(reverse("curriculum:resources"), query))


def test_the_library_is_for_members(client):
    resource = make_resource()

    assert client.get(reverse("curriculum:resources")).status_code == 302
    assert client.get(reverse("curriculum:resource", args=[resource.slug])).status_code == 302


def test_the_library_is_searched_and_filtered(client, member):
    make_resource("nets", title="Neural nets", authors=["Michael Nielsen"], level="advanced", cost="free")
    make_resource("course", title="A course", kind="course", level="beginner", cost="paid", note="On nets, gently.")
    make_resource("old", title="Old thing", archived_on=NOW.date(), archived_why="It died.")

    def titles(**query: object) -> list[str]:
        page = library(client, **query)
        return [title for title in ("A course", "Neural nets", "Old thing") if f">{title}</a>" in page]

    assert titles() == ["A course", "Neural nets", "Old thing"]
    assert titles(q="nets") == ["A course", "Neural nets"]
    assert titles(q="nets nielsen") == ["Neural nets"]
    assert titles(kind="course") == ["A course"]
    assert titles(cost="free") == ["Neural nets"]
    assert titles(level="beginner", q="nets") == ["A course"]
    assert titles(archived="no") == ["A course", "Neural nets"]
    assert titles(archived="only") == ["Old thing"]
    assert titles(kind="nonsense", level="x", after="y") == ["A course", "Neural nets", "Old thing"]
    assert titles(after="0:Neural nets") == ["Neural nets", "Old thing"]
    assert titles(after=f"{Resource.objects.get(slug='nets').pk}:Neural nets") == ["Old thing"]
    assert "Nothing matches" in library(client, q="wombat")


def test_an_archived_resource_names_its_successor(client, member):
    new = make_resource("new", title="The new one")
    old = make_resource("old", archived_on=NOW.date(), archived_why="It died.", successor=new)

    page = library(client)

    assert "Archived.</b> It died. Use instead:" in page
    assert ">The new one</a>." in page
    page = text(client.get(reverse("curriculum:resource", args=[old.slug])))
    assert "4 May 2026" in page
    assert "Follows" in text(client.get(reverse("curriculum:resource", args=[new.slug])))


def test_the_library_is_paged_by_title_without_gaps_or_repeats(client, member, monkeypatch):
    monkeypatch.setattr("curriculum.views.library.PAGE", 3)
    titles = ["Same", "Same", "Same", "Same", "Ärger", "Zebra", "a small one"]
    expected = {make_resource(f"r{n}", title=title).slug for n, title in enumerate(titles)}
    seen, address = [], reverse("curriculum:resources") + "?kind=book"

    while address:
        page = client.get(address)
        seen += [resource.slug for resource in page.context["resources"]]
        address = page.context["next"] and reverse("curriculum:resources") + page.context["next"]

    assert len(seen) == len(titles)
    assert set(seen) == expected


def test_an_empty_library_says_so(client, member):
    assert "The library is empty" in library(client)


@pytest.mark.parametrize("count", [1, 3])
def test_the_library_costs_the_same_for_one_and_three(client, member, django_assert_num_queries, count):
    for number in range(count):
        make_resource(f"old-{number}", successor=make_resource(f"new-{number}"), archived_on=NOW.date())

    # session, member, where she is, the page, the count
    with django_assert_num_queries(5):
        library(client, archived="only")


def test_a_resource_shows_its_sections_and_where_it_is_used(client, member, django_assert_num_queries):
    publish("way-up", "another-way")

    # session, member, where she is, the resource, releases, sections, predecessors
    with django_assert_num_queries(7):
        page = text(client.get(reverse("curriculum:resource", args=["first-course"])))

    assert "Your first model" in page
    assert "Apache-2.0" in page
    assert page.count(">First encounter</a>") == 2
    assert page.count(">Deep dive</a>") == 2
    assert "Run the first notebook" in page
    assert "An old library" in page
    assert "Edit" not in page
    assert "No curriculum uses it" in text(client.get(reverse("curriculum:resource", args=["old-library"])))
    assert client.get(reverse("curriculum:resource", args=["gone"])).status_code == 404


def test_curators_find_the_way_from_a_resource_to_its_form(client):
    client.force_login(make_member("Cora Curator", curator_since=NOW))
    resource = make_resource()

    page = text(client.get(reverse("curriculum:resource", args=[resource.slug])))

    assert reverse("admin:curriculum_resource_change", args=[resource.pk]) in page


# Cards


def outline():
    return Release(document=small_document()).outline


def test_the_seal_is_where_she_was_last_while_that_is_open():
    steps = outline().steps
    everything = {activity.key: "done" for activity in steps[0].every_activity()}

    def here(marks, at):
        tally = Standing(outline(), marks).tally(at=at)
        return [card.step.slug for card in cards.step_cards(outline(), tally, at, {}) if card.is_here]

    assert here({}, None) == ["encounter"]
    assert here({}, steps[1].key) == ["deep-dive"]
    assert here(everything, steps[0].key) == ["deep-dive"]
    assert here({a.key: "done" for step in steps for a in step.every_activity()}, steps[0].key) == []
    assert here({}, uuid4()) == ["encounter"]


def test_the_mix_of_a_step_is_that_of_the_route_she_takes():
    deep = outline().steps[1]

    def mixes(marks, goal):
        tally = Standing(outline(), marks, goal=goal).tally()
        return cards.step_cards(outline(), tally, None, {})[1].mix

    assert cards.step_cards(outline(), None, None, {})[1].mix == {"run": 0, "hack": 30, "math": 70}
    assert mixes({}, "apply") == {"run": 33, "hack": 67, "math": 0}
    assert mixes({deep.activities[0].key: "done"}, "apply") == {"run": 33, "hack": 67, "math": 0}


def test_the_cost_of_a_route_is_said_when_it_is_known():
    document = small_document()
    assert [card.cost for card in cards.step_cards(outline(), None, None, {})[1].routes] == ["free", "free"]

    document["resources"]["slow-book"]["cost"] = "mixed"
    document["resources"]["first-course"]["cost"] = "unknown"
    costs = [card.cost for card in cards.step_cards(Release(document=document).outline, None, None, {})[1].routes]
    assert costs == ["paid", ""]


def test_people_know_how_many_are_not_shown():
    members = [make_member("A B"), make_member("C D")]

    assert People(members, 7).more == 5
    assert Resource.objects.count() == 0
