from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from curriculum.models import Curriculum, Release, ReleaseQuerySet


class EnrollmentQuerySet(models.QuerySet["Enrollment"]):
    def with_release(self) -> "EnrollmentQuerySet":
        """With curriculum and release in the same query; the release is light, its
        outline is kept by the process.
        """
        return self.select_related("curriculum", "release").defer(
            *(f"release__{name}" for name in ReleaseQuerySet.HEAVY)
        )

    def current(self) -> "EnrollmentQuerySet":
        """Those that go on: neither withdrawn nor finished."""
        return self.filter(withdrawn_at=None, finished_at=None)

    def newest_visit_first(self) -> "EnrollmentQuerySet":
        return self.order_by("-visited_at", "-pk")


class Enrollment(models.Model):
    """One member in one curriculum, with the release that the member follows. It changes
    only when the member moves to another one.
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
        help_text=_("The newest visit decides which curriculum is the current one.")
    )
    step_key = models.UUIDField(
        null=True, blank=True, help_text=_("the step they were at last")
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
            "steps finished and percentages shown before they moved: carrying.Carried"
        ),
    )
    told_of_release = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text=_("the newest release whose announcement they put away"),
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
        """Whether the pause is in effect on `day`, a day of the member's calendar."""
        return self.paused_until is not None and day < self.paused_until
