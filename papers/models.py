"""What is new: papers that arXiv announced, in batches, and what members keep or hide of them."""

import re
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from text import PIPELINE_VERSION, plain_title

_WITHDRAWN = re.compile(
    r"\b(?:paper|submission|article|manuscript|preprint|work)\s+(?:has\s+been|is|was)\s+(?:temporarily\s+)?withdrawn",
    re.IGNORECASE,
)


class Feed(models.Model):
    """One category's RSS address and how the last visits to it went."""

    category = models.CharField(max_length=40, unique=True)
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=80, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    ok_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=500, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text=_("in a row"))
    next_try_at = models.DateTimeField(null=True, blank=True)
    announced_on = models.DateField(
        null=True, blank=True, help_text=_("day of the newest feed that was read")
    )
    repeated_on = models.DateField(
        null=True, blank=True, help_text=_("day under which an older batch was shown")
    )
    note = models.CharField(
        max_length=500,
        blank=True,
        help_text=_("what was wrong with it and could be repaired"),
    )

    def __str__(self) -> str:
        return self.category


class PaperQuerySet(models.QuerySet["Paper"]):
    def announced_since(self, day: date) -> "PaperQuerySet":
        """First announced to us from `day` on, as new or as a cross-list: not old ones
        that were replaced.
        """
        fresh = Announcement.objects.filter(
            paper=models.OuterRef("pk"),
            kind__in=[Announcement.Kind.NEW, Announcement.Kind.CROSS],
        )
        return self.filter(models.Exists(fresh), announced_on__gte=day)

    def for_lists(self) -> "PaperQuerySet":
        """Without the abstract, which headlines do not show."""
        return self.defer("abstract", "abstract_html", "categories")


class Paper(models.Model):
    arxiv_id = models.CharField(
        max_length=32, unique=True, help_text=_("without the version")
    )
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=500)
    title_html = models.TextField()
    abstract = models.TextField()
    abstract_html = models.TextField()
    pipeline_version = models.PositiveIntegerField(default=0)
    authors = models.JSONField(default=list)
    categories = models.JSONField(default=list)
    primary_category = models.CharField(max_length=40, db_index=True)
    licence = models.CharField(max_length=200, blank=True)
    announced_on = models.DateField(
        db_index=True, help_text=_("when it was first announced to us")
    )
    stored_at = models.DateTimeField()

    objects = PaperQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-announced_on", "-id"], name="paper_newest_first"),
            models.Index(
                fields=["id"],
                name="paper_to_render_again",
                condition=Q(pipeline_version__lt=PIPELINE_VERSION),
            ),
        ]

    def __str__(self) -> str:
        return plain_title(self.title)

    def get_absolute_url(self) -> str:
        return reverse("papers:paper", args=[self.arxiv_id])

    @property
    def licence_name(self) -> str:
        """“CC BY 4.0” for a Creative Commons address, “arXiv's own licence” for
        arXiv's, else the address.
        """
        found = re.search(
            r"creativecommons\.org/(?:licenses/([a-z-]+)|publicdomain/(zero))/([\d.]+)",
            self.licence,
        )
        if found:
            return f"CC {'0' if found[2] else found[1].upper()} {found[3]}"
        return (
            gettext("arXiv’s own licence")
            if "arxiv.org/licenses/" in self.licence
            else self.licence
        )

    @property
    def is_withdrawn(self) -> bool:
        """Whether its abstract says that it was taken back; arXiv then keeps the
        earlier versions.
        """
        return bool(_WITHDRAWN.search(self.abstract[:400]))

    @property
    def abs_url(self) -> str:
        return f"https://arxiv.org/abs/{self.arxiv_id}"

    @property
    def pdf_url(self) -> str:
        return f"https://arxiv.org/pdf/{self.arxiv_id}"


class PaperVersion(models.Model):
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    announced_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "number"],
                name="paper_version_once",
                violation_error_message=_("This paper has a version with this number."),
            )
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


class Batch(models.Model):
    """One category's announcement of one day."""

    category = models.CharField(max_length=40)
    announced_on = models.DateField(db_index=True)
    stored_at = models.DateTimeField()
    partial = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "batches"
        constraints = [
            models.UniqueConstraint(
                fields=["category", "announced_on"],
                name="batch_once_per_day",
                violation_error_message=_("This category has a batch of this day."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.category} of {self.announced_on}"


class Announcement(models.Model):
    class Kind(models.TextChoices):
        NEW = "new", _("New")
        CROSS = "cross", _("Cross-list")
        REPLACE = "replace", _("Replacement")
        REPLACE_CROSS = "replace-cross", _("Replaced cross-list")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="announcements")
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="announcements")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    version = models.PositiveSmallIntegerField()
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "paper"],
                name="announcement_once_per_batch",
                violation_error_message=_("This paper is in this batch already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} in {self.batch_id}"


class Reading(models.Model):
    """What one member makes of one paper."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="readings"
    )
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="readings")
    kept_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "paper"],
                name="reading_once_per_paper",
                violation_error_message=_(
                    "This member has this paper on a list already."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kept_at=None) | Q(hidden_at=None),
                name="reading_kept_or_hidden",
                violation_error_message=_("A paper is kept or hidden, not both."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} and {self.paper_id}"


class StepPapersQuerySet(models.QuerySet["StepPapers"]):
    def of(self, announced_on: date, last_batch: int) -> "StepPapersQuerySet":
        """Those that were chosen when this was the day's newest batch."""
        return self.filter(announced_on=announced_on, last_batch=last_batch)


class StepPapers(models.Model):
    """The papers of a day that fit a step, chosen by the harvest for all who read it."""

    step_key = models.UUIDField()
    announced_on = models.DateField()
    last_batch = models.BigIntegerField(
        help_text=_("the newest batch of the day when they were chosen")
    )
    chosen = models.JSONField(
        help_text=_("the best first: ids of papers, each with the words that fit")
    )

    objects = StepPapersQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["announced_on", "step_key"],
                name="step_papers_once_per_day",
                violation_error_message=_("This step has papers of this day."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.step_key} on {self.announced_on}"
