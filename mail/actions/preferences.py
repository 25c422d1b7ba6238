"""Changes to mail preferences."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import F

from bookmarks.actions import ask_mail_again
from mail.actions.turns import move_turn
from mail.models import Preference, What
from members.models import Member
from notifications.actions import choose_ways, mail_nothing_at_once
from notifications.models import Reach, ReachWay

_STOPPED_AT = {
    What.DIGEST.value: "digest_stopped_at",
    What.REMINDERS.value: "reminders_stopped_at",
    What.BUNDLE.value: "bundle_stopped_at",
}


class ChangedMeanwhile(Exception):
    """The preferences were changed after the form had been opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a member chose on the page of preferences."""

    digest: bool
    weekday: int
    hour: int
    reminders: bool
    paused_until: date | None
    bundle: bool = True
    bundle_hour: int = 7
    quiet_from: time | None = None
    quiet_until: time | None = None
    ways: Mapping[str, str] = field(default_factory=dict)  # by group of kinds


@transaction.atomic
def stop_mail(member: Member, what: str, *, now: datetime) -> Preference:
    """Stop mail of the kind `what`. Stopping it again keeps the first date.

    What came at once is in the daily mail from then on.
    """
    preference, _made = Preference.objects.get_or_create(member=member)
    changed = {"version": F("version") + 1, "changed_at": now}
    mine = Preference.objects.filter(pk=preference.pk)
    if what == What.ONCE:
        if mail_nothing_at_once(member):
            mine.update(**changed)
    else:
        name = _STOPPED_AT[what]
        mine.filter(**{name: None}).update(**{name: now}, **changed)
        _look_again(member)
    preference.refresh_from_db()
    return preference


def has_stopped(member: Member, what: str) -> bool:
    if what == What.ONCE:
        return not Reach.objects.filter(member=member, way=ReachWay.ONCE).exists()
    return Preference.objects.filter(
        member=member, **{f"{_STOPPED_AT[what]}__isnull": False}
    ).exists()


@transaction.atomic
def start_mail(member: Member, what: str, *, now: datetime) -> Preference:
    """Start mail of the kind `what` again. What comes at once is chosen for each kind on
    the page of preferences, so for that nothing is done here.
    """
    preference, _made = Preference.objects.get_or_create(member=member)
    if what != What.ONCE:
        name = _STOPPED_AT[what]
        stopped = Preference.objects.filter(
            pk=preference.pk, **{f"{name}__isnull": False}
        )
        values = {name: None, "version": F("version") + 1, "changed_at": now}
        if stopped.update(**values):
            _look_again(member)
            ask_mail_again(member)
    preference.refresh_from_db()
    return preference


def set_preferences(
    member: Member, choices: Choices, *, version: int, now: datetime
) -> Preference:
    """Save the preferences if `version`, the one that the member saw, is still stored.

    Raises ChangedMeanwhile otherwise, and saves nothing.
    """
    preference, _made = Preference.objects.get_or_create(member=member)
    with transaction.atomic():
        changed = Preference.objects.filter(pk=preference.pk, version=version).update(
            digest_weekday=choices.weekday,
            digest_hour=choices.hour,
            bundle_hour=choices.bundle_hour,
            quiet_from=choices.quiet_from,
            quiet_until=choices.quiet_until,
            paused_until=choices.paused_until,
            digest_stopped_at=_since(choices.digest, preference.digest_stopped_at, now),
            reminders_stopped_at=_since(
                choices.reminders, preference.reminders_stopped_at, now
            ),
            bundle_stopped_at=_since(choices.bundle, preference.bundle_stopped_at, now),
            version=version + 1,
            changed_at=now,
        )
        if not changed:
            raise ChangedMeanwhile
        choose_ways(member, choices.ways, now=now)
        _look_again(member)
        if preference.bundle_stopped_at and choices.bundle:
            ask_mail_again(member)
        preference.refresh_from_db()
        move_turn(member, preference, now=now)
    return preference


def _since(
    is_wanted: bool, stopped_at: datetime | None, now: datetime
) -> datetime | None:
    """Since when a kind of mail is stopped; None if it is wanted."""
    return None if is_wanted else stopped_at or now


def _look_again(member: Member) -> None:
    """Let the next runs check the member again. Call it in the transaction of the change."""
    Member.objects.filter(pk=member.pk).look_again()


def end_links(member: Member) -> None:
    """Make the links in all mails that were sent to the member so far invalid."""
    preference, _made = Preference.objects.get_or_create(member=member)
    Preference.objects.filter(pk=preference.pk).update(
        links_version=F("links_version") + 1
    )
