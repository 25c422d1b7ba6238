import uuid

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class CurriculumQuerySet(models.QuerySet["Curriculum"]):
    def published(self) -> "CurriculumQuerySet":
        """Those that members and visitors see: with a release and
        not retired.
        """
        return self.filter(retired_at=None, releases__isnull=False).distinct()


class Curriculum(models.Model):
    """The draft that curators edit. Members see its releases."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=120)
    language = models.CharField(max_length=8, default="en")
    summary = models.TextField(max_length=500, blank=True)
    intro = models.TextField(blank=True, help_text=_("Markdown"))
    licence = models.CharField(max_length=80, blank=True)
    credit = models.JSONField(
        default=list,
        blank=True,
        help_text=_("Whose idea this is: author, title, url, year, note."),
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    shipped_digest = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("of the draft as it came with the site, to see edits"),
    )

    objects = CurriculumQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "curricula"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("curriculum:curriculum", args=[self.slug])
