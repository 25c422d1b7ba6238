"""Things to save, and bookmarks of them."""

from datetime import UTC, date, datetime
from typing import Any

from bookmarks import actions
from bookmarks.keys import Kind, ThingKey
from bookmarks.models import Bookmark
from community.models import Comment, Post
from members.models import Member

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def key_to(thing: Post | Comment) -> ThingKey:
    kind = Kind.POST if isinstance(thing, Post) else Kind.COMMENT
    return ThingKey(kind, str(thing.pk))


def make_bookmark(
    member: Member,
    key: ThingKey,
    *,
    remind_on: date | None = None,
    now: datetime = NOON,
    **fields: Any,
) -> Bookmark:
    bookmark = actions.save(member, key, now=now)
    Bookmark.objects.filter(pk=bookmark.pk).update(remind_on=remind_on, **fields)
    bookmark.refresh_from_db()
    return bookmark
