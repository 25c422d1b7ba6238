"""Posts of the kind “Spot the mistake”: their answer is folded until the reader tried."""

import pytest
from django.test import Client

from community import actions
from community.models import Comment, Mention, Post, Revision, Unfolding
from community.tests.make import NOON, make_comment
from members.models import Member
from members.tests.make import make_group, make_member

pytestmark = pytest.mark.django_db
TYPED = {
    "kind": "mistake",
    "title": "More regularisation is safer",
    "body": "Double it until the curves meet.",
    "answer": "They meet because it *underfits*.",
}


@pytest.fixture
def author() -> Member:
    make_group()
    return make_member("Tomas Rivas")


@pytest.fixture
def reader(author: Member, client: Client) -> Member:
    reader = make_member("Ines Duarte")
    client.force_login(reader)
    return reader


def make_mistake(author: Member) -> Post:
    return actions.write_post(
        author,
        kind="mistake",
        title=TYPED["title"],
        body=TYPED["body"],
        details={"answer": TYPED["answer"]},
        now=NOON,
    )


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_it_is_written_with_its_answer_and_its_author_sees_both(
    author: Member, client: Client
) -> None:
    client.force_login(author)
    assert 'name="answer"' in text(client, "/posts/new/?kind=mistake")

    written = client.post("/posts/new/", TYPED)

    post = Post.objects.get()
    assert written.url == post.get_absolute_url()
    answer = post.accepted_comment
    assert answer
    assert (answer.author, answer.body, post.comment_count) == (
        author,
        TYPED["answer"],
        1,
    )
    assert "<em>underfits</em>" in text(client, written.url)
    assert "<em>underfits</em>" in text(client, "/")


@pytest.mark.parametrize("answer", ["", " \r\n"])
def test_without_an_answer_it_is_refused_and_nothing_is_lost(
    author: Member, client: Client, answer: str
) -> None:
    client.force_login(author)

    page = client.post("/posts/new/", {**TYPED, "answer": answer}).content.decode()

    assert "Write the answer too" in page
    assert TYPED["body"] in page
    assert not Post.objects.exists()


def test_an_answer_that_is_too_long_or_cannot_be_rendered_is_refused(
    author: Member, client: Client
) -> None:
    client.force_login(author)

    page = client.post("/posts/new/", {**TYPED, "answer": "x" * 200_000})

    assert page.status_code == 200
    assert not Post.objects.exists()


def test_the_preview_shows_the_answer(author: Member, client: Client) -> None:
    client.force_login(author)

    page = client.post("/posts/new/", {**TYPED, "preview": "1"}).content.decode()

    assert "<em>underfits</em>" in page
    assert not Post.objects.exists()


def test_the_answer_and_the_tries_of_others_open_with_a_try(
    author: Member, reader: Member, client: Client
) -> None:
    post = make_mistake(author)
    make_comment(post, make_member("Noor"), "The *penalty* wins.")
    page = text(client, post.get_absolute_url())
    assert TYPED["body"] in page
    assert "underfits" not in page
    assert "penalty" not in page
    assert "The answer is folded until you have tried." in text(client, "/")
    assert "underfits" not in text(client, "/")

    client.post(f"/posts/{post.pk}/comment/", {"body": "Too large a penalty?"})

    page = text(client, post.get_absolute_url())
    assert "underfits" in page
    assert "<em>penalty</em>" in page
    assert "underfits" in text(client, "/")


def test_the_answer_opens_by_asking(
    author: Member, reader: Member, client: Client
) -> None:
    post = make_mistake(author)

    client.post(f"/posts/{post.pk}/show/", follow=True)

    assert "underfits" in text(client, post.get_absolute_url())


def test_no_search_finds_the_words_of_the_answer(
    author: Member, reader: Member, client: Client
) -> None:
    make_mistake(author)

    found = text(client, "/search/?q=meet")

    assert TYPED["title"] in found
    assert "Folded until you have tried" in found
    assert "underfits" not in found


def test_sent_twice_it_is_one(author: Member) -> None:
    first, second = make_mistake(author), make_mistake(author)

    assert first.pk == second.pk
    assert Comment.objects.count() == 1
    assert Unfolding.objects.get().member == author


def test_the_answer_mentions_members_as_a_comment_does(
    author: Member, reader: Member
) -> None:
    handle = reader.handles.get().name
    post = actions.write_post(
        author,
        kind="mistake",
        title=TYPED["title"],
        body=TYPED["body"],
        details={"answer": f"As @{handle} said."},
        now=NOON,
    )

    mention = Mention.objects.get()
    assert (mention.comment, mention.member) == (post.accepted_comment, reader)


def test_its_answer_is_changed_as_a_comment_is(author: Member, client: Client) -> None:
    post = make_mistake(author)
    client.force_login(author)

    client.post(
        f"/posts/comments/{post.accepted_comment_id}/edit/",
        {"body": "It underfits, both times."},
    )

    answer = Comment.objects.get()
    assert answer.body == "It underfits, both times."
    assert Revision.objects.get().body == TYPED["answer"]


def test_nobody_accepts_a_try(author: Member, client: Client) -> None:
    post = make_mistake(author)
    answer = post.accepted_comment_id
    made = make_comment(post, make_member("Noor"), "The penalty wins.")
    client.force_login(author)

    refused = client.post(f"/posts/comments/{made.pk}/accept/", {"wanted": "on"})

    assert refused.status_code == 404
    assert Post.objects.get().accepted_comment_id == answer


def test_the_author_may_remove_the_answer(author: Member, client: Client) -> None:
    post = make_mistake(author)
    client.force_login(author)

    client.post(f"/posts/comments/{post.accepted_comment_id}/remove/")

    post = Post.objects.get()
    assert (post.accepted_comment, post.comment_count) == (None, 0)
    assert "underfits" not in text(client, post.get_absolute_url())
