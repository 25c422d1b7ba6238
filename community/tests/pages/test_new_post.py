import re
from uuid import uuid4

import pytest
from django.test import Client

from community.kinds.question import QuestionKind
from community.models import Comment, Post
from community.tests.make import (
    NOON,
    make_paper,
    make_post,
    make_step,
)
from community.tests.pages.reading import HTMX, text
from members.models import Member
from members.tests.spent import forget_spent

pytestmark = pytest.mark.django_db


def test_a_post_is_written_from_the_short_form(client: Client, member: Member) -> None:
    response = client.post(
        "/posts/new/", {"kind": "discussion", "title": "", "body": "Hello, *all*"}
    )

    post = Post.objects.get()
    assert response.url == post.get_absolute_url()
    assert (post.author, post.kind, post.body, post.thread.kind) == (
        member,
        "discussion",
        "Hello, *all*",
        "group",
    )


def test_a_post_in_the_thread_of_a_step_or_a_paper_stays_there(client: Client) -> None:
    step, paper = make_step(), make_paper()

    client.post("/posts/new/", {"body": "In the step", "step": str(step)})
    client.post("/posts/new/", {"body": "On the paper", "paper": paper.arxiv_id})

    threads = Post.objects.order_by("pk").values_list("thread__kind", "thread__key")
    assert list(threads) == [("step", str(step)), ("paper", paper.arxiv_id)]


@pytest.mark.parametrize(
    "place", [{"step": str(uuid4())}, {"step": "nonsense"}, {"paper": "9999.99999"}]
)
def test_a_place_that_is_not_there_is_refused_with_the_text_kept(
    client: Client, place: dict[str, str]
) -> None:
    page = text(client.post("/posts/new/", {"body": "My words", **place}))

    assert "My words" in page
    assert 'role="alert"' in page
    assert not Post.objects.exists()
    assert client.get("/posts/new/", place).status_code == 404


def test_a_new_question_starts_from_a_template(client: Client) -> None:
    page = text(client.get("/posts/new/?kind=question"))

    for hint in (
        "What I want to do",
        "What I ran",
        "The whole error, or what I saw",
        "What I tried",
    ):
        assert hint in page
    assert re.search(r'value="question" checked', page)
    assert "What I ran" not in text(client.get("/posts/new/"))


def test_headings_of_the_template_that_stayed_empty_are_left_out(
    client: Client,
) -> None:
    body = (
        QuestionKind()
        .beginning()
        .replace("**What I ran**", "**What I ran**\r\n`python train.py`")
    )

    client.post("/posts/new/", {"kind": "question", "title": "Why?", "body": body})
    empty = text(
        client.post(
            "/posts/new/",
            {"kind": "question", "title": "Why?", "body": QuestionKind().beginning()},
        )
    )

    assert Post.objects.get().body == "**What I ran**\n`python train.py`"
    assert "Say a little more" in empty


def test_a_question_without_a_title_is_refused_with_the_text_kept(
    client: Client,
) -> None:
    page = text(client.post("/posts/new/", {"kind": "question", "body": "My words"}))

    assert "A question needs a title" in page
    assert "My words" in page
    assert not Post.objects.exists()


@pytest.mark.parametrize("body", ["", "  \n \r\n"])
def test_nothing_is_not_a_post(client: Client, body: str) -> None:
    post = make_post()

    assert "Write something first" in text(client.post("/posts/new/", {"body": body}))
    assert "Write something first" in text(
        client.post(f"/posts/{post.pk}/comment/", {"body": body})
    )
    assert (Post.objects.count(), Comment.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("body", "words"),
    [("x" * 100_001, "longer than"), ("> " * 200 + "deep", "too deeply")],
)
def test_a_text_that_cannot_be_shown_is_kept_in_the_form_with_the_reason(
    client: Client, body: str, words: str
) -> None:
    post = make_post()
    mine = client.post("/posts/new/", {"body": "Mine"}) and Post.objects.latest("pk")
    shown = body.replace(">", "&gt;")

    for address in (
        "/posts/new/",
        f"/posts/{post.pk}/comment/",
        f"/posts/{mine.pk}/edit/",
    ):
        for headers in ({}, HTMX):
            forget_spent()  # the budget of characters is another matter
            page = text(client.post(address, {"body": body}, headers=headers))
            assert words in page
            assert shown in page
    assert (Post.objects.count(), Comment.objects.count()) == (2, 0)


def test_code_at_the_beginning_keeps_its_spaces(client: Client) -> None:
    client.post("/posts/new/", {"body": "\r\n    import torch\r\n\r\nfails  \r\n"})

    assert Post.objects.get().body == "    import torch\n\nfails"


def test_a_question_may_begin_with_code(client: Client) -> None:
    client.post(
        "/posts/new/",
        {"kind": "question", "title": "Why?", "body": "    import torch\nfails"},
    )

    assert Post.objects.get().body == "    import torch\nfails"


def test_announcements_are_offered_to_moderators_only(
    client: Client, member: Member
) -> None:
    assert 'value="announcement"' not in text(client.get("/"))
    refused = text(
        client.post("/posts/new/", {"kind": "announcement", "body": "Hear me"})
    )
    assert "Hear me" in refused
    assert not Post.objects.exists()

    Member.objects.filter(pk=member.pk).update(moderator_since=NOON)
    client.force_login(Member.objects.get(pk=member.pk))
    assert 'value="announcement"' in text(client.get("/"))
    client.post(
        "/posts/new/", {"kind": "announcement", "title": "Hear", "body": "Hear me"}
    )
    assert Post.objects.get().kind == "announcement"


def test_a_preview_stores_nothing_and_keeps_the_words(client: Client) -> None:
    words = {"kind": "question", "title": "Why?", "body": "It is *exact*"}
    refused = text(client.post("/posts/new/", {**words, "title": "", "preview": "1"}))
    page = text(client.post("/posts/new/", {**words, "preview": "1"}))

    preview = page.partition('id="preview"')[2]
    assert "Why?</h3>" in preview
    assert "<em>exact</em>" in preview
    assert "It is *exact*</textarea>" in page
    assert "A question needs a title" in refused
    assert "A question needs a title" not in page
    assert "Why?</h3>" not in refused
    assert "<em>exact</em>" not in refused
    assert not Post.objects.exists()
