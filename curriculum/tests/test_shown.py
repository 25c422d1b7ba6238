"""What the page of a resource reads by compiled statements is what is stored."""

import pytest
from pytest_django import DjangoAssertNumQueries

from curriculum.models import Resource
from curriculum.shown import (
    COLUMNS,
    predecessors_of,
    sections_of,
    shown_resource,
)
from curriculum.tests.make import make_resource

pytestmark = pytest.mark.django_db


def test_a_resource_is_read_with_what_follows_it(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    new = make_resource("new", title="The new one")
    old = make_resource("old", authors=["A", "B"], year=1999, successor=new)

    with django_assert_num_queries(1):
        shown = shown_resource("old")
        assert shown is not None
        values = {name: getattr(shown, name) for name in COLUMNS}
        follows = shown.successor
        assert follows is not None
        assert (follows.pk, follows.title) == (new.pk, new.title)

    stored = Resource.objects.filter(pk=old.pk).values(*COLUMNS).get()
    assert values == stored
    last = shown_resource("new")
    assert last is not None
    assert last.successor is None
    assert shown_resource("gone") is None


def test_sections_are_in_their_order_and_predecessors_by_title() -> None:
    resource = make_resource("new")
    for position, title in ((2, "Second"), (1, "First")):
        resource.sections.create(slug=title.lower(), title=title, position=position)
    for slug, title in (("b", "Beta"), ("a", "Alpha")):
        make_resource(slug, title=title, successor=resource)
    make_resource("other")

    titles = [section.title for section in sections_of(resource=resource)]

    assert titles == ["First", "Second"]
    assert predecessors_of(resource=resource) == [("a", "Alpha"), ("b", "Beta")]
