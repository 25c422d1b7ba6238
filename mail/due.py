"""Who is due for a mail at a given moment, each on her own clock.

The clock part is pure: a weekly slot (weekday and hour) falls on one instant a week in a zone, whatever its clocks do.
An hour that does not exist on that day becomes the next instant that does, an hour that comes twice is the first one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.db.models import DateTimeField, Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest

from community.models import Comment, Post
from mail.models import Delivery, Preference
from members.models import Member, MemberQuerySet
from progress.models import Enrollment, StudyEvent

CATCH_UP = timedelta(hours=24)  # a digest that could not go out at its hour goes out this much later, or not at all
NEWCOMERS_WAIT = timedelta(hours=24)
QUIET_FOR = timedelta(days=7)
DAY_BEGINS, DAY_ENDS = 8, 21  # reminders keep quiet outside these hours
BATCH = 500

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """A weekday and hour whose instant has come within CATCH_UP."""

    on: date
    hour: int
    at: datetime

    @property
    def key(self) -> str:
        """The ISO week of the local date."""
        return week_key(self.on)


def week_key(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def instant(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """When the clocks of the zone first show this hour of this day or, if they never do, the next thing they show."""
    local = datetime.combine(day, time(hour), zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    # The clocks jump over it. Python answers with an instant on each side of the jump; the jump is what we want.
    before, after = local.replace(fold=1).astimezone(UTC), moment
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (middle, after) if middle.astimezone(zone).utcoffset() == old else (before, middle)
    return after


def slots(zone: ZoneInfo, now: datetime) -> list[Slot]:
    """Every whole hour of the zone's clocks whose instant lies in the last CATCH_UP before `now`, `now` included."""
    today = now.astimezone(zone).date()
    found = []
    for back in (0, 1, 2):
        day = today - timedelta(days=back)
        for hour in range(24):
            at = instant(day, hour, zone)
            if now - CATCH_UP < at <= now:
                found.append(Slot(day, hour, at))
    return found


# Digests


def digests(now: datetime) -> Iterator[tuple[str, list[Member]]]:
    """Week keys with members, at most BATCH at once, who are due for that digest and have none written.

    A query for the zones in use, and then one for each batch.
    """
    zones = Member.objects.active().order_by().values_list("time_zone", flat=True).distinct()
    for key, condition in _due_by_key(list(zones), now).items():
        written = Delivery.objects.filter(member=OuterRef("pk"), kind=Delivery.Kind.DIGEST, key=key)
        members = (
            _reachable(now)
            .filter(condition, ~Exists(written), mail_preference__digest_stopped_at=None)
            .filter(joined_at__lte=now - NEWCOMERS_WAIT)
        )
        for batch in _in_batches(members):
            if known := [member for member in batch if not _came_after(member, key)]:
                yield key, known


def _came_after(member: Member, key: str) -> bool:
    """Whether she was too new at her hour of that week; catching up is not for her."""
    year, week = key.split("-W")
    day = date.fromisocalendar(int(year), int(week), member.weekday + 1)  # type: ignore[attr-defined]
    return member.joined_at > instant(day, member.hour, member.zone) - NEWCOMERS_WAIT  # type: ignore[attr-defined]


def _due_by_key(zones: Sequence[str], now: datetime) -> dict[str, Q]:
    """Week key to who is due. Zones whose clocks agree share a condition, so that there are few."""
    agreeing: dict[tuple[tuple[date, int], ...], list[str]] = {}
    for name in zones:
        found = tuple((slot.on, slot.hour) for slot in slots(ZoneInfo(name), now))
        agreeing.setdefault(found, []).append(name)
    due: dict[str, Q] = {}
    for found, names in agreeing.items():
        hours: dict[date, list[int]] = {}
        for day, hour in found:
            hours.setdefault(day, []).append(hour)
        for day, at in hours.items():
            chosen = Q(time_zone__in=names, weekday=day.weekday(), hour__in=at) & _not_paused_on(day)
            due[week_key(day)] = due.get(week_key(day), Q()) | chosen
    return due


def _not_paused_on(day: date) -> Q:
    return Q(mail_preference__paused_until=None) | Q(mail_preference__paused_until__lte=day)


