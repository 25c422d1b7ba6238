"""What is new in a thread that a member has read before."""

import re
from typing import Any

import pytest
from django.test import Client

from community import actions
from community.models import Comment, Post, ReadMark
from community.tests.make import NOON, make_comment, make_post
from members.models import Member
from members.tests.make import make_group, make_member

pytestmark = pytest.mark.django_db
NEW = '<span class="fresh">New</span>'


@pytest.fixture
def member() -> Member:
    make_group()
    return make_member("Ines Duarte")


@pytest.fixture
def client(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def opened(client: Client, post: Post, query: str = "") -> str:
    return client.get(f"/posts/{post.pk}/{query}").content.decode()


def new_in(page: str) -> list[int]:
    """The ids of the comments that are marked as new, in order."""
    articles = re.split(r'<article\s+class="comment[^"]*"\s+id="comment-', page)[1:]
    return [int(each.partition('"')[0]) for each in articles if NEW in each]


def test_nothing_is_new_at_the_first_visit(client: Client) -> None:
    post = make_post()
    make_comment(post)
    page = opened(client, post)

    assert new_in(page) == []
    assert "new: jump" not in page


def test_what_came_since_is_new_once(client: Client) -> None:
    post = make_post()
    make_comment(post, body="Old")
    opened(client, post)
    first, second = make_comment(post, body="New"), make_comment(post, body="Newer")

    page = opened(client, post)

    assert new_in(page) == [first.pk, second.pk]
    assert f'href="#comment-{first.pk}">2 new: jump' in page
    before, divider, after = page.partition('id="new"')
    assert divider
    assert "Old" in before
    assert "Newer" in after
    assert new_in(opened(client, post)) == []


def test_a_new_reply_is_marked_without_a_line_above_it(client: Client) -> None:
    post = make_post()
    old = make_comment(post)
    make_comment(post, body="Another")
    opened(client, post)
    reply = make_comment(post, parent=old, body="A reply")

    page = opened(client, post)

    assert new_in(page) == [reply.pk]
    assert 'id="new"' not in page
    assert f'href="#comment-{reply.pk}">1 new: jump' in page


def test_ones_own_comment_is_never_new(client: Client, member: Member) -> None:
    post = make_post()
    make_comment(post)
    opened(client, post)
    client.post(f"/posts/{post.pk}/comment/", {"body": "Mine"})

    assert "new of" not in client.get("/").content.decode()
    assert new_in(opened(client, post)) == []


def test_what_others_wrote_before_ones_own_comment_stays_new(
    client: Client,
) -> None:
    post = make_post()
    make_comment(post)
    opened(client, post)
    theirs = make_comment(post, body="Theirs")
    client.post(f"/posts/{post.pk}/comment/", {"body": "Mine"})

    assert "1 new of 3" in client.get("/").content.decode()
    assert new_in(opened(client, post)) == [theirs.pk]


def test_the_feed_counts_what_is_new_where_a_post_was_opened(client: Client) -> None:
    post, unopened = make_post(), make_post(title="Never opened")
    make_comment(post)
    make_comment(unopened)
    opened(client, post)
    assert "new of" not in client.get("/").content.decode()

    make_comment(post)
    make_comment(post)
    page = client.get("/").content.decode()
    assert page.count("2 new of 3") == 1
    assert f'href="/posts/{post.pk}/#new"' in page


def fill(post: Post, author: Member, count: int) -> list[Comment]:
    comments = [
        Comment(
            post=post, author=author, body="x", body_html="<p>x</p>", commented_at=NOON
        )
        for _ in range(count)
    ]
    actions.recount()
    stored = Comment.objects.bulk_create(comments)
    actions.recount()
    return stored


def test_what_a_page_did_not_show_stays_unread(client: Client) -> None:
    post, author = make_post(), make_member()
    comments = fill(post, author, 60)
    opened(client, post)

    mark = ReadMark.objects.get()
    assert (mark.last_comment, mark.seen_count) == (comments[24].pk, 25)
    page = opened(client, post)
    assert new_in(page) == []
    jump = f'href="/posts/{post.pk}/?comment={comments[25].pk}#comment-'
    assert jump in page
    assert "35 new: jump" in page
    page = opened(client, post, f"?comment={comments[25].pk}")
    assert new_in(page) == [each.pk for each in comments[25:50]]
    opened(client, post, f"?comment={comments[50].pk}")
    assert "new: jump" not in opened(client, post)


def test_a_mark_never_goes_back(client: Client, member: Member) -> None:
    post = make_post()
    make_comment(post)
    opened(client, post)
    mark = ReadMark.objects.get()
    older = ReadMark(post=post, member=member, seen_at=NOON)
    actions.note_read(older, before=mark)
    actions.note_read(older, before=None)

    mark.refresh_from_db()
    assert mark.seen_count == 1


@pytest.mark.parametrize("number", [1, 3])
def test_a_thread_is_marked_by_one_query_and_only_if_something_is_new(
    client: Client, number: int, django_assert_num_queries: Any
) -> None:
    post = make_post()
    make_comment(post)
    opened(client, post)
    opened(client, post)
    with django_assert_num_queries(4):  # session and member, post, comments, saved
        opened(client, post)
    for _ in range(number):
        make_comment(post)
    with django_assert_num_queries(5):  # and the mark
        opened(client, post)
