"""Pinned announcements that a member has hidden."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PutAwayNotice(models.Model):
    """A member has hidden a pinned announcement. It is shown again after it was changed
    or pinned again.
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        db_index=False,  # the unique constraint begins with it
    )
    post = models.ForeignKey("Post", models.CASCADE, related_name="+")
    put_away_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "post"],
                name="notice_put_away_once",
                violation_error_message=_(
                    "This member has put the announcement away already."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"as of {self.put_away_at:%Y-%m-%d %H:%M}"