def _reachable(now: datetime) -> MemberQuerySet:
    """Members who may get mail, with the weekday and hour that hold for them, and their preference.

    An address that waits for its confirmation gets no mail but that one: it may be somebody else's.
    """
    unconfirmed = EmailAddress.objects.filter(user=OuterRef("pk"), email=OuterRef("email"), verified=False)
    defaults = Preference()
    return (
        Member.objects.active()
        .filter(~Exists(unconfirmed), onboarded_at__lte=now)
        .annotate(
            weekday=Coalesce("mail_preference__digest_weekday", defaults.digest_weekday),
            hour=Coalesce("mail_preference__digest_hour", defaults.digest_hour),
        )
        .select_related("mail_preference")
    )


def _in_batches(members: MemberQuerySet) -> Iterator[list[Member]]:
    last = 0
    while batch := list(members.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


# Reminders


@dataclass(frozen=True, slots=True)
class Away:
    """A member who has been quiet, and since when."""

    member: Member
    since: datetime

    @property
    def since_day(self) -> date:
        """The last day on her calendar on which she was heard of: one reminder for each."""
        return self.member.local(self.since).date()


def inactive(now: datetime) -> Iterator[list[Away]]:
    """Members, in batches, who have been quiet for QUIET_FOR and may be told so now. Two queries a batch."""
    for batch in _in_batches(_quiet(now)):
        written = _newest_delivery(batch)
        yield [
            Away(member, member.last_at)  # type: ignore[attr-defined]
            for member in batch
            if _may_remind(member, written.get(member.pk), now)
        ]


def _quiet(now: datetime) -> MemberQuerySet:
    """Enrolled, no study event, post or comment for QUIET_FOR, and not reminded since the last one."""
    reminded = Delivery.objects.filter(
        member=OuterRef("pk"), kind=Delivery.Kind.INACTIVITY, written_at__gt=OuterRef("last_at")
    )
    going_on = (
        Enrollment.objects.current()
        .filter(member=OuterRef("pk"))
        .filter(Q(paused_until=None) | Q(paused_until__lte=now))
    )
    return (
        _reachable(now)
        .filter(Exists(going_on), mail_preference__reminders_stopped_at=None)
        .annotate(
            last_at=Greatest(
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
        )
        .filter(~Exists(reminded), last_at__lte=now - QUIET_FOR)
    )


def _last(model: type[StudyEvent] | type[Post] | type[Comment], member: str, moment: str) -> Subquery:
    rows = model.objects.filter(**{member: OuterRef("pk")}).order_by(f"-{moment}").values(moment)[:1]
    return Subquery(rows, output_field=DateTimeField())


def _newest_delivery(members: Sequence[Member]) -> Mapping[int, datetime]:
    """Member id to when a mail to her was last written or sent."""
    rows = Delivery.objects.filter(member__in=members, given_up_at=None).values_list("member_id").order_by()
    return dict(rows.annotate(newest=Max(Coalesce("sent_at", "written_at"))))


def _may_remind(member: Member, mailed_at: datetime | None, now: datetime) -> bool:
    """By day, not paused, on a day without another mail: neither one that came nor the digest that is to come."""
    local = member.local(now)
    preference = preference_of(member)
    if not DAY_BEGINS <= local.hour < DAY_ENDS:
        return False
    if preference.paused_until and local.date() < preference.paused_until:
        return False
    if mailed_at and member.local(mailed_at).date() == local.date():
        return False
    return preference.digest_stopped_at is not None or not _digest_comes(member, preference, mailed_at, now)


def _digest_comes(member: Member, preference: Preference, mailed_at: datetime | None, now: datetime) -> bool:
    """Whether her digest comes today, or is late from yesterday and still to be written."""
    today = member.local(now).date()
    day = today - timedelta(days=(today.weekday() - preference.digest_weekday) % 7)
    at = instant(day, preference.digest_hour, member.zone)
    is_late = at > now - CATCH_UP and (mailed_at is None or mailed_at < at)
    return day == today or is_late


def preference_of(member: Member) -> Preference:
    """Hers, or the defaults; asks no query when it was selected with her."""
    try:
        return member.mail_preference
    except Preference.DoesNotExist:
        return Preference(member=member)
