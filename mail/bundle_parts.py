"""The parts of a daily mail: what was said to a member, what they watch, what is for today.

Pure but for addresses: rows in, texts out, in the words and on the clock of their member.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookmarks.due import Reminder
from community import kinds
from community.subjects import StepRef, subject_named
from mail.links import absolute
from mail.snippets import short
from members.models import Member
from notifications.listed import Announced, Told
from notifications.models import Notification
from text import plain, plain_title
from text.direction import isolated

Kind = Notification.Kind
SAID = 280  # characters of what somebody said
QUOTED = 160  # of what was said in a thread that is watched
NAMED = 3  # people, before the rest is counted
SAYINGS = 3  # below one post that are quoted; of others the names are said
TO_ME = (Kind.ANSWER, Kind.MENTION, Kind.REPLY)
THANKS = {Kind.ACCEPTED, Kind.HELPFUL, Kind.SAME}
DAYS_OF_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Saying:
    """What one person said, and where it is read and answered."""

    who: str
    when: str
    words: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Talk:
    """What was said to the member below one post."""

    kind: str
    post: int
    title: str
    about: str
    same: str  # how many people have the question too
    url: str
    sayings: Sequence[Saying]  # all of them

    @property
    def shown(self) -> Sequence[Saying]:
        """Those that are quoted."""
        return self.sayings[:SAYINGS]

    @property
    def rest(self) -> list[tuple[str, str]]:
        """What says that there are more, such as “And 2 more, by Kofi and Yuki”, and the
        address of the first of them; empty if all are quoted.
        """
        left = self.sayings[SAYINGS:]
        if not left:
            return []
        values = {"n": len(left), "names": names_of(left)}
        words = ngettext(
            "And %(n)s more, by %(names)s", "And %(n)s more, by %(names)s", len(left)
        )
        return [(words % values, left[0].url)]


@dataclass(frozen=True, slots=True)
class MailItem:
    """One line: a title that is a link, and what happened."""

    title: str
    about: str
    url: str


@dataclass(frozen=True, slots=True)
class MailList:
    """Lines under one heading."""

    title: str
    items: Sequence[MailItem]


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a mail, in their order. Those without rows are left out."""

    talks: Sequence[Talk]
    reminders: Sequence[MailItem]
    watched: Sequence[MailItem]
    thanks: Sequence[MailItem]
    today: Sequence[MailItem]

    def __bool__(self) -> bool:
        return bool(self.talks or self.reminders or self.others)

    @property
    def others(self) -> list[MailItem]:
        """The lines that are no reminders."""
        return [*self.watched, *self.today, *self.thanks]

    @property
    def is_of_reminders(self) -> bool:
        """Whether there is nothing but reminders."""
        return bool(self.reminders) and not self.talks and not self.others

    def lists(self) -> list[MailList]:
        named = (
            (_("My reminders"), self.reminders),
            (_("Threads that you watch"), self.watched),
            (_("What became of your words"), self.thanks),
            (_("For today"), self.today),
        )
        return [MailList(title, items) for title, items in named if items]

    def of(self, kind: str) -> list[Talk]:
        return [talk for talk in self.talks if talk.kind == kind]


def parts(
    member: Member,
    told: Sequence[Told],
    announced: Sequence[Announced],
    today: Sequence[MailItem],
    reminders: Sequence[MailItem],
    now: datetime,
) -> Parts:
    """The parts of the member's mail: answers first, then mentions and replies."""
    by_kind = {kind: [each for each in told if each.kind == kind] for kind in Kind}
    talks: list[Talk] = []
    for kind in TO_ME:
        talks += _talks(member, kind, by_kind[kind], now)
    thanks = [_thanks(each) for each in told if each.kind in THANKS]
    helped = [_helped(each) for each in by_kind[Kind.HELPED]]
    could = [_could_answer(each) for each in by_kind[Kind.COULD_ANSWER]]
    closed = [_closed(each) for each in by_kind[Kind.POLL_CLOSED]]
    return Parts(
        talks=talks,
        reminders=reminders,
        watched=[_watched(each) for each in by_kind[Kind.WATCHED]],
        thanks=thanks,
        today=[*today, *helped, *could, *map(_announcement, announced), *closed],
    )


