import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings

from curriculum import fileformat
from curriculum.export import document_of
from curriculum.models import Activity, Curriculum, Release, Resource
from curriculum.tests.documents import SMALL, small_document
from curriculum.tests.faults import MUTATIONS, mutated
from curriculum.tests.make import NOW, make_draft, make_release
from curriculum.tests.pages import IMPORT, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curator")]


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
    address = reverse(
        "admin:curriculum_curriculum_publish", args=[release.curriculum_id]
    )
    assert "Nothing has changed since release 1." in text(client.get(address))

    make_draft(
        SMALL.replace("Watch lesson 2", "See lesson 2").replace(
            "A first course", "The first course"
        )
    )
    page = text(client.get(address))
    assert "This is what is different from release 1 of 4 May 2026" in page
    assert "See lesson 2" in page

    make_draft(SMALL.replace("A first course", "The first course"))
    assert "the description, the credit or a resource has changed" in text(
        client.get(address)
    )


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

    response = client.get(
        reverse("admin:curriculum_curriculum_export", args=[draft.pk])
    )

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
    assert (
        document_of(Curriculum.objects.get())["curriculum"]
        == small_document()["curriculum"]
    )
    assert "Importing it changes nothing." in text(
        client.post(reverse(IMPORT), {"text": SMALL})
    )


def test_a_file_of_resources_leads_to_the_library(client):
    resources = "format: 1\nresources:\n" + SMALL.partition("\nresources:\n")[2]

    done = client.post(reverse(IMPORT), {"text": resources, "import": "Import"})

    assert done["Location"] == reverse("admin:curriculum_resource_changelist")


def test_a_wrong_file_tells_every_error_and_keeps_its_text(client):
    wrong = SMALL.replace("hours: 30", "hours: <b>many</b>").replace(
        "do: derive", "do: divine"
    )

    page = client.post(reverse(IMPORT), upload(wrong) | {"import": "Import"})

    content = text(page)
    assert "This file has 2 errors." in content
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

    response = client.post(
        reverse(IMPORT), upload(content or b" ") | {"import": "Import"}
    )

    assert response.status_code in (200, 302)
