"""How frequent a word is among the questions."""

import pytest

from documents import alike
from documents.models import SearchDocument, document

Kind = SearchDocument.Kind


def store(key: int, marks: list[str]) -> None:
    SearchDocument.objects.bulk_create(
        [document(Kind.POST, key, title=f"Zebra {key}", body="text", marks=marks)]
    )


@pytest.mark.django_db
def test_in_a_small_group_questions_are_counted() -> None:
    store(900_001, ["question"])
    store(900_002, ["discussion"])

    found = alike._frequencies()

    assert found.total == 1
    assert found.of({"zebra": 1.0, "quagga": 1.0}) == {"zebra": 1.0, "quagga": 0.5}


@pytest.mark.django_db
def test_in_a_large_group_the_newest_tell_how_many_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(alike, "NEWEST", 4)
    for number in range(1_000, 1_008):
        store(number, [("discussion", "question")[number % 2]])

    assert alike._frequencies().total == 503


@pytest.mark.django_db
def test_where_nobody_has_asked_there_are_none() -> None:
    assert alike._frequencies().total == 0
