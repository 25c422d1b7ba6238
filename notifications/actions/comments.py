"""Comments: who asked, who is replied to and who watches is told."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef

from community import kinds
from community.mentions import who_may_see
from community.models import Comment, Mention, Post
from lists.batches import batches
from notifications.actions.questions import note_answer
from notifications.actions.rows import BATCH, muted, store, watch_as_writers
from notifications.models import Notification, Reach, Watch

AT_ONCE = 100  # comments of one post
# An unread row moves up in the list so often at most, however much is written.
MOVES_AFTER = timedelta(hours=1)
Kind = Notification.Kind
WATCHED = "watched"  # of notifications.reaching.GROUPS


class NewComment(NamedTuple):
    """A comment that nobody was told of yet."""

    pk: int
    author: int
    replied_to: int | None  # the author of the comment above it
    commented_at: datetime
    removed_at: datetime | None


class PostAbove(NamedTuple):
    """The post that they are below."""

    pk: int
    author: int
    kind: str
    comment_count: int
    removed_at: datetime | None


@transaction.atomic
def tell_comments(*, now: datetime) -> int:
    """Tell of new comments below one post, and return how many there were.

    A member is told of a comment once, for the best of the reasons. Members who watch
    have one row for a post: the first comment that they have not read. So ten comments
    below a post that 10,000 watch write 10,000 rows once.
    """
    pending = Comment.objects.filter(to_tell=True).order_by("pk")
    locked = pending.select_for_update(skip_locked=True, no_key=True)
    first = locked.values_list("post", flat=True)[:1]
    for post in first:
        keys = list(locked.filter(post=post).values_list("pk", flat=True)[:AT_ONCE])
        _tell_below(post, keys, now)
        return Comment.objects.filter(pk__in=keys).update(to_tell=False)
    return 0


def _tell_below(post: int, keys: Sequence[int], now: datetime) -> None:
    thread = PostAbove(
        *Post.objects.values_list("pk", "author", *PostAbove._fields[2:]).get(pk=post)
    )
    found = Comment.objects.filter(pk__in=keys).order_by("pk")
    columns = ("pk", "author", "parent__author", "commented_at", "removed_at")
    comments = [NewComment(*row) for row in found.values_list(*columns)]
    _leave_out(thread, [each.pk for each in comments if each.removed_at])
    written = [each for each in comments if not each.removed_at]
    watch_as_writers(((post, each.author) for each in written), now=now)
    if thread.removed_at or not written:
        return
    _note_first_answer(thread, written)
    mentioned = _mentioned(thread, keys)
    told = {
        each.pk: _told(thread, each, mentioned.get(each.pk, ())) for each in written
    }
    members = set(chain.from_iterable(told.values()))
    left_out = muted((post, member) for member in members)
    rows = chain.from_iterable(_rows(thread, each, told[each.pk]) for each in written)
    store(row for row in rows if (post, row.member_id) not in left_out)
    before = max(0, thread.comment_count - len(written))
    for number, each in enumerate(written):
        others = {each.author, *told[each.pk]}
        _tell_watchers(thread, each, others, before + number)


def _note_first_answer(thread: PostAbove, written: Iterable[NewComment]) -> None:
    """Queries for answers to questions alone: one, and two for the first answer."""
    if not kinds.of(thread.kind).accepts_answers:
        return
    answers = (
        each for each in written if not each.replied_to and each.author != thread.author
    )
    first = next(answers, None)
    if first is None:
        return
    earlier = Comment.objects.filter(
        post=thread.pk, parent=None, removed_at=None, pk__lt=first.pk
    )
    if not earlier.exclude(author=thread.author).exists():
        note_answer(thread.pk, first.commented_at)


def _mentioned(thread: PostAbove, keys: Sequence[int]) -> Mapping[int, list[int]]:
    """By comment, who is mentioned in it and may see it. They count as told."""
    mentions = Mention.objects.filter(comment__in=keys)
    rows = list(mentions.values_list("comment", "member"))
    may_see = who_may_see(thread, {member for _comment, member in rows}) if rows else ()
    found: dict[int, list[int]] = {}
    for comment, member in rows:
        if member in may_see:
            found.setdefault(comment, []).append(member)
    if rows:
        mentions.update(to_tell=False)
    return found


def _told(
    thread: PostAbove, comment: NewComment, mentioned: Iterable[int]
) -> Mapping[int, str]:
    """Who is told of a comment for a reason of their own, by the id of the member."""
    told: dict[int, str] = dict.fromkeys(mentioned, Kind.MENTION)
    if comment.replied_to:
        told[comment.replied_to] = Kind.REPLY
    else:
        is_answer = kinds.of(thread.kind).accepts_answers
        told[thread.author] = Kind.ANSWER if is_answer else Kind.REPLY
    told.pop(comment.author, None)
    return told


def _rows(
    thread: PostAbove, comment: NewComment, told: Mapping[int, str]
) -> Iterator[Notification]:
    for member, kind in told.items():
        yield Notification(
            post_id=thread.pk,
            member_id=member,
            kind=kind,
            target=comment.pk,
            comment_id=comment.pk,
            happened_at=comment.commented_at,
        )


def _tell_watchers(
    thread: PostAbove, comment: NewComment, others: Iterable[int], before: int
) -> None:
    """Make one row unread for each member who watches, but for `others`.

    Of rows that are there, those are changed which were read before the comment was
    written, and an unread one moves up now and then. Whoever has read since then has
    seen the comment. This is why a second run, after the first was interrupted, does
    nothing twice.
    """
    never = Reach.objects.never().filter(group=WATCHED, member=OuterRef("member"))
    watching = Watch.objects.watching(thread.pk).exclude(member__in=others)
    watching = watching.filter(~Exists(never))
    rows = Notification.objects.filter(
        post=thread.pk,
        kind=Kind.WATCHED,
        target=0,
        member__in=watching.values("member"),
    )
    at = comment.commented_at
    rows.filter(read_at__lt=at).in_turn().update(
        read_at=None,
        to_mail=True,
        comment=comment.pk,
        comments_before=before,
        happened_at=at,
    )
    rows.unread().filter(happened_at__lt=at - MOVES_AFTER).in_turn().update(
        happened_at=at
    )
    mine = Notification.objects.filter(
        post=thread.pk, kind=Kind.WATCHED, target=0, member=OuterRef("member")
    )
    new = watching.filter(~Exists(mine)).order_by("member")
    for batch in batches(new.values_list("member", flat=True).iterator(), BATCH):
        store(
            Notification(
                post_id=thread.pk,
                member_id=member,
                kind=Kind.WATCHED,
                comment_id=comment.pk,
                comments_before=before,
                happened_at=at,
            )
            for member in batch
        )


def _leave_out(thread: PostAbove, removed: Sequence[int]) -> None:
    """Let the rows of watchers that begin with a removed comment begin with the next one.

    Where there is none, nothing is left to be told.
    """
    rows = Notification.objects.filter(
        post=thread.pk, kind=Kind.WATCHED, comment__in=removed
    )
    for pk in removed:
        following = Comment.objects.filter(post=thread.pk, pk__gt=pk, removed_at=None)
        later = following.order_by("pk").values_list("pk", flat=True).first()
        if later:
            rows.filter(comment=pk).update(comment=later)
        else:
            rows.filter(comment=pk).delete()
