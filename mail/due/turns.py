"""When the daily mail of a member is due, and when their quiet hours end.

Nothing here asks the database.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum, auto
from typing import NamedTuple

from mail.due.slots import instant, next_daily
from mail.models import Preference
from members.models import Member

# What is younger may be read in the app at this moment. It waits for the next mail.
SHORT_WHILE = timedelta(minutes=10)
# A daily mail that is later than this, because the site was off, is left to the next day.
LATE_AT_MOST = timedelta(hours=12)
# Between two daily mails, whatever the member does to the hour and the zone.
APART = timedelta(hours=12)
SHORT_PAUSE = timedelta(days=1)  # nobody has to be told that it ends


class Due(Enum):
    """What a turn that has come is for."""

    NEWS = auto()
    END_OF_PAUSE = auto()
    NOTHING = auto()  # the turn was moved


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is due now, and when the member is looked at next; None for not before there
    is news.
    """

    due: Due
    next_at: datetime | None = None


class LastBundle(NamedTuple):
    """The newest daily mail of a member."""

    day: date
    written_at: datetime
    sent_at: datetime | None
    is_open: bool  # neither sent nor given up


def next_bundle(member: Member, preference: Preference, now: datetime) -> datetime:
    """When the member's next daily mail is due: at their hour, or where mail is paused,
    on the day before the pause ends.
    """
    hour, until = preference.bundle_hour, preference.paused_until
    if not is_paused(member, preference, now) or until is None:
        return next_daily(member.zone, hour, now)
    day_before = instant(until - timedelta(days=1), hour, member.zone)
    if day_before > now and not _is_short(preference, day_before):
        return day_before
    return instant(until, hour, member.zone)


def next_bundle_on(
    day: date, member: Member, preference: Preference, now: datetime
) -> datetime:
    """When the member's next daily mail is due that comes on `day` or later."""
    before = instant(day, 0, member.zone) - timedelta.resolution
    return next_bundle(member, preference, max(now, before))


def is_paused(member: Member, preference: Preference, now: datetime) -> bool:
    until = preference.paused_until
    return until is not None and member.local(now).date() < until


def _is_short(preference: Preference, day_before: datetime) -> bool:
    """Whether the pause was asked for a short time before the day before its end."""
    changed_at = preference.changed_at
    return changed_at is not None and changed_at > day_before - SHORT_PAUSE


def verdict(
    member: Member,
    preference: Preference,
    at: datetime,
    last: LastBundle | None,
    now: datetime,
) -> Verdict:
    """What a turn at `at`, which has come, means now."""
    if preference.bundle_stopped_at:
        return Verdict(Due.NOTHING)
    following = next_bundle(member, preference, now)
    if not _is_of_the_hour(member, preference, at) or at <= now - LATE_AT_MOST:
        return Verdict(Due.NOTHING, following)
    if last is not None and _is_too_close(member, last, at, now):
        return Verdict(Due.NOTHING, following)
    if not is_paused(member, preference, now):
        return Verdict(Due.NEWS)
    until, today = preference.paused_until, member.local(now).date()
    if until == today + timedelta(days=1) and not _is_short(preference, now):
        return Verdict(Due.END_OF_PAUSE, following)
    return Verdict(Due.NOTHING, following)


def _is_of_the_hour(member: Member, preference: Preference, at: datetime) -> bool:
    """Whether the turn is at the hour of the member. It is not, if they have changed the
    hour or their time zone since it was stored.
    """
    day = member.local(at).date()
    return instant(day, preference.bundle_hour, member.zone) == at


def _is_too_close(
    member: Member, last: LastBundle, at: datetime, now: datetime
) -> bool:
    """Whether the member has a daily mail of this day, or one that is still on its way."""
    today = member.local(now).date()
    if last.is_open or last.day >= member.local(at).date():
        return True
    if last.sent_at and member.local(last.sent_at).date() == today:
        return True
    return last.written_at > now - APART


def quiet_until(
    member: Member, preference: Preference, now: datetime
) -> datetime | None:
    """When the quiet hours end that it is now; None if it is not quiet."""
    begins, ends = preference.quiet_from, preference.quiet_until
    if begins is None or ends is None:
        return None
    local = member.local(now)
    if not is_within(local.time(), begins, ends):
        return None
    return next_daily(member.zone, ends, now)


def is_within(clock: time, begins: time, ends: time) -> bool:
    """Whether a time of day is in the hours from `begins` to `ends`, which may go over
    midnight. Hours that end when they begin are none.
    """
    if begins <= ends:
        return begins <= clock < ends
    return clock >= begins or clock < ends
