"""The rows of the bench are rows as the site writes them, on both
databases.
"""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from typing import Any
from unittest import mock

import pytest
from bench_site import build, checkout, facts, loading
from bench_site.reactions import LOVED, REACTIONS
from bench_site.sizes import SIZES
from bench_site.talking import LONG_THREAD
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bench.sites import papers_file
from members.sessions import member_of

TINY = SIZES["tiny"]
WRITTEN_AT_ONCE = 3


@pytest.fixture(scope="module")
def tiny(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """A tiny group in the database, built once for the module and taken back at its
    end, and what to ask about it.
    """
    now = datetime.now(UTC)
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("import_curricula", verbosity=0)
        with mock.patch.dict(os.environ, {"BENCH_PAPERS": str(papers_file())}):
            build.build(TINY, now)
        facts.freshen(TINY, now)
        yield facts.facts(TINY, now)
        transaction.set_rollback(True)


@pytest.fixture
def group(tiny: dict[str, Any], db: None) -> dict[str, Any]:
    """The tiny group; what a test writes is taken back."""
    return tiny


def client_of(group: dict[str, Any], who: int | None) -> Client:
    client = Client()
    if who is not None:
        client.cookies[group["session_cookie"]] = group["sessions"][who]
    return client


def test_all_rows_satisfy_the_constraints(group: dict[str, Any]):
    connection.check_constraints()

    posts = apps.get_model("community.Post").objects
    comments = apps.get_model("community.Comment").objects
    reactions = apps.get_model("community.Reaction").objects
    long_thread = TINY.posts - LONG_THREAD + 1
    loved = TINY.posts - LOVED + 1
    assert posts.count() == TINY.posts
    assert comments.filter(post=long_thread).count() == TINY.long_thread
    assert reactions.filter(post=loved).count() == TINY.loved
    assert apps.get_model("members.Member").objects.count() == TINY.members
    assert apps.get_model("papers.Paper").objects.count() == TINY.papers


def test_counters_of_posts_are_those_of_their_comments(group: dict[str, Any]):
    post = apps.get_model("community.Post").objects.all()
    stored = list(post.order_by("pk").values_list("comment_count", "active_at"))

    call_command("recount", verbosity=0)

    assert list(post.order_by("pk").values_list("comment_count", "active_at")) == stored


@pytest.mark.parametrize("kind", REACTIONS)
@pytest.mark.parametrize("name", ["post", "comment"])
def test_counters_of_reactions_are_those_of_their_rows(
    group: dict[str, Any], name: str, kind: str
):
    rows = apps.get_model("community.Reaction").objects.filter(kind=kind)
    rows = rows.filter(**{f"{name}__isnull": False}).order_by()
    target = apps.get_model("community", name).objects.exclude(**{f"{kind}_count": 0})

    stored = dict(target.values_list("pk", f"{kind}_count"))

    assert stored
    assert stored == dict(rows.values_list(name).annotate(Count("pk")))


def test_every_page_answers(group: dict[str, Any]):
    for page in group["pages"]:
        response = client_of(group, page["who"]).get(page["path"])

        assert response.status_code == 200, page


def test_members_are_signed_in_as_by_the_page_for_it(
    group: dict[str, Any], django_assert_num_queries: DjangoAssertNumQueries
):
    session = import_module(settings.SESSION_ENGINE).SessionStore(group["sessions"][0])

    with django_assert_num_queries(1):  # the session with its member
        member = member_of(session)

    assert member is not None


def test_the_deep_feed_begins_far_below_the_first_page(group: dict[str, Any]):
    pages = {page["name"]: page["path"] for page in group["pages"]}
    first, deep = (
        set(re.findall(rb'href="(/posts/\d+/)', client_of(group, 0).get(path).content))
        for path in (pages["feed"], pages["feed, deep"])
    )

    assert first
    assert len(deep - first) >= 4


def test_every_deed_answers_and_writes_what_it_says(group: dict[str, Any]):
    before = rows(group)
    for deed in group["deeds"]:
        for number, ask in enumerate(deed["asks"][:WRITTEN_AT_ONCE]):
            fields = {
                k: v.replace("{n}", str(number)) for k, v in ask["fields"].items()
            }
            client = client_of(group, ask["who"])
            response = client.post(ask["path"], fields, headers={"HX-Request": "true"})

            assert response.status_code == 200, deed["name"]
    assert rows(group) == {
        table: count + WRITTEN_AT_ONCE for table, count in before.items()
    }


def rows(group: dict[str, Any]) -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for table in {deed["table"] for deed in group["deeds"]} - {""}:
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608
            found[table] = cursor.fetchone()[0]
    return found


def test_nobody_is_due_for_a_mail(group: dict[str, Any]):
    now = datetime.now(UTC)

    assert checkout.write_digests(now) == 0
    assert checkout.write_reminders(now) == 0


def test_columns_that_a_table_lacks_are_left_out_and_others_filled(db: None):
    feed = apps.get_model("papers.Feed")

    names, shaped = loading.fit(feed, ("of_another_day", "category"), [("x", "cs.LG")])
    [row] = shaped

    found = dict(zip(names, row, strict=True))
    assert found["category"] == "cs.LG"
    assert found["failures"] == "0"
    assert "of_another_day" not in found


def test_a_table_that_is_not_there_is_left_out(
    db: None, capsys: pytest.CaptureFixture[str]
):
    loading.load("papers.Nothing", ("id",), [("1",)], 1)

    assert "no papers.Nothing" in capsys.readouterr().out
