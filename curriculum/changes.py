"""What importing a document would change: rows to create, to change and to retire. Reads, and writes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, Q
from django.utils.translation import gettext as _

from curriculum import fileformat
from curriculum.fileformat import Document
from curriculum.models import Activity, Curriculum, Resource, Route, Section, Step


class Conflict(Exception):
    """The document is right in itself and does not fit this site; `problems` says why, in words."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass
class Rows:
    """Rows of one model, as they will be."""

    created: list[Any] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    retired: list[Any] = field(default_factory=list)
    same: int = 0
    fields: set[str] = field(default_factory=set)

    def settle(self, row: Model, facts: Mapping[str, Any]) -> None:
        """Give the row its facts, and note whether that makes it new or different."""
        different = {name for name, value in facts.items() if getattr(row, name) != value}
        for name in different:
            setattr(row, name, facts[name])
        self.fields |= different
        if row.pk is None:
            self.created.append(row)
        elif different:
            self.changed.append(row)
        else:
            self.same += 1

    @property
    def total(self) -> int:
        """How many the document holds."""
        return len(self.created) + len(self.changed) + self.same

    @property
    def touched(self) -> int:
        return len(self.created) + len(self.changed) + len(self.retired)


@dataclass
class Changes:
    curricula: Rows = field(default_factory=Rows)
    steps: Rows = field(default_factory=Rows)
    routes: Rows = field(default_factory=Rows)
    activities: Rows = field(default_factory=Rows)
    resources: Rows = field(default_factory=Rows)
    sections: Rows = field(default_factory=Rows)
    curriculum: Curriculum | None = None
    successors: list[tuple[Resource, str]] = field(default_factory=list)

    def rows(self) -> dict[str, Rows]:
        return {
            "steps": self.steps,
            "routes": self.routes,
            "activities": self.activities,
            "resources": self.resources,
            "sections": self.sections,
        }

    def named_rows(self) -> dict[str, Rows]:
        """The same, by what curators call them."""
        names = (_("Steps"), _("Routes"), _("Activities"), _("Resources"), _("Sections"))
        return dict(zip(names, self.rows().values(), strict=True))

    @property
    def is_nothing(self) -> bool:
        return not any(rows.touched for rows in (self.curricula, *self.rows().values()))


def changes(document: Document, *, now: datetime, keep: Iterable[str] = ()) -> Changes:
    """What the checked document would change here. `keep` are resources whose facts stay as they are.

    Rows are found by key, resources by slug, sections by slug within them. What a curriculum had and the document
    lacks is retired; resources and sections are never retired. Raises Conflict. A fixed number of queries.
    """
    found = Changes()
    library = _settle_resources(found, document.get("resources", {}), set(keep))
    if "curriculum" in document:
        _settle_curriculum(found, document["curriculum"], _Library(document, library), now)
    return found


def _default(model: type[Model], name: str) -> Any:
    return model._meta.get_field(name).get_default()  # type: ignore[union-attr]


