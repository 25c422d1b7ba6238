"""Previews, posts and edits are paid for before they are rendered."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from community import actions
from community.actions import words
from community.models import Post, Revision
from community.tests.make import make_post
from members.budget import EDITS, KEPT, PREVIEWED, spend
from members.limits import TooMany
from members.models import Member
from members.tests.make import make_group, make_member

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def member() -> Member:
    make_group()
    return make_member()


def test_previews_without_end_are_refused_before_they_are_rendered(
    client: Client, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[str] = []
    whole = words.rendered
    monkeypatch.setattr(
        words,
        "rendered",
        lambda body, **named: rendered.append(body) or whole(body, **named),
    )
    client.force_login(member)
    body = "word " * 10_000
    with time_machine.travel(NOW, tick=False):
        answers = [
            client.post(
                "/posts/new/", {"kind": "discussion", "body": body, "preview": "1"}
            ).status_code
            for _ in range(PREVIEWED.amount // len(body) + 5)
        ]

    assert answers.count(200) == PREVIEWED.amount // len(body.strip())
    assert set(answers) == {200, 429}
    assert len(rendered) == answers.count(200)


def test_edits_without_end_are_refused_and_leave_no_revisions(member: Member) -> None:
    post = make_post(member, body="Version 0")
    for n in range(EDITS.amount):
        post = actions.edit_post(
            post,
            by=member,
            title="",
            body=f"Version {n + 1}",
            seen_edited_at=post.edited_at,
            now=NOW,
        )
    with pytest.raises(TooMany, match="60 times within an hour"):
        actions.edit_post(
            post,
            by=member,
            title="",
            body="One more",
            seen_edited_at=post.edited_at,
            now=NOW,
        )

    assert Revision.objects.count() == EDITS.amount
    assert Post.objects.get().body == f"Version {EDITS.amount}"


def test_former_texts_fill_a_bounded_space_in_a_day(member: Member) -> None:
    post = make_post(member, body="x" * 1000)
    spend(member, KEPT, KEPT.amount - 500, now=NOW)

    with pytest.raises(TooMany, match="two million characters"):
        actions.edit_post(
            post, by=member, title="", body="y", seen_edited_at=post.edited_at, now=NOW
        )
