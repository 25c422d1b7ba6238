"""Which members get a reminder that they have been away, and when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import (
    DateTimeField,
    F,
    Max,
    OuterRef,
    Q,
    Subquery,
)
from django.db.models.functions import Coalesce, Greatest

from community.models import Comment, Post
from mail.due import looks
from mail.due.slots import instant
from mail.models import Delivery, LastLook, Preference, preference_of
from members.models import Member
from progress.models import Enrollment, StudyEvent

# how long a reminder waits for a digest that is late
STILL_TO_COME = timedelta(hours=24)
QUIET_FOR = timedelta(days=7)
DAY_BEGINS, DAY_ENDS = 8, 21  # hours of the member's day; no reminder outside them


@dataclass(frozen=True, slots=True)
class Away:
    """A member who has been away, and since when."""

    member: Member
    since: datetime

    @property
    def since_day(self) -> date:
        """The member's last active day, in their time zone. Each gets one reminder."""
        return self.member.local(self.since).date()


@dataclass(slots=True)
class ReminderLook:
    """The result of checking a batch of members."""

    batch: list[Member]
    away: list[Away] = field(default_factory=list)
    next_at: dict[int, datetime] = field(default_factory=dict)  # by member id

    def store(self, now: datetime) -> None:
        """Store `next_at`. Call it after the reminders are written."""
        looks.store(LastLook.Kind.REMINDER, self.batch, self.next_at, now)


@dataclass(frozen=True, slots=True)
class _Mailed:
    """When mails to a member were last written or sent."""

    any_at: datetime | None
    reminder_at: datetime | None


def due_reminders(now: datetime) -> Iterator[list[Away]]:
    """Yield batches of members who have been away for QUIET_FOR and may be reminded now."""
    for look in reminder_looks(now):
        yield look.away


def reminder_looks(now: datetime) -> Iterator[ReminderLook]:
    """Check the members whose stored moment has come, in batches of four queries."""
    for batch in looks.candidates(LastLook.Kind.REMINDER, now):
        look = ReminderLook(batch)
        last_at, mailed = _last_at(batch), _mailed(batch)
        pauses = _pauses(batch)
        for member in batch:
            seen_at = last_at[member.pk]
            before = _not_before(
                member, seen_at, mailed.get(member.pk), pauses.get(member.pk, []), now
            )
            look.next_at[member.pk] = before or now + QUIET_FOR
            if before is None:
                look.away.append(Away(member, seen_at))
        yield look


def next_morning(member: Member, now: datetime) -> datetime:
    """The next DAY_BEGINS in the member's time zone."""
    today = member.local(now).date()
    days = (today + timedelta(days=n) for n in range(3))
    mornings = (instant(day, DAY_BEGINS, member.zone) for day in days)
    return next(morning for morning in mornings if morning > now)


def _not_before(
    member: Member,
    seen_at: datetime,
    mailed: _Mailed | None,
    pauses: Sequence[date | None],
    now: datetime,
) -> datetime | None:
    """The moment before which the member cannot be reminded; None to remind them now.

    A member who studies or writes is not away before QUIET_FOR has passed again. No
    moment is later than that, so studying and writing need not change it.
    """
    preference = preference_of(member)
    latest = now + QUIET_FOR
    today = now.astimezone(UTC).date()
    if not any(until is None or until <= today for until in pauses):
        ends = [datetime.combine(until, time(), UTC) for until in pauses if until]
        return min([latest, *ends])
    if preference.reminders_stopped_at:
        return latest
    if seen_at > now - QUIET_FOR:
        return min(seen_at, now) + QUIET_FOR
    if mailed and mailed.reminder_at and mailed.reminder_at > seen_at:
        return latest
    return _later_today(member, preference, mailed, now)


def _later_today(
    member: Member, preference: Preference, mailed: _Mailed | None, now: datetime
) -> datetime | None:
    """The moment before which no reminder may be sent because it is night, because mail
    is paused, or because of another mail on the same day; None if none of these holds.

    All of these but a late digest end at midnight, and nobody is reminded before the
    morning.
    """
    local = member.local(now)
    morning = next_morning(member, now)
    mailed_at = mailed.any_at if mailed else None
    if not DAY_BEGINS <= local.hour < DAY_ENDS:
        return morning
    if preference.paused_until and local.date() < preference.paused_until:
        return morning
    if mailed_at and member.local(mailed_at).date() == local.date():
        return morning
    if preference.digest_stopped_at:
        return None
    return _after_digest(member, preference, mailed_at, now)


def _after_digest(
    member: Member, preference: Preference, mailed_at: datetime | None, now: datetime
) -> datetime | None:
    """The next morning or earlier, if the member's digest is due today, or if that of
    yesterday is late and not written; None otherwise.
    """
    today = member.local(now).date()
    day = today - timedelta(days=(today.weekday() - preference.digest_weekday) % 7)
    at = instant(day, preference.digest_hour, member.zone)
    morning = next_morning(member, now)
    if day == today:
        return morning
    if at > now - STILL_TO_COME and (mailed_at is None or mailed_at < at):
        return min(morning, at + STILL_TO_COME)
    return None


def _last_at(batch: Sequence[Member]) -> Mapping[int, datetime]:
    """When each member joined, studied or wrote last, by member id."""
    members = Member.objects.filter(pk__in=[member.pk for member in batch]).order_by()
    last = Greatest(
        F("joined_at"),
        *(
            Coalesce(_last(model, member, moment), F("joined_at"))
            for model, member, moment in (
                (StudyEvent, "member", "at"),
                (Post, "author", "posted_at"),
                (Comment, "author", "commented_at"),
            )
        ),
    )
    return dict(members.annotate(last_at=last).values_list("pk", "last_at"))


def _last(
    model: type[StudyEvent] | type[Post] | type[Comment], member: str, moment: str
) -> Subquery:
    rows = (
        model.objects.filter(**{member: OuterRef("pk")})
        .order_by(f"-{moment}")
        .values(moment)[:1]
    )
    return Subquery(rows, output_field=DateTimeField())


def _mailed(batch: Sequence[Member]) -> Mapping[int, _Mailed]:
    rows = Delivery.objects.filter(member__in=batch).order_by().values_list("member_id")
    is_reminder = Q(kind=Delivery.Kind.INACTIVITY)
    counted = rows.annotate(
        any_at=Max(Coalesce("sent_at", "written_at"), filter=Q(given_up_at=None)),
        reminder_at=Max("written_at", filter=is_reminder),
    )
    return {pk: _Mailed(any_at, reminder_at) for pk, any_at, reminder_at in counted}


def _pauses(batch: Sequence[Member]) -> Mapping[int, list[date | None]]:
    """Until when each enrolment of the members is paused, by member id."""
    rows = Enrollment.objects.current().filter(member__in=batch)
    pauses: dict[int, list[date | None]] = {}
    for member_id, until in rows.values_list("member_id", "paused_until"):
        pauses.setdefault(member_id, []).append(until)
    return pauses
