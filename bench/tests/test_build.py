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
from bench_site.notifying import KINDS, WATCHED, is_busy
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


def test_counters_of_polls_are_those_of_their_ballots(group: dict[str, Any]):
    polls = import_module("community.actions.polls")
    written = apps.get_model("community.Poll").objects.count()

    assert written == 9
    assert polls.recount_polls() == (0, written)


def test_members_were_told_of_what_is_still_true_and_shown(group: dict[str, Any]):
    model = apps.get_model("notifications.Notification")
    members = apps.get_model("members.Member").objects.in_bulk()
    busy = [n for n in members if is_busy(n)]

    rows = dict(model.objects.order_by().values_list("member").annotate(Count("pk")))
    shown = sum(model.objects.visible_to(each).count() for each in members.values())

    assert len(rows) == TINY.members
    assert {rows[n] for n in busy} == {TINY.told_most}
    assert TINY.members * (TINY.told - 1) < sum(rows.values()) == shown
    kinds = set(model.objects.order_by().values_list("kind", flat=True).distinct())
    assert set(KINDS) - {"helpful"} <= kinds  # so few comments helped nobody lately


def test_the_reader_has_read_all_and_the_busy_member_has_not(group: dict[str, Any]):
    unread = apps.get_model("notifications.Notification").objects.unread()
    busy = next(n for n in facts.people(TINY) if is_busy(n))

    assert unread.filter(member=facts.READER).count() == 0
    assert unread.filter(member=busy).count() == TINY.told_most * 3 // 40


def test_one_post_is_watched_by_many_and_its_writer_is_mailed_at_once(
    group: dict[str, Any],
):
    watched = apps.get_model("community.Post").objects.get(pk=TINY.posts - WATCHED + 1)
    watches = apps.get_model("notifications.Watch").objects.watching(watched.pk)
    reaches = apps.get_model("notifications.Reach").objects

    assert TINY.watchers <= watches.count() <= TINY.watchers + 21  # and who wrote there
    ways = reaches.filter(member=watched.author_id, group__in=["answer", "reply"])
    assert set(ways.values_list("way", flat=True)) == {"once"}


def test_the_deepest_notifications_are_the_last_page(group: dict[str, Any]):
    pages = {page["name"]: page for page in group["pages"]}
    deepest = pages["notifications, deepest"]

    first, last = (
        client_of(group, deepest["who"]).get(path).content.decode()
        for path in (pages["notifications"]["path"], deepest["path"])
    )

    assert "?before=" in first
    assert "?before=" not in last
    assert last.count("#comment-") == facts.LAST_ROWS


def test_every_page_answers(group: dict[str, Any]):
    for page in group["pages"]:
        response = client_of(group, page["who"]).get(page["path"])

        is_tab = page["name"].startswith("open ")  # nothing is new
        assert response.status_code == (204 if is_tab else 200), page


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


def test_the_owner_announces_and_people_answer_where_many_watch(group: dict[str, Any]):
    posts = apps.get_model("community.Post").objects
    comments = apps.get_model("community.Comment").objects
    before = comments.count()
    told = group["telling"]

    for ask in (told["post"], told["announcement"], told["answers"][3]):
        client = client_of(group, ask["who"])
        response = client.post(
            ask["path"], ask["fields"], headers={"HX-Request": "true"}
        )
        assert response.status_code == 200

    newest = posts.order_by("-pk")[:2]
    assert [each.kind for each in newest] == ["announcement", "discussion"]
    assert comments.count() == before + 1
    assert comments.order_by("-pk")[0].post_id == told["watched"]


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
