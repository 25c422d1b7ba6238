"""The curriculum of a document, with its steps, routes and activities."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from curriculum.changes.library import Library
from curriculum.changes.rows import (
    Changes,
    ImportConflict,
    Rows,
    facts_of,
    key_is_taken,
)
from curriculum.fileformat import Document
from curriculum.models import Activity, Curriculum, Route, Step


def settle_curriculum(
    found: Changes, values: Document, library: Library, now: datetime
) -> None:
    key = UUID(values["key"])
    curriculum = Curriculum.objects.filter(key=key).first() or Curriculum(key=key)
    library.add_new(found.sections.created)
    steps = values.get("steps", ())
    _check_conflicts(curriculum, values)
    found.curriculum = curriculum
    found.curricula.settle(curriculum, facts_of(Curriculum, "curriculum", values))

    if curriculum.pk:
        mine = Q(curriculum=curriculum)
    else:
        mine = Q(pk=None)
    old_steps = {step.key: step for step in Step.objects.filter(mine)}
    old_routes = {
        r.key: r
        for r in Route.objects.filter(step__in=old_steps.values()).select_related(
            "step"
        )
    }
    old_activities: dict[tuple[Any, UUID], Activity] = {}
    for activity in Activity.objects.filter(step__in=old_steps.values()).select_related(
        "step", "route", "resource", "section"
    ):
        old_activities[activity.route or activity.step, activity.key] = activity

    seen: set[int] = set()
    for position, value in enumerate(steps):
        step = _settle_row(
            found.steps,
            old_steps,
            Step,
            "step",
            value,
            position,
            seen,
            curriculum=curriculum,
        )
        _settle_activities(
            found, old_activities, library, value, seen, step=step, route=None
        )
        for place, inner in enumerate(value.get("routes", ())):
            route = _settle_row(
                found.routes, old_routes, Route, "route", inner, place, seen, step=step
            )
            _settle_activities(
                found, old_activities, library, inner, seen, step=step, route=route
            )
    _retire(
        found,
        old_steps.values(),
        old_routes.values(),
        old_activities.values(),
        seen,
        now,
    )


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
    rows.settle(
        row,
        {
            **facts_of(model, kind, values),
            **parent,
            "position": position,
            "retired_at": None,
        },
    )
    seen.add(id(row))
    return row


def _settle_activities(
    found: Changes,
    old: Mapping[tuple[Any, UUID], Activity],
    library: Library,
    holder: Document,
    seen: set[int],
    *,
    step: Step,
    route: Route | None,
) -> None:
    for position, values in enumerate(holder.get("activities", ())):
        key, owner = UUID(values["key"]), route or step
        activity = None
        if owner.pk:
            activity = old.get((owner, key))
        if activity is None:
            activity = Activity(key=key, step=step, route=route)
        resource, section = library.of(values)
        place = {"step": step, "route": route, "resource": resource, "section": section}
        facts = {
            **facts_of(Activity, "activity", values),
            **place,
            "position": position,
            "retired_at": None,
        }
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
    """What the document lacks; but what stands on a retired step or route
    stays with it, to come back with it.
    """
    gone_steps = {step.pk for step in steps if id(step) not in seen}
    gone_routes = {route.pk for route in routes if id(route) not in seen}
    loose_routes = [route for route in routes if route.step_id not in gone_steps]
    loose = [
        a
        for a in activities
        if a.step_id not in gone_steps and a.route_id not in gone_routes
    ]
    for rows, these in (
        (found.steps, steps),
        (found.routes, loose_routes),
        (found.activities, loose),
    ):
        for row in these:
            if id(row) not in seen and not row.retired_at:
                row.retired_at = now
                rows.retired.append(row)


def _check_conflicts(curriculum: Curriculum, values: Document) -> None:
    """What a document cannot know: whether somebody else here has its
    address or its keys.
    """
    steps = values.get("steps", ())
    problems = []
    others = Curriculum.objects.exclude(key=curriculum.key)
    if other := others.filter(slug=values["slug"]).first():
        problems.append(
            _("The address “%(slug)s” belongs to “%(title)s”, which has another key.")
            % {"slug": values["slug"], "title": other.title}
        )
    taken = {
        step.key: step.curriculum.title
        for step in _elsewhere(Step, steps, Q(curriculum__key=curriculum.key))
    }
    routes: list[Document] = []
    for step in steps:
        routes += step.get("routes", ())
    for route in _elsewhere(Route, routes, Q(step__curriculum__key=curriculum.key)):
        taken[route.key] = route.step.curriculum.title
    for item in [*steps, *routes]:
        if title := taken.get(UUID(item["key"])):
            problems.append(key_is_taken(item["title"], title))
    if problems:
        raise ImportConflict(problems)


def _elsewhere(model: Any, items: Iterable[Document], mine: Q) -> Iterable[Any]:
    if model is Step:
        related = "curriculum"
    else:
        related = "step__curriculum"
    return (
        model.objects.filter(key__in=[UUID(i["key"]) for i in items])
        .exclude(mine)
        .select_related(related)
    )
