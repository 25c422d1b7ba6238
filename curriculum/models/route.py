import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from curriculum.models.step import Step


class Route(models.Model):
    class Kind(models.TextChoices):
        COURSE = "course", _("Course")
        BOOK = "book", _("Book")
        LECTURES = "lectures", _("Lectures")
        LIBRARY = "library", _("Library")
        MIXED = "mixed", _("Mixed")

    step = models.ForeignKey(Step, models.CASCADE, related_name="routes")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    position = models.PositiveSmallIntegerField(default=0)
    slug = models.SlugField()
    title = models.CharField(max_length=120)
    summary = models.TextField(max_length=500, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.MIXED)
    hours = models.PositiveSmallIntegerField(default=0)
    fit = models.CharField(max_length=300, blank=True, help_text=_("Whom it suits"))
    for_goals = models.JSONField(
        default=list, blank=True, help_text=_("Goals this route is recommended for")
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["step", "slug"],
                condition=Q(retired_at=None),
                name="route_slug_once",
                violation_error_message=_("This step has a route with this slug."),
            )
        ]

    def __str__(self) -> str:
        """With the step where that is loaded: several steps may have a
        route of the same name.
        """
        if Route.step.is_cached(self):
            return f"{self.step}: {self.title}"
        return self.title
