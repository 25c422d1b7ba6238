"""Documents of what was written before the index."""

from typing import Any

import pytest

from community.indexed import SOURCES
from community.models import Post
from community.tests.make import make_post
from documents import rebuilding
from documents.models import VERSION, Rebuild, SearchDocument

pytestmark = pytest.mark.django_db


def test_every_text_gets_its_document_some_at_a_time() -> None:
    posts = [make_post(body=f"Post {number}") for number in range(3)]
    SearchDocument.objects.all().delete()

    assert rebuilding.rebuild(SOURCES, most=2) == 2
    newest = {post.pk for post in posts[1:]}
    assert set(SearchDocument.objects.values_list("object_id", flat=True)) == newest
    assert rebuilding.rebuild(SOURCES, most=2) == 1
    assert SearchDocument.objects.count() == 3
    assert rebuilding.rebuild(SOURCES, most=2) == 0


def test_what_is_finished_costs_one_query(django_assert_num_queries: Any) -> None:
    rebuilding.rebuild(SOURCES, most=10)

    with django_assert_num_queries(1):
        assert rebuilding.rebuild(SOURCES, most=10) == 0


def test_an_older_analysis_is_made_again() -> None:
    post = make_post(body="Momentum")
    rebuilding.rebuild(SOURCES, most=10)
    Rebuild.objects.update(version=VERSION - 1)
    Post.objects.filter(pk=post.pk).update(body="Adam")

    assert rebuilding.rebuild(SOURCES, most=10) == 1
    found = SearchDocument.objects.get(kind=SearchDocument.Kind.POST)
    assert found.words.endswith(" adam")


def test_it_can_begin_again() -> None:
    make_post()
    rebuilding.rebuild(SOURCES, most=10)
    rebuilding.begin_again()

    assert rebuilding.rebuild(SOURCES, most=10) == 1
