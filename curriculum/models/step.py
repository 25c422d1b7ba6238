import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from curriculum.models.curriculum import Curriculum


class Purpose(models.TextChoices):
    PRACTICE = "practice", _("Practice first")
    FOUNDATIONS = "foundations", _("Foundations")
    DEPTH = "depth", _("Depth")
    PROJECT = "project", _("Project")


class Step(models.Model):
    curriculum = models.ForeignKey(Curriculum, models.CASCADE, related_name="steps")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    position = models.PositiveSmallIntegerField(default=0)
    slug = models.SlugField()
    title = models.CharField(max_length=120)
    summary = models.TextField(max_length=500, blank=True)
    purpose = models.CharField(
        max_length=20, choices=Purpose.choices, default=Purpose.PRACTICE
    )
    hours = models.PositiveSmallIntegerField(default=0)
    intro = models.TextField(blank=True, help_text=_("Markdown"))
    done_when = models.CharField(max_length=300, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["curriculum", "slug"],
                condition=Q(retired_at=None),
                name="step_slug_once",
                violation_error_message=_("This curriculum has a step with this slug."),
            )
        ]

    def __str__(self) -> str:
        return self.title
