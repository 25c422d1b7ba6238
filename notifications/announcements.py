"""The announcements of the last months, and which of them a member has read.

An announcement is one row for everybody: the post. A process keeps the newest for some
seconds, so pages ask nothing. What a member has read is one row a member.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from community.models import Post
from lists.cache import TimedCache
from members.audience import Audience, audience_of
from members.models import Member

KEPT = timedelta(days=90)
MOST = 100  # of them are looked at; older ones count as read


class AnnouncedPost(NamedTuple):
    post_id: int
    moment: datetime


class Timed(Protocol):
    """An announcement, with whatever else was read of it."""

    @property
    def post_id(self) -> int: ...

    @property
    def moment(self) -> datetime: ...


_KEPT = TimedCache[Sequence[AnnouncedPost]](seconds=10, most=100)


@dataclass(frozen=True, slots=True)
class ReadState:
    """Which announcements a member has read: all until a moment, and some after it."""

    until: datetime
    posts: frozenset[int] = frozenset()

    @classmethod
    def of(
        cls, member: Member, until: datetime | None, posts: Iterable[int] | None
    ) -> "ReadState":
        """`until` and `posts` as they are stored, None where no row is.

        What was announced before the member joined counts as read.
        """
        return cls(until or member.joined_at, frozenset(posts or ()))

    def has_read(self, each: Timed) -> bool:
        return each.moment <= self.until or each.post_id in self.posts

    def with_read(
        self, read: Iterable[int], newest: Sequence[AnnouncedPost]
    ) -> "ReadState":
        """The state after these posts were read, in its shortest form: `until` is moved
        on over all that were read without a gap.
        """
        state = ReadState(self.until, self.posts | frozenset(read))
        gap = min(
            (each.moment for each in newest if not state.has_read(each)), default=None
        )
        passed = [each for each in newest if gap is None or each.moment < gap]
        until = max([self.until, *(each.moment for each in passed)])
        later = state.posts - {each.post_id for each in passed}
        return ReadState(until, frozenset(sorted(later)[-MOST:]))


def newest(member: Member, now: datetime) -> Sequence[AnnouncedPost]:
    """The announcements of the last 90 days that `member` may see, newest first. Kept
    in the process for some seconds.
    """
    audience = audience_of(member)
    kept = _KEPT.get(audience, ask=lambda: _newest(audience, now - KEPT))
    hidden = Post.objects.hidden_from([member]).get(member.pk, frozenset())
    return [each for each in kept if each.post_id not in hidden]


def _newest(audience: Audience, since: datetime) -> list[AnnouncedPost]:
    posts = Post.objects.visible_to_audience(audience).announced_since(since)
    rows = posts.order_by("-posted_at", "-pk").values_list("pk", "posted_at")[:MOST]
    return [AnnouncedPost(*row) for row in rows]


def unread(member: Member, state: ReadState, now: datetime) -> list[int]:
    """The ids of those that were not read, newest first."""
    rows = newest(member, now)
    return [each.post_id for each in rows if not state.has_read(each)]
