"""Pages that are opened most build no queryset: their statements are compiled once in a
process. One queryset that is built for nothing takes a tenth of a page's time.
"""

from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client

from community.models import Draft
from config.tests.addresses import addresses
from config.tests.world import World

COMPILED = {
    "community:post",
    "curriculum:curriculum",
    "curriculum:list",
    "curriculum:resource",
    "curriculum:step",
    "home",
    "notifications:bell",
    "notifications:menu",
    "notifications:notifications",
    "papers:day",
    "papers:list",
    "papers:paper",
    "papers:today",
    "progress:overview",
    "search:search",
}


@pytest.mark.django_db
def test_pages_that_are_opened_most_build_no_queryset(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    client.force_login(world["member"])
    Draft.objects.all().delete()  # who left one below a post is offered it: few
    pages = [one for one in addresses(world) if one.name in COMPILED]
    built: list[str] = []
    # every filter() and exclude() goes through it; it is not in the stubs
    usual = QuerySet._filter_or_exclude  # type: ignore[attr-defined]

    def noted(queryset: QuerySet[Any], *args: Any) -> QuerySet[Any]:
        built.append(queryset.model.__name__)
        return usual(queryset, *args)

    monkeypatch.setattr(QuerySet, "_filter_or_exclude", noted)
    found: dict[str, list[str]] = {}
    for page in pages:
        client.get(page.path)  # compiles
        built.clear()
        assert client.get(page.path).status_code == 200
        if built:
            found[page.name] = list(built)

    assert {page.name for page in pages} == COMPILED
    assert found == {}
