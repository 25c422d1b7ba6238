"""Records about running the site: broken messages, the last start, standstills."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SetAsideMessage(models.Model):
    """A message of the queue that the worker could not use.

    The owner sees it and deletes it.
    """

    set_aside_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    task = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True, help_text=_("its beginning"))

    def __str__(self) -> str:
        return f"{self.task}: {self.reason}"


class Prepared(models.Model):
    """What a start has prepared in the database, with the digest of its source files."""

    what = models.CharField(max_length=40, unique=True)
    digest = models.CharField(max_length=64)
    prepared_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "prepared"

    def __str__(self) -> str:
        return self.what


class Standstill(models.Model):
    """A time in which a part of the site did not work, and whether its owners were told."""

    class Kind(models.TextChoices):
        DATABASE = "database", _("Database")
        SCHEMA = "schema", _("Database schema")
        CACHE = "cache", _("Broker and cache")
        CLOCK = "clock", _("Scheduled work")
        MAIL = "mail", _("Mail")
        DISK = "disk", _("Disk")

    kind = models.CharField(max_length=20, choices=Kind.choices)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text=_("when it was last seen not to work"))
    text = models.CharField(max_length=500)
    told_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(ended_at=None),
                name="standstill_one_open_per_kind",
                violation_error_message=_("This standstill is open already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} since {self.began_at:%Y-%m-%d %H:%M}"
