import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from curriculum.models import Curriculum


class StudyEvent(models.Model):
    """A line of the append-only log.

    Rows are only ever added; records and minutes can be rebuilt from them.
    """

    class Kind(models.TextChoices):
        ENROLLED = "enrolled"
        PAUSED = "paused"
        RESUMED = "resumed"
        WITHDREW = "withdrew"
        FINISHED = "finished"
        MOVED = "moved"  # to another release
        # written down before a release or a route could hide it
        STEP_FINISHED = "step_finished"
        ROUTE_CHOSEN = "route_chosen"
        ROUTE_LEFT = "route_left"
        STARTED = "started"
        DONE = "done"
        SKIPPED = "skipped"
        REVISIT = "revisit"
        UNDONE = "undone"
        TIME_LOGGED = "time_logged"
        TIME_UNDONE = "time_undone"

    # The index below begins with the member.
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="study_events",
        db_index=False,
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField()
    press_id = models.UUIDField(
        default=uuid.uuid4, help_text=_("Lines of one press of a button share it.")
    )
    activity_key = models.UUIDField(null=True, blank=True)
    curriculum = models.ForeignKey(
        Curriculum, models.PROTECT, null=True, blank=True, related_name="+"
    )
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["member", "-at"], name="study_event_newest_first")
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"
