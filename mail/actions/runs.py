"""The runs that write and send mail.

The steps of a single delivery (claim, hand over, release) are in ledger.py.
"""

from datetime import datetime

from django.db.models import Count, Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mail import digest, ledger, notices, reminders, sending
from mail import pool as choices
from mail.due import looks
from mail.due.digests import digest_looks
from mail.due.reminders import next_morning, reminder_looks
from mail.due.slots import day_of
from mail.messages import MessageBuilder
from mail.models import Delivery, LastLook, preference_of, run_name
from mail.rules import TELL_THE_OWNER_AFTER
from members.models import Member


def write_due_digests(now: datetime) -> int:
    """Write a delivery for each digest that is due, and return how many were due.

    A digest that was missed and can no longer be sent gets a row too, which the owner
    sees. A second call writes nothing more.
    """
    looks.begin(LastLook.Kind.DIGEST, now)
    pool, count = None, 0
    for look in digest_looks(now):
        for week, members in look.due.items():
            pool = pool or choices.pool(now)
            _write_digests(week, members, pool, now)
            count += len(members)
        for week, members in look.missed.items():
            _write_missed(week, members, now)
        look.store(now)
    return count


def _write_digests(
    week: str, members: list[Member], pool: choices.Pool, now: datetime
) -> None:
    days = {
        member.pk: day_of(week, preference_of(member).digest_weekday)
        for member in members
    }
    composed = digest.compose(members, now, pool, days)
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


def _write_missed(week: str, members: list[Member], now: datetime) -> None:
    words = _("The site was off from its hour until it was too late to catch up.")
    ledger.write(
        Delivery(
            member=member,
            kind=Delivery.Kind.DIGEST,
            key=week,
            written_at=now,
            not_before=now,
            missed_at=now,
            given_up_at=now,
            error=words,
        )
        for member in members
    )


def write_notices(now: datetime) -> int:
    """Write a notice to each owner for each run that has had unconfirmed mails for
    TELL_THE_OWNER_AFTER, and return the number of runs. One notice for a run.
    """
    unconfirmed = (
        Delivery.objects.unconfirmed(now)
        .filter(handed_over_at__lte=now - TELL_THE_OWNER_AFTER)
        .exclude(kind__in=[Delivery.Kind.TEST, Delivery.Kind.NOTICE])
        .order_by()
        .values_list("kind", "key")
        .annotate(Count("pk"))
    )
    runs = list(unconfirmed)
    if not runs:
        return 0
    owners = list(Member.objects.active().filter(owner_since__isnull=False))
    for kind, key, count in runs:
        notices.write(
            owners,
            key=f"unheard-{kind}-{key}",
            notice=_unconfirmed_notice(kind, key, count),
            now=now,
        )
    return len(runs)


def _unconfirmed_notice(kind: str, key: str, count: int) -> notices.Notice:
    words = ngettext(
        "One mail of a run is unconfirmed",
        "%(n)s mails of a run are unconfirmed",
        count,
    )
    return notices.Notice(
        subject=words % {"n": count},
        paragraphs=[
            _(
                "%(run)s: each mail was sent to the mail server in full, but "
                "no answer arrived. The connection was lost, or this site was stopped "
                "at that moment. The mails may have arrived or not."
            )
            % {"run": run_name(kind, key)},
            _(
                "A digest is sent once more automatically after twelve hours. On the "
                "page of runs you can look at the mails, send all of them again with "
                "one button, or count them as sent."
            ),
            _("This is the only notice about this run."),
        ],
        path=reverse("mail:runs"),
        button=_("Open the page of runs"),
    )


def _numbers(members: list[Member]) -> dict[int, int]:
    """The number of each member's last digest, by member id. One query."""
    rows = Delivery.objects.filter(
        member__in=members, kind=Delivery.Kind.DIGEST
    ).order_by()
    return dict(rows.values_list("member_id").annotate(Max("number")))


def write_due_reminders(now: datetime) -> int:
    """Write a reminder for every member who has been away long enough and may get it
    now. Return how many were written.
    """
    looks.begin(LastLook.Kind.REMINDER, now)
    count = 0
    for look in reminder_looks(now):
        composed = reminders.compose(look.away, now)
        written = [one for one in look.away if one.member.pk in composed]
        ledger.write(
            Delivery(
                member=one.member,
                kind=Delivery.Kind.INACTIVITY,
                key=one.key,
                content=composed[one.member.pk].as_content(),
                written_at=now,
                not_before=now,
            )
            for one in written
        )
        count += len(written)
        for one in look.away:
            if one.member.pk not in composed:
                # There is nothing left to do now. A new release may change that.
                look.next_at[one.member.pk] = next_morning(one.member, now)
        look.store(now)
    return count


def write_test(member: Member, *, now: datetime) -> Delivery:
    """Write the digest that the member would get now, as a test.

    It does not count as a digest of the week. At most one is written in a second.
    """
    [composed] = digest.compose([member], now).values()
    delivery, _made = Delivery.objects.get_or_create(
        member=member,
        kind=Delivery.Kind.TEST,
        key=f"{now:%Y-%m-%d-%H%M%S}",
        defaults={
            "content": composed.as_content(),
            "written_at": now,
            "not_before": now,
        },
    )
    return delivery


def send_waiting(clock: sending.Clock = timezone.now) -> sending.Run:
    """Send every delivery that is due.

    A run may last long, so it takes a clock and not a fixed `now`.
    """
    return sending.send(MessageBuilder(clock()), clock)


def write_digests(now: datetime) -> None:
    """Write the digests that are due, rows for those that were missed, and notices."""
    ledger.forget_the_future(now)
    write_due_digests(now)
    write_notices(now)


def send_digests(now: datetime) -> sending.Run:
    write_digests(now)
    return send_waiting()
