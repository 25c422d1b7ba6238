"""What is new: papers that arXiv announced, in batches, and what members keep or hide of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


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

    def __str__(self) -> str:
        return self.category


class PaperQuerySet(models.QuerySet["Paper"]):
    pass


class Paper(models.Model):
    arxiv_id = models.CharField(max_length=32, unique=True, help_text=_("without the version"))
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
    announced_on = models.DateField(db_index=True, help_text=_("when it was first announced to us"))
    stored_at = models.DateTimeField()

    objects = PaperQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-announced_on", "-id"], name="paper_newest_first")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("papers:paper", args=[self.arxiv_id])


class PaperVersion(models.Model):
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    announced_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "number"], name="paper_version_once")]

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
        constraints = [models.UniqueConstraint(fields=["category", "announced_on"], name="batch_once_per_day")]

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
        constraints = [models.UniqueConstraint(fields=["batch", "paper"], name="announcement_once_per_batch")]

    def __str__(self) -> str:
        return f"{self.paper_id} in {self.batch_id}"


class Reading(models.Model):
    """What one member makes of one paper."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="readings")
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="readings")
    kept_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "paper"], name="reading_once_per_paper"),
            models.CheckConstraint(
                condition=Q(kept_at=None) | Q(hidden_at=None),
                name="reading_kept_or_hidden",
                violation_error_message=_("A paper is kept or hidden, not both."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} and {self.paper_id}"
