from datetime import datetime, timedelta

from community import actions as community
from community.models import Comment, Post
from community.tests.make import NOON
from members.models import Member
from notifications import actions
from notifications.models import Notification

LATER = NOON + timedelta(hours=1)


def tell(now: datetime = LATER) -> int:
    return actions.tell_everything(now=now)


def ask(author: Member, title: str = "Why 2.303?", *, now: datetime = NOON) -> Post:
    """A question by an action, so that it is to be told."""
    return community.write_post(
        author, kind="question", title=title, body="It stays there.", now=now
    )


def comment(
    post: Post,
    author: Member,
    body: str = "It is ln 10.",
    *,
    parent: Comment | None = None,
    now: datetime = NOON,
) -> Comment:
    return community.write_comment(
        post, author=author, body=body, parent=parent, now=now
    )


def told(member: Member) -> list[tuple[str, int | None, bool]]:
    """Kind, comment, and whether it is unread, of each row of a member, in order."""
    rows = Notification.objects.filter(member=member).order_by("pk")
    return [(row.kind, row.comment_id, row.read_at is None) for row in rows]
