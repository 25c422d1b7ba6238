"""The handles of members."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lists.batches import batches
from members.handles import TAKEN_MOST, candidates, handle_from

if TYPE_CHECKING:
    from members.models.member import Member

BATCH = 500


class HandleQuerySet(models.QuerySet["Handle"]):
    def named(self, names: Iterable[str]) -> "HandleQuerySet":
        """The handles that are written so, in small or large letters."""
        return self.filter(name__in={name.casefold() for name in names})

    def give(self, members: Iterable["Member"], *, now: datetime | None = None) -> None:
        """Give each of the members a handle that is like their name.

        They must have none. What somebody else takes at the same moment is tried again
        with another number.
        """
        for batch in batches(members, BATCH):
            waiting = batch
            while waiting:
                self._try(waiting, now or timezone.now())
                keys = [member.pk for member in waiting]
                given = set(
                    self.filter(member__in=keys).values_list("member", flat=True)
                )
                waiting = [member for member in waiting if member.pk not in given]

    def _try(self, members: Sequence["Member"], now: datetime) -> None:
        tried = {
            member.pk: list(
                islice(candidates(handle_from(member.name)), TAKEN_MOST + 1)
            )
            for member in members
        }
        wanted = set(chain.from_iterable(tried.values()))
        taken = set(self.filter(name__in=wanted).values_list("name", flat=True))
        rows = []
        for pk, names in tried.items():
            free = [name for name in names if name not in taken]
            for name in free[:1]:
                taken.add(name)
                rows.append(Handle(name=name, member_id=pk, given_at=now))
        Handle.objects.bulk_create(rows, ignore_conflicts=True)


class Handle(models.Model):
    """A name without spaces, by which one member is mentioned: `@ada`.

    It stays when the member changes their name, so that what was written leads to them.
    The newest handle of a member is the one that is offered.
    """

    name = models.CharField(
        max_length=40,
        unique=True,
        error_messages={"unique": _("Somebody else has this handle.")},
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="handles",
        db_index=False,  # handle_by_member begins with it
    )
    given_at = models.DateTimeField()

    objects = HandleQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["member", "-given_at"], name="handle_by_member")
        ]

    def __str__(self) -> str:
        return f"@{self.name}"
