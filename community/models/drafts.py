"""Drafts: what members are writing and have not sent yet."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from members.models import Member


class DraftQuerySet(models.QuerySet["Draft"]):
    def of(self, member: Member) -> "DraftQuerySet":
        """The drafts that `member` can go on with. Nobody else sees them."""
        return self.filter(member=member, ended_at=None)

    def newest_first(self) -> "DraftQuerySet":
        return self.order_by("-saved_at", "-pk")


class Draft(models.Model):
    """What a member has typed into a form and not sent. Nobody else sees it.

    A draft that was sent or deleted stays for a day without its words, so that a save
    which arrives late does not bring it back.
    """

    # The columns of a list, without the words themselves.
    LISTED: ClassVar = [
        *"pk key address kind title beginning word_count saved_at".split()
    ]

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="drafts",
        db_index=False,  # the unique constraint begins with it
    )
    key = models.UUIDField(help_text=_("made by the browser that began the draft"))
    version = models.UUIDField(help_text=_("of the last save, another one each time"))
    address = models.CharField(
        max_length=200, help_text=_("where the form is sent to, and what it is below")
    )
    fields = models.JSONField(help_text=_("the values of each field, by its name"))
    kind = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=200, blank=True)
    beginning = models.CharField(max_length=200, blank=True)
    word_count = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text=_("when it was sent or deleted")
    )
    sent_versions = models.JSONField(
        default=list, help_text=_("the saves that the text which was sent contains")
    )

    objects = DraftQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["ended_at"],
                name="draft_ended",
                condition=Q(ended_at__isnull=False),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "key"],
                name="draft_once",
                violation_error_message=_("This draft exists already."),
            )
        ]

    def __str__(self) -> str:
        return self.title or self.beginning

    @property
    def path(self) -> str:
        """The address that its form is sent to."""
        return self.address.partition("?")[0]

    @property
    def texts(self) -> list[str]:
        """What was typed into its title and its text."""
        return [*self.fields.get("title", ()), *self.fields.get("body", ())]

    def data(self) -> QueryDict:
        """Its fields, as a browser would send them."""
        data = QueryDict(mutable=True)
        for name, values in self.fields.items():
            data.setlist(name, values)
        data["draft"], data["draft_versions"] = str(self.key), str(self.version)
        return data
