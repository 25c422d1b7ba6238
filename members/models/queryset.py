"""Members that are asked for, and new ones."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from documents import actions as documents
from members.models.handle import Handle
from text.typed import clean_address, clean_name

if TYPE_CHECKING:
    from members.audience import Audience
    from members.models.member import Member

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def long_ago() -> datetime:
    """A moment that differs each time, so that a run that has read the former one notices
    the change.
    """
    return EPOCH + timedelta(microseconds=secrets.randbelow(10**14))


class MemberQuerySet(models.QuerySet["Member"]):
    def active(self) -> "MemberQuerySet":
        """Members who can sign in and get mail: those with a confirmed address."""
        return self.filter(is_active=True, proved_at__isnull=False)

    def with_address(self, email: str) -> "MemberQuerySet":
        """The member with this address, ignoring case."""
        return self.filter(
            Q(email__iexact=email) | Q(emailaddress__email__iexact=email)
        ).distinct()

    def never_here(self, *, since: datetime) -> "MemberQuerySet":
        """Sign-ups from before `since` whose address was never confirmed, and who have
        left nothing.
        """
        roles = Q(owner_since=None, curator_since=None, moderator_since=None)
        return self.filter(roles, proved_at=None, last_login=None, joined_at__lt=since)

    def without_handle(self) -> "MemberQuerySet":
        """Members who cannot be mentioned yet: from before there were handles."""
        given = Handle.objects.filter(member=OuterRef("pk"))
        return self.filter(~Exists(given))

    def showing_step(self) -> "MemberQuerySet":
        """Members who show their step to the group."""
        return self.filter(shows_step=True)

    def look_again(self) -> int:
        """Let the next runs of mail check these members (see mail.due.looks)."""
        return self.update(digest_look_at=long_ago(), reminder_look_at=long_ago())

    def visible_to_audience(self, audience: "Audience") -> "MemberQuerySet":
        """Members whom everybody of the audience may see: all active ones."""
        return self.active()

    def visible_to(self, member: "Member") -> "MemberQuerySet":
        """Members whom `member` may see: all active ones, and `member`."""
        return self.filter(Q(is_active=True, proved_at__isnull=False) | Q(pk=member.pk))


class MemberManager(BaseUserManager.from_queryset(MemberQuerySet)["Member"]):  # type: ignore[misc]
    def create_user(
        self, email: str, password: str | None = None, **fields: Any
    ) -> "Member":
        if "name" in fields:
            fields["name"] = clean_name(fields["name"])
        member = self.model(
            email=self.normalize_email(clean_address(email)).lower(), **fields
        )
        member.set_password(password)
        with transaction.atomic(using=self._db):
            member.save(using=self._db)
            documents.store(member.as_document())
            Handle.objects.give([member])
        return member

    def create_superuser(
        self, email: str, password: str | None = None, **fields: Any
    ) -> "Member":
        return self.create_user(email, password, owner_since=timezone.now(), **fields)

    def get_by_natural_key(self, email: str | None) -> "Member":
        return self.get(email=(email or "").lower())
