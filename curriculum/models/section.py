import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from curriculum.models.resource import Resource


class Section(models.Model):
    """A part of a resource: a chapter, a video, a range of pages."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="sections")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=300)
    url = models.URLField(max_length=500, blank=True)
    locator = models.CharField(max_length=120, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    level = models.CharField(max_length=20, choices=Resource.Level.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "slug"],
                name="section_slug_once",
                violation_error_message=_(
                    "This resource has a section with this slug."
                ),
            )
        ]

    def __str__(self) -> str:
        """With the resource where that is loaded: “Chapter 1” alone says
        little when one has to choose.
        """
        if Section.resource.is_cached(self):
            return f"{self.resource}: {self.title}"
        return self.title
