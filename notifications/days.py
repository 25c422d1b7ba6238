"""A page of notifications by day and by post, in the words of its reader."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from community import kinds
from community.subjects import StepRef, subject_named
from members.models import Member, hue_of, initials_of
from notifications.announcements import ReadState
from notifications.lines import BellLine, DayOfNotes, Head, Line, Note
from notifications.listed import Announced, Told
from notifications.models import Notification, WatchLevel
from text import plain_title

Kind = Notification.Kind
DAYS_OF_A_WEEK = 7
ABOUT_MY_COMMENT = {Kind.ACCEPTED, Kind.HELPFUL}
WITHOUT_WORDS = {
    *ABOUT_MY_COMMENT,
    Kind.COULD_ANSWER,
    Kind.HELPED,
}  # the reader's own, or none


def by_day(
    rows: Iterable[Told | Announced], reader: Member, state: ReadState, now: datetime
) -> list[DayOfNotes]:
    """The rows by day, and within a day by post: newest first. No query."""
    today = timezone.localdate(now)
    days: dict[str, dict[int, Note]] = {}
    for row in rows:
        notes = days.setdefault(_title(timezone.localdate(row.moment), today), {})
        is_unread = _is_unread(row, state)
        note = notes.get(row.post_id)
        if note is None:
            note = notes[row.post_id] = Note(_head(row, reader, is_unread=is_unread))
        elif is_unread:
            note.head = note.head._replace(is_unread=True)
        note.lines.append((_line(row, is_unread=is_unread), row.moment))
    return [DayOfNotes(title, list(notes.values())) for title, notes in days.items()]


def one_by_one(
    rows: Iterable[Told | Announced], reader: Member, state: ReadState
) -> list[tuple[BellLine, datetime]]:
    """The rows as they are, each with its post and when it was. No query."""
    lines = []
    for row in rows:
        is_unread = _is_unread(row, state)
        head = _head(row, reader, is_unread=is_unread)
        lines.append((BellLine(head, _line(row, is_unread=is_unread)), row.moment))
    return lines


def _is_unread(row: Told | Announced, state: ReadState) -> bool:
    if isinstance(row, Announced):
        return not state.has_read(row)
    return row.read_at is None


def _title(day: date, today: date) -> str:
    ago = (today - day).days
    if ago <= 0:
        return _("Today")
    if ago == 1:
        return _("Yesterday")
    if ago < DAYS_OF_A_WEEK:
        return _("In the last seven days")
    return date_format(day, "F Y")


def _head(row: Told | Announced, reader: Member, *, is_unread: bool) -> Head:
    pk, name, email = row.post_author_id, row.post_author_name, row.post_author_email
    if isinstance(row, Told) and row.comment_author_id not in (None, reader.pk):
        pk = row.comment_author_id or 0
        name, email = row.comment_author_name or "", row.comment_author_email or ""
    return Head(
        post=row.post_id,
        title=_name(row),
        url=reverse("community:post", args=[row.post_id]),
        facts=tuple(_facts(row, reader)),
        initials=initials_of(name, email),
        hue=hue_of(pk),
        level=row.level or WatchLevel.NORMAL,
        is_unread=is_unread,
        is_announcement=isinstance(row, Announced),
    )


def _name(row: Told | Announced) -> str:
    label = kinds.of(row.post_kind).label
    named = _("%(kind)s by %(name)s") % {"kind": label, "name": row.post_author_name}
    return plain_title(row.post_title) or named


def _facts(row: Told | Announced, reader: Member) -> Sequence[str]:
    traits = kinds.of(row.post_kind)
    facts = [_reason(row, reader) or str(traits.label)]
    if isinstance(row, Told):
        subject = subject_named(row.post_thread_kind, row.post_thread_key, "")
        if isinstance(subject, StepRef):
            step = _("Step %(n)s") % {"n": subject.number}
            facts.append(step if subject.number else subject.title)
    return facts


def _reason(row: Told | Announced, reader: Member) -> str:
    """Why the post concerns the reader; empty where its kind says enough."""
    is_question = kinds.of(row.post_kind).accepts_answers
    if row.post_author_id == reader.pk:
        return _("Your question") if is_question else _("Your post")
    if row.kind in ABOUT_MY_COMMENT:
        return _("Your answer") if is_question else _("Your comment")
    if row.kind == Kind.WATCHED:
        return _("You watch it")
    return ""


def _line(row: Told | Announced, *, is_unread: bool) -> Line:
    if isinstance(row, Announced):
        url = reverse("community:post", args=[row.post_id])
        return Line(row.kind, url, is_unread, row.post_author_name)
    excerpt, markdown = _words(row)
    return Line(
        kind=row.kind,
        url=_address(row),
        is_unread=is_unread,
        actor=row.actor_name,
        number=_number(row, is_unread=is_unread),
        post_kind=row.post_kind,
        excerpt=excerpt,
        markdown=markdown,
    )


def _words(row: Told) -> tuple[str, str]:
    """The excerpt or the Markdown of what was said, or that it is folded."""
    if row.kind in WITHOUT_WORDS:
        return "", ""
    if fold := row.fold:
        return fold.words, ""
    return row.excerpt or "", row.words or ""


def _address(row: Told) -> str:
    post = reverse("community:post", args=[row.post_id])
    if row.comment_id is None:
        return post
    return f"{post}?comment={row.comment_id}#comment-{row.comment_id}"


def _number(row: Told, *, is_unread: bool) -> int:
    """How many people, or how many new comments. Of what was read, the number of comments
    is not known.
    """
    if row.kind == Kind.SAME:
        return row.post_same_count
    if row.kind == Kind.HELPFUL:
        return row.comment_helped_count or row.post_helped_count
    if row.kind == Kind.WATCHED and is_unread:
        return max(1, row.post_comment_count - row.comments_before)
    return 0