def _talks(
    member: Member, kind: str, told: Iterable[Told], now: datetime
) -> list[Talk]:
    """One talk for each post, in the order of what was said first."""
    below: dict[int, list[Told]] = {}
    for each in told:
        below.setdefault(each.post_id, []).append(each)
    saying = partial(_saying, member, kind=kind, now=now)
    return [
        Talk(
            kind=kind,
            post=rows[0].post_id,
            title=_title(rows[0]),
            about=_about(member, rows[0], len(rows)),
            same=_same(rows[0]),
            url=_post_url(rows[0]),
            sayings=[saying(each) for each in rows],
        )
        for rows in below.values()
    ]


def _saying(member: Member, told: Told, *, kind: str, now: datetime) -> Saying:
    words, is_whole = _words(told, SAID)
    who = isolated(told.actor_name)
    label = _("Answer %(name)s")
    if kind == Kind.ANSWER:
        label = _("Open the answer")
    if not is_whole:
        label = _("Read on")
    return Saying(
        who=who,
        when=_when(member.local(told.happened_at), member.local(now)),
        words=words,
        label=label % {"name": who},
        url=_url(told),
    )


def _words(told: Told, limit: int) -> tuple[str, bool]:
    """The first words of what was said, or that it is folded; whether they are all of it."""
    if fold := told.fold:
        return fold.words, False
    words = told.excerpt or plain(told.words or "", SAID)
    if len(words) > limit:
        words = f"{words[: limit - 1].rsplit(' ', 1)[0].rstrip(',.;:')}…"
    return words, not words.endswith("…")


def _when(local: datetime, now: datetime) -> str:
    """As in “yesterday, 15:10”; both moments are on the member's clock."""
    clock = local.strftime("%H:%M")
    ago = (now.date() - local.date()).days
    if ago <= 0:
        return _("today, %(time)s") % {"time": clock}
    if ago == 1:
        return _("yesterday, %(time)s") % {"time": clock}
    if ago < DAYS_OF_A_WEEK:
        return f"{date_format(local, 'l')}, {clock}"
    return f"{date_format(local, 'j F')}, {clock}"


def _title(row: Told | Announced) -> str:
    label = kinds.of(row.post_kind).label
    named = _("%(kind)s by %(name)s") % {
        "kind": label,
        "name": isolated(row.post_author_name),
    }
    title = plain_title(row.post_title)
    if title:
        return isolated(short(title))
    return named


def _about(member: Member, told: Told, number: int) -> str:
    """As in “Your question, Step 3”, “4 answers to your question, Step 3”."""
    is_question = kinds.of(told.post_kind).accepts_answers
    facts = [str(kinds.of(told.post_kind).label)]
    if told.post_author_id == member.pk:
        facts = [_("Your post")]
    if told.post_author_id == member.pk and is_question:
        facts = [_("Your question")]
    if told.kind == Kind.ANSWER and number > 1:
        facts = [_("%(n)s answers to your question") % {"n": number}]
    return ", ".join([*facts, *_step(told)])


def _same(told: Told) -> str:
    if told.kind != Kind.ANSWER or not told.post_same_count:
        return ""
    words = ngettext(
        "%(n)s person has it too.",
        "%(n)s people have it too.",
        told.post_same_count,
    )
    return words % {"n": told.post_same_count}


def _step(told: Told) -> list[str]:
    subject = subject_named(told.post_thread_kind, told.post_thread_key, "")
    if not isinstance(subject, StepRef) or not subject.number:
        return []
    return [_("Step %(n)s") % {"n": subject.number}]


def _watched(told: Told) -> MailItem:
    count = max(1, told.post_comment_count - told.comments_before)
    words, _is_whole = _words(told, QUOTED)
    values = {
        "name": isolated(told.actor_name),
        "comments": kinds.of(told.post_kind).comment_count(count),
        "words": isolated(words),
    }
    about = _("%(name)s wrote: “%(words)s”")
    if count > 1:
        about = _("New: %(comments)s. %(name)s wrote: “%(words)s”")
    return MailItem(_title(told), about % values, _url(told))


