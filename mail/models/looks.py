"""Whom a run has to look at, and when."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models import Post


class LastLook(models.Model):
    """When a run last stored the moments at which members are checked next.

    If it is in the future, the clock was ahead, and the moments cannot be trusted.
    """

    class Kind(models.TextChoices):
        DIGEST = "digest", _("Weekly digest")
        REMINDER = "reminder", _("Reminder after a quiet time")

        @property
        def member_field(self) -> str:
            return f"{self.value}_look_at"

    kind = models.CharField(max_length=20, choices=Kind.choices, unique=True)
    looked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} at {self.looked_at:%Y-%m-%d %H:%M}"


class MailTurn(models.Model):
    """When the next mails about notifications to a member are due.

    A row is made when a member is told of something that is to be mailed. A tick reads
    the rows whose moment has come, so it does not look at members without news.
    """

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_turn"
    )
    bundle_at = models.DateTimeField(null=True, blank=True)
    once_at = models.DateTimeField(null=True, blank=True)
    announced_until = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_(
            "announcements until then were in a daily mail, or too old for one"
        ),
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["bundle_at"],
                name="turn_of_bundle",
                condition=Q(bundle_at__isnull=False),
            ),
            models.Index(
                fields=["once_at"],
                name="turn_at_once",
                condition=Q(once_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"of {self.member_id}"


class Spread(models.Model):
    """How far the turns for an announcement have been made, by the ids of members."""

    post = models.OneToOneField(Post, models.CASCADE, related_name="+")
    last_member = models.BigIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"of post {self.post_id} to {self.last_member}"
