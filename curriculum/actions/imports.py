"""Files that become drafts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from curriculum import fileformat
from curriculum.actions.library import index_resources
from curriculum.changes import Changes, Rows, changes
from curriculum.export import digest, document_of, resources_document
from curriculum.fileformat import Document
from curriculum.models import Curriculum, Resource


@transaction.atomic
def import_document(document: Document, *, now: datetime) -> Curriculum | None:
    """Make the draft and the library hold what the checked document holds;
    None where it holds resources only.

    Rows are changed in place by their keys, and what the document lacks is
    retired. Twice is the same as once. Raises ImportConflict, and then
    nothing is changed.
    """
    found = changes(fileformat.derive_keys(document), now=now)
    _save(found)
    return found.curriculum


@transaction.atomic
def import_shipped(document: Document, *, now: datetime) -> Changes:
    """Import a document that came with the site, but leave alone what
    curators have edited here since the last time.

    Gives back what was changed. Raises ImportConflict.
    """
    document = fileformat.derive_keys(document)
    slugs = document.get("resources", {})
    edited = {
        slug
        for slug, (known, here) in _digests(slugs).items()
        if known and known != here
    }
    draft = None
    if "curriculum" in document:
        draft = Curriculum.objects.filter(key=document["curriculum"]["key"]).first()
    found = changes(document, now=now, keep=edited)
    if draft and has_been_edited(draft):
        found.curriculum = None
        found.curricula = found.steps = found.routes = found.activities = Rows()
    _save(found)
    for slug, (known, here) in _digests(set(slugs) - edited).items():
        if known != here:
            Resource.objects.filter(slug=slug).update(shipped_digest=here)
    if found.curriculum:
        Curriculum.objects.filter(pk=found.curriculum.pk).update(
            shipped_digest=digest(document_of(found.curriculum))
        )
    return found


def has_been_edited(draft: Curriculum) -> bool:
    """Whether a draft that came with the site differs from what came."""
    return bool(draft.shipped_digest) and draft.shipped_digest != digest(
        document_of(draft)
    )


def _digests(slugs: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Slug to the digest of what came with the site and that of what is
    here, for those of the library.
    """
    found = {
        resource.slug: resource for resource in Resource.objects.filter(slug__in=slugs)
    }
    here = resources_document(found.values()).get("resources", {})
    return {
        slug: (resource.shipped_digest, digest(here[slug]))
        for slug, resource in found.items()
    }


def _save(found: Changes) -> None:
    """Retired rows first, since they give up their slugs; then changed
    ones, new ones, and last who follows whom.
    """
    for rows in found.rows().values():
        _update(rows.retired, {"retired_at"})
    for rows in (
        found.resources,
        found.sections,
        found.curricula,
        found.steps,
        found.routes,
        found.activities,
    ):
        _free_slugs(rows)
        _update(rows.changed, rows.fields)
        if rows.created:
            type(rows.created[0])._default_manager.bulk_create(rows.created)
    if found.successors:
        named = Resource.objects.filter(
            slug__in=[slug for _resource, slug in found.successors]
        )
        by_slug = {resource.slug: resource for resource in named}
        for resource, slug in found.successors:
            if slug:
                resource.successor = by_slug[slug]
            else:
                resource.successor = None
        _update([resource for resource, _slug in found.successors], {"successor"})
    touched = [row.pk for row in (*found.resources.created, *found.resources.changed)]
    touched += [
        section.resource_id
        for section in (*found.sections.created, *found.sections.changed)
    ]
    if touched:
        index_resources(Resource.objects.filter(pk__in=touched))


def _update(rows: list[Any], fields: set[str]) -> None:
    if rows and fields:
        type(rows[0])._default_manager.bulk_update(rows, sorted(fields), batch_size=200)


def _free_slugs(rows: Rows) -> None:
    """Two steps may change slugs with each other, and no row may have the
    other's slug while that happens.
    """
    if rows.changed and "slug" in rows.fields:
        model = type(rows.changed[0])
        kept_apart = Concat(Value("~"), Cast("pk", CharField()))
        model._default_manager.filter(pk__in=[row.pk for row in rows.changed]).update(
            slug=kept_apart
        )
