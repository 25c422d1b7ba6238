"""What is written below a post while its page is open."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from community import actions
from community.models import Comment, Post, ReadMark
from community.newer import BY_OTHERS, NEWEST, ROWS, newer_than
from community.tests.make import make_comment, make_post
from lists.tests.compare import assert_same
from members.models import Member
from members.tests.make import make_group, make_member
from notifications.tests.make import ask, comment, tell, told

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture
def member() -> Member:
    make_group()
    return make_member("Ines Duarte")


@pytest.fixture
def client(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def line_of(page: str) -> dict[str, str]:
    """The data of the line below the discussion, and where its link leads to."""
    element = re.search(r'<div\s+class="newer".*?</div>', page, re.DOTALL)
    assert element, page
    data = dict(re.findall(r'data-(\w+)="([^"]*)"', element[0]))
    link = re.search(r'href="([^"]*)">([^<]*)<', element[0])
    if link:
        data |= {"href": link[1], "words": link[2]}
    return data


def opened(client: Client, post: Post, query: str = "") -> dict[str, str]:
    return line_of(client.get(f"/posts/{post.pk}/{query}").content.decode())


def asked(client: Client, post: Post | int, newest: object, shown: object = 0) -> str:
    """The answer to an open page; empty where nothing is new."""
    wanted = {
        "unread": 0,
        "post": getattr(post, "pk", post),
        "newest": newest,
        "shown": shown,
    }
    answer = client.get("/notifications/bell/", wanted)
    assert answer.status_code == (200 if answer.content else 204)
    return answer.content.decode()


def newer(client: Client, post: Post, after: object) -> str:
    answer = client.get(f"/posts/{post.pk}/newer/", {"after": after})
    assert answer.status_code == 200
    return answer.content.decode()


def shown_in(html: str) -> list[int]:
    return [int(each) for each in re.findall(r'id="comment-(\d+)"', html)]


def many(post: Post, count: int) -> list[Comment]:
    author = make_member("Kofi Mensah")
    rows = [
        Comment(
            post=post, author=author, body="x", body_html="<p>x</p>", commented_at=NOW
        )
        for _ in range(count)
    ]
    stored = Comment.objects.bulk_create(rows)
    actions.recount()
    return stored


def test_the_statements_are_their_querysets(member: Member) -> None:
    post = make_post()
    for author in (make_member("Noor Haddad"), member):
        make_comment(post, author)

    given: dict[str, Any] = {"member": member, "post": post.pk}
    assert len(assert_same(BY_OTHERS, after=0, **given)) == 1
    assert len(assert_same(ROWS, after=0, **given)) == 2
    assert len(assert_same(NEWEST, **given)) == 1


def test_a_page_knows_its_newest_comment(client: Client) -> None:
    post = make_post()
    assert opened(client, post) == {
        "post": str(post.pk),
        "newest": "0",
        "number": "0",
        "show": f"/posts/{post.pk}/newer/",
    }
    make_comment(post)
    newest = make_comment(post)

    assert opened(client, post)["newest"] == str(newest.pk)


def test_a_page_of_a_long_discussion_knows_the_newest_too(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    post = make_post()
    comments = many(post, 60)
    client.get(f"/posts/{post.pk}/")

    # session, post, comments, what of them is saved, the mark's unread, the newest
    with django_assert_num_queries(6):
        first = opened(client, post)
    last = opened(client, post, f"?comment={comments[-1].pk}")

    assert first["newest"] == last["newest"] == str(comments[-1].pk)
    # what comes now does not belong below the 25th comment
    assert "show" not in first
    assert "show" in last


def test_an_open_page_is_told_of_comments_of_others(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    post = make_post()
    old = make_comment(post)
    newest = opened(client, post)["newest"]
    with django_assert_num_queries(2):  # session, comments
        assert asked(client, post, newest) == ""
    first = make_comment(post)
    with django_assert_num_queries(2):
        one = line_of(asked(client, post, newest))
    make_comment(post, parent=old)

    two = line_of(asked(client, post, newest, 1))

    assert one["words"] == "1 new comment: show"
    assert two["words"] == "2 new comments: show"
    assert two["href"] == f"/posts/{post.pk}/?comment={first.pk}#comment-{first.pk}"
    assert two["newest"] == newest
    assert asked(client, post, newest, 2) == ""


def test_ones_own_comments_are_not_announced(client: Client, member: Member) -> None:
    post = make_post()
    newest = opened(client, post)["newest"]
    make_comment(post, member)

    assert asked(client, post, newest) == ""
    make_comment(post)
    make_comment(post, member)
    assert line_of(asked(client, post, newest))["words"] == "1 new comment: show"


def test_what_was_removed_is_not_counted(client: Client) -> None:
    post = make_post()
    newest = opened(client, post)["newest"]
    gone = make_comment(post)
    assert line_of(asked(client, post, newest))["number"] == "1"
    actions.remove_comment(gone, by=gone.author, now=NOW)

    line = line_of(asked(client, post, newest, 1))

    assert line["number"] == "0"
    assert "words" not in line
    assert asked(client, post, newest, 0) == ""


def test_nothing_is_said_of_a_post_that_may_not_be_seen(
    client: Client, member: Member
) -> None:
    post = make_post()
    make_comment(post)
    assert newer_than(member, post.pk, 0).number == 1
    actions.remove_post(post, by=post.author, now=NOW)

    assert asked(client, post, 0) == ""
    assert client.get(f"/posts/{post.pk}/newer/?after=0").status_code == 404


@pytest.mark.parametrize("wrong", ["", "x", "-1", "9" * 40, "\0", "٣"])
def test_a_number_that_is_none_asks_for_the_bell_alone(
    client: Client, wrong: str
) -> None:
    post = make_post()
    make_comment(post)

    assert asked(client, post, wrong) == ""
    assert asked(client, wrong, 0) == ""  # type: ignore[arg-type]
    assert line_of(asked(client, post, 0, wrong))["number"] == "1"
    assert len(shown_in(newer(client, post, wrong))) == 1


def test_more_than_99_are_not_counted(client: Client) -> None:
    post = make_post()
    many(post, 120)

    line = line_of(asked(client, post, 0))

    assert line["words"] == "99+ new comments: show"
    assert line["number"] == "100"


def test_new_comments_come_in_their_branches(
    client: Client, member: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    post = make_post()
    old = make_comment(post)
    newest = opened(client, post)["newest"]
    root = make_comment(post, body="A new one")
    reply = make_comment(post, parent=root)
    late = make_comment(post, parent=old)
    own = make_comment(post, member)

    # session, post, comments, those after the mark, the mark, what is saved
    with django_assert_num_queries(6):
        html = newer(client, post, newest)

    assert shown_in(html) == [root.pk, reply.pk, old.pk, late.pk, own.pk]
    assert f'data-newest="{own.pk}"' in html
    assert html.count('<span class="fresh">New</span>') == 3
    assert "Replies to an earlier comment" in html  # for a page without it
    assert 'id="new"' not in html
    assert "5 comments" in html
    assert shown_in(newer(client, post, own.pk)) == []
    assert f'data-newest="{own.pk}"' in newer(client, post, own.pk)


def test_what_was_shown_is_read(client: Client, member: Member) -> None:
    question = ask(member, now=NOW)
    newest = opened(client, question)["newest"]
    answer = comment(question, make_member("Yuki Arai"), now=NOW)
    tell(NOW)
    assert told(member)[0][2]

    newer(client, question, newest)

    assert not told(member)[0][2]
    mark = ReadMark.objects.get(post=question, member=member)
    assert (mark.last_comment, mark.seen_count) == (answer.pk, 1)
    page = client.get(f"/posts/{question.pk}/").content.decode()
    assert "new: jump" not in page


def test_as_many_come_at_once_as_a_page_holds(client: Client) -> None:
    post = make_post()
    comments = many(post, 130)

    first = shown_in(newer(client, post, 0))
    rest = shown_in(newer(client, post, first[-1]))

    assert [*first, *rest] == [each.pk for each in comments]
    assert len(first) == 100


def test_asking_for_headers_reads_nothing(client: Client, member: Member) -> None:
    question = ask(member, now=NOW)
    comment(question, make_member("Yuki Arai"), now=NOW)
    tell(NOW)

    assert client.head(f"/posts/{question.pk}/newer/?after=0").status_code == 200

    assert told(member)[0][2]
