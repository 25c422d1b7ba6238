"""The small curriculum of small.yaml, as a draft or published."""

from datetime import UTC, datetime
from typing import Any

from curriculum import actions, fileformat
from curriculum.fileformat import Document
from curriculum.models import Curriculum, Release, Resource
from curriculum.tests.documents import SMALL
from members.models import Member

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


def make_document(text: str = SMALL, **replaced: str) -> Document:
    """The document of a file; `slug="other"` replaces the curriculum's
    slug, and so all keys that derive from it.
    """
    if "slug" in replaced:
        text = text.replace("slug: way-up", f"slug: {replaced['slug']}")
    return fileformat.load(text)


def make_draft(text: str = SMALL, **replaced: str) -> Curriculum:
    curriculum = actions.import_document(make_document(text, **replaced), now=NOW)
    assert curriculum
    return curriculum


def make_release(
    curriculum: Curriculum | None = None,
    *,
    by: Member | None = None,
    changelog: str = "First release.",
) -> Release:
    release = actions.publish(
        curriculum or make_draft(), by=by, changelog=changelog, now=NOW
    )
    assert release.outline  # read once, as on every page but the first after a start
    return release


def make_resource(slug: str = "a-book", **fields: Any) -> Resource:
    facts = {
        "title": slug.capitalize(),
        "kind": "book",
        "url": f"https://example.org/{slug}",
        **fields,
    }
    resource = Resource.objects.create(slug=slug, **facts)
    actions.index_resources(Resource.objects.filter(pk=resource.pk))
    return resource