def _facts(model: type[Model], kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The plain fields, with the model's default where the document is silent."""
    return {name: values.get(name, _default(model, name)) for name in fileformat.plain_fields(kind)}


def known() -> tuple[set[str], set[tuple[str, str]]]:
    """What files may refer to without holding it: ids of the library's resources, and of their sections."""
    slugs = Resource.objects.values_list("slug", flat=True)
    return set(slugs), set(Section.objects.values_list("resource__slug", "slug"))


# Resources


def _settle_resources(found: Changes, documents: Document, keep: set[str]) -> dict[str, Resource]:
    """The resources of the document, existing or new, by slug."""
    existing = {r.slug: r for r in Resource.objects.filter(slug__in=documents).select_related("successor")}
    sections: dict[int, dict[str, Section]] = {}
    for section in Section.objects.filter(resource__in=existing.values()):
        sections.setdefault(section.resource_id, {})[section.slug] = section
    library = {}
    for slug, values in documents.items():
        resource = library[slug] = existing.get(slug) or Resource(slug=slug)
        archived_on = date.fromisoformat(values["archived_on"]) if "archived_on" in values else None
        if slug in keep and resource.pk:
            found.resources.same += 1
        else:
            found.resources.settle(resource, {**_facts(Resource, "resource", values), "archived_on": archived_on})
            _settle_successor(found, resource, values.get("successor", ""))
        mine = sections.get(resource.pk, {})
        for position, part in enumerate(values.get("sections", ())):
            section = mine.get(part["id"]) or Section(resource=resource, slug=part["id"], key=UUID(part["key"]))
            found.sections.settle(section, {**_facts(Section, "section", part), "position": position})
    keys = [section.key for section in found.sections.created]
    if taken := Section.objects.filter(key__in=keys).select_related("resource").first():
        raise Conflict([_elsewhere_words(taken.title, taken.resource.title)])
    return library


def _elsewhere_words(item: str, owner: str) -> str:
    return _("The key of “%(item)s” belongs to something of “%(owner)s”: leave it out to get a new one.") % {
        "item": item,
        "owner": owner,
    }


def _settle_successor(found: Changes, resource: Resource, slug: str) -> None:
    """Note whom the resource should be followed by; done when all are saved, since they may name one another."""
    if slug == (resource.successor.slug if resource.successor else ""):
        return
    found.successors.append((resource, slug))
    if resource.pk and resource not in found.resources.changed:
        found.resources.changed.append(resource)
        found.resources.same -= 1


class _Library:
    """Resources and sections as activities name them: those of the document, else those of the site."""

    def __init__(self, document: Document, ours: dict[str, Resource]) -> None:
        steps = document["curriculum"].get("steps", ())
        holders = [*steps, *(route for step in steps for route in step.get("routes", ()))]
        named = {a["resource"] for holder in holders for a in holder.get("activities", ()) if "resource" in a}
        self.resources = ours | {r.slug: r for r in Resource.objects.filter(slug__in=named - set(ours))}
        saved = [resource for resource in self.resources.values() if resource.pk]
        self.sections = {
            (section.resource.slug, section.slug): section
            for section in Section.objects.filter(resource__in=saved, resource__slug__in=named).select_related(
                "resource"
            )
        }

    def add_new(self, sections: Iterable[Section]) -> None:
        self.sections |= {(section.resource.slug, section.slug): section for section in sections}

    def of(self, activity: Document) -> tuple[Resource | None, Section | None]:
        slug, section = activity.get("resource"), activity.get("section")
        return (self.resources[slug] if slug else None, self.sections[slug, section] if slug and section else None)


# The curriculum


def _settle_curriculum(found: Changes, values: Document, library: _Library, now: datetime) -> None:
    key = UUID(values["key"])
    curriculum = Curriculum.objects.filter(key=key).first() or Curriculum(key=key)
    library.add_new(found.sections.created)
    steps = values.get("steps", ())
    _check_conflicts(curriculum, values)
    found.curriculum = curriculum
    found.curricula.settle(curriculum, _facts(Curriculum, "curriculum", values))

    mine = Q(curriculum=curriculum) if curriculum.pk else Q(pk=None)
    old_steps = {step.key: step for step in Step.objects.filter(mine)}
    old_routes = {r.key: r for r in Route.objects.filter(step__in=old_steps.values()).select_related("step")}
    old_activities: dict[tuple[Any, UUID], Activity] = {}
    for activity in Activity.objects.filter(step__in=old_steps.values()).select_related(
        "step", "route", "resource", "section"
    ):
        old_activities[activity.route or activity.step, activity.key] = activity

    seen: set[int] = set()
    for position, value in enumerate(steps):
        step = _settle_row(found.steps, old_steps, Step, "step", value, position, seen, curriculum=curriculum)
        _settle_activities(found, old_activities, library, value, seen, step=step, route=None)
        for place, inner in enumerate(value.get("routes", ())):
            route = _settle_row(found.routes, old_routes, Route, "route", inner, place, seen, step=step)
            _settle_activities(found, old_activities, library, inner, seen, step=step, route=route)
    _retire(found, old_steps.values(), old_routes.values(), old_activities.values(), seen, now)


def _settle_row(
    rows: Rows,
    old: Mapping[UUID, Any],
    model: Any,
    kind: str,
    values: Document,
    position: int,
    seen: set[int],
    **parent: Any,
) -> Any:
    key = UUID(values["key"])
    row = old.get(key) or model(key=key, **parent)
    rows.settle(row, {**_facts(model, kind, values), **parent, "position": position, "retired_at": None})
    seen.add(id(row))
    return row


def _settle_activities(
    found: Changes,
    old: Mapping[tuple[Any, UUID], Activity],
    library: _Library,
    holder: Document,
    seen: set[int],
    *,
    step: Step,
    route: Route | None,
) -> None:
    for position, values in enumerate(holder.get("activities", ())):
        key, owner = UUID(values["key"]), route or step
        activity = (old.get((owner, key)) if owner.pk else None) or Activity(key=key, step=step, route=route)
        resource, section = library.of(values)
        place = {"step": step, "route": route, "resource": resource, "section": section}
        facts = {**_facts(Activity, "activity", values), **place, "position": position, "retired_at": None}
        found.activities.settle(activity, facts)
        seen.add(id(activity))


def _retire(
    found: Changes,
    steps: Iterable[Step],
    routes: Iterable[Route],
    activities: Iterable[Activity],
    seen: set[int],
    now: datetime,
) -> None:
    """What the document lacks; but what stands on a retired step or route stays with it, to come back with it."""
    gone_steps = {step.pk for step in steps if id(step) not in seen}
    gone_routes = {route.pk for route in routes if id(route) not in seen}
    loose_routes = [route for route in routes if route.step_id not in gone_steps]
    loose = [a for a in activities if a.step_id not in gone_steps and a.route_id not in gone_routes]
    for rows, these in ((found.steps, steps), (found.routes, loose_routes), (found.activities, loose)):
        for row in these:
            if id(row) not in seen and not row.retired_at:
                row.retired_at = now
                rows.retired.append(row)


def _check_conflicts(curriculum: Curriculum, values: Document) -> None:
    """What a document cannot know: whether somebody else here has its address or its keys."""
    steps = values.get("steps", ())
    problems = []
    others = Curriculum.objects.exclude(key=curriculum.key)
    if other := others.filter(slug=values["slug"]).first():
        problems.append(
            _("The address “%(slug)s” belongs to “%(title)s”, which has another key.")
            % {"slug": values["slug"], "title": other.title}
        )
    taken = {step.key: step.curriculum.title for step in _elsewhere(Step, steps, Q(curriculum__key=curriculum.key))}
    routes = [route for step in steps for route in step.get("routes", ())]
    for route in _elsewhere(Route, routes, Q(step__curriculum__key=curriculum.key)):
        taken[route.key] = route.step.curriculum.title
    for item in [*steps, *routes]:
        if title := taken.get(UUID(item["key"])):
            problems.append(_elsewhere_words(item["title"], title))
    if problems:
        raise Conflict(problems)


def _elsewhere(model: Any, items: Iterable[Document], mine: Q) -> Iterable[Any]:
    related = "curriculum" if model is Step else "step__curriculum"
    return model.objects.filter(key__in=[UUID(i["key"]) for i in items]).exclude(mine).select_related(related)
