"""The pages of a discussion: what the database is asked, and what is kept of them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from community import actions, comments, discussion, visible
from community.actions.comments import _WRITTEN as written_comments
from community.actions.posts import _WRITTEN as written_posts
from community.models import Comment, Post
from community.tests.make import (
    NOON,
    make_comment,
    make_post,
    make_question,
    make_reaction,
)
from lists.cache import forget_all
from lists.keyset import NumberCursor
from lists.statement import Statement
from lists.tests.compare import assert_same
from members.models import Member
from members.tests.make import make_member

pytestmark = pytest.mark.django_db


def make_answers() -> tuple[Post, Comment, Member]:
    """A question with an accepted answer, replies, a removed comment and reactions."""
    question, reader = make_question(), make_member("Mira Okafor")
    answer = make_comment(question, body="First")
    gone = make_comment(question, body="Gone")
    make_comment(question, body="Reply", parent=gone)
    accepted = make_comment(question, reader, body="Accepted")
    make_comment(question, body="Thanks", parent=accepted)
    for target in (question, answer):
        make_reaction(target, reader, "helped")
    actions.remove_comment(gone, by=gone.author, now=NOON)
    actions.accept_answer(accepted, by=question.author, now=NOON)
    question.refresh_from_db()
    return question, accepted, reader


def test_the_statements_are_their_querysets() -> None:
    question, accepted, reader = make_answers()
    of = {"member": reader, "post": question.pk}

    for number, pk in ((0, 0), (1, 0), (1, 1), (3, 3)):
        assert_same(
            discussion.FOLLOWING, **of, accepted=accepted.pk, number=number, pk=pk
        )
    assert len(assert_same(discussion.BRANCH, **of, root=accepted.pk, after=0)) == 2
    assert assert_same(discussion.ASKED, **of, accepted=0, comment=accepted.pk)
    form = f"/posts/{question.pk}/comment/"
    assert assert_same(visible._POSTS, member=reader, pk=question.pk, comments=form)
    assert assert_same(visible._POSTS_TO_REACT, member=reader, pk=question.pk)
    for statement in (visible._COMMENTS, visible._COMMENTS_TO_REACT, comments._ONE):
        assert assert_same(statement, member=reader, pk=accepted.pk)


def test_what_is_read_at_once_is_what_the_model_reads() -> None:
    question, accepted, reader = make_answers()

    post = visible.post(reader, question.pk)
    comment = visible.comment(reader, accepted.pk)

    assert post
    assert comment
    for read, stored in (
        (post, question),
        (post.author, question.author),
        (post.thread, question.thread),
        (comment, Comment.objects.get(pk=accepted.pk)),
        (comment.author, reader),
        (comment.post, question),
        (comment.post.author, question.author),
    ):
        names = {field.attname for field in read._meta.concrete_fields}
        for name in names - read.get_deferred_fields():
            assert getattr(read, name) == getattr(stored, name), name
    assert (post.my_helped, post.my_same) == (True, False)  # type: ignore[attr-defined]


def test_a_page_reads_its_own_comments_by_the_index() -> None:
    post, author = make_post(), make_member("Kofi Mensah")
    roots = [make_comment(post, author, body=str(n)) for n in range(40)]
    given = {"post": post.pk, "accepted": 0, "number": roots[5].pk, "pk": 0}

    rows = discussion.FOLLOWING(member=author, **given)

    # one branch more than the page shows
    assert [row.pk for row in rows] == [root.pk for root in roots[5:31]]
    if connection.vendor == "sqlite":
        plan = discussion.FOLLOWING.build(member=author, **given).explain()
        assert "USING INDEX comment_by_branch (post_id=?" in plan


def shown(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", page)


def test_kept_cards_show_each_reader_their_own_page() -> None:
    question, accepted, reader = make_answers()
    readers = [
        reader,
        question.author,
        make_member("Wei Tan"),
        make_member("Moderator", moderator_since=NOON),
        make_member("In Lima", time_zone="America/Lima"),
    ]
    clients = []
    for each in readers:
        client = Client()
        client.force_login(each)
        clients.append(client)

    kept = [shown(client, question.get_absolute_url()) for client in clients]
    actions.edit_comment(
        accepted, by=reader, body="Better", seen_edited_at=None, now=NOON
    )
    edited = [shown(client, question.get_absolute_url()) for client in clients]

    assert all("Better" in page for page in edited)
    assert len(set(kept)) == len(readers)
    for client, page in zip(clients, edited, strict=True):
        forget_all()
        assert shown(client, question.get_absolute_url()) == page


def test_every_form_of_a_page_has_the_token_of_this_page() -> None:
    question, _accepted, reader = make_answers()
    client = Client()
    client.force_login(reader)

    tokens: list[Any] = []
    for _ in range(2):
        page = client.get(question.get_absolute_url()).content.decode()
        tokens.append(set(re.findall(r'csrfmiddlewaretoken" value="(\w+)"', page)))

    first, second = tokens
    assert len(first) == len(second) == 1
    assert first != second


def test_the_statements_of_deeds_are_their_querysets() -> None:
    question, accepted, reader = make_answers()
    hour = timedelta(hours=1)
    moments = {
        "begin": NOON - hour,
        "end": NOON + hour,
        "moment_ago": NOON - hour / 2,
        "soon": NOON + hour / 2,
    }
    of = {"author": reader, **moments}

    [written] = assert_same(
        written_comments, **of, body="Accepted", post=question.pk, below=0
    )
    assert written.number == 1
    assert_same(
        written_posts,
        **{**of, "author": question.author},
        thread_kind="group",
        thread_key="",
        body=question.body,
        title=question.title,
        kind="question",
    )
    assert accepted.author == reader


@pytest.mark.parametrize(
    ("statement", "index", "moment", "words"),
    [
        (
            written_comments,
            "comment_by_author",
            "commented_at",
            {"body": "a", "post": 1, "below": 0},
        ),
        (
            written_posts,
            "post_by_author",
            "posted_at",
            {
                "thread_kind": "group",
                "thread_key": "",
                "body": "a",
                "title": "",
                "kind": "question",
            },
        ),
    ],
)
def test_what_was_written_lately_is_found_by_author_and_time(
    statement: Statement[Any], index: str, moment: str, words: dict[str, Any]
) -> None:
    moments = dict.fromkeys(("begin", "end", "moment_ago", "soon"), NOON)

    rows = statement.build(author=make_member(), **moments, **words)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = rows.explain()

    assert index in plan
    assert plan.count(moment) >= 2  # both ends are looked up in the index
    assert "JOIN" not in plan.upper()


def test_texts_beyond_the_page_are_not_read(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    post, member = make_post(), make_member()
    for length in (5, 300, 300, 900, 5):
        make_comment(post, body="a" * length)
    stored = list(Comment.objects.order_by("pk"))
    monkeypatch.setattr("community.discussion.HTML", len(stored[0].body_html) + 700)

    with django_assert_num_queries(1):
        page = discussion.discussion(member, post)
    short = [branch.row.comment for branch in page.branches if branch.row]

    monkeypatch.setattr("community.discussion.SHORT", 200)
    names = ("accepted", "number", "pk")
    again = discussion._statement(comments.Shown, discussion._following, *names)
    monkeypatch.setattr(discussion, "FOLLOWING", again)
    read = discussion.PageReader(member, post).page(None).rows
    with django_assert_num_queries(2):
        page = discussion.discussion(member, post)
    long = [branch.row.comment for branch in page.branches if branch.row]

    assert [bool(each.shown_html) for each in read] == [True, False, False, False, True]
    assert short == long
    assert [each.shown_html for each in long] == [each.body_html for each in stored[:3]]
    assert page.later == NumberCursor(stored[2].pk, stored[2].pk)
