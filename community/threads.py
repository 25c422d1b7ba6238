"""The row of a thread, and the newest posts of one."""

from dataclasses import dataclass
from typing import NamedTuple

from community.feed import Row, feed
from community.models import Thread
from community.subjects import Subject, all_posts_url
from lists.statement import Statement
from members.models import Member

POSTS = 10


class StoredThread(NamedTuple):
    """All columns of a thread."""

    pk: int
    kind: str
    key: str


_STORED = Statement(
    StoredThread,
    lambda kind, key: Thread.objects.filter(kind=kind, key=key).values_list(
        *StoredThread._fields
    ),
    kind=str,
    key=str,
)


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """The newest posts of a thread that is not the feed, by activity; `more` when there are
    others on the page with all of them.
    """

    subject: Subject
    rows: list[Row]
    more: bool

    @property
    def count(self) -> str:
        """The number of posts for a tab, such as “3” or “10+”; empty for none."""
        if not self.rows:
            return ""
        number = str(len(self.rows))
        return f"{number}+" if self.more else number

    @property
    def posts(self) -> list[int]:
        return [row.post.pk for row in self.rows]

    @property
    def url(self) -> str:
        return all_posts_url(self.subject)


def of(kind: str, key: object = "") -> Thread:
    """The unsaved thread of this kind and key, so that reading stores no row."""
    return Thread(kind=kind, key=str(key))


def stored(thread: Thread) -> Thread:
    """The row of a thread, created if there is none. One query if there is one."""
    row = _STORED.first(kind=thread.kind, key=thread.key)
    if row is None:
        return Thread.objects.get_or_create(kind=thread.kind, key=thread.key)[0]
    return Thread(pk=row.pk, kind=row.kind, key=row.key)


def thread_page(member: Member, subject: Subject, *, limit: int = POSTS) -> ThreadPage:
    """The newest posts about `subject` that `member` may see. One query."""
    page = feed(member, subject=subject, limit=limit)
    return ThreadPage(subject, page.rows, page.older is not None)
