"""Every change of what is taught."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

import richtext
from curriculum import fileformat
from curriculum.changes import Changes, Conflict, Rows, changes
from curriculum.difference import difference
from curriculum.export import digest, document_of, resources_document
from curriculum.fileformat import Document, Malformed
from curriculum.models import Activity, Curriculum, Release, Resource
from members.models import Member

__all__ = ["AddressTaken", "Conflict", "LintFailed", "NothingChanged", "import_document", "import_shipped", "publish"]


class NothingChanged(Exception):
    """The draft is the same as the newest release."""


class LintFailed(Exception):
    """The draft is not ready to be published; `problems` says why, in words for curators."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


# Import


@transaction.atomic
def import_document(document: Document, *, now: datetime) -> Curriculum | None:
    """Make the draft and the library hold what the checked document holds; None where it holds resources only.

    Rows are changed in place by their keys, and what the document lacks is retired. Twice is the same as once. Raises
    Conflict, and then nothing is changed.
    """
    found = changes(fileformat.derive_keys(document), now=now)
    _save(found)
    return found.curriculum


@transaction.atomic
def import_shipped(document: Document, *, now: datetime) -> Changes:
    """Import a document that came with the site, but leave alone what curators have edited here since the last time.

    Gives back what was changed. Raises Conflict.
    """
    document = fileformat.derive_keys(document)
    slugs = document.get("resources", {})
    edited = {slug for slug, (known, here) in _digests(slugs).items() if known and known != here}
    draft = Curriculum.objects.filter(key=document["curriculum"]["key"]).first() if "curriculum" in document else None
    found = changes(document, now=now, keep=edited)
    if draft and has_been_edited(draft):
        found.curriculum = None
        found.curricula = found.steps = found.routes = found.activities = Rows()
    _save(found)
    for slug, (known, here) in _digests(set(slugs) - edited).items():
        if known != here:
            Resource.objects.filter(slug=slug).update(shipped_digest=here)
    if found.curriculum:
        Curriculum.objects.filter(pk=found.curriculum.pk).update(shipped_digest=digest(document_of(found.curriculum)))
    return found


def has_been_edited(draft: Curriculum) -> bool:
    """Whether a draft that came with the site differs from what came."""
    return bool(draft.shipped_digest) and draft.shipped_digest != digest(document_of(draft))


