"""What changes: preferences, and what is written and sent. The ledger's own moves are in ledger.py."""

from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone

from mail import digest, due, ledger, reminders, sending
from mail.letters import Letterer
from mail.models import Delivery, Preference, What
from members.models import Member

_STOPPED_AT = {What.DIGEST.value: "digest_stopped_at", What.REMINDERS.value: "reminders_stopped_at"}


def stop_mail(member: Member, what: str, *, now: datetime) -> Preference:
    """No more of this kind, from now on. Stopping twice keeps the first date."""
    preference, _ = Preference.objects.get_or_create(member=member)
    field = _STOPPED_AT[what]
    if getattr(preference, field) is None:
        setattr(preference, field, now)
        preference.save(update_fields=[field])
    return preference


def start_mail(member: Member, what: str) -> Preference:
    preference, _ = Preference.objects.get_or_create(member=member)
    setattr(preference, _STOPPED_AT[what], None)
    preference.save(update_fields=[_STOPPED_AT[what]])
    return preference


def set_preferences(
    member: Member,
    *,
    digest: bool,
    weekday: int,
    hour: int,
    reminders: bool,
    paused_until: date | None,
    now: datetime,
) -> Preference:
    preference, _ = Preference.objects.get_or_create(member=member)
    preference.digest_weekday, preference.digest_hour = weekday, hour
    preference.paused_until = paused_until
    preference.digest_stopped_at = None if digest else preference.digest_stopped_at or now
    preference.reminders_stopped_at = None if reminders else preference.reminders_stopped_at or now
    preference.save()
    return preference


# Runs


def write_due_digests(now: datetime) -> int:
    """Compose and write the digest of everyone whose hour has come. How many were due; twice writes nothing more."""
    pool, count = None, 0
    for week, members in due.digests(now):
        pool = pool or digest.pool(members[0], now)
        composed = digest.compose(members, now, pool)
        numbers = _numbers(members)
        ledger.write(
            Delivery(
                member=member,
                kind=Delivery.Kind.DIGEST,
                key=week,
                number=numbers.get(member.pk, 0) + 1,
                content=composed[member.pk].as_content(),
                written_at=now,
                not_before=now,
            )
            for member in members
        )
        count += len(members)
    return count


def _numbers(members: list[Member]) -> dict[int, int]:
    """Member id to the number of her last digest. One query."""
    rows = Delivery.objects.filter(member__in=members, kind=Delivery.Kind.DIGEST).order_by()
    return dict(rows.values_list("member_id").annotate(Max("number")))


def write_due_reminders(now: datetime) -> int:
    """Write a reminder for everyone who has been quiet long enough and may be told now. How many."""
    count = 0
    for away in due.inactive(now):
        composed = reminders.compose(away, now)
        ledger.write(
            Delivery(
                member=one.member,
                kind=Delivery.Kind.INACTIVITY,
                key=one.since_day.isoformat(),
                content=composed[one.member.pk].as_content(),
                written_at=now,
                not_before=now,
            )
            for one in away
            if one.member.pk in composed
        )
        count += len(composed)
    return count


def write_test(member: Member, *, now: datetime) -> Delivery:
    """Her digest as it would be now, beside the ones that count; one a second at most."""
    [composed] = digest.compose([member], now).values()
    delivery, _ = Delivery.objects.get_or_create(
        member=member,
        kind=Delivery.Kind.TEST,
        key=f"{now:%Y-%m-%d-%H%M%S}",
        defaults={"content": composed.as_content(), "written_at": now, "not_before": now},
    )
    return delivery


def send_waiting(clock: sending.Clock = timezone.now) -> sending.Run:
    """Send everything that is written and due. A run may outlast any one `now`, so it gets a clock."""
    return sending.send(Letterer(clock()), clock)


def send_digests(now: datetime) -> sending.Run:
    write_due_digests(now)
    return send_waiting()


def send_reminders(now: datetime) -> sending.Run:
    write_due_reminders(now)
    return send_waiting()
