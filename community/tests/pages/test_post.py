import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from community import actions
from community.models import Comment
from community.tests.make import (
    NOON,
    make_announcement,
    make_comment,
    make_paper,
    make_post,
    make_question,
    make_reaction,
)
from community.tests.pages.reading import HTMX, comments_on, text
from members.models import Member
from members.tests.make import make_member

pytestmark = pytest.mark.django_db


def test_a_post_shows_its_answers_the_accepted_one_first(client: Client) -> None:
    question = make_question()
    first, second = (
        make_comment(question, body="one"),
        make_comment(question, body="two"),
    )
    reply_to_first = make_comment(question, body="three", parent=first)
    reply_to_second = make_comment(question, body="four", parent=second)
    actions.accept_answer(second, by=question.author, now=NOON)

    page = text(client.get(question.get_absolute_url()))

    assert comments_on(page) == [
        second.pk,
        reply_to_second.pk,
        first.pk,
        reply_to_first.pk,
    ]
    assert 'aria-label="Accepted answer by Kofi Mensah"' in page
    assert "4 comments" in page


def test_a_removed_comment_leaves_its_place_to_its_replies_and_none_of_its_words(
    client: Client,
) -> None:
    post = make_post()
    comment, lonely = (
        make_comment(post, body="Take this away"),
        make_comment(post, body="And this"),
    )
    reply = make_comment(post, body="I agree", parent=comment)
    for target in (comment, lonely):
        actions.remove_comment(target, by=target.author, now=NOON)

    page = text(client.get(post.get_absolute_url()))

    assert comments_on(page) == [reply.pk]
    assert "This comment was removed." in page
    assert "Take this away" not in page
    assert "And this" not in page


def test_what_is_pressed_below_a_text_says_of_whose_and_when(
    client: Client, member: Member
) -> None:
    post = make_question(paper=make_paper())
    for number, author in enumerate([member, member, post.author, post.author]):
        comment = make_comment(post, author, f"One {number}")
        make_comment(post, member, f"Two {number}", parent=comment)
    client.get(post.get_absolute_url())

    for address in ("/", post.get_absolute_url()):
        page = text(client.get(address))
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        begun = re.findall(r'<(?:a|button)\s[^>]*class="react"[^>]*>', page)
        named = [re.findall(r'aria-labelledby="([^"]+)"', each) for each in begun]
        below = [names[0] for names in named if names]
        assert len(below) == len(set(below))
        assert set(" ".join(below).split()) <= set(ids)
        of_post = "watch-|Quote the post|Edit your post|Remove the post|joi|/pin/"
        rest = [each for each in begun if "labelledby" not in each]
        assert [each for each in rest if not re.search(of_post, each)] == []
    assert page.count('aria-label="Edit your comment"') == 6


@pytest.mark.parametrize("rows", [1, 3])
def test_a_post_asks_a_fixed_number_of_queries(
    client: Client,
    member: Member,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    question = make_question(paper=make_paper())
    for _ in range(rows):
        comment = make_comment(question, body=str(Comment.objects.count()))
        make_comment(question, parent=comment)
        make_reaction(comment)
    client.get(question.get_absolute_url())

    # session with member and enrolment, post, comments, what of them is saved
    with django_assert_num_queries(4):
        page = text(client.get(question.get_absolute_url()))

    assert len(comments_on(page)) == 2 * rows


def test_a_comment_costs_a_fixed_number_of_queries_however_long_the_discussion_is(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    post, author = make_post(), make_member("Kofi Mensah")
    for n in range(5):
        make_comment(post, author, body=str(n))

    # session with member, post; what the author wrote within the hour; savepoint,
    # the author locked, the same again under the lock, the post counts one
    # more, the comment, what search finds it by, release; the comment as the
    # page shows it
    with django_assert_num_queries(11):
        client.post(f"/posts/{post.pk}/comment/", {"body": "Hello"}, headers=HTMX)


def test_a_reaction_costs_a_fixed_number_of_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    post = make_post()
    for n in range(3):
        make_reaction(post, make_member(f"Member {n}"))

    # session with member, post; savepoint, reaction, count, release; post
    # with its counts
    with django_assert_num_queries(7):
        client.post(f"/posts/{post.pk}/react/", {"helped": "on"}, headers=HTMX)


HOSTILE = """
<script>alert(1)</script> <img src=x onerror=alert(2)> [link](javascript:alert(3)) `<b>code</b>`
<style>body{display:none}</style><iframe src=//evil.example></iframe>
"""


def test_hostile_words_are_inert_on_every_page(client: Client, member: Member) -> None:
    title = '"><script>alert(4)</script>'
    question = make_question(
        title=title, body=HOSTILE, author=make_member('<img src=x onerror="alert(5)">')
    )
    answer = make_comment(question, member, body=HOSTILE)
    actions.accept_answer(answer, by=question.author, now=NOON)
    actions.edit_comment(
        answer, by=member, body=HOSTILE + "again", seen_edited_at=None, now=NOON
    )
    make_announcement(title=title, body=HOSTILE, pinned_at=NOON)

    for address in (
        "/",
        question.get_absolute_url(),
        f"/posts/{question.pk}/comment/?parent={answer.pk}",
        f"/posts/comments/{answer.pk}/history/",
        f"/posts/comments/{answer.pk}/edit/",
        f"/posts/comments/{answer.pk}/remove/",
    ):
        main = text(client.get(address)).partition("<main")[2].partition("</main>")[0]
        assert "alert(1)" in main  # as text
        tags = re.findall(r"<[a-zA-Z][^>]*>", main)
        assert not [
            tag
            for tag in tags
            if re.match(r"<(script|style|iframe|img)|.*\son\w+=|.*javascript:", tag)
        ]


def test_roles_are_named_beside_their_members(client: Client) -> None:
    make_post(make_member("Ilse Brandt", curator_since=NOON))
    assert "<small>Curator · <a" in text(client.get("/"))
    make_post(make_member("Wei Tan", moderator_since=NOON))
    assert "<small>Moderator · <a" in text(client.get("/"))


def test_below_their_own_words_members_see_how_often_these_helped(
    client: Client, member: Member
) -> None:
    post = make_post(member)
    assert "Helped me" not in text(client.get("/"))

    make_reaction(post)

    page = text(client.get("/"))
    assert 'Helped me</span> <data value="1">1</data></span>' in page
    assert not re.search('<button class="react"[^>]* name="(helped|thanks)"', page)


def test_the_question_before_a_removal_names_the_post(member: Member) -> None:
    question = make_question(title="Why 2.303?", author=member)
    client = Client()
    client.force_login(member)

    page = text(client.get(f"/posts/{question.pk}/remove/"))

    assert "Remove this post?" in page
    assert "<strong>Why 2.303?</strong>" in page
