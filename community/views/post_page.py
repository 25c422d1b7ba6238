"""What the page of a post shows, whichever address shows it."""

from collections.abc import Sequence
from typing import Any

from community.models import Post
from community.views.drafts import offer_below
from community.views.targets import discussion_of
from members.requests import MemberRequest
from notifications.models import WatchLevel

JOINED = 20  # questions that a page names


def page_of(request: MemberRequest, shown: Post) -> dict[str, Any]:
    """All but the form of a comment."""
    return {
        **discussion_of(request, shown),
        "level": WatchLevel(shown.watch_level or WatchLevel.NORMAL),
        "joined": _joined_here(request, shown),
        "offered": offer_below(request, shown),
    }


def _joined_here(request: MemberRequest, shown: Post) -> Sequence[Post]:
    """The questions that are joined to `shown`, the newest first. One query where there
    are some.
    """
    if not shown.has_joined:
        return ()
    rows = Post.objects.visible_to(request.member).filter(joined_to=shown)
    rows = rows.only("title", "kind", "posted_at", "comment_count")
    return list(rows.order_by("-joined_at", "-pk")[:JOINED])
