"""Sessions as members have them, read together with the current enrolment too."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.db.models import F, FilteredRelation, Q, QuerySet

from members import sessions
from members.models import Member
from members.sessions import below
from progress.enrolled import CURRICULUM, ENROLLMENT, RELEASE, from_columns
from progress.models import Enrollment

COLUMNS = [
    *sessions.COLUMNS,
    *below("current", ENROLLMENT),
    *below("current__curriculum", CURRICULUM),
    *below("current__release", RELEASE),
]


def signed_in(key: str, now: datetime) -> QuerySet[UserSession]:
    """As in members.sessions, with the enrolment that `Enrollment.objects.current()`
    gives and that was visited last.
    """
    relation = "user__enrollments"
    goes_on = Q((f"{relation}__withdrawn_at", None), (f"{relation}__finished_at", None))
    return (
        sessions.signed_in(key, now)
        .annotate(current=FilteredRelation(relation, condition=goes_on))
        .order_by(F("current__visited_at").desc(nulls_last=True))
    )


class SessionStore(sessions.SessionStore):
    statement = sessions.statement(signed_in, COLUMNS)

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.enrollments: dict[int, Enrollment | None] = {}
        """The current enrolment of the session's member, by member id."""

    def take(self, row: Sequence[Any]) -> Member:
        member = super().take(row)
        values = row[len(sessions.COLUMNS) :]
        enrollment = None
        if values[0] is not None:
            enrollment = from_columns(values)
            enrollment.member = member
        self.enrollments[member.pk] = enrollment
        return member
