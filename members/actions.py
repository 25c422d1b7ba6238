"""Changes of members, and the setup of the study group."""

import hashlib
import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection, transaction
from django.db.models import ProtectedError, QuerySet
from django.utils.translation import gettext_lazy as _

from documents import actions as documents
from members.models import Handle, Member, SignInLink, StudyGroup

UNPROVED_FOR = timedelta(days=3)


class AlreadySetUp(Exception):
    """The study group has an owner already, so the first-run page is closed."""


class LinkRefused(Exception):
    """A sign-in link is unknown, used or too old. The text says which."""


def give_handles() -> None:
    """Give a handle to each member who is from before there were handles."""
    Handle.objects.give(Member.objects.without_handle().order_by("pk").iterator())


@transaction.atomic
def set_up_group(
    *,
    group_name: str,
    tagline: str,
    name: str,
    email: str,
    password: str,
    time_zone: str,
    now: datetime,
) -> Member:
    """Name the study group and create its owner. The address needs no confirmation, since
    the owner has the token of the first run.

    Raises AlreadySetUp if somebody else was first.
    """
    _group, created = StudyGroup.objects.get_or_create(
        pk=1, defaults={"name": group_name, "tagline": tagline, "set_up_at": now}
    )
    if not created:
        raise AlreadySetUp
    owner = Member.objects.create_user(
        email,
        password,
        name=name,
        time_zone=time_zone,
        joined_at=now,
        owner_since=now,
        onboarded_at=now,
    )
    EmailAddress.objects.create(
        user=owner, email=owner.email, verified=True, primary=True
    )
    return owner


@transaction.atomic
def save_name(member: Member, *fields: str) -> None:
    """Store the name, and `fields` with it; search finds the member by the new one."""
    member.save(update_fields=["name", *fields])
    documents.store(member.as_document())


def make_sign_in_link(
    member: Member, *, now: datetime, valid_for: timedelta = timedelta(days=1)
) -> str:
    """Return the token of a link that signs `member` in once.

    Only its hash is stored.
    """
    token = secrets.token_urlsafe(24)
    SignInLink.objects.create(
        member=member, token_hash=_hash(token), expires_at=now + valid_for
    )
    return token


def check_sign_in_link(token: str, *, now: datetime) -> None:
    """Check whether the link still works, without using it up.

    Raises LinkRefused.
    """
    if not _working_links(token, now).exists():
        raise LinkRefused(_("This link was used before, or is too old."))


def _working_links(token: str, now: datetime) -> QuerySet[SignInLink]:
    return SignInLink.objects.filter(
        token_hash=_hash(token),
        used_at=None,
        expires_at__gt=now,
        member__is_active=True,
    )


def use_sign_in_link(token: str, *, now: datetime) -> Member:
    """Use the link up and return its member.

    Raises LinkRefused. Of two requests at the same time only one succeeds.
    """
    used = _working_links(token, now).update(used_at=now)
    if not used:
        raise LinkRefused(_("This link was used before, or is too old."))
    return Member.objects.get(sign_in_links__token_hash=_hash(token))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def finish_onboarding(member: Member, *, now: datetime) -> None:
    """Store when the member finished the welcome screens. Only the first time counts."""
    Member.objects.filter(pk=member.pk, onboarded_at=None).update(onboarded_at=now)


def forget_unproved(*, now: datetime) -> int:
    """Delete sign-ups whose address was not confirmed within UNPROVED_FOR. Return their
    number.
    """
    count = 0
    for member in Member.objects.never_here(since=now - UNPROVED_FOR):
        try:
            member.delete()
        except ProtectedError:
            # Somebody wrote in the member's name, perhaps from the shell:
            # look at it.
            continue
        count += 1
    return count


def clear_standby_cache(*, now: datetime) -> None:
    """Delete expired rows of the cache table that replaces Redis when it is down."""
    table = connection.ops.quote_name(settings.CACHES["standby"]["LOCATION"])
    moment = connection.ops.adapt_datetimefield_value(now.replace(microsecond=0))
    with connection.cursor() as cursor:
        # the table's name is ours
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [moment])  # noqa: S608
