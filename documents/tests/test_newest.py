"""The newest documents are found, whichever way they are looked up."""

from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from documents import actions, on_postgresql
from documents.asked import Sql, Wanted
from documents.candidates import candidates
from documents.models import SearchDocument, document
from documents.query import parse

Kind = SearchDocument.Kind
# always read the newest, and always ask the index
WAYS = (
    {kind: on_postgresql.ReadInTurn(3, cheap) for kind in Kind} for cheap in (1e9, 0)
)
NEVER_ENOUGH, INDEX = WAYS
WORDS = st.sets(st.sampled_from(["adam", "decay", "loss", "rate"]))
# what a text must hold and must not; its words stand in the order of the alphabet
TYPED: dict[str, tuple[set[str], set[str]]] = {
    "adam ": ({"adam"}, set()),
    "adam decay ": ({"adam", "decay"}, set()),
    "loss -rate": ({"loss"}, {"rate"}),
    '"loss rate"': ({"loss", "rate"}, set()),
    '"decay rate"': ({"decay", "rate"}, {"loss"}),
    '"adam loss rate"': ({"adam", "loss", "rate"}, {"decay"}),
    '"decay loss" adam ': ({"adam", "decay", "loss"}, set()),
    '"rate loss"': ({"nothing"}, set()),
}


class TestBothWays(TestCase):
    @given(
        texts=st.lists(st.tuples(WORDS, st.booleans()), max_size=12),
        typed=st.sampled_from(list(TYPED)),
        most=st.integers(1, 6),
    )
    @settings(max_examples=60)
    def test_the_newest_that_the_reader_may_see(
        self, texts: list[tuple[set[str], bool]], typed: str, most: int
    ) -> None:
        SearchDocument.objects.all().delete()
        for number, (words, _is_seen) in enumerate(texts, 1):
            body = " ".join(sorted(words))
            actions.store(document(Kind.POST, number, body=body))
            actions.store(document(Kind.COMMENT, number, body=body))
        seen = [number for number, (_words, is_seen) in enumerate(texts, 1) if is_seen]
        holding = [number for number in seen if holds(texts[number - 1][0], typed)]
        expected = sorted(holding, reverse=True)[:most]

        for reading in (NEVER_ENOUGH, INDEX, on_postgresql.READING):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(on_postgresql, "READING", reading)
                found = look(typed, seen, most)

            assert found == [(kind, key) for kind in (1, 2) for key in expected]


def holds(words: set[str], typed: str) -> bool:
    needed, without = TYPED[typed]
    return needed <= words and words.isdisjoint(without)


def look(typed: str, seen: list[int], most: int) -> list[tuple[int, int]]:
    rows = SearchDocument.objects.filter(object_id__in=[0, *seen]).values("object_id")
    found = candidates(parse(typed), {Kind.POST: rows, Kind.COMMENT: rows}, most=most)
    return [(each.kind, each.object_id) for each in found]


@pytest.mark.django_db
def test_of_each_kind_as_many_as_are_wanted(django_assert_num_queries: Any) -> None:
    for number in range(1, 5):
        actions.store(document(Kind.POST, number, body="Adam"))
        actions.store(document(Kind.PAPER, number, body="Adam"))
    every = SearchDocument.objects.values("object_id")
    most = {Kind.POST: 1, Kind.PAPER: 3}

    with django_assert_num_queries(1):
        found = candidates(
            parse("adam "), {Kind.PAPER: every, Kind.POST: every}, most=most
        )

    assert [each[:2] for each in found] == [(4, 4), (4, 3), (4, 2), (1, 4)]


def test_the_statement_of_postgresql_is_the_same_for_all_words() -> None:
    wanted = [Wanted(Kind.POST, Sql("SELECT id FROM community_post"), 500)]

    texts = {
        on_postgresql.statement(parse(typed), wanted).text
        for typed in ("adam", "weight decay ", "loss* -rate", "CrossEntropyLoss")
    }

    assert len(texts) == 1


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="FTS5 has one index")
def test_each_kind_has_an_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE indexname LIKE 'document\\_terms\\_%'"
        )
        found = [row[0] for row in cursor.fetchall()]

    for kind in Kind:
        assert any(f"WHERE (kind = {kind.value})" in each for each in found), kind
