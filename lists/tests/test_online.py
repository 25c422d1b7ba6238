"""Looking for texts of an older pipeline reads an index that has none of the newer ones."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.db.migrations.state import ProjectState

from community.models import Comment, Post
from lists.online import AddIndexOnline, AddUniqueOnline, RemoveIndexOnline
from papers.models import Paper
from text import PIPELINE_VERSION

INDEXES = {
    Post: "post_to_render_again",
    Comment: "comment_to_render_again",
    Paper: "paper_to_render_again",
}


def plan_of(rows: models.QuerySet) -> str:
    """With an index used wherever one can be, as on a table with many rows."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
        return str(rows.explain())


@pytest.mark.django_db
@pytest.mark.parametrize("model", INDEXES)
def test_no_row_of_the_newest_pipeline_is_read(model: type[models.Model]) -> None:
    stale = model._default_manager.filter(pipeline_version__lt=PIPELINE_VERSION)

    for rows in (stale.order_by("-pk")[:500], stale.order_by("-pk").only("pk")):
        assert INDEXES[model] in plan_of(rows)


@pytest.mark.django_db(transaction=True)
def test_an_index_that_was_left_half_made_is_made_again() -> None:
    index = models.Index(fields=["primary_category"], name="paper_for_a_test")
    operation = AddIndexOnline("paper", index)
    before = ProjectState.from_apps(apps)
    after = before.clone()
    operation.state_forwards("papers", after)

    def names() -> set[str]:
        with connection.cursor() as cursor:
            table = Paper._meta.db_table
            return set(connection.introspection.get_constraints(cursor, table))

    for _each in range(2 if connection.vendor == "postgresql" else 1):
        with connection.schema_editor(atomic=False) as editor:
            operation.database_forwards("papers", editor, before, after)
        assert index.name in names()
    with connection.schema_editor(atomic=False) as editor:
        operation.database_backwards("papers", editor, after, before)
    assert index.name not in names()


class Recorder:
    """An editor of PostgreSQL's schema that notes what it is asked for."""

    connection = SimpleNamespace(vendor="postgresql", alias="default")

    def __init__(self) -> None:
        self.done: list[tuple[str, bool]] = []

    def add_index(self, model: Any, index: Any, *, concurrently: bool) -> None:
        self.done.append(("add", concurrently))

    def remove_index(self, model: Any, index: Any, *, concurrently: bool) -> None:
        self.done.append(("remove", concurrently))


def test_on_postgresql_nobody_waits_for_an_index(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index = models.Index(fields=["primary_category"], name="paper_for_a_test")
    operation = AddIndexOnline("paper", index)
    state = ProjectState.from_apps(apps)
    there, back, elsewhere = Recorder(), Recorder(), Recorder()

    operation.database_forwards("papers", there, state, state)
    operation.database_backwards("papers", back, state, state)
    monkeypatch.setattr(operation, "allow_migrate_model", lambda *_: False)
    operation.database_forwards("papers", elsewhere, state, state)
    operation.database_backwards("papers", elsewhere, state, state)

    assert there.done == [("remove", True), ("add", True)]
    assert back.done == [("remove", True)]
    assert elsewhere.done == []


@pytest.mark.django_db(transaction=True)
def test_an_index_is_taken_away_and_brought_back() -> None:
    operation = RemoveIndexOnline("paper", "paper_to_render_again")
    before = ProjectState.from_apps(apps)
    after = before.clone()
    operation.state_forwards("papers", after)

    def is_there() -> bool:
        with connection.cursor() as cursor:
            table = Paper._meta.db_table
            constraints = connection.introspection.get_constraints(cursor, table)
        return operation.name in constraints

    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("papers", editor, before, after)
    assert not is_there()
    with connection.schema_editor(atomic=False) as editor:
        operation.database_backwards("papers", editor, after, before)
    assert is_there()


def test_on_postgresql_nobody_waits_for_an_index_that_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    operation = RemoveIndexOnline("paper", "paper_to_render_again")
    state = ProjectState.from_apps(apps)
    there, elsewhere = Recorder(), Recorder()

    operation.database_forwards("papers", there, state, state)
    operation.database_backwards("papers", there, state, state)
    monkeypatch.setattr(operation, "allow_migrate_model", lambda *_: False)
    operation.database_forwards("papers", elsewhere, state, state)
    operation.database_backwards("papers", elsewhere, state, state)

    assert there.done == [("remove", True), ("add", True)]
    assert elsewhere.done == []


@pytest.mark.django_db(transaction=True)
def test_a_rule_of_uniqueness_that_was_left_half_made_is_made_again() -> None:
    rule = models.UniqueConstraint(
        fields=["title"], condition=models.Q(version=2), name="paper_once_for_a_test"
    )
    operation = AddUniqueOnline("paper", rule)
    before = ProjectState.from_apps(apps)
    after = before.clone()
    operation.state_forwards("papers", after)

    def unique() -> set[str]:
        with connection.cursor() as cursor:
            table = Paper._meta.db_table
            found = connection.introspection.get_constraints(cursor, table)
        return {name for name, facts in found.items() if facts["unique"]}

    for _each in range(2 if connection.vendor == "postgresql" else 1):
        with connection.schema_editor(atomic=False) as editor:
            operation.database_forwards("papers", editor, before, after)
        assert rule.name in unique()
    with connection.schema_editor(atomic=False) as editor:
        operation.database_backwards("papers", editor, after, before)
    assert rule.name not in unique()


@pytest.mark.django_db(transaction=True)
def test_a_rule_is_added_beside_the_site_on_postgresql(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rule = models.UniqueConstraint(
        fields=["title"], condition=models.Q(pk=1), name="paper_rule_of_a_test"
    )
    operation = AddUniqueOnline("paper", rule)
    before = ProjectState.from_apps(apps)
    after = before.clone()
    operation.state_forwards("papers", after)

    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        monkeypatch.setattr(connection, "vendor", "postgresql")
        operation.database_forwards("papers", editor, before, after)
        operation.database_backwards("papers", editor, after, before)
        monkeypatch.undo()

    dropped = "DROP INDEX CONCURRENTLY IF EXISTS"
    made = "CREATE UNIQUE INDEX CONCURRENTLY"
    begins = [
        next(each for each in (dropped, made) if sql.startswith(each))
        for sql in editor.collected_sql
    ]
    assert begins == [dropped, made, dropped]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_hold_the_model_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rule = models.UniqueConstraint(fields=["title"], name="paper_rule_of_a_test")
    operation = AddUniqueOnline("paper", rule)
    state = ProjectState.from_apps(apps)
    monkeypatch.setattr(operation, "allow_migrate_model", lambda *_given: False)

    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        monkeypatch.setattr(connection, "vendor", "postgresql")
        operation.database_forwards("papers", editor, state, state)
        operation.database_backwards("papers", editor, state, state)
        monkeypatch.undo()

    assert editor.collected_sql == []
