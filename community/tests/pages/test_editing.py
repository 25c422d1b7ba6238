import re
from datetime import timedelta

import pytest
from django.test import Client

from community.models import Post, Revision
from community.tests.make import (
    NOON,
    make_comment,
    make_post,
    make_question,
)
from community.tests.pages.reading import client_of, text
from members.models import Member

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 10, 25])
def test_a_history_comes_in_pages(client: Client, member: Member, count: int) -> None:
    post = make_post(member)
    for nth in range(count):
        Revision.objects.create(
            post=post,
            body=f"Text {nth:02}",
            written_at=NOON + timedelta(minutes=nth // 2),  # two at the same moment
        )

    query, pages = "", []
    while query is not None:
        page = text(client.get(f"/posts/{post.pk}/history/{query}"))
        pages.append([int(nth) for nth in re.findall(r"Text (\d\d)", page)])
        older = re.search(r'href="(\?after=[^"]*)"', page)
        query = older and older[1]

    newest_first = list(reversed(range(count)))
    assert pages == [newest_first[at : at + 10] for at in range(0, count, 10)]


def test_an_edit_is_shown_and_the_words_before_it_are_in_the_history(
    client: Client, member: Member
) -> None:
    post = make_post(member, body="First words", title="Old title")
    comment = make_comment(post, member, body="First remark")

    client.post(
        f"/posts/{post.pk}/edit/",
        {"title": "New title", "body": "Second words", "seen_edited_at": ""},
    )
    client.post(
        f"/posts/comments/{comment.pk}/edit/",
        {"body": "Second remark", "seen_edited_at": ""},
    )

    page = text(client.get(post.get_absolute_url()))
    assert "Second words" in page
    assert "Second remark" in page
    assert "First" not in page
    for address, old in (
        (f"/posts/{post.pk}/history/", "First words"),
        (f"/posts/comments/{comment.pk}/history/", "First remark"),
    ):
        assert address in page
        assert old in text(client_of("Yuki Arai").get(address))


def test_two_tabs_that_edit_both_keep_their_words(
    client: Client, member: Member
) -> None:
    post = make_post(member, body="First", title="One")
    seen = re.search(
        r'name="seen_edited_at" value="([^"]*)"',
        text(client.get(f"/posts/{post.pk}/edit/")),
    )
    tab = {"title": "One", "seen_edited_at": seen[1] if seen else ""}
    client.post(f"/posts/{post.pk}/edit/", {**tab, "body": "From tab 1"})

    page = text(client.post(f"/posts/{post.pk}/edit/", {**tab, "body": "From tab 2"}))

    assert "This text was changed since you opened it" in page
    assert "From tab 1</pre>" in page
    assert "From tab 2</textarea>" in page
    post.refresh_from_db()
    assert post.body == "From tab 1"

    newer = re.search(r'name="seen_edited_at" value="([^"]+)"', page)
    assert newer
    client.post(
        f"/posts/{post.pk}/edit/",
        {**tab, "body": "From both", "seen_edited_at": newer[1]},
    )
    post.refresh_from_db()
    assert post.body == "From both"
    assert set(post.revisions.values_list("body", flat=True)) == {"First", "From tab 1"}


def test_an_edit_that_does_not_say_what_it_saw_overwrites_nothing(
    client: Client, member: Member
) -> None:
    post = make_post(member, edited_at=NOON)

    page = text(
        client.post(
            f"/posts/{post.pk}/edit/", {"body": "Blind", "seen_edited_at": "nonsense"}
        )
    )

    assert "Blind</textarea>" in page
    assert Post.objects.get().body == post.body


def test_an_edited_question_keeps_its_need_of_a_title(
    client: Client, member: Member
) -> None:
    question = make_question(member)

    page = text(
        client.post(f"/posts/{question.pk}/edit/", {"title": " ", "body": "Words"})
    )

    assert "A question needs a title" in page


def test_removing_asks_first(client: Client, member: Member) -> None:
    post = make_post(member)
    comment = make_comment(make_post(), member)

    for target, address in (
        (post, f"/posts/{post.pk}/remove/"),
        (comment, f"/posts/comments/{comment.pk}/remove/"),
    ):
        assert "?</h1>" in text(client.get(address))
        target.refresh_from_db()
        assert target.removed_at is None

        assert client.post(address).status_code == 302
        target.refresh_from_db()
        assert target.removed_by == member
        assert client.get(address).status_code == 404
