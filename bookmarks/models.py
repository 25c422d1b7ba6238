"""What a member wants to come back to."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models import Member

NOTE_MOST = 300  # characters


class BookmarkQuerySet(models.QuerySet["Bookmark"]):
    def of(self, member: Member) -> "BookmarkQuerySet":
        return self.filter(member=member)

    def open(self) -> "BookmarkQuerySet":
        """Those that are on the list: neither done nor removed."""
        return self.filter(done_at=None, removed_at=None)

    def done(self) -> "BookmarkQuerySet":
        return self.filter(done_at__isnull=False, removed_at=None)

    def unnamed(self) -> "BookmarkQuerySet":
        """Those with a day that no mail has named, and that were not opened since."""
        return self.open().filter(
            reminded_on=None, opened_on=None, remind_on__isnull=False
        )

    def to_name(self, latest: date) -> "BookmarkQuerySet":
        """Of those, the ones whose day is `latest` or earlier."""
        return self.unnamed().filter(remind_on__lte=latest)

    def for_mail(self, latest: date) -> "BookmarkQuerySet":
        """Those whose day is `latest` or earlier, and that mail has not looked at."""
        return self.open().filter(reminded_on=None, to_mail=True, remind_on__lte=latest)


class Bookmark(models.Model):
    """A thing that a member saved, perhaps with a day to be reminded of it.

    Nobody else sees it. `remind_on` is a day in the member's own zone, wherever that is
    on the day. A row that was removed stays until the member removes another, so that
    it can be undone.
    """

    class Kind(models.TextChoices):
        POST = "post", _("Post")
        COMMENT = "comment", _("Comment")
        PAPER = "paper", _("Paper")
        RESOURCE = "resource", _("Resource")
        ACTIVITY = "activity", _("Activity")

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="bookmarks",
        db_index=False,  # the constraint begins with it
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    key = models.CharField(
        max_length=64,
        help_text=_(
            "id of the post, comment or resource, arXiv id, key of an activity"
        ),
    )
    note = models.CharField(max_length=NOTE_MOST, blank=True)
    remind_on = models.DateField(null=True, blank=True)
    reminded_on = models.DateField(
        null=True, blank=True, help_text=_("the day on which a mail named it")
    )
    opened_on = models.DateField(
        null=True,
        blank=True,
        help_text=_("the day, from that of the reminder on, when it was opened"),
    )
    to_mail = models.BooleanField(
        default=True,
        db_default=True,
        help_text=_("whether mail has not looked at it since its day was set"),
    )
    saved_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = BookmarkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind", "key"],
                name="bookmark_once",
                violation_error_message=_("You have saved this already."),
            ),
            models.CheckConstraint(
                condition=Q(reminded_on=None) | Q(remind_on__isnull=False),
                name="bookmark_reminded_has_a_day",
                violation_error_message=_("Only what has a day can be reminded of."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["member", "remind_on"],
                name="bookmark_to_name",
                condition=Q(done_at=None, removed_at=None, reminded_on=None)
                & Q(remind_on__isnull=False),
            ),
            models.Index(
                fields=["remind_on", "id"],
                name="bookmark_to_mail",
                condition=Q(done_at=None, removed_at=None, reminded_on=None)
                & Q(to_mail=True, remind_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
