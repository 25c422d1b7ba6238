import re

import pytest
from django.conf import settings
from django.test import Client

from community.models import Comment, Post
from community.tests.make import (
    make_comment,
    make_post,
    make_step,
)
from community.tests.pages.reading import HTMX, posts_on, text
from members.models import Member

pytestmark = pytest.mark.django_db


def test_pressed_twice_the_button_posts_once(client: Client) -> None:
    post = make_post()

    for _ in range(2):
        client.post("/posts/new/", {"body": "Hello"})
        client.post(f"/posts/{post.pk}/comment/", {"body": "Hello"})

    assert (Post.objects.count(), Comment.objects.count()) == (2, 1)


def test_too_many_posts_in_an_hour_are_refused_with_the_text_kept(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("community.actions.posts.POSTS_AN_HOUR", 1)
    client.post("/posts/new/", {"body": "One"})

    answer = client.post("/posts/new/", {"body": "Two", "kind": "discussion"})

    page = text(answer)
    assert answer.status_code == 429
    assert 3500 < int(answer.headers["Retry-After"]) <= 3600
    assert "You have written 1 posts within an hour" in page
    assert "Two</textarea>" in page
    assert '<input type="hidden" name="kind" value="discussion">' in page
    assert "in 60 minutes." in page


def test_htmx_is_told_in_words_that_it_was_too_much_and_keeps_its_form(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("community.actions.comments.COMMENTS_AN_HOUR", 0)
    post = make_post()

    answer = client.post(f"/posts/{post.pk}/comment/", {"body": "Two"}, headers=HTMX)

    assert (answer.status_code, answer.headers["Content-Type"]) == (429, "text/plain")
    assert "comments within an hour" in text(answer)


def test_htmx_puts_a_new_post_on_top_of_its_list_and_empties_the_form(
    client: Client,
) -> None:
    page = text(client.post("/posts/new/", {"body": "Hello"}, headers=HTMX))
    assert '<div data-hx-swap-oob="afterbegin:#posts">' in page
    assert posts_on(page) == [Post.objects.get().pk]
    assert "<html" not in page
    assert re.search(r'<textarea id="composer-body"[^>]*></textarea>', page)

    step = make_step()
    page = text(
        client.post(
            "/posts/new/", {"body": "In the thread", "step": str(step)}, headers=HTMX
        )
    )
    assert '<article class="comment"' in page
    assert f'value="{step}"' in page

    refused = text(
        client.post(
            "/posts/new/", {"kind": "question", "body": "My words"}, headers=HTMX
        )
    )
    assert refused.count("<form") == 1
    assert "My words</textarea>" in refused
    assert "A question needs a title" in refused


def test_the_words_of_an_ended_session_are_in_the_form_again(member: Member) -> None:
    post, step, mine = make_post(), make_step(), make_post(member)
    comment = make_comment(post)
    client = Client()
    client.force_login(member)
    client.get("/settings/")
    for address, page, fields in (
        (
            f"/posts/{mine.pk}/edit/",
            f"/posts/{mine.pk}/edit/",
            {"body": "An edit", "seen_edited_at": ""},
        ),
        (
            f"/posts/{post.pk}/comment/",
            post.get_absolute_url(),
            {"body": "A reply", "parent": str(comment.pk)},
        ),
        ("/posts/new/", "/", {"body": "To the group", "kind": "journey"}),
        ("/posts/new/", f"/?step={step}", {"body": "In the thread", "step": str(step)}),
        (f"/posts/{post.pk}/comment/", post.get_absolute_url(), {"body": "A comment"}),
        (
            f"/posts/{post.pk}/comment/",
            f"/posts/{post.pk}/comment/",
            {"body": "To nobody", "parent": "é"},
        ),
        (
            f"/posts/{post.pk}/comment/",
            post.get_absolute_url(),
            {"body": "To no one", "parent": "9" * 5000},
        ),
    ):
        del client.cookies[settings.SESSION_COOKIE_NAME]
        response = client.post(
            address, fields, headers={"Referer": f"http://testserver{page}"}
        )
        assert response.status_code == 302
        client.force_login(member)

        shown = text(client.get(page))
        assert f"{fields['body']}</textarea>" in shown
        assert ("Reply to Kofi Mensah</label>" in shown) is (
            fields.get("parent") == str(comment.pk)
        )
        assert fields["body"] not in text(client.get(page))


def test_a_form_without_its_token_changes_nothing(member: Member) -> None:
    post = make_post(member)
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)

    for address in (
        "/posts/new/",
        f"/posts/{post.pk}/comment/",
        f"/posts/{post.pk}/edit/",
        f"/posts/{post.pk}/remove/",
    ):
        assert client.post(address, {"body": "From elsewhere"}).status_code == 403
    assert (Post.objects.get().body, Post.objects.get().removed_at) == (post.body, None)