def _digests(slugs: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Slug to the digest of what came with the site and that of what is here, for those of the library."""
    found = {resource.slug: resource for resource in Resource.objects.filter(slug__in=slugs)}
    here = resources_document(found.values()).get("resources", {})
    return {slug: (resource.shipped_digest, digest(here[slug])) for slug, resource in found.items()}


def _save(found: Changes) -> None:
    """Retired rows first, since they give up their slugs; then changed ones, new ones, and last who follows whom."""
    for rows in found.rows().values():
        _update(rows.retired, {"retired_at"})
    for rows in (found.resources, found.sections, found.curricula, found.steps, found.routes, found.activities):
        _free_slugs(rows)
        _update(rows.changed, rows.fields)
        if rows.created:
            type(rows.created[0])._default_manager.bulk_create(rows.created)
    if found.successors:
        named = Resource.objects.filter(slug__in=[slug for _resource, slug in found.successors])
        by_slug = {resource.slug: resource for resource in named}
        for resource, slug in found.successors:
            resource.successor = by_slug[slug] if slug else None
        _update([resource for resource, _slug in found.successors], {"successor"})


def _update(rows: list[Any], fields: set[str]) -> None:
    if rows and fields:
        type(rows[0])._default_manager.bulk_update(rows, sorted(fields), batch_size=200)


def _free_slugs(rows: Rows) -> None:
    """Two steps may change slugs with each other, and no row may have the other's slug while that happens."""
    if rows.changed and "slug" in rows.fields:
        model = type(rows.changed[0])
        kept_apart = Concat(Value("~"), Cast("pk", CharField()))
        model._default_manager.filter(pk__in=[row.pk for row in rows.changed]).update(slug=kept_apart)


# Publish


@transaction.atomic
def publish(curriculum: Curriculum, *, by: Member | None, changelog: str, now: datetime) -> Release:
    """Freeze the curriculum's draft as its next release, shown to members from `now` on.

    Raises NothingChanged, and LintFailed(problems) when a step has no active work or the draft breaks a rule of the
    file format.
    """
    Curriculum.objects.select_for_update().get(pk=curriculum.pk)
    document = document_of(curriculum)
    newest = curriculum.releases.order_by("-number").first()
    if newest and newest.document == document:
        raise NothingChanged(_("Nothing has changed since release %(number)s.") % {"number": newest.number})
    if problems := list(lint(document)):
        raise LintFailed(problems)
    return Release.objects.create(
        curriculum=curriculum,
        number=newest.number + 1 if newest else 1,
        document=document,
        rendered=dict(_rendered(document)),
        pipeline_version=richtext.PIPELINE_VERSION,
        changelog=changelog,
        difference=difference(newest.document, document) if newest else {},
        published_at=now,
        published_by=by,
    )


def lint(document: Document) -> Iterator[str]:
    """What keeps a draft from being published, in words for curators."""
    steps = document["curriculum"].get("steps", [])
    if not steps:
        yield _("The curriculum has no steps.")
    for step in steps:
        routes = step.get("routes", [])
        if not step.get("activities") and not any(route.get("activities") for route in routes):
            yield _("The step “%(step)s” has nothing to do: give it an activity.") % {"step": step["title"]}
            continue
        for route in routes:
            if not route.get("activities"):
                words = _("The route “%(route)s” of the step “%(step)s” has nothing to do: give it an activity.")
                yield words % {"route": route["title"], "step": step["title"]}
    try:
        fileformat.load(fileformat.dump(document))
    except Malformed as error:
        yield from (f"{problem.field}: {problem.message}" for problem in error.problems)


def _rendered(document: Document) -> Iterator[tuple[str, str]]:
    """HTML of every Markdown field, by the keys that `Outline.from_document` looks for."""
    curriculum = document["curriculum"]
    for owner in (curriculum, *curriculum["steps"]):
        if "intro" in owner:
            yield owner["key"], richtext.render(owner["intro"], doc_id=owner["key"])
    for step in curriculum["steps"]:
        for holder in (step, *step.get("routes", ())):
            for activity in holder.get("activities", ()):
                if "note" in activity:
                    html = richtext.render(activity["note"], doc_id=activity["key"])
                    yield f"{holder['key']}:{activity['key']}:note", html


# The curator's desk


def settle_key(activity: Activity) -> None:
    """Give an activity that is about to be saved the key that belongs to what it asks for.

    The same section asked for in the same way has the same key everywhere, so it is done once for all. When a curator
    asks for something else, that is another activity: records of the old one stay with the old key. Other edits leave
    the key alone.
    """
    now_asks = (activity.resource_id, activity.section_id, activity.do)
    before = Activity.objects.filter(pk=activity.pk).values_list("resource", "section", "do").first()
    if before == now_asks or (before and not before[0] and not activity.resource):
        return
    if activity.resource:
        section = activity.section.slug if activity.section else ""
        activity.key = fileformat.activity_key(activity.resource.slug, section, activity.do)
    elif before:
        activity.key = uuid4()


def retire(rows: Any, *, now: datetime) -> int:
    """Take steps, routes, activities or curricula out of the draft; how many were in it."""
    return int(rows.filter(retired_at=None).update(retired_at=now))


class AddressTaken(Exception):
    """What should come back has the address of something that stands in its place now."""


def bring_back(rows: Any) -> int:
    """Put retired rows back; how many there were. Raises AddressTaken, and then none is back."""
    try:
        with transaction.atomic():
            return int(rows.filter(retired_at__isnull=False).update(retired_at=None))
    except IntegrityError:
        raise AddressTaken(_("Another one has the same slug by now: change one of the two first.")) from None
