from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from progress.replay import mark_of


class RecordQuerySet(models.QuerySet["Record"]):
    def tried(self) -> "RecordQuerySet":
        """Those of activities that were begun or done. What was skipped was not tried."""
        return self.exclude(started_at=None, done_at=None)

    def to_revisit(self) -> "RecordQuerySet":
        """Those that are flagged to be seen again, and those done with a shaky
        confidence or none.
        """
        return self.filter(
            Q(revisit_at__isnull=False) | Q(confidence__lte=Record.Confidence.SHAKY)
        )


class Record(models.Model):
    """What one member has made of one activity, wherever that activity stands."""

    class Confidence(models.IntegerChoices):
        LOST = 1, _("Lost")
        SHAKY = 2, _("Shaky")
        FINE = 3, _("Fine")
        SURE = 4, _("Could explain it")

    # The index of the constraint begins with the member.
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="records",
        db_index=False,
    )
    activity_key = models.UUIDField()
    started_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    confidence = models.PositiveSmallIntegerField(
        choices=Confidence.choices, null=True, blank=True
    )
    skipped_at = models.DateTimeField(null=True, blank=True)
    skip_reason = models.CharField(max_length=200, blank=True)
    revisit_at = models.DateTimeField(
        null=True, blank=True, help_text=_("flagged to be seen again")
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "activity_key"],
                name="record_once_per_activity",
                violation_error_message=_("This member has a record of this activity."),
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(skipped_at=None),
                name="record_done_or_skipped",
                violation_error_message=_("An activity is done or skipped, not both."),
            ),
            models.CheckConstraint(
                condition=Q(confidence=None) | Q(confidence__gte=1, confidence__lte=4),
                name="record_confidence_1_to_4",
                violation_error_message=_("Confidence is between 1 and 4."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} and {self.activity_key}"

    @property
    def is_to_revisit(self) -> bool:
        """As RecordQuerySet.to_revisit."""
        return self.revisit_at is not None or self.is_unsure

    @property
    def is_unsure(self) -> bool:
        return Record.is_shaky(self.confidence)

    @staticmethod
    def is_shaky(confidence: int | None) -> bool:
        return confidence is not None and confidence <= Record.Confidence.SHAKY

    @property
    def mark(self) -> str:
        """As `mark_of`; a flag to revisit says nothing about it."""
        return mark_of(self.started_at, self.done_at, self.skipped_at)
