import pytest
from django.urls import reverse

from curriculum.models import Resource
from curriculum.tests.make import NOW, make_resource
from curriculum.tests.pages import publish_all as publish
from curriculum.tests.pages import text
from members.tests.make import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("group")]


# The library
def library(client, **query: object) -> str:
    return text(client.get(reverse("curriculum:resources"), query))


def test_the_library_is_for_members(client):
    resource = make_resource()

    assert client.get(reverse("curriculum:resources")).status_code == 302
    assert (
        client.get(reverse("curriculum:resource", args=[resource.slug])).status_code
        == 302
    )


def test_the_library_is_searched_and_filtered(client, member):
    make_resource(
        "nets",
        title="Neural nets",
        authors=["Michael Nielsen"],
        level="advanced",
        cost="free",
    )
    make_resource(
        "course",
        title="A course",
        kind="course",
        level="beginner",
        cost="paid",
        note="On nets, gently.",
    )
    make_resource(
        "old", title="Old thing", archived_on=NOW.date(), archived_why="It died."
    )

    def titles(**query: object) -> list[str]:
        page = library(client, **query)
        return [
            title
            for title in ("A course", "Neural nets", "Old thing")
            if f">{title}</a>" in page
        ]

    assert titles() == ["A course", "Neural nets", "Old thing"]
    assert titles(q="nets") == ["A course", "Neural nets"]
    assert titles(q="nets nielsen") == ["Neural nets"]
    assert titles(kind="course") == ["A course"]
    assert titles(cost="free") == ["Neural nets"]
    assert titles(level="beginner", q="nets") == ["A course"]
    assert titles(archived="no") == ["A course", "Neural nets"]
    assert titles(archived="only") == ["Old thing"]
    assert titles(kind="nonsense", level="x", after="y") == [
        "A course",
        "Neural nets",
        "Old thing",
    ]
    assert titles(after="0:Neural nets") == ["Neural nets", "Old thing"]
    assert titles(after=f"{Resource.objects.get(slug='nets').pk}:Neural nets") == [
        "Old thing"
    ]
    assert "Nothing matches" in library(client, q="wombat")


def test_what_nobody_has_checked_about_a_resource_is_said_in_the_library_and_on_its_page(
    client, member
):
    resource = make_resource("guess", unverified="The address is from memory.")
    make_resource("sure")

    assert library(client).count("Not verified yet.") == 1
    page = text(client.get(reverse("curriculum:resource", args=[resource.slug])))
    assert "Not verified yet.</b> The address is from memory." in page


def test_an_archived_resource_names_its_successor(client, member):
    new = make_resource("new", title="The new one")
    old = make_resource(
        "old", archived_on=NOW.date(), archived_why="It died.", successor=new
    )

    page = library(client)

    assert "Archived.</b> It died. Use instead:" in page
    assert ">The new one</a>." in page
    page = text(client.get(reverse("curriculum:resource", args=[old.slug])))
    assert "4 May 2026" in page
    assert "Follows" in text(
        client.get(reverse("curriculum:resource", args=[new.slug]))
    )


def test_the_library_is_paged_by_title_without_gaps_or_repeats(
    client, member, monkeypatch
):
    monkeypatch.setattr("curriculum.views.library.PAGE", 3)
    titles = ["Same", "Same", "Same", "Same", "Ärger", "Zebra", "a small one"]
    expected = {
        make_resource(f"r{n}", title=title).slug for n, title in enumerate(titles)
    }
    seen, address = [], reverse("curriculum:resources") + "?kind=book"

    while address:
        page = client.get(address)
        seen += [resource.slug for resource in page.context["resources"]]
        address = (
            page.context["next"]
            and reverse("curriculum:resources") + page.context["next"]
        )

    assert len(seen) == len(titles)
    assert set(seen) == expected


def test_an_empty_library_says_so(client, member):
    assert "The library is empty" in library(client)


@pytest.mark.parametrize("count", [1, 3])
def test_the_library_costs_the_same_for_one_and_three(
    client, member, django_assert_num_queries, count
):
    for number in range(count):
        make_resource(
            f"old-{number}",
            successor=make_resource(f"new-{number}"),
            archived_on=NOW.date(),
        )

    # session with member and enrolment, the page, the count
    with django_assert_num_queries(3):
        library(client, archived="only")


def test_a_resource_shows_its_sections_and_where_it_is_used(
    client, member, django_assert_num_queries
):
    publish("way-up", "another-way")

    # session with member and enrolment, the resource, releases, sections,
    # predecessors, whether it is saved, its thread
    with django_assert_num_queries(7):
        page = text(client.get(reverse("curriculum:resource", args=["first-course"])))

    assert "Your first model" in page
    assert "Apache-2.0" in page
    assert page.count(">First encounter</a>") == 2
    assert page.count(">Deep dive</a>") == 2
    assert "Run the first notebook" in page
    assert page.index("Where it is used") < page.index("Your first model")
    assert "<details open>" in page
    assert "An old library" in page
    assert "Edit" not in page
    assert "Open on example.org" in page
    assert "<span>example.org</span>" in library(client)
    assert "No curriculum uses it" in text(
        client.get(reverse("curriculum:resource", args=["old-library"]))
    )
    assert client.get(reverse("curriculum:resource", args=["gone"])).status_code == 404


def test_curators_find_the_way_from_a_resource_to_its_form(client):
    client.force_login(make_member("Cora Curator", curator_since=NOW))
    resource = make_resource()

    page = text(client.get(reverse("curriculum:resource", args=[resource.slug])))

    assert reverse("admin:curriculum_resource_change", args=[resource.pk]) in page
