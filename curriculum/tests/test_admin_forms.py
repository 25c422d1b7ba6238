import pytest
from django.urls import reverse

from curriculum import fileformat
from curriculum.export import document_of
from curriculum.forms import CreditField, CurriculumForm, ImportForm
from curriculum.models import Activity, Curriculum, Resource, Route, Section, Step
from curriculum.tests.make import make_draft, make_resource
from curriculum.tests.pages import change, errors, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curator")]


# Forms
def test_saving_every_form_unchanged_changes_nothing(client):
    draft = make_draft()
    before = document_of(draft)

    for row in (
        draft,
        *Step.objects.all(),
        *Route.objects.all(),
        *Activity.objects.all(),
        *Resource.objects.all(),
    ):
        assert change(client, row).status_code == 302, row

    assert document_of(draft) == before


def test_a_curriculum_is_edited_with_its_credit_as_in_a_file(client):
    draft = make_draft()

    change(
        client,
        draft,
        title="The way",
        credit="- author: Kim\n  year: 2020\n- author: Jo",
    )

    draft.refresh_from_db()
    assert draft.title == "The way"
    assert draft.credit == [{"author": "Kim", "year": 2020}, {"author": "Jo"}]
    assert change(client, draft, credit="").status_code == 302


@pytest.mark.parametrize(
    ("form", "name"), [(ImportForm, "text"), (CurriculumForm, "credit")]
)
def test_a_field_for_yaml_is_marked_as_one(form, name):
    assert "data-yaml" in str(form()[name])


def test_a_wrong_credit_is_explained_with_its_line(client):
    draft = make_draft()

    assert errors(change(client, draft, credit="- author: Kim\n  year: soon")) == [
        "Line 2, credit[1].year: Must be a whole number without quotes, not “soon”."
    ]
    assert errors(change(client, draft, credit="- author: 'Kim")) == [
        "Line 1, file: The text ends inside quotes that were opened here or above."
    ]


def test_markdown_that_cannot_be_shown_is_refused_and_kept(client):
    draft = make_draft()
    deep = ">" * 60 + " deep"

    response = change(client, draft, intro=deep)

    assert errors(response) == [
        "This text nests quotes, lists or emphasis too deeply to be shown. Please make it flatter."
    ]
    assert response.context["adminform"].form["intro"].value() == deep


def test_an_address_that_the_site_needs_is_refused(client):
    make_draft()

    words = ["The address “releases” is taken by a page of the site."]
    assert errors(change(client, Step.objects.first(), slug="releases")) == words
    assert errors(change(client, Curriculum.objects.get(), slug="resources"))


def test_a_step_is_added_from_its_curriculum(client):
    draft = make_draft()

    row = {
        "position": 2,
        "title": "More",
        "slug": "more",
        "purpose": "depth",
        "hours": 4,
        "curriculum": draft.pk,
    }
    change(
        client,
        draft,
        **{
            "steps-TOTAL_FORMS": 3,
            **{f"steps-2-{name}": value for name, value in row.items()},
        },
    )

    assert [step["slug"] for step in document_of(draft)["curriculum"]["steps"]] == [
        "encounter",
        "deep-dive",
        "more",
    ]


def test_two_steps_cannot_share_an_address(client):
    make_draft()

    assert errors(
        change(client, Step.objects.get(slug="encounter"), slug="deep-dive")
    ) == ["This curriculum has a step with this slug."]


def test_two_rows_of_one_page_cannot_share_an_address(client):
    draft = make_draft()
    rows = {}
    for number in (2, 3):
        row = {
            "position": 2,
            "title": "More",
            "slug": "more",
            "purpose": "depth",
            "hours": 4,
            "curriculum": draft.pk,
        }
        rows |= {f"steps-{number}-{name}": value for name, value in row.items()}

    assert errors(change(client, draft, **{"steps-TOTAL_FORMS": 4, **rows})) == [
        "This curriculum has a step with this slug."
    ]
    assert errors(change(client, draft, **{"steps-0-slug": "deep-dive"})) == [
        "This curriculum has a step with this slug."
    ]
    assert errors(
        change(
            client, Step.objects.get(slug="deep-dive"), **{"routes-0-slug": "course"}
        )
    ) == ["This step has a route with this slug."]


def test_a_route_is_recommended_for_goals(client):
    make_draft()
    route = Route.objects.get(slug="course")

    change(client, route, for_goals=["career", "apply"])

    route.refresh_from_db()
    assert sorted(route.for_goals) == ["apply", "career"]


def test_an_activity_that_asks_for_something_else_gets_the_key_of_that(client):
    make_draft()
    activity = Activity.objects.get(do="derive")

    change(client, activity, section=Section.objects.get(slug="ch1").pk)

    activity.refresh_from_db()
    assert activity.key == fileformat.activity_key("slow-book", "ch1", "derive")


