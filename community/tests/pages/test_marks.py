import re

import pytest
from django.test import Client
from django.utils import timezone

from community.models import Post, Reaction
from community.tests.make import (
    NOON,
    make_announcement,
    make_comment,
    make_post,
    make_question,
)
from community.tests.pages.reading import HTMX, text
from members.models import Member
from members.tests.make import make_member

pytestmark = pytest.mark.django_db


def test_accepting_says_what_it_wants(client: Client, member: Member) -> None:
    question = make_question(member)
    answer = make_comment(question)
    address = f"/posts/comments/{answer.pk}/accept/"

    for wanted, accepted in (
        ("on", answer),
        ("on", answer),
        ("off", None),
        ("off", None),
    ):
        assert client.post(address, {"wanted": wanted}).url == answer.get_absolute_url()
        question.refresh_from_db()
        assert question.accepted_comment == accepted
    page = text(client.post(address, {"wanted": "on"}, headers=HTMX))
    assert page.lstrip().startswith('<section id="discussion"')
    assert 'value="off" aria-pressed="true"' in page


def test_what_cannot_be_accepted_is_not_found(client: Client, member: Member) -> None:
    remark = make_comment(make_post(member))

    assert (
        client.post(
            f"/posts/comments/{remark.pk}/accept/", {"wanted": "on"}
        ).status_code
        == 404
    )
    assert (
        client.post(
            f"/posts/comments/{remark.pk}/accept/", {"wanted": "off"}
        ).status_code
        == 404
    )


def test_a_reaction_says_what_it_wants(client: Client, member: Member) -> None:
    post = make_post()
    comment = make_comment(post)

    for address in (f"/posts/{post.pk}/react/", f"/posts/comments/{comment.pk}/react/"):
        for wanted, count in (("on", 1), ("on", 1), ("off", 0), ("off", 0)):
            client.post(address, {"thanks": wanted})
            assert (
                Reaction.objects.filter(member=member, kind="thanks").count() == count
            )
        page = text(client.post(address, {"thanks": "on"}, headers=HTMX))
        assert re.search(
            r'name="thanks" value="off" aria-pressed="true".*<data value="1">1</data>',
            page,
        )
        assert page.count("<form") == 1
        assert client.post(address, {"nonsense": "on"}).status_code == 404
        Reaction.objects.all().delete()


def test_after_a_reaction_the_page_is_where_it_was(client: Client) -> None:
    post = make_post()
    comment = make_comment(post)

    def after(address: str, referer: str) -> str:
        headers = {"Referer": referer} if referer else {}
        return client.post(address, {"helped": "on"}, headers=headers).url  # type: ignore[attr-defined]

    assert after(f"/posts/{post.pk}/react/", "http://testserver/?show=mine#x") == (
        f"http://testserver/?show=mine#post-{post.pk}"
    )
    assert (
        after(f"/posts/{post.pk}/react/", "https://evil.example/")
        == post.get_absolute_url()
    )
    assert (
        after(f"/posts/comments/{comment.pk}/react/", "") == comment.get_absolute_url()
    )
    assert after(
        f"/posts/comments/{comment.pk}/react/", f"http://testserver/posts/{post.pk}/"
    ) == (f"http://testserver/posts/{post.pk}/#comment-{comment.pk}")


def test_a_moderator_pins_and_unpins(client: Client, member: Member) -> None:
    Member.objects.filter(pk=member.pk).update(moderator_since=NOON)
    client.force_login(Member.objects.get(pk=member.pk))
    notice, post = make_announcement(), make_post()

    assert "Pin</button>" in text(client.get(notice.get_absolute_url()))
    client.post(f"/posts/{notice.pk}/pin/", {"wanted": "on"})
    assert Post.objects.get(pinned_at__isnull=False) == notice
    client.post(f"/posts/{notice.pk}/pin/", {"wanted": "off"})
    assert not Post.objects.filter(pinned_at__isnull=False).exists()
    assert client.post(f"/posts/{post.pk}/pin/", {"wanted": "on"}).status_code == 404


@pytest.mark.parametrize("deed", ["accept", "react", "pin"])
def test_deeds_are_posted(client: Client, deed: str) -> None:
    comment = make_comment(make_question())
    addresses = {
        "accept": f"/posts/comments/{comment.pk}/accept/",
        "react": "/posts/1/react/",
        "pin": "/posts/1/pin/",
    }

    assert client.get(addresses[deed]).status_code == 405


def test_a_moderator_is_offered_to_accept_the_answers_of_others_only(
    client: Client,
) -> None:
    question, moderator = (
        make_question(),
        make_member("Ilse Brandt", moderator_since=timezone.now()),
    )
    own, other = make_comment(question, author=moderator), make_comment(question)
    client.force_login(moderator)

    page = client.get(question.get_absolute_url()).content.decode()

    assert f'id="accept-c{other.pk}"' in page
    assert f'id="accept-c{own.pk}"' not in page
