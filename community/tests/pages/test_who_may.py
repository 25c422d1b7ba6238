import pytest
from django.test import Client
from django.urls import reverse

from community.models import Comment
from community.tests.make import (
    NOON,
    make_announcement,
    make_comment,
    make_question,
)
from community.tests.pages.reading import client_of, text
from members.models import Member
from members.tests.make import make_member

pytestmark = pytest.mark.django_db


ROLES = {
    "author": {},
    "owner": {"owner_since": NOON},
    "moderator": {"moderator_since": NOON},
    "curator": {"curator_since": NOON},
    "member": {},
}


DEEDS = {  # method, address, who gets an answer other than 404
    "see": ("get", "/posts/{post}/", "author owner moderator curator member"),
    "see history": (
        "get",
        "/posts/{post}/history/",
        "author owner moderator curator member",
    ),
    "see comment's history": (
        "get",
        "/posts/comments/{comment}/history/",
        "author owner moderator curator member",
    ),
    "comment": (
        "get",
        "/posts/{post}/comment/",
        "author owner moderator curator member",
    ),
    "edit": ("get", "/posts/{post}/edit/", "author"),
    "save": ("post", "/posts/{post}/edit/", "author"),
    "edit comment": ("get", "/posts/comments/{comment}/edit/", "author"),
    "save comment": ("post", "/posts/comments/{comment}/edit/", "author"),
    "ask to remove": ("get", "/posts/{post}/remove/", "author owner moderator"),
    "remove": ("post", "/posts/{post}/remove/", "author owner moderator"),
    "remove comment": (
        "post",
        "/posts/comments/{comment}/remove/",
        "author owner moderator",
    ),
    "accept": ("post", "/posts/comments/{comment}/accept/", "author owner moderator"),
    "pin": ("post", "/posts/{notice}/pin/", "owner moderator"),
    "put away": (
        "post",
        "/posts/{notice}/put-away/",
        "author owner moderator curator member",
    ),
    "react": ("post", "/posts/{post}/react/", "owner moderator curator member"),
    "react to comment": (
        "post",
        "/posts/comments/{comment}/react/",
        "owner moderator curator member",
    ),
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("deed", DEEDS)
def test_who_may_do_what(member: Member, role: str, deed: str) -> None:
    question = make_question(member)
    comment, notice = make_comment(question, member), make_announcement(member)
    client = Client()
    client.force_login(
        member if role == "author" else make_member("Somebody", **ROLES[role])
    )
    method, address, allowed = DEEDS[deed]
    address = address.format(post=question.pk, comment=comment.pk, notice=notice.pk)

    response = getattr(client, method)(
        address, {"wanted": "on", "helped": "on", "body": "New", "title": "New"}
    )

    assert response.status_code == (
        (200 if method == "get" else 302) if role in allowed.split() else 404
    )


@pytest.mark.parametrize("deed", DEEDS)
def test_what_was_removed_or_never_was_is_not_found(member: Member, deed: str) -> None:
    gone = make_question(member, removed_at=NOON)
    comment = Comment.objects.create(
        post=gone, author=member, body="x", body_html="x", commented_at=NOON
    )
    notice = make_announcement(member, removed_at=NOON)
    owner = client_of("Owner", owner_since=NOON)
    author = Client()
    author.force_login(member)
    method, address, _allowed = DEEDS[deed]
    form = {"wanted": "on", "helped": "on", "body": "New", "title": "New"}

    for client in (owner, author):
        removed = address.format(post=gone.pk, comment=comment.pk, notice=notice.pk)
        unknown = address.format(post=10**9, comment=10**25, notice=10**9)
        assert getattr(client, method)(removed, form).status_code == 404
        assert getattr(client, method)(unknown, form).status_code == 404


@pytest.mark.parametrize("deed", DEEDS)
def test_visitors_are_asked_to_sign_in(member: Member, deed: str) -> None:
    question = make_question(member)
    comment = make_comment(question, member)
    method, address, _allowed = DEEDS[deed]

    response = getattr(Client(), method)(
        address.format(post=question.pk, comment=comment.pk, notice=question.pk)
    )

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_buttons_are_offered_to_those_who_may_press_them(
    client: Client, member: Member
) -> None:
    question = make_question()
    make_comment(question)

    for_others = text(client.get(question.get_absolute_url()))
    Member.objects.filter(pk=member.pk).update(moderator_since=NOON)
    client.force_login(Member.objects.get(pk=member.pk))
    for_moderators = text(client.get(question.get_absolute_url()))
    asker = Client()
    asker.force_login(question.author)
    for_the_asker = text(asker.get(question.get_absolute_url()))

    words = ("Accept this answer", ">Edit<", ">Remove<", 'name="helped"')
    assert [word in for_others for word in words] == [False, False, False, True]
    assert [word in for_moderators for word in words] == [True, False, True, True]
    assert [word in for_the_asker for word in words] == [True, True, True, True]
    assert for_moderators.count(">Remove<") == 2
    assert for_the_asker.count('name="helped"') == 1  # not below one's own question
