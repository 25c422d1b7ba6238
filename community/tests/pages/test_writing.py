"""What helps while somebody writes: preview, examples, quotations."""

import pytest
from django.test import Client

from community import actions
from community.formatting import examples
from community.models import Comment, Post
from community.tests.make import make_comment, make_post, make_question
from members.budget import PREVIEWED, RENDERED, spend
from members.models import Member

pytestmark = pytest.mark.django_db
PREVIEW = "/posts/preview/"


def test_a_preview_is_what_a_post_becomes(client: Client) -> None:
    body = "A $\\sigma$ and **bold** text"
    page = client.post(PREVIEW, {"title": "Why?", "body": body}).content.decode()
    client.post("/posts/new/", {"title": "Why?", "body": body})

    assert "Why?</h3>" in page
    assert Post.objects.get().body_html.strip() in page


def test_a_preview_shows_the_answer_that_a_kind_of_post_brings(client: Client) -> None:
    typed = {"kind": "mistake", "body": "Half", "answer": "It is *twice* that."}

    assert "<em>twice</em>" in client.post(PREVIEW, typed).text


def test_a_preview_of_nothing_is_empty(client: Client) -> None:
    assert client.post(PREVIEW).status_code == 200


def test_a_preview_that_is_refused_is_a_sentence(
    client: Client, member: Member
) -> None:
    refused = client.post(PREVIEW, {"body": "> " * 400 + "x"})
    too_long = client.post(PREVIEW, {"body": "x" * 200_000})
    sentences = [refused, too_long]

    assert [each.status_code for each in sentences] == [400, 400]
    assert all(each["Content-Type"].startswith("text/plain") for each in sentences)


def test_previews_use_up_nothing_that_sending_needs(
    client: Client, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(PREVIEWED.amount // 90_000 + 1):
        answer = client.post(PREVIEW, {"body": "x" * 90_000})

    assert answer.status_code == 429
    assert answer["Content-Type"].startswith("text/plain")
    sent = client.post("/posts/new/", {"body": "Hello"})
    assert sent.status_code == 302
    assert RENDERED.amount > PREVIEWED.amount // 90_000
    spend(member, RENDERED, now=Post.objects.get().posted_at)


def test_a_comment_is_previewed_without_a_script(client: Client) -> None:
    post = make_post()
    path = f"/posts/{post.pk}/comment/"
    page = client.post(path, {"body": "*Half*", "preview": "1"}).content.decode()

    assert "<em>Half</em>" in page.partition('id="preview"')[2]
    assert "*Half*</textarea>" in page
    assert not Comment.objects.exists()


def test_an_edit_is_previewed_and_changes_nothing(
    client: Client, member: Member
) -> None:
    post = make_post(member, "First")
    path = f"/posts/{post.pk}/edit/"
    page = client.post(path, {"body": "*Second*", "preview": "1"}).content.decode()

    assert "<em>Second</em>" in page
    post.refresh_from_db()
    assert post.body == "First"


def test_a_preview_of_what_is_refused_shows_the_reason(client: Client) -> None:
    hard = "> " * 400 + "x"
    page = client.post("/posts/new/", {"body": hard, "preview": "1"}).content.decode()

    assert 'role="alert"' in page


def test_the_help_shows_each_example_as_readers_see_it(client: Client) -> None:
    page = client.get("/posts/formatting/").content.decode()

    assert page.count("<pre>") >= len(examples())
    assert "<math" in page
    assert "How to write maths" in client.get("/posts/new/").content.decode()


# Quoting


def test_a_comment_is_quoted_as_it_was_typed(client: Client) -> None:
    comment = make_comment(make_question(), body="It is $\\ln 10$.")
    url = comment.get_absolute_url()

    answer = client.get(f"/posts/comments/{comment.pk}/quote/")

    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == (
        f"> [Kofi Mensah]({url}):\n>\n> It is $\\ln 10$.\n\n"
    )


def test_marked_words_are_quoted_alone(client: Client) -> None:
    post = make_post(body="First. Second.")

    answer = client.get(f"/posts/{post.pk}/quote/", {"words": "Second.\x00"})

    assert "> Second.\n" in answer.content.decode()
    assert "First" not in answer.content.decode()


def test_a_removed_comment_is_not_quoted(client: Client, member: Member) -> None:
    comment = make_comment(make_post(), member, body="Secret")
    actions.remove_comment(comment, by=member, now=comment.commented_at)

    assert client.get(f"/posts/comments/{comment.pk}/quote/").status_code == 404
    path = f"/posts/{comment.post_id}/comment/?quote={comment.pk}"
    assert "Secret" not in client.get(path).content.decode()


@pytest.mark.parametrize("named", ["x", "999", "9" * 40, "-1"])
def test_a_quotation_of_nothing_is_an_empty_form(client: Client, named: str) -> None:
    page = client.get(f"/posts/{make_post().pk}/comment/?quote={named}")

    assert page.status_code == 200
    assert "&gt; [" not in page.content.decode()


def test_a_link_begins_a_comment_with_a_quotation(client: Client) -> None:
    comment = make_comment(make_post(body="The post"), body="The comment")
    path = f"/posts/{comment.post_id}/comment/"

    page = client.get(f"/posts/{comment.post_id}/").content.decode()
    assert f"{path}?quote={comment.pk}" in page
    assert f"{path}?quote=post" in page
    quoted = client.get(f"{path}?quote={comment.pk}").content.decode()
    assert "&gt; The comment\n" in quoted
    quoted = client.get(f"{path}?quote=post").content.decode()
    assert "&gt; The post\n" in quoted


def test_a_comment_of_another_post_is_not_quoted(client: Client) -> None:
    comment = make_comment(make_post(), body="Elsewhere")

    page = client.get(f"/posts/{make_post().pk}/comment/?quote={comment.pk}")
    assert "Elsewhere" not in page.content.decode()
