"""Every address of the site with real values in it, so that a new
one is walked too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.urls import URLResolver, get_resolver, reverse

from config.tests.world import World


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    path: str


def patterns(
    resolver: URLResolver | None = None,
    spaces: tuple[str, ...] = (),
    given: frozenset[str] = frozenset(),
) -> Iterator[tuple[str, frozenset[str]]]:
    """Name, with its namespaces, and parameters of every address.

    Those without a name only redirect or answer 404.
    """
    for each in (resolver or get_resolver()).url_patterns:
        parameters = (
            given
            | set(each.pattern.converters)
            | set(getattr(each.pattern.regex, "groupindex", ()))
        )
        if isinstance(each, URLResolver):
            yield from patterns(
                each,
                (*spaces, each.namespace) if each.namespace else spaces,
                parameters,
            )
        elif each.name:
            yield ":".join((*spaces, each.name)), parameters


def names() -> list[str]:
    return sorted({name for name, _parameters in patterns()})


def addresses(world: World) -> list[Address]:
    return [Address(name, _path(name, wanted, world)) for name, wanted in patterns()]


def nameless(resolver: URLResolver | None = None, before: str = "/") -> Iterator[str]:
    """The addresses without a name, as the table of contents writes them."""
    for each in (resolver or get_resolver()).url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from nameless(each, route)
        elif not each.name:
            yield route


def routes() -> list[str]:
    """Every address once: by its name, or as it is written where
    it has none.
    """
    return sorted({*names(), *nameless()})


def path_of(route: str, world: World) -> str:
    """A real address of a route."""
    if not route.startswith("/"):
        wanted = next(wanted for name, wanted in patterns() if name == route)
        return _path(route, wanted, world)
    label, model = (*route.split("/"), "", "")[2:4]
    if "<path:object_id>" in route:
        return route.replace("<path:object_id>", str(_first_of(label, model).pk))
    return re.sub(r"\(\?P<url>.*", "nowhere/", route)


def admin_actions() -> Iterator[tuple[str, str]]:
    """What can be done with chosen rows on the lists of the operators'
    desk: the list's name, and the action's.
    """
    for model, desk in admin.site._registry.items():
        for _function, name, _description in desk._get_base_actions():
            yield (
                f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist",
                name,
            )


def _path(name: str, wanted: frozenset[str], world: World) -> str:
    if "object_id" in wanted and name not in world.parameters:
        return reverse(name, args=[_first_row(name).pk])
    known = world.parameters[""] | world.parameters.get(name, {})
    missing = wanted - known.keys()
    assert not missing, f"config/tests/world.py gives no {missing} for {name}"
    return reverse(name, kwargs={each: known[each] for each in wanted})


def _first_row(name: str) -> Any:
    """The row of an admin page such as admin:papers_feed_change."""
    words = name.partition(":")[2].rsplit("_", 1)[0]
    label, _, model = words.partition("_")
    return _first_of(label, model)


def _first_of(label: str, model: str) -> Any:
    row = apps.get_model(label, model)._default_manager.order_by("pk").first()
    assert row, f"config/tests/world.py makes no {label}.{model}"
    return row
