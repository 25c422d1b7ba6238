"""The curators' desk."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings

from config.context import study_group
from curriculum import fileformat
from curriculum.export import document_of
from curriculum.forms import CreditField
from curriculum.models import Activity, Curriculum, Release, Resource, Route, Section, Step
from curriculum.tests.documents import SMALL, small_document
from curriculum.tests.make import NOW, make_draft, make_release, make_resource
from curriculum.tests.test_fileformat import MUTATIONS, mutated
from members.tests.make import make_group, make_member

pytestmark = pytest.mark.django_db
IMPORT = "admin:curriculum_curriculum_import"


@pytest.fixture(autouse=True)
def curator(client):
    make_group()
    study_group()  # kept in the process from here on
    curator = make_member("Cora Curator", curator_since=NOW)
    client.force_login(curator)
    return curator


def text(response) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def filled(response) -> dict[str, object]:
    """What a browser would send back from an admin page without a change."""
    data: dict[str, object] = {}
    forms = [response.context["adminform"].form]
    for formset in response.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if hasattr(bound.field, "prepare_value"):
                value = bound.field.prepare_value(value)
            if value is not None and value is not False:
                data[bound.html_name] = "on" if value is True else value
    return data


def change(client, row, **values: object):
    address = reverse(f"admin:curriculum_{row._meta.model_name}_change", args=[row.pk])
    data = {**filled(client.get(address)), **values}
    return client.post(address, {name: value for name, value in data.items() if value is not None})


def errors(response) -> list[str]:
    assert response.status_code == 200
    return [
        str(error)
        for errors in response.context["errors"]
        for error in ([errors] if isinstance(errors, str) else errors)
    ]


# Who may


@pytest.mark.parametrize(
    ("role", "status"),
    [({}, 302), ({"moderator_since": NOW}, 403), ({"curator_since": NOW}, 200), ({"owner_since": NOW}, 200)],
    ids=["member", "moderator", "curator", "owner"],
)
def test_the_desk_is_for_curators_and_the_owner(client, role, status):
    draft = make_draft()
    client.force_login(make_member("Somebody", **role))

    names = ["curriculum", "step", "route", "activity", "resource"]
    addresses = [reverse(f"admin:curriculum_{name}_changelist") for name in names]
    addresses += [
        reverse(f"admin:curriculum_curriculum_{name}", args=[draft.pk]) for name in ("change", "publish", "export")
    ]
    addresses.append(reverse(IMPORT))
    assert {client.get(address).status_code for address in addresses} == {status}

    before = document_of(draft)
    posts = [
        client.post(reverse(IMPORT), {"text": SMALL.replace("hours: 30", "hours: 3"), "import": "1"}),
        client.post(reverse("admin:curriculum_curriculum_publish", args=[draft.pk]), {"changelog": "x"}),
    ]
    if status != 200:
        assert {response.status_code for response in posts} == {status}
        assert document_of(draft) == before
        assert not Release.objects.exists()


def test_nothing_of_a_curriculum_is_deleted_at_the_desk(client):
    make_draft()

    for model in (Curriculum, Step, Route, Activity, Resource):
        address = reverse(f"admin:curriculum_{model._meta.model_name}_delete", args=[model.objects.first().pk])
        assert client.post(address, {"post": "yes"}).status_code == 403


def test_unknown_drafts_are_not_found(client):
    assert client.get(reverse("admin:curriculum_curriculum_publish", args=[99])).status_code == 404
    assert client.get(reverse("admin:curriculum_curriculum_export", args=[99])).status_code == 404


# Lists


def test_the_lists_answer_searches_and_filters(client):
    make_release()

    for name, query, words in (
        ("curriculum", "?q=way&draft=in", ">1</a>"),
        ("curriculum", "?draft=retired", "0 curricula"),
        ("step", "?q=deep&purpose=depth", "Deep dive"),
        ("route", "?q=slow&kind=book", "The slow book"),
        ("activity", "?q=notebook&aspect=run", "Run the first notebook"),
        ("resource", "?q=nets&kind=book", "0 resources"),
        ("resource", "?q=course&archived_on__isempty=1", "A first course"),
    ):
        assert words in text(client.get(reverse(f"admin:curriculum_{name}_changelist") + query)), (name, query)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["curriculum", "step", "route", "activity", "resource"])
def test_the_lists_cost_the_same_for_one_and_three(client, django_assert_num_queries, name, count):
    for slug in ("one", "two", "three")[:count]:
        make_draft(slug=slug)
        make_resource(slug)

    # session, member, three counts, the rows, and the choices of two filters
    with django_assert_num_queries(8):
        client.get(reverse(f"admin:curriculum_{name}_changelist"))


def test_steps_are_put_in_order_in_the_list(client):
    make_draft()
    first, second = Step.objects.order_by("position")
    data = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 2, "_save": "1"}
    data |= {"form-0-id": first.pk, "form-0-position": 2, "form-1-id": second.pk, "form-1-position": 1}

    client.post(reverse("admin:curriculum_step_changelist"), data)

    assert list(Step.objects.order_by("position")) == [second, first]


def test_rows_are_retired_and_brought_back(client):
    draft = make_draft()
    address, step = reverse("admin:curriculum_step_changelist"), Step.objects.get(slug="encounter")

    client.post(address, {"action": "retire", "_selected_action": [step.pk]})
    assert [each["slug"] for each in document_of(draft)["curriculum"]["steps"]] == ["deep-dive"]

    client.post(address, {"action": "bring_back", "_selected_action": [step.pk]})
    assert document_of(draft)["curriculum"] == small_document()["curriculum"]


# Forms


def test_saving_every_form_unchanged_changes_nothing(client):
    draft = make_draft()
    before = document_of(draft)

    for row in (draft, *Step.objects.all(), *Route.objects.all(), *Activity.objects.all(), *Resource.objects.all()):
        assert change(client, row).status_code == 302, row

    assert document_of(draft) == before


def test_a_curriculum_is_edited_with_its_credit_as_in_a_file(client):
    draft = make_draft()

    change(client, draft, title="The way", credit="- author: Kim\n  year: 2020\n- author: Jo")

    draft.refresh_from_db()
    assert draft.title == "The way"
    assert draft.credit == [{"author": "Kim", "year": 2020}, {"author": "Jo"}]
    assert change(client, draft, credit="").status_code == 302


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

    row = {"position": 2, "title": "More", "slug": "more", "purpose": "depth", "hours": 4, "curriculum": draft.pk}
    change(client, draft, **{"steps-TOTAL_FORMS": 3, **{f"steps-2-{name}": value for name, value in row.items()}})

    assert [step["slug"] for step in document_of(draft)["curriculum"]["steps"]] == ["encounter", "deep-dive", "more"]


def test_two_steps_cannot_share_an_address(client):
    make_draft()

    assert errors(change(client, Step.objects.get(slug="encounter"), slug="deep-dive")) == [
        "This curriculum has a step with this slug."
    ]


def test_two_rows_of_one_page_cannot_share_an_address(client):
    draft = make_draft()
    rows = {}
    for number in (2, 3):
        row = {"position": 2, "title": "More", "slug": "more", "purpose": "depth", "hours": 4, "curriculum": draft.pk}
        rows |= {f"steps-{number}-{name}": value for name, value in row.items()}

    assert errors(change(client, draft, **{"steps-TOTAL_FORMS": 4, **rows})) == [
        "This curriculum has a step with this slug."
    ]
    assert errors(change(client, draft, **{"steps-0-slug": "deep-dive"})) == [
        "This curriculum has a step with this slug."
    ]
    assert errors(change(client, Step.objects.get(slug="deep-dive"), **{"routes-0-slug": "course"})) == [
        "This step has a route with this slug."
    ]


def test_a_retired_step_does_not_come_back_to_an_address_that_is_taken(client):
    draft = make_draft()
    old = Step.objects.get(slug="encounter")
    Step.objects.filter(pk=old.pk).update(retired_at=NOW)
    Step.objects.create(curriculum=draft, slug="encounter", title="New")
    address = reverse("admin:curriculum_step_changelist")

    page = client.post(address, {"action": "bring_back", "_selected_action": [old.pk]}, follow=True)

    assert "Another one has the same slug by now" in text(page)
    old.refresh_from_db()
    assert old.retired_at == NOW
    assert change(client, old, title="Still retired").status_code == 302


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
    section, step = Section.objects.get(slug="lesson-2"), Step.objects.get(slug="encounter")
    data = {"step": step.pk, "position": 9, "do": "watch", "title": "Watch it early", "aspect": "run", "minutes": 5}

    client.post(
        reverse("admin:curriculum_activity_add"), {**data, "resource": section.resource_id, "section": section.pk}
    )

    assert Activity.objects.get(title="Watch it early").key == Activity.objects.get(title="Watch lesson 2").key


def test_an_activity_is_refused_that_is_there_or_does_not_fit(client):
    make_draft()
    derive, read = Activity.objects.get(do="derive"), Activity.objects.get(do="read")
    other = Section.objects.get(slug="lesson-1")

    assert errors(change(client, derive, do="read", section=read.section_id)) == [
        "This asks for the same resource in the same way as another activity here."
    ]
    assert errors(change(client, derive, section=other.pk)) == ["This section belongs to “A first course”."]
    assert errors(change(client, derive, step=Step.objects.get(slug="encounter").pk)) == [
        "This route belongs to another step."
    ]
    common = Activity.objects.get(do="hack")
    assert errors(change(client, common, do="run")) == [
        "This asks for the same resource in the same way as another activity here."
    ]
    assert errors(change(client, common, step=None, title=None))


def test_a_resource_is_edited_with_lists_one_on_a_line(client):
    make_draft()
    book = Resource.objects.get(slug="slow-book")

    change(client, book, authors="Mo Writer\n\n  Li Second ", other_urls="https://a.org/x", named_by="S0", slug="other")

    book.refresh_from_db()
    assert (book.authors, book.other_urls, book.named_by) == (["Mo Writer", "Li Second"], ["https://a.org/x"], ["S0"])
    assert book.slug == "slow-book"


def test_wrong_addresses_and_circular_successors_are_refused(client):
    book = make_resource()

    assert "whole address" in errors(change(client, book, url="ftp://example.org/"))[0]
    assert "whole address" in errors(change(client, book, other_urls="https://a.org\njavascript:alert(1)"))[0]
    assert errors(change(client, book, successor=book.pk)) == ["A resource cannot follow itself."]


def test_a_section_that_is_added_has_the_key_that_files_derive(client):
    book = make_resource("a-book")

    row = {"position": 0, "slug": "ch1", "title": "One", "resource": book.pk}
    response = change(client, book, **{"sections-TOTAL_FORMS": 1, **{f"sections-0-{n}": v for n, v in row.items()}})

    assert response.status_code == 302
    assert Section.objects.get().key == fileformat.section_key("a-book", "ch1")


def test_a_new_resource_says_its_id_once(client):
    data = {"title": "New", "slug": "new", "kind": "book", "url": "https://new.org", "cost": "free", "language": "en"}
    empty = {"sections-TOTAL_FORMS": 0, "sections-INITIAL_FORMS": 0}

    assert client.post(reverse("admin:curriculum_resource_add"), {**data, **empty}).status_code == 302
    assert Resource.objects.get().slug == "new"


def test_activities_find_their_sections_by_typing(client):
    make_draft()
    query = {"app_label": "curriculum", "model_name": "activity", "field_name": "section", "term": "neur"}

    found = client.get(reverse("admin:autocomplete"), query).json()["results"]

    assert [each["text"] for each in found] == ["The slow book: Neurons"]
    query |= {"field_name": "route", "term": "course"}
    found = client.get(reverse("admin:autocomplete"), query).json()["results"]
    assert [each["text"] for each in found] == ["Deep dive: The quick course"]
    assert client.get(reverse("admin:curriculum_section_add")).status_code == 403
    assert "Sections" not in text(client.get(reverse("admin:index")))


# Publish


def test_a_curator_publishes_with_a_changelog(client, curator):
    draft = make_draft()
    address = reverse("admin:curriculum_curriculum_publish", args=[draft.pk])
    assert "This will be the first release." in text(client.get(address))

    response = client.post(address, {"changelog": "Here it is."}, follow=True)

    assert "Published as release 1." in text(response)
    release = Release.objects.get()
    assert (release.changelog, release.published_by) == ("Here it is.", curator)


def test_the_publish_page_shows_what_is_different(client):
    release = make_release()
    address = reverse("admin:curriculum_curriculum_publish", args=[release.curriculum_id])
    assert "Nothing has changed since release 1." in text(client.get(address))

    make_draft(SMALL.replace("Watch lesson 2", "See lesson 2").replace("A first course", "The first course"))
    page = text(client.get(address))
    assert "This is what is different from release 1 of 4 May 2026" in page
    assert "See lesson 2" in page

    make_draft(SMALL.replace("A first course", "The first course"))
    assert "the description, the credit or a resource has changed" in text(client.get(address))


def test_a_draft_that_is_not_ready_is_not_published(client):
    draft = make_draft()
    Activity.objects.filter(step__slug="encounter").update(retired_at=NOW)
    address = reverse("admin:curriculum_curriculum_publish", args=[draft.pk])
    problem = "The step “First encounter” has nothing to do: give it an activity."

    assert problem in text(client.get(address))
    response = client.post(address, {"changelog": "Long words that took time."})

    assert text(response).count(problem) == 1
    assert "Long words that took time." in text(response)
    assert not Release.objects.exists()


# Import and export


def test_the_draft_is_downloaded_as_a_file(client):
    draft = make_draft()

    response = client.get(reverse("admin:curriculum_curriculum_export", args=[draft.pk]))

    assert response["Content-Disposition"] == 'attachment; filename="way-up-draft.yaml"'
    assert fileformat.load(response.content) == document_of(draft)


def upload(content: str | bytes) -> dict[str, object]:
    raw = content if isinstance(content, bytes) else content.encode()
    return {"file": SimpleUploadedFile("way-up.yaml", raw, "application/yaml")}


def test_a_file_is_looked_at_before_it_is_imported(client):
    page = client.post(reverse(IMPORT), upload(SMALL))

    assert "This is what importing it would do" in text(page)
    assert not Curriculum.objects.exists()
    kept = page.context["form"]["text"].value()
    assert kept == SMALL

    done = client.post(reverse(IMPORT), {"text": kept, "import": "Import"}, follow=True)

    assert "Imported: 18 new, 0 changed, 0 retired." in text(done)
    assert document_of(Curriculum.objects.get())["curriculum"] == small_document()["curriculum"]
    assert "Importing it changes nothing." in text(client.post(reverse(IMPORT), {"text": SMALL}))


def test_a_file_of_resources_leads_to_the_library(client):
    resources = "format: 1\nresources:\n" + SMALL.partition("\nresources:\n")[2]

    done = client.post(reverse(IMPORT), {"text": resources, "import": "Import"})

    assert done["Location"] == reverse("admin:curriculum_resource_changelist")


def test_a_wrong_file_tells_every_error_and_keeps_its_text(client):
    wrong = SMALL.replace("hours: 30", "hours: <b>many</b>").replace("do: derive", "do: divine")

    page = client.post(reverse(IMPORT), upload(wrong) | {"import": "Import"})

    content = text(page)
    assert "2 things are wrong with this file." in content
    assert "<code>curriculum.steps[encounter].hours</code>" in content
    assert "hours: &lt;b&gt;many&lt;/b&gt;" in content
    assert "Must be read, skim, watch" in content
    assert page.context["form"]["text"].value() == wrong
    assert not Resource.objects.exists()


def test_a_file_that_does_not_fit_says_why(client):
    Curriculum.objects.create(slug="way-up", title="Our own")

    page = client.post(reverse(IMPORT), {"text": SMALL})

    assert "This file does not fit what is here." in text(page)
    assert "belongs to “Our own”" in text(page)


def test_no_file_and_no_text_is_asked_for(client):
    assert "Choose a file, or paste its text." in text(client.post(reverse(IMPORT), {}))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe\x00a", "is not UTF-8 text"),
        (b"a: \x00\n", "cannot be shown (U+0000)"),
        (b"x" * 2_000_001, "larger than 2 MB"),
        (b"a: &a [*a]", "have a meaning in YAML"),
        (b"\n\n", "The file is empty."),
    ],
)
def test_hostile_files_are_explained(client, content, words):
    assert words in text(client.post(reverse(IMPORT), upload(content)))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(MUTATIONS)
def test_no_file_breaks_the_import_page(client, mutations):
    content = mutated(SMALL, mutations).encode("utf-8", "surrogatepass")

    response = client.post(reverse(IMPORT), upload(content or b" ") | {"import": "Import"})

    assert response.status_code in (200, 302)


def test_a_credit_that_cannot_be_read_counts_as_changed():
    field = CreditField(required=False)

    assert not field.has_changed([{"author": "Kim"}], "- author: Kim")
    assert field.has_changed([{"author": "Kim"}], "- author: Jo")
    assert field.has_changed([{"author": "Kim"}], "- author: 'Kim")
