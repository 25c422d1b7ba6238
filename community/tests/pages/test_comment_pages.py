import re

import pytest
from django.test import Client

from community import actions, discussion
from community.tests.make import (
    NOON,
    make_comment,
    make_post,
    make_question,
)
from community.tests.pages.reading import comments_on, text
from members.tests.make import make_member

pytestmark = pytest.mark.django_db


def page_of(monkeypatch: pytest.MonkeyPatch, **limits: int) -> None:
    """Let a page hold so many COMMENTS or BRANCHES. They are a part of the SQL."""
    for name, limit in limits.items():
        monkeypatch.setattr(discussion, name, limit)
    for statement in (discussion.FOLLOWING, discussion.BRANCH, discussion.ASKED):
        monkeypatch.setattr(statement, "_plan", None)


def test_a_long_discussion_comes_in_pages_that_meet(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page_of(monkeypatch, COMMENTS=4)
    question, author = make_question(), make_member("Kofi Mensah")
    roots = [make_comment(question, author, body=f"root {n}") for n in range(4)]
    replies = {
        root: [
            make_comment(question, author, f"{root.pk}.{n}", parent=root)
            for n in range(2)
        ]
        for root in roots
    }
    actions.accept_answer(roots[2], by=question.author, now=NOON)
    in_order = [
        pk
        for n in (2, 0, 1, 3)
        for pk in (roots[n].pk, *(reply.pk for reply in replies[roots[n]]))
    ]

    address, seen, pages = question.get_absolute_url(), [], 0
    while address:
        page = text(client.get(address))
        assert len(comments_on(page)) <= 4
        seen += comments_on(page)
        later = re.search(r'href="([^"]*)#discussion">Later comments', page)
        address, pages = (later[1] if later else ""), pages + 1

    assert (seen, pages) == (in_order, 3)
    assert "From the beginning" in page


def test_long_comments_come_in_more_pages(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discussion, "HTML", 250)
    question, author = make_question(), make_member("Kofi Mensah")
    bodies = ["a" * 100, "b" * 100, "c" * 100, "d" * 999, "e" * 20, "f" * 20]
    comments = [make_comment(question, author, body=body) for body in bodies]
    reply = make_comment(question, author, body="y" * 400, parent=comments[0])
    actions.accept_answer(comments[5], by=question.author, now=NOON)

    address, pages = question.get_absolute_url(), []
    while address:
        page = text(client.get(address))
        pages.append(comments_on(page))
        later = re.search(r'href="([^"]*)#discussion">Later comments', page)
        address = later[1] if later else ""

    first, second, third, long, fourth, accepted = [each.pk for each in comments]
    assert pages == [[accepted, first], [reply.pk], [second, third], [long], [fourth]]
    for each in (*comments, reply):
        assert each.pk in comments_on(text(client.get(each.get_absolute_url())))


def test_an_address_of_a_comment_shows_it_however_long_the_discussion_is(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page_of(monkeypatch, COMMENTS=2)
    post, author = make_post(), make_member("Kofi Mensah")
    comments = [make_comment(post, author, body=str(n)) for n in range(5)]
    reply = make_comment(post, author, body="reply", parent=comments[0])

    assert comments_on(text(client.get(comments[3].get_absolute_url()))) == [
        comments[3].pk,
        comments[4].pk,
    ]
    page = text(client.get(reply.get_absolute_url()))
    assert comments_on(page) == [comments[0].pk, reply.pk]
    for nonsense in ("x", "-1", "9" * 30, "0", "²"):
        assert (
            comments_on(
                text(client.get(post.get_absolute_url(), {"comment": nonsense}))
            )[0]
            == comments[0].pk
        )


def test_a_reply_far_down_in_its_branch_starts_a_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page_of(monkeypatch, COMMENTS=2)
    post, author = make_post(), make_member("Kofi Mensah")
    root = make_comment(post, author, body="root")
    replies = [make_comment(post, author, str(n), parent=root) for n in range(4)]

    page = text(client.get(replies[2].get_absolute_url()))

    assert comments_on(page) == [replies[2].pk, replies[3].pk]
    assert "Replies to an earlier comment" in page
    assert "From the beginning" in page


def test_a_page_has_a_fixed_number_of_branches_and_their_replies(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page_of(monkeypatch, BRANCHES=2)
    post, author = make_post(), make_member("Kofi Mensah")
    roots = [make_comment(post, author, body=str(n)) for n in range(5)]
    reply = make_comment(post, author, body="reply", parent=roots[0])

    first = text(client.get(post.get_absolute_url()))
    later = re.search(r'href="([^"]*)#discussion">Later comments', first)
    assert later
    actions.remove_comment(roots[1], by=author, now=NOON)
    second = text(client.get(later[1]))

    assert comments_on(first) == [roots[0].pk, reply.pk, roots[1].pk]
    assert comments_on(second) == [roots[2].pk, roots[3].pk]
    shown = text(client.get(roots[4].get_absolute_url()))
    assert comments_on(shown) == [roots[4].pk]


def test_a_branch_whose_comment_was_removed_counts_as_one(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page_of(monkeypatch, BRANCHES=2)
    post, author = make_post(), make_member("Kofi Mensah")
    roots = [make_comment(post, author, body=str(n)) for n in range(3)]
    reply = make_comment(post, author, body="reply", parent=roots[0])
    actions.remove_comment(roots[0], by=author, now=NOON)

    page = text(client.get(post.get_absolute_url()))

    assert comments_on(page) == [reply.pk, roots[1].pk]
    assert "This comment was removed." in page


def test_a_page_of_comments_that_follows_nonsense_is_the_first(client: Client) -> None:
    comment = make_comment(make_post())

    for nonsense in ("x", "1", "1.", "1.x", "9" * 30 + ".1", "²"):
        page = text(client.get(comment.post.get_absolute_url(), {"after": nonsense}))
        assert comments_on(page) == [comment.pk]


def test_every_comment_has_a_link_to_itself(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page_of(monkeypatch, COMMENTS=3)
    post, author = make_post(), make_member("Kofi Mensah")
    comments = [make_comment(post, author, body=str(n)) for n in range(5)]
    reply = make_comment(post, author, body="reply", parent=comments[0])

    for comment in (*comments, reply):
        page = text(client.get(comment.get_absolute_url()))
        links = re.findall(r'<a class="permalink"[^>]* href="([^"]+)"><time', page)
        assert links.count(comment.get_absolute_url()) == 1
        assert f'id="comment-{comment.pk}"' in page


def test_a_link_to_a_comment_that_is_gone_says_so_and_shows_the_others(
    client: Client,
) -> None:
    post, author = make_post(), make_member("Kofi Mensah")
    gone, stays = (
        make_comment(post, author, body="gone"),
        make_comment(post, author, body="stays"),
    )
    actions.remove_comment(gone, by=author, now=NOON)

    page = text(client.get(gone.get_absolute_url()))

    assert "The comment that this link leads to was removed." in page
    assert comments_on(page) == [stays.pk]
    assert "leads to was removed" not in text(client.get(stays.get_absolute_url()))
