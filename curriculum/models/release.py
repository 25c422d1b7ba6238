from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from curriculum.models.curriculum import Curriculum
from curriculum.outline import Outline


class ReleaseQuerySet(models.QuerySet["Release"]):
    def newest(self) -> "ReleaseQuerySet":
        """The newest release of each curriculum that is not retired."""
        later = Release.objects.filter(
            curriculum=models.OuterRef("curriculum"),
            number__gt=models.OuterRef("number"),
        )
        return self.filter(~models.Exists(later), curriculum__retired_at=None)

    HEAVY = ("document", "rendered", "difference", "changelog")

    def light(self) -> "ReleaseQuerySet":
        """Without the big columns; `outline` reads them where the process
        has not kept it.
        """
        return self.defer(*self.HEAVY)


KEPT_OUTLINES: dict[tuple[int, int, datetime], Outline] = {}
KEPT_OUTLINES_MAX = 100


class Release(models.Model):
    """A curriculum's frozen, numbered form: one row that a member's page
    renders from.
    """

    curriculum = models.ForeignKey(Curriculum, models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField()
    document = models.JSONField(
        help_text=_("The curriculum document, as in the file format")
    )
    rendered = models.JSONField(
        default=dict,
        help_text=_("HTML of every Markdown field: key (and field) to HTML"),
    )
    pipeline_version = models.PositiveIntegerField(default=0)
    changelog = models.TextField(blank=True)
    difference = models.JSONField(
        default=dict, help_text=_("Titles of what was added, changed and retired")
    )
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["curriculum", "number"],
                name="release_number_once",
                violation_error_message=_(
                    "This curriculum has a release with this number."
                ),
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="release_number_from_1",
                violation_error_message=_("Releases are numbered from 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.curriculum_id}, release {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("curriculum:release", args=[self.curriculum.slug, self.number])

    @property
    def outline(self) -> Outline:
        """The document as typed values, which the process keeps: a release
        never changes.

        Asks no query, or one where the release was `light()` and its
        outline is not kept yet.
        """
        name = (self.pk, self.pipeline_version, self.published_at)
        kept = KEPT_OUTLINES.get(name)
        if kept is None:
            if self.get_deferred_fields():
                self.refresh_from_db(fields=["document", "rendered"])
            kept = Outline.from_document(self.document, self.rendered)
            if self.pk:
                _keep(name, kept)
        return kept


def _keep(name: tuple[int, int, datetime], outline: Outline) -> None:
    while len(KEPT_OUTLINES) >= KEPT_OUTLINES_MAX:
        KEPT_OUTLINES.pop(next(iter(KEPT_OUTLINES)), None)
    KEPT_OUTLINES[name] = outline
