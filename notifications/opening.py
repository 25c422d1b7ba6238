"""A page of a post was opened: what it was told by is read."""

from django.http import HttpRequest
from django.utils import timezone

from community.kinds.announcement import AnnouncementKind
from community.models import Post
from members.models import Member
from notifications import actions, unread
from notifications.announcements import AnnouncedPost


def note_opened(request: HttpRequest, member: Member, post: Post) -> None:
    """Mark what `member` was told of `post` as read, also for the rest of the request.

    No query where nothing was unread when the request began. Asking for the headers of
    a page opens nothing.
    """
    if request.method != "GET":
        return
    mine, now = unread.of(request), timezone.now()
    if mine.count:
        mine.count -= actions.read_post(member, post.pk, now=now)
    is_news = mine.has_news and post.kind == AnnouncementKind.name
    if is_news and not mine.state.has_read(AnnouncedPost(post.pk, post.posted_at)):
        mine.state = actions.read_announcements(member, [post.pk], now=now)
