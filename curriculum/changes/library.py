"""Resources and sections that a document holds or names."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from curriculum.changes.rows import Changes, ImportConflict, facts_of, key_is_taken
from curriculum.fileformat import Document, Namesake
from curriculum.models import Activity, Resource, Section


def known() -> tuple[set[str], set[tuple[str, str]], dict[str, list[Namesake]]]:
    """What files may refer to without holding it: ids of the library's
    resources, and of their sections.

    And the activities in drafts by their key, since other exercises may
    come to share their ticks.
    """
    slugs = Resource.objects.values_list("slug", flat=True)
    activities: dict[str, list[Namesake]] = {}
    rows = Activity.objects.filter(
        retired_at=None, step__retired_at=None, step__curriculum__retired_at=None
    )
    for key, owner, curriculum, title in rows.order_by("pk").values_list(
        "key", "step__curriculum__key", "step__curriculum__title", "title"
    ):
        activities.setdefault(str(key), []).append(
            Namesake(str(owner), curriculum, title)
        )
    return (
        set(slugs),
        set(Section.objects.values_list("resource__slug", "slug")),
        activities,
    )


def settle_resources(
    found: Changes, documents: Document, keep: set[str]
) -> dict[str, Resource]:
    """The resources of the document, existing or new, by slug."""
    existing = {
        r.slug: r
        for r in Resource.objects.filter(slug__in=documents).select_related("successor")
    }
    sections: dict[int, dict[str, Section]] = {}
    for section in Section.objects.filter(resource__in=existing.values()):
        sections.setdefault(section.resource_id, {})[section.slug] = section
    library = {}
    for slug, values in documents.items():
        resource = library[slug] = existing.get(slug) or Resource(slug=slug)
        archived_on = None
        if "archived_on" in values:
            archived_on = date.fromisoformat(values["archived_on"])
        if slug in keep and resource.pk:
            found.resources.same += 1
        else:
            found.resources.settle(
                resource,
                {**facts_of(Resource, "resource", values), "archived_on": archived_on},
            )
            _settle_successor(found, resource, values.get("successor", ""))
        mine = sections.get(resource.pk, {})
        for position, part in enumerate(values.get("sections", ())):
            section = mine.get(part["id"]) or Section(
                resource=resource, slug=part["id"], key=UUID(part["key"])
            )
            found.sections.settle(
                section, {**facts_of(Section, "section", part), "position": position}
            )
    keys = [section.key for section in found.sections.created]
    if taken := Section.objects.filter(key__in=keys).select_related("resource").first():
        raise ImportConflict([key_is_taken(taken.title, taken.resource.title)])
    return library


def _settle_successor(found: Changes, resource: Resource, slug: str) -> None:
    """Note whom the resource should be followed by; done when all are
    saved, since they may name one another.
    """
    before = ""
    if resource.successor:
        before = resource.successor.slug
    if slug == before:
        return
    found.successors.append((resource, slug))
    if resource.pk and resource not in found.resources.changed:
        found.resources.changed.append(resource)
        found.resources.same -= 1


class Library:
    """Resources and sections as activities name them: those of the
    document, else those of the site.
    """

    def __init__(self, document: Document, ours: dict[str, Resource]) -> None:
        steps = document["curriculum"].get("steps", ())
        holders = [*steps]
        for step in steps:
            holders += step.get("routes", ())
        named: set[str] = set()
        for holder in holders:
            activities = holder.get("activities", ())
            named |= {each["resource"] for each in activities if "resource" in each}
        self.resources = ours | {
            r.slug: r for r in Resource.objects.filter(slug__in=named - set(ours))
        }
        saved = [resource for resource in self.resources.values() if resource.pk]
        self.sections = {
            (section.resource.slug, section.slug): section
            for section in Section.objects.filter(
                resource__in=saved, resource__slug__in=named
            ).select_related("resource")
        }

    def add_new(self, sections: Iterable[Section]) -> None:
        self.sections |= {
            (section.resource.slug, section.slug): section for section in sections
        }

    def of(self, activity: Document) -> tuple[Resource | None, Section | None]:
        slug, section = activity.get("resource"), activity.get("section")
        if not slug:
            return None, None
        if not section:
            return self.resources[slug], None
        return self.resources[slug], self.sections[slug, section]
