"""What changes: preferences. The ledger's own moves are in ledger.py."""

from datetime import date, datetime

from mail.models import Preference
from members.models import Member


class What:
    """What can be stopped with one click."""

    DIGEST = "digest"
    REMINDERS = "reminders"


_STOPPED_AT = {What.DIGEST: "digest_stopped_at", What.REMINDERS: "reminders_stopped_at"}


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
