"""The library's search finds activities too, in the releases that
the reader has.
"""

from datetime import timedelta

import pytest
from django.urls import reverse

from curriculum import actions, finding
from curriculum.models import Activity, Curriculum, Release
from curriculum.tests.documents import SMALL
from curriculum.tests.make import NOW, make_draft, make_release, make_resource
from members.models import Member
from members.tests.make import make_group, make_member
from progress.actions import enroll

pytestmark = pytest.mark.django_db
LIBRARY = reverse("curriculum:resources")


@pytest.fixture(autouse=True)
def member(client) -> Member:
    make_group()
    member = make_member("Noor Haddad")
    client.force_login(member)
    return member


def titles(client, **query: object) -> list[str]:
    return [
        spot.activity.title
        for spot in client.get(LIBRARY, query).context.get("activities", ())
    ]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("notebook", ["Run the first notebook"]),
        ("NOTEBOOK first", ["Run the first notebook"]),
        ("notebok", ["Run the first notebook"]),
        # the section's title
        (
            "backpropagation",
            ["Write backpropagation in NumPy", "Derive the four equations"],
        ),
        ("backpropogation numpy", ["Write backpropagation in NumPy"]),
        ("pictures", ["Change the data set"]),  # its note
        ("slow book", ["Read chapter 1", "Derive the four equations"]),  # the resource
        ("writer derive", ["Derive the four equations"]),  # author and verb
        ("implement", ["Write backpropagation in NumPy"]),
        ("friend wombat", []),
        ("", []),
        ("%", []),
    ],
)
def test_activities_are_found_by_title_and_by_what_they_ask(client, typed, expected):
    make_release()

    assert titles(client, q=typed) == expected


@pytest.mark.parametrize("typed", ["Übung", "ubung", "ÜBUNG", "Ubumg", "نظرية"])
def test_they_are_folded_as_the_library_is(client, typed):
    make_release(
        make_draft(SMALL.replace("Explain the loss to a friend", "'Übung: نَظَرِيَّة'"))
    )

    assert titles(client, q=typed) == ["Übung: نَظَرِيَّة"]


def test_a_title_comes_before_a_note(client):
    make_release(
        make_draft(SMALL.replace("Explain the loss to a friend", "Draw ten pictures"))
    )

    assert titles(client, q="ten pictures") == [
        "Draw ten pictures",
        "Change the data set",
    ]


def test_nothing_of_a_draft_is_found_and_nothing_that_is_retired(client):
    release = make_release()
    Activity.objects.filter(title="Read chapter 1").update(title="Secret plans")
    make_draft(SMALL.replace("Read chapter 1", "Not published"), slug="other")

    assert titles(client, q="secret") == titles(client, q="published") == []
    assert titles(client, q="chapter 1") == ["Read chapter 1"]
    Curriculum.objects.filter(pk=release.curriculum_id).update(retired_at=NOW)
    assert titles(client, q="chapter 1") == []


def test_members_find_the_activities_of_the_release_they_follow(client, member):
    draft = make_release().curriculum
    enroll(member, draft, now=NOW)
    Activity.objects.filter(title="Read chapter 1").update(title="Skim chapter 1")
    actions.publish(draft, by=None, changelog="x", now=NOW + timedelta(days=1))

    assert titles(client, q="chapter 1") == ["Read chapter 1"]
    client.force_login(make_member("Wei Tan"))
    assert titles(client, q="chapter 1") == ["Skim chapter 1"]


def test_each_leads_to_its_place_on_the_page_of_its_step(client):
    make_release()
    spots = client.get(LIBRARY, {"kind": "activity"}).context["activities"]

    assert len(spots) == 7
    for spot in spots:
        address, _, anchor = spot.get_absolute_url().partition("#")
        page = client.get(address).content.decode()
        assert f'id="{anchor}"' in page, spot.activity.title
        assert spot.activity.title in page


def test_filters_look_at_the_resource_of_an_activity(client):
    make_release()

    assert titles(client, kind="activity", level="intermediate") == [
        "Read chapter 1",
        "Derive the four equations",
    ]
    assert titles(client, q="the", kind="book") == []
    assert titles(client, q="run", cost="free") == ["Run the first notebook"]
    assert titles(client, q="friend", cost="free") == []
    assert titles(client, q="run", archived="only") == []
    assert titles(client, q="friend", archived="no") == ["Explain the loss to a friend"]


def test_a_search_shows_the_first_activities_and_leads_to_all_of_them(
    client, monkeypatch
):
    monkeypatch.setattr("curriculum.views.library.FIRST_ACTIVITIES", 2)
    make_release()

    page = client.get(LIBRARY, {"q": "first course"})

    assert [row.title for row in page.context["resources"]] == ["A first course"]
    assert len(page.context["activities"]) == 2
    assert "All 3 activities" in page.content.decode()
    every = client.get(LIBRARY + page.context["all_activities"])
    assert [spot.activity.title for spot in every.context["activities"]] == titles(
        client, q="course", kind="activity"
    )
    assert "resources" not in every.context
    assert titles(client, q="first", after="0:A") == []  # on further pages of resources


def test_pages_of_activities_have_no_gap_and_no_repeat(client, monkeypatch):
    monkeypatch.setattr("curriculum.views.library.PAGE", 3)
    make_release()
    make_release(make_draft(slug="other"))
    seen, address = [], f"{LIBRARY}?kind=activity"

    while address:
        page = client.get(address)
        seen += [spot.name for spot in page.context["activities"]]
        address = page.context["next"] and LIBRARY + page.context["next"]

    assert len(seen) == len(set(seen)) == 14
    assert titles(client, kind="activity", after="no/such/place") == titles(
        client, kind="activity"
    )


def test_nothing_found_says_so(client):
    make_release()

    assert "Nothing matches" in client.get(LIBRARY, {"q": "wombat"}).content.decode()
    assert (
        "Nothing matches"
        in client.get(LIBRARY, {"q": "wombat", "kind": "activity"}).content.decode()
    )
    assert (
        "Nothing matches" not in client.get(LIBRARY, {"q": "friend"}).content.decode()
    )


@pytest.mark.parametrize("count", [1, 3])
def test_a_search_costs_the_same_for_one_and_three_curricula(
    client, member, django_assert_num_queries, count
):
    make_resource("loss", title="Loss")
    for slug in ("one", "two", "three")[:count]:
        enroll(member, make_release(make_draft(slug=slug)).curriculum, now=NOW)
    client.get(LIBRARY, {"q": "loss"})

    # session with member and enrolment; the library's version twice,
    # resources, sections, number; two of releases
    with django_assert_num_queries(8):
        page = client.get(LIBRARY, {"q": "loss"})
    assert len(page.context["activities"]) == count


def test_the_process_keeps_the_text_of_a_bounded_number_of_releases(monkeypatch):
    monkeypatch.setattr(finding, "KEPT_MAX", 2)
    monkeypatch.setattr(finding, "KEPT", {})
    for slug in ("one", "two", "three"):
        make_release(make_draft(slug=slug))

    assert (
        len(finding.activities(Release.objects.select_related("curriculum"), "")) == 21
    )
    assert len(finding.KEPT) == 2
