import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from curriculum.models.resource import Resource
from curriculum.models.route import Route
from curriculum.models.section import Section
from curriculum.models.step import Step


class Aspect(models.TextChoices):
    RUN = "run", _("Run")
    HACK = "hack", _("Hack")
    MATH = "math", _("Math")


ASKED_TWICE = _(
    "This asks for the same resource in the same way as another activity here."
)


class Activity(models.Model):
    """What to do with a section of a resource.

    `key` may stand in several places: done once counts everywhere.
    """

    class Do(models.TextChoices):
        READ = "read", _("Read")
        SKIM = "skim", _("Skim")
        WATCH = "watch", _("Watch")
        RUN = "run", _("Run")
        HACK = "hack", _("Hack")
        DERIVE = "derive", _("Derive")
        IMPLEMENT = "implement", _("Implement")
        REPLICATE = "replicate", _("Replicate")
        EXERCISE = "exercise", _("Exercise")

    step = models.ForeignKey(Step, models.CASCADE, related_name="activities")
    route = models.ForeignKey(
        Route, models.CASCADE, null=True, blank=True, related_name="activities"
    )
    key = models.UUIDField(default=uuid.uuid4, db_index=True, editable=False)
    position = models.PositiveSmallIntegerField(default=0)
    do = models.CharField(max_length=20, choices=Do.choices)
    title = models.CharField(max_length=300)
    resource = models.ForeignKey(
        Resource, models.PROTECT, null=True, blank=True, related_name="activities"
    )
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="activities"
    )
    aspect = models.CharField(max_length=10, choices=Aspect.choices)
    minutes = models.PositiveIntegerField(default=0)
    core = models.BooleanField(default=True)
    note = models.TextField(max_length=1000, blank=True, help_text=_("Markdown"))
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "activities"
        constraints = [
            models.CheckConstraint(
                condition=Q(section=None) | Q(resource__isnull=False),
                name="activity_section_needs_its_resource",
                violation_error_message=_("Choose the resource of this section."),
            ),
            models.UniqueConstraint(
                fields=["step", "key"],
                condition=Q(route=None),
                name="activity_once_per_step",
                violation_error_message=ASKED_TWICE,
            ),
            models.UniqueConstraint(
                fields=["route", "key"],
                name="activity_once_per_route",
                violation_error_message=ASKED_TWICE,
            ),
        ]

    def __str__(self) -> str:
        return self.title
