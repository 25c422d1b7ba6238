"""A member's mail preferences, read by a compiled statement."""

from datetime import date, datetime, time
from typing import NamedTuple

from lists.statement import Statement
from mail.models import Preference
from members.models import Member


class PreferenceRow(NamedTuple):
    id: int
    member_id: int
    digest_weekday: int
    digest_hour: int
    digest_stopped_at: datetime | None
    reminders_stopped_at: datetime | None
    bundle_hour: int
    bundle_stopped_at: datetime | None
    quiet_from: time | None
    quiet_until: time | None
    paused_until: date | None
    version: int
    changed_at: datetime | None
    links_version: int


_stored = Statement(
    PreferenceRow,
    lambda member: Preference.objects.filter(member=member).values_list(
        *PreferenceRow._fields
    ),
    member=Member,
)


def chosen(member: Member) -> Preference:
    """The member's preferences, or an unsaved row with the defaults. One query."""
    for row in _stored(member=member):
        return Preference(**row._asdict())
    return Preference(member=member)
