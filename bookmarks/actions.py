"""Every change of what a member saved. Twice is the same as once."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bookmarks import things
from bookmarks.keys import ThingKey
from bookmarks.models import Bookmark
from bookmarks.saved import Saved
from members.models import Member
from members.refusals import Refused

MOST = 2_000  # of a member, so that the list is read and sorted at once


class NotSaved(Refused):
    """The thing is gone, or the member has saved too many."""


class DayOver(Refused):
    """The day of a reminder has passed."""


@transaction.atomic
def save(member: Member, key: ThingKey, *, now: datetime) -> Bookmark:
    """Put a thing on the member's list. What was removed from it last comes back as it
    was; what was done comes back without its day.

    Raises NotSaved.
    """
    if things.find(member, key) is None:
        raise NotSaved(_("This is no longer here, so it cannot be saved."))
    mine = Bookmark.objects.of(member)
    # locked, so that a removal at the same time does not take it away
    bookmark = mine.select_for_update().filter(**key._asdict()).first()
    if bookmark is None:
        if mine.count() >= MOST:
            words = _("You have saved %(n)s things. Remove some to save others.")
            raise NotSaved(words % {"n": MOST})
        # two presses at once: the second one finds the row of the first
        bookmark, _made = Bookmark.objects.get_or_create(
            member=member, **key._asdict(), defaults={"saved_at": now}
        )
    _put_back(bookmark, now)
    return bookmark


def _put_back(bookmark: Bookmark, now: datetime) -> None:
    row = Bookmark.objects.filter(pk=bookmark.pk)
    row.filter(done_at__isnull=False).update(
        done_at=None, remind_on=None, reminded_on=None, opened_on=None, saved_at=now
    )
    row.filter(removed_at__isnull=False).update(removed_at=None, to_mail=True)


@transaction.atomic
def remove(bookmark: Bookmark, *, now: datetime) -> None:
    """Take it off the list. It can be undone until the member removes another."""
    mine = Bookmark.objects.filter(member=bookmark.member_id)
    if mine.filter(pk=bookmark.pk, removed_at=None).update(removed_at=now):
        mine.filter(removed_at__isnull=False).exclude(pk=bookmark.pk).delete()


def undo_remove(bookmark: Bookmark) -> None:
    Bookmark.objects.filter(pk=bookmark.pk).update(removed_at=None, to_mail=True)


def mark_done(bookmark: Bookmark, *, now: datetime) -> bool:
    """Whether this press did it."""
    open_row = Bookmark.objects.open().filter(pk=bookmark.pk)
    return open_row.update(done_at=now) == 1


def undo_done(bookmark: Bookmark) -> None:
    Bookmark.objects.filter(pk=bookmark.pk).update(done_at=None, to_mail=True)


def remind(bookmark: Bookmark, day: date | None, *, now: datetime) -> None:
    """Set the day, or None for no reminder. It will be named again.

    Raises DayOver for a day that is over where the member is.
    """
    if day and day < bookmark.member.local(now).date():
        raise DayOver(_("This day is over. Choose today or a later one."))
    row = Bookmark.objects.filter(pk=bookmark.pk)
    row.update(remind_on=day, reminded_on=None, opened_on=None, to_mail=True)


def note(bookmark: Bookmark, words: str) -> None:
    Bookmark.objects.filter(pk=bookmark.pk).update(note=words)


def mark_named(bookmarks: Iterable[int], *, on: date) -> int:
    """Note that a mail of the member's day `on` names these, by their ids; how many it
    is the first to name. Those are not due again until their day is set again.
    """
    rows = Bookmark.objects.to_name(on).filter(pk__in=list(bookmarks))
    return rows.update(reminded_on=on)


def note_opened(
    member: Member, saved: Saved, keys: Iterable[ThingKey], *, now: datetime
) -> int:
    """Note that the member opened the things of a page that are due: no mail needs to
    name them. Return how many it was. No query where nothing of `keys` is due.
    """
    today = member.local(now).date()
    due = [key for key in keys if saved.is_due(key, today)]
    if not due:
        return 0
    mine = Bookmark.objects.of(member).to_name(today)
    return sum(mine.filter(**key._asdict()).update(opened_on=today) for key in due)


def ask_mail_again(member: Member) -> None:
    """Let mail look again at what the member has not been reminded of."""
    Bookmark.objects.of(member).unnamed().update(to_mail=True)
