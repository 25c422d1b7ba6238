"""Up to where members have read."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ReadMark(models.Model):
    """Up to where a member has read the comments below a post."""

    post = models.ForeignKey(
        "Post",
        models.CASCADE,
        related_name="read_marks",
        db_index=False,  # the unique constraint begins with it
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"
    )
    last_comment = models.BigIntegerField(
        default=0, help_text=_("every comment with an id up to this one was shown")
    )
    seen_count = models.PositiveIntegerField(
        default=0, help_text=_("how many comments there were up to that one")
    )
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "member"],
                name="read_mark_once",
                violation_error_message=_("This member has a mark here already."),
            )
        ]

    def __str__(self) -> str:
        return f"up to {self.last_comment}"