def answers(told: Sequence[Told]) -> list[MailItem]:
    """Answers to questions of the member: a line for each question."""
    below: dict[int, list[Told]] = {}
    for each in told:
        below.setdefault(each.post_id, []).append(each)
    return [_answers(rows) for rows in below.values()]


def _answers(told: Sequence[Told]) -> MailItem:
    words, _is_whole = _words(told[0], QUOTED)
    names = list(dict.fromkeys(isolated(each.actor_name) for each in told))
    values = {
        "n": len(told),
        "name": isolated(told[0].actor_name),
        "names": joined_names(names),
        "words": isolated(words),
    }
    about = _("%(name)s answered: “%(words)s”")
    if len(told) > 1:
        about = _("%(n)s answers, by %(names)s. %(name)s answered: “%(words)s”")
    return MailItem(_title(told[0]), about % values, _url(told[0]))


def names_of(sayings: Iterable[Saying]) -> str:
    return joined_names(list(dict.fromkeys(saying.who for saying in sayings)))


def joined_names(names: Sequence[str]) -> str:
    """As in “Kofi and Yuki”, “Kofi, Yuki, Wei and 2 others”."""
    others = len(names) - NAMED
    if others > 0:
        words = ngettext("%(n)s other", "%(n)s others", others)
        names = [*names[:NAMED], words % {"n": others}]
    if len(names) == 1:
        return names[0]
    together = {"names": ", ".join(names[:-1]), "last": names[-1]}
    return _("%(names)s and %(last)s") % together


def reminder_lines(reminders: Sequence[Reminder], more: int) -> list[MailItem]:
    """A line for each thing, and one for those that are on the list of the member only."""
    items = [_reminder(each) for each in reminders]
    if items and more:
        words = ngettext("And %(n)s more reminder", "And %(n)s more reminders", more)
        url = absolute(reverse("bookmarks:list"))
        items.append(
            MailItem(words % {"n": more}, _("On your list of saved things"), url)
        )
    return items


def _reminder(reminder: Reminder) -> MailItem:
    thing = reminder.thing
    about = isolated(str(thing.label))
    if reminder.note:
        values = {"label": about, "note": isolated(reminder.note)}
        about = _("%(label)s. Your note: “%(note)s”") % values
    return MailItem(isolated(short(thing.title)), about, absolute(thing.url))


def _thanks(told: Told) -> MailItem:
    if told.kind == Kind.ACCEPTED:
        return MailItem(_title(told), _("Your answer was accepted."), _url(told))
    if told.kind == Kind.SAME:
        count = told.post_same_count
        words = ngettext(
            "%(n)s person has your question too.",
            "%(n)s people have your question too.",
            count,
        )
    else:
        count = told.comment_helped_count or told.post_helped_count
        words = ngettext(
            "%(n)s person found your words helpful.",
            "%(n)s people found your words helpful.",
            count,
        )
    return MailItem(_title(told), words % {"n": count}, _url(told))


def _helped(told: Told) -> MailItem:
    words = _("Did an answer to your question help? Accept it, or say what is missing.")
    return MailItem(_title(told), words, _url(told))


def _could_answer(told: Told) -> MailItem:
    facts = [isolated(told.post_author_name), *_step(told)]
    words = _(
        "%(facts)s. It had no answer for two days. You finished that step and agreed to "
        "be asked."
    )
    return MailItem(_title(told), words % {"facts": ", ".join(facts)}, _url(told))


def _announcement(row: Announced) -> MailItem:
    words = _("Announcement by %(name)s") % {"name": isolated(row.post_author_name)}
    return MailItem(_title(row), words, _post_url(row))


def _closed(told: Told) -> MailItem:
    return MailItem(
        _title(told), _("The poll that you voted in has closed."), _url(told)
    )


def _post_url(row: Told | Announced) -> str:
    return absolute(reverse("community:post", args=[row.post_id]))


def _url(told: Told) -> str:
    """The address of the very comment, if it is about one."""
    post = _post_url(told)
    if told.comment_id is None:
        return post
    return f"{post}?comment={told.comment_id}#comment-{told.comment_id}"
