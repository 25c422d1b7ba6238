"""A curriculum's draft as the document that files and releases hold."""

import hashlib
import json
from collections.abc import Iterable
from itertools import chain
from typing import Any

from curriculum import fileformat
from curriculum.fileformat import Document
from curriculum.models import Activity, Curriculum, Resource, Route, Section, Step


def document_of(curriculum: Curriculum) -> Document:
    """The draft without what is retired, with every resource that it uses
    and their successors.

    Canonical, so equal drafts give equal documents. Five queries, and one
    for each link in the longest chain of successors.
    """
    activities: dict[tuple[int, int | None], list[Activity]] = {}
    rows = Activity.objects.filter(
        step__curriculum=curriculum, retired_at=None, step__retired_at=None
    )
    for activity in rows.select_related("resource", "section", "route").order_by(
        "position", "pk"
    ):
        if activity.route is None or activity.route.retired_at is None:
            activities.setdefault((activity.step_id, activity.route_id), []).append(
                activity
            )
    routes: dict[int, list[Route]] = {}
    for route in Route.objects.filter(
        step__curriculum=curriculum, retired_at=None
    ).order_by("position", "pk"):
        routes.setdefault(route.step_id, []).append(route)

    def route_of(route: Route) -> Document:
        return {
            **_facts(route, "route"),
            "activities": [
                _activity(a) for a in activities.get((route.step_id, route.pk), ())
            ],
        }

    def step_of(step: Step) -> Document:
        return {
            **_facts(step, "step"),
            "activities": [
                _activity(activity) for activity in activities.get((step.pk, None), ())
            ],
            "routes": [route_of(route) for route in routes.get(step.pk, ())],
        }

    steps = curriculum.steps.filter(retired_at=None).order_by("position", "pk")
    every_activity = chain.from_iterable(activities.values())
    used = {activity.resource for activity in every_activity if activity.resource}
    return fileformat.canonical(
        {
            "format": fileformat.FORMAT,
            "curriculum": {
                **_facts(curriculum, "curriculum"),
                "steps": [step_of(step) for step in steps],
            },
            "resources": _resources(used),
        }
    )


def resources_document(resources: Iterable[Resource]) -> Document:
    """A document of resources alone, with their successors.

    One query, and one for each link of successors.
    """
    return fileformat.canonical(
        {"format": fileformat.FORMAT, "resources": _resources(resources)}
    )


def digest(document: Any) -> str:
    """The same for equal documents, else different."""
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def _resources(resources: Iterable[Resource]) -> Document:
    found = {resource.pk: resource for resource in resources}
    while missing := {r.successor_id for r in found.values() if r.successor_id} - set(
        found
    ):
        found |= Resource.objects.in_bulk(missing)
    sections: dict[int, list[Section]] = {}
    for section in Section.objects.filter(resource__in=found).order_by(
        "position", "pk"
    ):
        sections.setdefault(section.resource_id, []).append(section)
    document = {}
    for resource in found.values():
        archived_on = successor = ""
        if resource.archived_on:
            archived_on = resource.archived_on.isoformat()
        if resource.successor_id:
            successor = found[resource.successor_id].slug
        document[resource.slug] = {
            **_facts(resource, "resource"),
            "archived_on": archived_on,
            "successor": successor,
            "sections": [
                {**_facts(s, "section"), "id": s.slug}
                for s in sections.get(resource.pk, ())
            ],
        }
    return document


def _activity(activity: Activity) -> Document:
    resource = section = ""
    if activity.resource:
        resource = activity.resource.slug
    if activity.section:
        section = activity.section.slug
    return {
        **_facts(activity, "activity"),
        "resource": resource,
        "section": section,
    }


def _facts(row: Any, kind: str) -> Document:
    """The row's plain fields; its key as text, where it has one."""
    facts = {name: getattr(row, name) for name in fileformat.plain_fields(kind)}
    if hasattr(row, "key"):
        return {**facts, "key": str(row.key)}
    return facts
