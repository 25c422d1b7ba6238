"""Sessions in the database, read together with the member who signed in.

allauth notes whose session each one is. So one statement gives the
session and its member. Sessions that nobody signed in with are
read as Django reads them.
"""

from collections import namedtuple
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import (
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
    load_backend,
)
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from lists.statement import Statement
from members.models import Member


def columns(model: type[Model], leave_out: Sequence[str] = ()) -> list[str]:
    """The names of the columns of `model`, in order."""
    names = [field.attname for field in model._meta.concrete_fields]
    return [name for name in names if name not in leave_out]


def below(relation: str, names: Sequence[str]) -> list[str]:
    return [f"{relation}__{name}" for name in names]


def statement(build: Any, names: Sequence[str]) -> Statement[Any]:
    """The columns `names` of the session with a key, unless it has ended."""
    row = namedtuple("Row", names)  # type: ignore[misc]
    return Statement(
        row,
        lambda key, now: build(key, now).values_list(*names)[:1],
        key=str,
        now=datetime,
    )


def signed_in(key: str, now: datetime) -> QuerySet[UserSession]:
    """Whose session it is, with `session_data`: None where the
    session has ended.
    """
    session = Session.objects.filter(
        session_key=OuterRef("session_key"), expire_date__gt=now
    )
    return UserSession.objects.filter(session_key=key).annotate(
        session_data=Subquery(session.values("session_data"))
    )


MEMBER = columns(Member)
COLUMNS = ["session_data", *below("user", MEMBER)]


class SessionStore(db.SessionStore):
    statement: ClassVar[Statement[Any]] = statement(signed_in, COLUMNS)
    """Reads all that is kept of a session. Apps above this one read more with it."""

    member: Member | None = None
    """The member of the session, before it was checked that it is still valid."""

    def _get_session_from_db(self) -> Session | None:  # type: ignore[misc]
        key = self.session_key or ""
        row = self.statement.first(key=key, now=timezone.now())
        if row is None or row.session_data is None:
            return super()._get_session_from_db()  # type: ignore[misc,no-any-return]
        self.take(row)
        return Session(session_key=key, session_data=row.session_data)

    def take(self, row: Sequence[Any]) -> Member:
        """Keep what a row of `statement` holds beside the session."""
        values = row[1 : 1 + len(MEMBER)]
        self.member = Member.from_db(connection.alias, MEMBER, values)
        return self.member


def member_of(session: Any) -> Member | None:
    """The member who is signed in, as read with the session.

    None if Django's own check must decide, which also ends sessions and accepts those of
    an older secret key.
    """
    path = session.get(BACKEND_SESSION_KEY)  # reads the session
    member: Member | None = getattr(session, "member", None)
    if member is None or session.get(SESSION_KEY) != str(member.pk):
        return None
    if not _is_verified(session, member, path):
        return None
    return member


def _is_verified(session: Any, member: Member, path: str) -> bool:
    if path not in settings.AUTHENTICATION_BACKENDS:
        return False
    can_sign_in = load_backend(path).user_can_authenticate  # type: ignore[attr-defined]
    shown = session.get(HASH_SESSION_KEY) or ""
    is_same = constant_time_compare(shown, member.get_session_auth_hash())
    return is_same and can_sign_in(member)
