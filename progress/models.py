"""How far: enrolments, chosen routes, records, minutes, and the log that all of it can
be rebuilt from.
"""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from curriculum.models import Aspect, Curriculum, Release
from progress.replay import mark_of


class EnrollmentQuerySet(models.QuerySet["Enrollment"]):
    HEAVY = ("document", "rendered")  # of a release; its outline is kept by the process

    def with_release(self) -> "EnrollmentQuerySet":
        """With curriculum and release in the same query; the release is light, its
        outline is kept by the process.
        """
        return self.select_related("curriculum", "release").defer(
            *(f"release__{name}" for name in self.HEAVY)
        )

    def current(self) -> "EnrollmentQuerySet":
        """Those that go on: neither withdrawn nor finished."""
        return self.filter(withdrawn_at=None, finished_at=None)

    def newest_visit_first(self) -> "EnrollmentQuerySet":
        return self.order_by("-visited_at", "-pk")


class Enrollment(models.Model):
    """One member in one curriculum, standing on the release that she chose to stay with
    or move to.
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="enrollments"
    )
    curriculum = models.ForeignKey(
        Curriculum, models.PROTECT, related_name="enrollments"
    )
    release = models.ForeignKey(Release, models.PROTECT, related_name="enrollments")
    enrolled_at = models.DateTimeField()
    visited_at = models.DateTimeField(
        help_text=_("The newest visit decides which curriculum is in hand.")
    )
    step_key = models.UUIDField(
        null=True, blank=True, help_text=_("the step she was at last")
    )
    step_slug = models.SlugField(blank=True)
    step_number = models.PositiveSmallIntegerField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    carried = models.JSONField(
        default=dict,
        blank=True,
        help_text=_(
            "steps finished and percentages shown before she moved: carrying.Carried"
        ),
    )
    told_of_release = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text=_("the newest release whose announcement she put away"),
    )

    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(paused_at=None, paused_until=None)
                | Q(paused_at__isnull=False, paused_until__isnull=False),
                name="enrollment_pause_has_an_end",
                violation_error_message=_("A pause has a beginning and an end."),
            ),
            models.UniqueConstraint(
                fields=["member", "curriculum"],
                name="enrollment_once_per_curriculum",
                violation_error_message=_(
                    "This member is enrolled in this curriculum."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.curriculum_id}"

    @property
    def is_current(self) -> bool:
        return self.withdrawn_at is None and self.finished_at is None

    def is_paused_on(self, day: date) -> bool:
        """Whether clocks and reminders stand still on `day`, a day of the member's calendar."""
        return self.paused_until is not None and day < self.paused_until


class RouteChoice(models.Model):
    """A route that is active for a member in a step; several may be."""

    enrollment = models.ForeignKey(
        Enrollment, models.CASCADE, related_name="route_choices"
    )
    step_key = models.UUIDField()
    route_key = models.UUIDField()
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment", "step_key", "route_key"],
                name="route_choice_once",
                violation_error_message=_("This route is active already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.route_key}"


class RecordQuerySet(models.QuerySet["Record"]):
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
        return (
            self.confidence is not None and self.confidence <= Record.Confidence.SHAKY
        )

    @property
    def mark(self) -> str:
        """As `mark_of`; a flag to revisit says nothing about it."""
        return mark_of(self.started_at, self.done_at, self.skipped_at)


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
