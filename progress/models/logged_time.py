import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from curriculum.models import Aspect, Curriculum


class LoggedTimeQuerySet(models.QuerySet["LoggedTime"]):
    def counted(self) -> "LoggedTimeQuerySet":
        """Those that were not taken back."""
        return self.filter(undone_at=None)


class LoggedTime(models.Model):
    """Minutes of study on one day of the member's own calendar.

    Taken back, it stays with the date it was undone.
    """

    # The index below begins with the member.
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="logged_times",
        db_index=False,
    )
    aspect = models.CharField(max_length=10, choices=Aspect.choices)
    minutes = models.PositiveSmallIntegerField()
    studied_on = models.DateField()
    curriculum = models.ForeignKey(
        Curriculum, models.PROTECT, null=True, blank=True, related_name="+"
    )
    step_key = models.UUIDField(null=True, blank=True, db_index=True)
    activity_key = models.UUIDField(null=True, blank=True)
    press_id = models.UUIDField(
        default=uuid.uuid4, help_text=_("A form sent twice logs once.")
    )
    logged_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = LoggedTimeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["member", "studied_on"], name="logged_time_by_day")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "press_id"],
                name="logged_time_once_per_press",
                violation_error_message=_("This time is logged already."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=960),
                name="logged_time_1_to_960",
                violation_error_message=_("Minutes are between 1 and 960."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} min {self.aspect}"
