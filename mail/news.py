"""What the notifications of daily mails say, read once for all mails of a batch.

It is read when the mails are built, through `visible_to_audience`. What was read or
removed in the meantime, or is no longer to be mailed, is left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import OuterRef, TextField, Value

from bookmarks.due import Reminder, reminders_named
from community.models import Post, with_closed
from mail.bundles import DAILY, Bundle, is_news, read_states
from members.audience import Audience, audiences_of
from members.models import Member
from notifications.announcements import ReadState
from notifications.listed import Announced, Told, columns, words_said
from notifications.models import Notification
from notifications.reaching import ANNOUNCEMENT, NO_CHOICE, Ways, ways_of

Needed = Sequence[tuple[Member, Bundle]]


class Happened(NamedTuple):
    """A notification, and whose it is."""

    member_id: int
    told: Told


@dataclass(slots=True)
class MailNews:
    """The unread notifications and announcements of a batch, by audience and id."""

    told: dict[tuple[Audience, int], Happened] = field(default_factory=dict)
    announced: dict[tuple[Audience, int], Announced] = field(default_factory=dict)
    invented: Sequence[Happened] = ()  # of examples of mails
    invented_reminders: Mapping[int, list[Reminder]] = field(default_factory=dict)
    _reminders: Mapping[int, list[Reminder]] = field(default_factory=dict)
    _audiences: dict[int, Audience] = field(default_factory=dict)
    _hidden: Mapping[int, Iterable[int]] = field(default_factory=dict)
    _ways: Mapping[int, Ways] = field(default_factory=dict)
    _states: Mapping[int, ReadState] = field(default_factory=dict)

    def load(self, needed: Needed) -> None:
        """Read what these mails are about, as it is now.

        Two queries, and two for each audience; where a mail has reminders, those of
        `reminders_named` too. None if nothing is needed.
        """
        self.told, self.announced = {}, {}
        self._reminders = self.invented_reminders
        members = [member for member, _bundle in needed]
        if not members:
            return
        self._audiences = audiences_of(members)
        self._hidden = Post.objects.hidden_from(members)
        self._ways, self._states = ways_of(members), read_states(members)
        named = chain.from_iterable(bundle.reminders for _member, bundle in needed)
        self._reminders = self.invented_reminders or reminders_named(members, named)
        for audience in {*self._audiences.values()}:
            theirs = [b for m, b in needed if self._audiences[m.pk] == audience]
            self._load_for(audience, theirs)

    def _load_for(self, audience: Audience, bundles: Sequence[Bundle]) -> None:
        told = set(chain.from_iterable(each.notifications for each in bundles))
        rows = Notification.objects.visible_to_audience(audience).unread()
        rows = with_closed(rows.filter(pk__in=told), OuterRef("member"), "post__")
        rows = rows.annotate(**words_said(), level=Value("", TextField()))
        for member, *values in rows.values_list("member_id", *columns()):
            happened = Happened(member, Told(*values))
            self.told[audience, happened.told.pk] = happened
        for happened in self.invented:
            self.told[audience, happened.told.pk] = happened
        posts = set(chain.from_iterable(each.announcements for each in bundles))
        self._load_announcements(audience, posts)

    def _load_announcements(self, audience: Audience, posts: Iterable[int]) -> None:
        if not posts:
            return
        visible = Post.objects.visible_to_audience(audience).filter(pk__in=posts)
        rows = visible.values_list(
            *("pk", "kind", "title", "posted_at"),
            *("author_id", "author__name", "author__email"),
        )
        for row in rows:
            values: list[Any] = [*row, ""]
            each = Announced(*values)
            self.announced[audience, each.post_id] = each

    def told_to(self, member: Member, bundle: Bundle) -> list[Told]:
        """The notifications of the mail that the member has still not read and may still
        be mailed, the oldest first.
        """
        audience, hidden = self._audiences[member.pk], self._hidden.get(member.pk, ())
        ways = self._ways.get(member.pk, NO_CHOICE)
        rows = (self.told.get((audience, pk)) for pk in bundle.notifications)
        found = [
            row.told
            for row in rows
            if row
            and row.member_id == member.pk
            and row.told.post_id not in hidden
            and ways.of_kind(row.told.kind) in DAILY
        ]
        return sorted(found, key=lambda told: (told.happened_at, told.pk))

    def reminders_of(self, member: Member, bundle: Bundle) -> list[Reminder]:
        """The reminders of the mail that are still due, the earliest day first."""
        wanted = set(bundle.reminders)
        rows = self._reminders.get(member.pk, [])
        return [each for each in rows if each.bookmark in wanted]

    def announced_to(self, member: Member, bundle: Bundle) -> list[Announced]:
        """The announcements of the mail that the member has still not read."""
        if self._ways.get(member.pk, NO_CHOICE).of(ANNOUNCEMENT) not in DAILY:
            return []
        audience, hidden = self._audiences[member.pk], self._hidden.get(member.pk, ())
        rows = (self.announced.get((audience, pk)) for pk in bundle.announcements)
        state = self._states[member.pk]
        return [row for row in rows if row and is_news(row, state, [*hidden])]
