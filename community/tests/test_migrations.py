"""Rows that were stored before threads were rows keep their step, activity and paper,
through the migration and back.
"""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from community.tests.make import NOON, make_paper
from members.models import Member
from members.tests.make import make_member

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE, AFTER = "0002_put_away_notice", "0005_posts_belong_to_threads"
NOTHING = {"step_key": None, "activity_key": None, "paper_id": None}


def migrate(name: str) -> Apps:
    executor = MigrationExecutor(connection)
    executor.migrate([("community", name)])
    executor.loader.build_graph()
    return executor.loader.project_state([("community", name)]).apps


@pytest.fixture
def before() -> Iterator[Apps]:
    yield migrate(BEFORE)
    # all apps: those above this one were taken back with it
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def make_old_post(apps: Apps, author: Member, **columns: Any) -> Any:
    post = apps.get_model("community", "Post").objects.create(
        author_id=author.pk,
        body="b",
        body_html="b",
        posted_at=NOON,
        active_at=NOON,
        comment_count=1,
        **columns,
    )
    apps.get_model("community", "Comment").objects.create(
        post=post, author_id=author.pk, body="c", body_html="c", commented_at=NOON
    )
    return post


def columns_of(apps: Apps) -> dict[int, dict[str, Any]]:
    posts = apps.get_model("community", "Post").objects.order_by("pk")
    return {row.pop("id"): row for row in posts.values("id", *NOTHING)}


def threads_of(apps: Apps) -> dict[int, tuple[str, str]]:
    posts = apps.get_model("community", "Post").objects.order_by("pk")
    rows = posts.values_list("pk", "thread__kind", "thread__key")
    return {pk: (kind, key) for pk, kind, key in rows}


def test_every_post_gets_the_thread_it_was_in_and_gives_it_back(before: Apps) -> None:
    author, paper = make_member(), make_paper()
    step, activity = uuid4(), uuid4()
    in_group, in_step, also_in_step, on_activity, on_paper = (
        make_old_post(before, author, **columns).pk
        for columns in (
            {},
            {"step_key": step},
            {"step_key": step},
            {"activity_key": activity},
            {"paper_id": paper.pk},
        )
    )

    after = migrate(AFTER)

    assert threads_of(after) == {
        in_group: ("group", ""),
        in_step: ("step", str(step)),
        also_in_step: ("step", str(step)),
        on_activity: ("activity", str(activity)),
        on_paper: ("paper", paper.arxiv_id),
    }
    assert after.get_model("community", "Thread").objects.count() == 4
    assert after.get_model("community", "Comment").objects.count() == 5

    assert columns_of(migrate(BEFORE)) == {
        in_group: NOTHING,
        in_step: NOTHING | {"step_key": step},
        also_in_step: NOTHING | {"step_key": step},
        on_activity: NOTHING | {"activity_key": activity},
        on_paper: NOTHING | {"paper_id": paper.pk},
    }


def test_more_posts_than_one_batch_are_all_filled_and_all_given_back(
    before: Apps, small_batches: None
) -> None:
    author, step = make_member(), uuid4()
    for n in range(7):
        make_old_post(before, author, step_key=step if n % 2 else None)

    kinds = [kind for kind, _key in threads_of(migrate(AFTER)).values()]
    keys = [columns["step_key"] for columns in columns_of(migrate(BEFORE)).values()]

    assert kinds == ["group", "step"] * 3 + ["group"]
    assert keys == [None, step] * 3 + [None]


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("community.migrations.0004_fill_threads.BATCH", 2)


def test_stored_reactions_are_counted(before: Apps, small_counts: None) -> None:
    author = make_member()
    posts = [make_old_post(before, author) for _ in range(3)]
    comment = before.get_model("community", "Comment").objects.earliest("pk")
    reactions = before.get_model("community", "Reaction").objects
    for n, kind in enumerate(("helped", "helped", "same")):
        member = make_member(f"Member {n}")
        for target in ({"post": posts[2]}, {"comment": comment}):
            reactions.create(member_id=member.pk, kind=kind, reacted_at=NOON, **target)

    after = migrate("0008_count_reactions")

    names = ("helped_count", "thanks_count", "same_count")
    for model in ("Post", "Comment"):
        rows = after.get_model("community", model).objects.order_by("pk")
        counts = list(rows.values_list(*names))
        assert sorted(counts) == [(0, 0, 0), (0, 0, 0), (2, 0, 1)]


@pytest.fixture
def small_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("community.migrations.0008_count_reactions.BATCH", 2)


def test_a_post_of_a_step_and_a_paper_stays_in_the_thread_of_its_step(
    before: Apps,
) -> None:
    step = uuid4()
    make_old_post(before, make_member(), step_key=step, paper_id=make_paper().pk)

    assert list(threads_of(migrate(AFTER)).values()) == [("step", str(step))]
