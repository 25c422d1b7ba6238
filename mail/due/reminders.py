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
from mail.models import Delivery, LastLook, MailTurn, Preference, preference_of
from members.models import Member
from progress.models import Enrollment, StudyEvent

# how long a reminder waits for a digest that is late
STILL_TO_COME = timedelta(hours=24)
QUIET_FOR = timedelta(days=7)
# A reminder waits so long for a daily mail that it can go into.
AFTER_BUNDLE = timedelta(hours=1)
# After so long without a sign of the member, and then never again.
AFTER = (QUIET_FOR, 2 * QUIET_FOR, 4 * QUIET_FOR)
DAY_BEGINS, DAY_ENDS = 8, 21  # hours of the member's day; no reminder outside them


@dataclass(frozen=True, slots=True)
class Away:
    """A member who has been away, since when, and how many reminders they got of it."""

    member: Member
    since: datetime
    reminded: int = 0

    @property
    def since_day(self) -> date:
        """The member's last active day, in their time zone."""
        return self.member.local(self.since).date()

    @property
    def key(self) -> str:
        """The key of the reminder: that day, and from the second on, which one it is."""
        day = self.since_day.isoformat()
        if not self.reminded:
            return day
        return f"{day}-{self.reminded + 1}"

    @property
    def is_last(self) -> bool:
        return self.reminded + 1 >= len(AFTER)


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
    """When a mail to a member was last written or sent, and when reminders were."""

    any_at: datetime | None = None
    reminders: Sequence[datetime] = ()

    def reminded_since(self, seen_at: datetime) -> int:
        return sum(moment > seen_at for moment in self.reminders)


NO_MAIL = _Mailed()


def due_reminders(now: datetime) -> Iterator[list[Away]]:
    """Yield batches of members who have been away for QUIET_FOR and may be reminded now."""
    for look in reminder_looks(now):
        yield look.away


def reminder_looks(now: datetime) -> Iterator[ReminderLook]:
    """Check the members whose stored moment has come, in batches of five queries."""
    for batch in looks.candidates(LastLook.Kind.REMINDER, now):
        look = ReminderLook(batch)
        last_at, mailed = _last_at(batch), _mailed(batch)
        pauses = _pauses(batch)
        for member in batch:
            seen_at = last_at[member.pk]
            mails = mailed.get(member.pk, NO_MAIL)
            before = _not_before(member, seen_at, mails, pauses.get(member.pk, []), now)
            look.next_at[member.pk] = before or now + QUIET_FOR
            if before is None:
                reminded = mails.reminded_since(seen_at)
                look.away.append(Away(member, seen_at, reminded))
        yield look


def away_among(members: Sequence[Member], now: datetime) -> list[Away]:
    """Those of the members to whom a reminder is due, whatever the hour and whatever else
    they are mailed: it goes into a mail that they get anyway. Five queries.
    """
    last_at, mailed, pauses = _last_at(members), _mailed(members), _pauses(members)
    away = []
    for member in members:
        seen_at = last_at[member.pk]
        mails = mailed.get(member.pk, NO_MAIL)
        theirs = pauses.get(member.pk, [])
        if _not_away_before(member, seen_at, mails, theirs, now) is None:
            away.append(Away(member, seen_at, mails.reminded_since(seen_at)))
    return away


def next_morning(member: Member, now: datetime) -> datetime:
    """The next DAY_BEGINS in the member's time zone."""
    today = member.local(now).date()
    days = (today + timedelta(days=n) for n in range(3))
    mornings = (instant(day, DAY_BEGINS, member.zone) for day in days)
    return next(morning for morning in mornings if morning > now)


def _not_before(
    member: Member,
    seen_at: datetime,
    mailed: _Mailed,
    pauses: Sequence[date | None],
    now: datetime,
) -> datetime | None:
    """The moment before which the member cannot be reminded; None to remind them now."""
    before = _not_away_before(member, seen_at, mailed, pauses, now)
    if before is not None:
        return before
    return _later_today(member, preference_of(member), mailed, now)


def _not_away_before(
    member: Member,
    seen_at: datetime,
    mailed: _Mailed,
    pauses: Sequence[date | None],
    now: datetime,
) -> datetime | None:
    """The moment before which no reminder is due to the member; None if one is now.

    A member who studies or writes is not away before QUIET_FOR has passed again. No
    moment is later than that, so studying and writing need not change it.
    """
    latest = now + QUIET_FOR
    today = now.astimezone(UTC).date()
    if not any(until is None or until <= today for until in pauses):
        ends = [datetime.combine(until, time(), UTC) for until in pauses if until]
        return min([latest, *ends])
    reminded = mailed.reminded_since(seen_at)
    if preference_of(member).reminders_stopped_at or reminded >= len(AFTER):
        return latest
    due_at = min(seen_at, now) + AFTER[reminded]
    if reminded:
        # A late reminder does not bring the next one closer.
        due_at = max(
            due_at, max(mailed.reminders) + AFTER[reminded] - AFTER[reminded - 1]
        )
    if due_at <= now:
        return None
    return min(due_at, latest)


def _later_today(
    member: Member, preference: Preference, mailed: _Mailed, now: datetime
) -> datetime | None:
    """The moment before which no reminder may be sent because it is night, because mail
    is paused, or because of another mail on the same day; None if none of these holds.

    All of these but a late digest end at midnight, and nobody is reminded before the
    morning.
    """
    local = member.local(now)
    morning = next_morning(member, now)
    mailed_at = mailed.any_at
    if not DAY_BEGINS <= local.hour < DAY_ENDS:
        return morning
    if preference.paused_until and local.date() < preference.paused_until:
        return morning
    if mailed_at and member.local(mailed_at).date() == local.date():
        return morning
    if (bundle_at := _bundle_soon(member, now)) and not preference.bundle_stopped_at:
        return bundle_at + AFTER_BUNDLE
    if preference.digest_stopped_at:
        return None
    return _after_digest(member, preference, mailed_at, now)


def _bundle_soon(member: Member, now: datetime) -> datetime | None:
    """When a daily mail is due, if that is within a day. The reminder goes into it."""
    try:
        at = member.mail_turn.bundle_at
    except MailTurn.DoesNotExist:
        return None
    if at is None or at > now + timedelta(days=1):
        return None
    return max(at, now)


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
    rows = Delivery.objects.filter(member__in=batch).order_by()
    sent = rows.values_list("member_id").annotate(
        any_at=Max(Coalesce("sent_at", "written_at"), filter=Q(given_up_at=None))
    )
    reminders: dict[int, list[datetime]] = {}
    in_a_bundle = Q(kind=Delivery.Kind.BUNDLE, content__has_key="away")
    told = rows.filter(Q(kind=Delivery.Kind.INACTIVITY) | in_a_bundle)
    for pk, written_at in told.values_list("member_id", "written_at"):
        reminders.setdefault(pk, []).append(written_at)
    return {pk: _Mailed(any_at, reminders.get(pk, ())) for pk, any_at in sent}


def _pauses(batch: Sequence[Member]) -> Mapping[int, list[date | None]]:
    """Until when each enrolment of the members is paused, by member id."""
    rows = Enrollment.objects.current().filter(member__in=batch)
    pauses: dict[int, list[date | None]] = {}
    for member_id, until in rows.values_list("member_id", "paused_until"):
        pauses.setdefault(member_id, []).append(until)
    return pauses
