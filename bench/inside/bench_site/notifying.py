"""What members were told of in the last months, which posts they watch, and how they
want to hear of what happens.

Everything was looked at by mail: nobody is due for one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.apps import apps

from bench_site.group import PRIME, QUIET_SHARE, Group, moment
from bench_site.loading import Row, load

# Older ones would be deleted by the site, and the data are kept for some days.
TOLD_WITHIN = timedelta(days=84)
READ_AFTER, MAILED_AFTER = timedelta(hours=3), timedelta(days=1)
WATCHED = 250  # the post that most watch, counted from the newest
BUSY, OF = 50, 100  # of so many members, the one with this remainder is told of most
UNREAD_SHARE = 3, 40  # of what the busy ones were told of
KINDS = (
    *(*["watched"] * 10, *["answer"] * 4, *["reply"] * 3),
    *("mention", "helpful", "accepted"),
)
MAILED = {"watched", "answer", "reply", "mention"}


@dataclass(frozen=True, slots=True)
class Said:
    """A comment that members were told of, and its moments as the tables have them."""

    pk: str
    post: int
    at: str
    read_at: str
    mailed_at: str | None
    kinds: frozenset[str]  # that are true of it


class Notifying:
    """Nothing for a site that has no such tables."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.size = group.size

    def notify(self) -> None:
        if not apps.is_installed("notifications"):
            return
        size = self.size
        load("notifications.Reach", ("member_id", "group", "way"), self.reaches(), 1)
        columns = ("post_id", "member_id", "level", "since")
        # read before the first row is written: there is one connection
        pairs, said = self.pairs(), self.said()
        load("notifications.Watch", columns, self.watches(pairs), len(pairs))
        rows = (row for n in range(1, size.members + 1) for row in self.told(n, said))
        many = size.members * size.told
        load("notifications.Notification", COLUMNS, rows, many)

    @property
    def watched(self) -> int:
        return self.size.posts - WATCHED + 1

    @cached_property
    def few(self) -> int:
        """How much those are told of who are not busy."""
        size = self.size
        busy = sum(map(is_busy, range(1, size.members + 1)))
        rest = size.members * size.told - busy * size.told_most
        return rest // (size.members - busy)

    def count(self, n: int) -> int:
        return self.size.told_most if is_busy(n) else self.few

    def said(self) -> list[Said]:
        """The comments of the time that is told of, the newest first."""
        posts = apps.get_model("community.Post").objects
        accepted = set(
            posts.exclude(accepted_comment=None).values_list(
                "accepted_comment", flat=True
            )
        )
        comments = apps.get_model("community.Comment").objects
        rows = comments.filter(commented_at__gt=self.group.now - TOLD_WITHIN)
        columns = ("pk", "post", "commented_at", "helped_count")
        found = []
        for pk, post, at, helped in rows.order_by("-pk").values_list(*columns):
            kinds = {"watched", "answer", "reply", "mention"}
            kinds |= {"helpful"} if helped else set()
            kinds |= {"accepted"} if pk in accepted else set()
            found.append(self.said_at(pk, post, at, frozenset(kinds)))
        return found

    def said_at(self, pk: int, post: int, at: datetime, kinds: frozenset[str]) -> Said:
        now = self.group.now
        mailed_at = moment(at + MAILED_AFTER) if at < now - MAILED_AFTER else None
        read_at = moment(min(at + READ_AFTER, now))
        return Said(str(pk), post, moment(at), read_at, mailed_at, kinds)

    def told(self, n: int, said: list[Said]) -> Iterator[Row]:
        """What a member was told of, the newest first, spread over the whole time."""
        count, member, watched = self.count(n), str(n), set[int]()
        apart = len(said) // count
        start = n * PRIME % apart
        unread, away = self.unread(n), moment(self.group.last_here(n))
        for number in range(count):
            each = said[number * len(said) // count + start]
            kind = KINDS[(n + number) % len(KINDS)]
            if kind not in each.kinds or (kind == "watched" and each.post in watched):
                kind = "reply"
            is_watched = kind == "watched"
            if is_watched:
                watched.add(each.post)
            is_unread = number < unread or (n % 100 < QUIET_SHARE and each.at > away)
            yield (
                str(each.post),
                member,
                kind,
                "0" if is_watched else each.pk,
                each.pk,
                "3" if is_watched else "0",
                each.at,
                None if is_unread else each.read_at,
                each.mailed_at if is_unread and kind in MAILED else None,
                "0",
            )

    def unread(self, n: int) -> int:
        """How much a member who is here these days has not read."""
        if is_busy(n):
            part, whole = UNREAD_SHARE
            return self.size.told_most * part // whole
        return n % 4

    def pairs(self) -> list[tuple[int, int]]:
        """Posts and who watches them: all who wrote there, and many watch one post."""
        posts = apps.get_model("community.Post").objects
        comments = apps.get_model("community.Comment").objects
        pairs = set(posts.order_by().values_list("pk", "author"))
        pairs |= set(comments.order_by().values_list("post", "author"))
        pairs |= {(self.watched, n) for n in self.watchers()}
        return sorted(pairs)

    def watches(self, pairs: Iterable[tuple[int, int]]) -> Iterator[Row]:
        since = self.group.hour(24 * 100)
        for post, member in pairs:
            is_muted = (post + member) % 50 == 0 and post != self.watched
            level = "muted" if is_muted else "watching"
            yield str(post), str(member), level, since

    def watchers(self) -> Iterator[int]:
        size = self.size
        return (1 + n * PRIME % size.members for n in range(size.watchers))

    def reaches(self) -> Iterator[Row]:
        """Some want answers and replies at once, and so does who wrote the post that
        most watch; others want less.
        """
        chosen = {
            (int(self.group.author(self.watched - 1)), "reply"): "once",
            (int(self.group.author(self.watched - 1)), "answer"): "once",
        }
        for n in range(1, self.size.members + 1):
            for every, rest, name, way in CHOSEN:
                if n % every == rest:
                    chosen.setdefault((n, name), way)
        return ((str(n), name, way) for (n, name), way in chosen.items())


CHOSEN = (
    (20, 3, "reply", "once"),
    (20, 5, "answer", "once"),
    (50, 7, "watched", "never"),
    (25, 9, "announcement", "app"),
)
COLUMNS = (
    *("post_id", "member_id", "kind", "target", "comment_id", "comments_before"),
    *("happened_at", "read_at", "mailed_at", "to_mail"),
)


def is_busy(n: int) -> bool:
    return n % OF == BUSY
