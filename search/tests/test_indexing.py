"""The tasks and the command that keep the index."""

from io import StringIO

import pytest
from django.core.management import call_command

from community.tests.make import make_post
from documents.models import SearchDocument
from search import tasks
from search.models import Vocabulary

pytestmark = pytest.mark.django_db


def written_past_the_actions() -> None:
    make_post(body="Softmax and its temperature")
    make_post(body="Softmax again")


def found(term: str) -> int:
    posts = SearchDocument.objects.filter(kind=SearchDocument.Kind.POST)
    return posts.filter(words__contains=f" {term}").count()


def test_the_task_indexes_what_has_no_document_and_learns_its_words() -> None:
    written_past_the_actions()

    assert tasks.rebuild_index() >= 2

    assert found("softmax") == 2
    assert "softmax" in Vocabulary.objects.get().words
    assert tasks.rebuild_index() == 0


def test_the_vocabulary_is_built_once_for_the_same_texts() -> None:
    written_past_the_actions()

    assert tasks.build_vocabulary() > 0
    assert tasks.build_vocabulary() == 0
    make_post(body="Softmax and its temperature")
    assert tasks.build_vocabulary() > 0
    assert Vocabulary.objects.count() == 1


def test_the_command_makes_everything_again() -> None:
    written_past_the_actions()
    tasks.rebuild_index()
    SearchDocument.objects.all().delete()
    said = StringIO()

    call_command("index", stdout=said, verbosity=2)

    assert found("softmax") == 2
    assert "texts are indexed." in said.getvalue()