def test_an_activity_is_added_with_the_shared_key(client):
    make_draft()
    section, step = (
        Section.objects.get(slug="lesson-2"),
        Step.objects.get(slug="encounter"),
    )
    data = {
        "step": step.pk,
        "position": 9,
        "do": "watch",
        "title": "Watch it early",
        "aspect": "run",
        "minutes": 5,
    }

    data |= {"resource": section.resource_id, "section": section.pk}
    answer = client.post(reverse("admin:curriculum_activity_add"), data)
    assert (
        "“Watch lesson 2” in “The way up” asks for the same part" in errors(answer)[0]
    )
    client.post(reverse("admin:curriculum_activity_add"), {**data, "exercise": "same"})

    assert (
        Activity.objects.get(title="Watch it early").key
        == Activity.objects.get(title="Watch lesson 2").key
    )


def test_an_activity_is_refused_that_is_there_or_does_not_fit(client):
    make_draft()
    derive, read = Activity.objects.get(do="derive"), Activity.objects.get(do="read")
    other = Section.objects.get(slug="lesson-1")

    assert errors(change(client, derive, do="read", section=read.section_id)) == [
        "This asks for the same resource in the same way as another activity here."
    ]
    assert errors(change(client, derive, section=other.pk)) == [
        "This section belongs to “A first course”."
    ]
    assert errors(
        change(client, derive, step=Step.objects.get(slug="encounter").pk)
    ) == ["This route belongs to another step."]
    common = Activity.objects.get(do="hack")
    assert errors(change(client, common, step=None, title=None))
    assert change(client, common, do="run").status_code == 302
    assert Activity.objects.get(pk=common.pk).key == common.key


def test_a_resource_is_edited_with_lists_one_on_a_line(client):
    make_draft()
    book = Resource.objects.get(slug="slow-book")

    change(
        client,
        book,
        authors="Mo Writer\n\n  Li Second ",
        other_urls="https://a.org/x",
        named_by="S0",
        slug="other",
    )

    book.refresh_from_db()
    assert (book.authors, book.other_urls, book.named_by) == (
        ["Mo Writer", "Li Second"],
        ["https://a.org/x"],
        ["S0"],
    )
    assert book.slug == "slow-book"


def test_wrong_addresses_and_circular_successors_are_refused(client):
    book = make_resource()

    assert "full address" in errors(change(client, book, url="ftp://example.org/"))[0]
    assert (
        "full address"
        in errors(
            change(client, book, other_urls="https://a.org\njavascript:alert(1)")
        )[0]
    )
    assert errors(change(client, book, successor=book.pk)) == [
        "A resource cannot follow itself."
    ]


def test_a_section_that_is_added_has_the_key_that_files_derive(client):
    book = make_resource("a-book")

    row = {"position": 0, "slug": "ch1", "title": "One", "resource": book.pk}
    response = change(
        client,
        book,
        **{"sections-TOTAL_FORMS": 1, **{f"sections-0-{n}": v for n, v in row.items()}},
    )

    assert response.status_code == 302
    assert Section.objects.get().key == fileformat.section_key("a-book", "ch1")


def test_a_new_resource_says_its_id_once(client):
    data = {
        "title": "New",
        "slug": "new",
        "kind": "book",
        "url": "https://new.org",
        "cost": "free",
        "language": "en",
    }
    empty = {"sections-TOTAL_FORMS": 0, "sections-INITIAL_FORMS": 0}

    assert (
        client.post(
            reverse("admin:curriculum_resource_add"), {**data, **empty}
        ).status_code
        == 302
    )
    assert Resource.objects.get().slug == "new"


def test_activities_find_their_sections_by_typing(client):
    make_draft()
    query = {
        "app_label": "curriculum",
        "model_name": "activity",
        "field_name": "section",
        "term": "neur",
    }

    found = client.get(reverse("admin:autocomplete"), query).json()["results"]

    assert [each["text"] for each in found] == ["The slow book: Neurons"]
    query |= {"field_name": "route", "term": "course"}
    found = client.get(reverse("admin:autocomplete"), query).json()["results"]
    assert [each["text"] for each in found] == ["Deep dive: The quick course"]
    assert client.get(reverse("admin:curriculum_section_add")).status_code == 403
    assert "Sections" not in text(client.get(reverse("admin:index")))


def test_a_credit_that_cannot_be_read_counts_as_changed():
    field = CreditField(required=False)

    assert not field.has_changed([{"author": "Kim"}], "- author: Kim")
    assert field.has_changed([{"author": "Kim"}], "- author: Jo")
    assert field.has_changed([{"author": "Kim"}], "- author: 'Kim")


def test_a_resource_with_more_sections_than_any_of_ours_can_be_saved(client):
    most = 200  # the longest of the built-in resources has 131
    book = make_resource()
    Section.objects.bulk_create(
        Section(
            resource=book,
            slug=f"chapter-{number}",
            title=f"Chapter {number}",
            position=number,
        )
        for number in range(most)
    )

    answer = change(client, book, **{"sections-199-title": "The last chapter"})

    assert answer.status_code == 302
    assert book.sections.filter(title="The last chapter").count() == 1
