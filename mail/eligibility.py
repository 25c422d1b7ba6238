"""Whether a mail that was written may still be sent, and may be sent now.

It is checked when the mail is built, since the member or the preferences may have
changed after it was written.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from community.models import Comment, Post
from config.reach import why_mail_is_held
from mail import ledger
from mail.due.reminders import DAY_BEGINS, DAY_ENDS
from mail.due.slots import instant
from mail.due.turns import is_paused, quiet_until
from mail.models import Delivery, Preference, preference_of
from mail.sending import PutOff, Withdrawn
from members.models import Member
from progress.models import StudyEvent

Hindrance: TypeAlias = Withdrawn | PutOff | None
_STOPS = {
    Delivery.Kind.DIGEST: "digest_stopped_at",
    Delivery.Kind.INACTIVITY: "reminders_stopped_at",
    Delivery.Kind.BUNDLE: "bundle_stopped_at",
    Delivery.Kind.ONCE: "",  # what is wanted at once is looked up when it is built
}
# how long mail waits until SITE_URL is checked again
HELD_FOR = timedelta(minutes=5)
ONE_A_DAY = timedelta(days=2)  # no zone's today began longer ago


def reasons_not_to_send(
    batch: Sequence[Delivery], now: datetime
) -> dict[int, Hindrance]:
    """For each delivery id: Withdrawn, PutOff, or None if it may be sent now.

    Needs the members' preferences. Four queries if there are reminders, else none.
    """
    reminders = [
        delivery for delivery in batch if delivery.kind == Delivery.Kind.INACTIVITY
    ]
    came_back, mailed = _came_back(reminders), _mailed_today(reminders, now)
    held = PutOff(now + HELD_FOR) if is_held() else None
    return {
        delivery.pk: _stopped(delivery, now)
        or (held if delivery.kind in _STOPS else None)
        or _too_old(delivery, now)
        or _quiet(delivery, now)
        or (
            _not_now(delivery, came_back, mailed, now)
            if delivery in reminders
            else None
        )
        for delivery in batch
    }


def _stopped(delivery: Delivery, now: datetime) -> Hindrance:
    member, preference = delivery.member, preference_of(delivery.member)
    if not member.is_active:
        return Withdrawn(_("The member can no longer sign in."))
    if delivery.kind not in _STOPS:
        return None
    field = _STOPS[Delivery.Kind(delivery.kind)]
    if field and getattr(preference, field):
        return Withdrawn(_("The member stopped this mail before it was sent."))
    if is_paused(member, preference, now) and not _tells_of(delivery, preference):
        return Withdrawn(_("The member paused mail before it was sent."))
    return None


def _tells_of(delivery: Delivery, preference: Preference) -> bool:
    """Whether the mail says that the present pause of mail ends."""
    until = preference.paused_until
    return until is not None and until.isoformat() == delivery.content.get("pause_ends")


def _quiet(delivery: Delivery, now: datetime) -> Hindrance:
    """Of a mail at once: PutOff in the quiet hours of the member."""
    if delivery.kind != Delivery.Kind.ONCE:
        return None
    member = delivery.member
    until = quiet_until(member, preference_of(member), now)
    return PutOff(until) if until else None


def is_held() -> bool:
    """Whether mail to members is held, because they cannot open SITE_URL."""
    return bool(why_mail_is_held(settings.SITE_URL, settings.EMAIL_BACKEND))


def _too_old(delivery: Delivery, now: datetime) -> Hindrance:
    if delivery.kind not in _STOPS:
        return None
    if ledger.is_out_of_date(delivery, now):
        return Withdrawn(_("It was too old to be sent."))
    if ledger.looks_out_of_date(delivery, now):
        return PutOff(now + timedelta(hours=1))
    return None


def _not_now(
    delivery: Delivery, came_back: set[int], mailed: set[int], now: datetime
) -> Hindrance:
    """Of a reminder: Withdrawn if the member has come back, PutOff at night or after
    another mail on the same day.
    """
    member = delivery.member
    local = member.local(now)
    if delivery.pk in came_back:
        return Withdrawn(_("The member came back before it was sent."))
    if local.hour < DAY_BEGINS:
        return PutOff(instant(local.date(), DAY_BEGINS, member.zone))
    if local.hour >= DAY_ENDS or member.pk in mailed:
        return PutOff(
            instant(local.date() + timedelta(days=1), DAY_BEGINS, member.zone)
        )
    return None


def _came_back(reminders: Sequence[Delivery]) -> set[int]:
    """Ids of reminders whose member has studied or posted since they were written."""
    if not reminders:
        return set()
    since = min(delivery.written_at for delivery in reminders)
    last: dict[int, datetime] = {}
    for model, who, moment in (
        (StudyEvent, "member_id", "at"),
        (Post, "author_id", "posted_at"),
        (Comment, "author_id", "commented_at"),
    ):
        theirs = {
            f"{who}__in": {d.member_id for d in reminders},
            f"{moment}__gt": since,
        }
        for member_id, at in model.objects.filter(**theirs).values_list(who, moment):
            last[member_id] = max(at, last.get(member_id, at))
    return {
        d.pk
        for d in reminders
        if d.member_id in last and last[d.member_id] > d.written_at
    }


def _mailed_today(reminders: Sequence[Delivery], now: datetime) -> set[int]:
    """Ids of members who got another mail on the present day of their zone, or will."""
    members: dict[int, Member] = {
        delivery.member_id: delivery.member for delivery in reminders
    }
    if not members:
        return set()
    rows = (
        Delivery.objects.filter(
            Q(sent_at=None) | Q(sent_at__gt=now - ONE_A_DAY),
            member__in=members,
            given_up_at=None,
        )
        .exclude(kind__in=[Delivery.Kind.TEST, Delivery.Kind.NOTICE])
        .exclude(pk__in=[delivery.pk for delivery in reminders])
    )
    return {
        member_id
        for member_id, sent_at in rows.values_list("member_id", "sent_at")
        if sent_at is None
        or members[member_id].local(sent_at).date()
        == members[member_id].local(now).date()
    }
