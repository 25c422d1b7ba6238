"""The tasks and the command that keep the index."""

from io import StringIO

import pytest
from django.core.management import call_command

from community.tests.make import make_post
from documents.models import SearchDocument
from search import tasks, vocabulary
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


def test_of_a_long_text_the_vocabulary_has_the_beginning() -> None:
    for _number in (1, 2):
        make_post(body=f"momentum {'word ' * vocabulary.BEGINNING} dropout")

    tasks.build_vocabulary()

    words = Vocabulary.objects.get().words
    assert words["momentum"] == 2
    assert "dropout" not in words


def test_rare_words_are_forgotten_before_they_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vocabulary, "COUNTED", 3)
    monkeypatch.setattr(vocabulary, "KEPT", 2)

    counts = vocabulary._counted([["adam momentum", "adam momentum", "dropout norm"]])

    assert counts == {"adam": 2, "momentum": 2}
