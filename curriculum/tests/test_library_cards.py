"""A card of the library shows its resource, whatever was kept before."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curriculum.library import shelf
from curriculum.models import Resource
from curriculum.tests.make import make_resource
from curriculum.views.library import SHELF
from members.models import Member
from progress.tests.make import NOW, rolled_back

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("group")]
WORDS = st.sampled_from(["", "A & B", "<b>bold</b>", "{{ row }}"])
changes = st.fixed_dictionaries(
    {},
    optional={
        "title": WORDS.filter(bool),
        "note": WORDS,
        "authors": st.lists(WORDS.filter(bool), max_size=5),
        "year": st.none() | st.integers(1990, 2030),
        "kind": st.sampled_from(Resource.Kind.values),
        "cost": st.sampled_from(Resource.Cost.values),
        "level": st.sampled_from(["", *Resource.Level.values]),
        "archived_on": st.none() | st.just(NOW.date()),
        "archived_why": WORDS,
        "unverified": WORDS,
    },
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(changes, max_size=6))
def test_a_kept_card_is_the_card_rendered_again(edits: list[dict[str, object]]) -> None:
    with rolled_back():
        newer = make_resource("newer")
        resource = make_resource("older", successor=newer)
        for edit in edits:
            Resource.objects.filter(pk=resource.pk).update(**edit)

            rows = shelf(Resource.objects.order_by("title", "pk"))

            assert [SHELF(row) for row in rows] == [SHELF.fresh(row) for row in rows]


def test_an_edit_is_on_the_next_page(client: Client, member: Member) -> None:
    make_resource("a-book", title="Old title")
    assert "Old title" in client.get("/learn/resources/").content.decode()

    Resource.objects.update(title="New title")

    page = client.get("/learn/resources/").content.decode()
    assert "New title" in page
    assert "Old title" not in page


def test_filters_are_those_of_the_address(client: Client, member: Member) -> None:
    make_resource()
    for address in ("", "?kind=book", "?kind=nonsense", "?q=%3Cb%3E&cost=free", ""):
        page = client.get(f"/learn/resources/{address}").content.decode()
        assert ('<option value="book" selected>' in page) == ("=book" in address)
        assert ('value="&lt;b&gt;"' in page) == ("q=" in address)
