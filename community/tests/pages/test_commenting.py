import pytest
from django.test import Client

from community import actions
from community.models import Comment
from community.tests.make import (
    NOON,
    make_comment,
    make_post,
    make_question,
)
from community.tests.pages.reading import HTMX, text
from members.models import Member

pytestmark = pytest.mark.django_db


def test_a_comment_leads_back_to_itself(client: Client, member: Member) -> None:
    post = make_post()

    response = client.post(f"/posts/{post.pk}/comment/", {"body": "I see"})

    comment = Comment.objects.get()
    assert (
        response.url == f"/posts/{post.pk}/?comment={comment.pk}#comment-{comment.pk}"
    )
    assert (comment.author, comment.post, comment.parent) == (member, post, None)


def test_a_reply_has_a_page_of_its_own_without_javascript(client: Client) -> None:
    post = make_post()
    comment = make_comment(post, body="Have you looked?")

    page = text(client.get(f"/posts/{post.pk}/comment/?parent={comment.pk}"))
    client.post(f"/posts/{post.pk}/comment/", {"body": "I have", "parent": comment.pk})

    assert "Have you looked?" in page
    assert "Reply to Kofi Mensah" in page
    assert Comment.objects.latest("pk").parent == comment


def test_htmx_shows_a_comment_at_the_end_and_a_reply_below_its_comment(
    client: Client,
) -> None:
    question = make_question()
    answer = make_comment(question)

    form = text(
        client.get(f"/posts/{question.pk}/comment/?parent={answer.pk}", headers=HTMX)
    )
    assert form.count("<form") == 1
    assert "<html" not in form

    page = text(
        client.post(f"/posts/{question.pk}/comment/", {"body": "Second"}, headers=HTMX)
    )
    assert '<div data-hx-swap-oob="beforeend:#comments">' in page
    assert "2 comments" in page
    reply = text(
        client.post(
            f"/posts/{question.pk}/comment/",
            {"body": "Third", "parent": answer.pk},
            headers=HTMX,
        )
    )
    assert f'<ol data-hx-swap-oob="beforeend:#replies-{answer.pk}">' in reply
    assert "comment-body" not in reply

    refused = text(
        client.post(
            f"/posts/{question.pk}/comment/",
            {"body": "", "parent": answer.pk},
            headers=HTMX,
        )
    )
    assert "Write something first" in refused
    assert f'name="parent" value="{answer.pk}"' in refused


def test_a_reply_to_a_comment_that_is_not_there_keeps_its_words(client: Client) -> None:
    post, other = make_post(), make_comment(make_post())
    gone = make_comment(post)
    actions.remove_comment(gone, by=gone.author, now=NOON)

    for parent in (other.pk, gone.pk, "nonsense", "9" * 30):
        response = client.post(
            f"/posts/{post.pk}/comment/", {"body": "Hi", "parent": parent}
        )
        assert "Hi</textarea>" in text(response)
        assert "This comment is no longer here." in text(response)
        assert (
            client.get(f"/posts/{post.pk}/comment/", {"parent": parent}).status_code
            == 404
        )
    assert Comment.objects.filter(body="Hi").count() == 0
