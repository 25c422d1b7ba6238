"""Threads, to which posts belong."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Thread(models.Model):
    """What a post is about: the whole group (its feed), a step, an activity, a resource
    or a paper.

    A row is stored with the first post, by `threads.stored`. `Thread()` is the feed.
    """

    class Kind(models.TextChoices):
        GROUP = "group", _("Group")
        STEP = "step", _("Step")
        ACTIVITY = "activity", _("Activity")
        RESOURCE = "resource", _("Resource")
        PAPER = "paper", _("Paper")

    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.GROUP)
    key = models.CharField(
        max_length=64,
        blank=True,
        help_text=_(
            "the key of the step or activity, the id of the resource, the arXiv id of "
            "the paper"
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                name="thread_once",
                violation_error_message=_("This thread exists already."),
            ),
            models.CheckConstraint(
                condition=Q(kind="group", key="") | (~Q(kind="group") & ~Q(key="")),
                name="thread_of_the_group_has_no_key",
                violation_error_message=_(
                    "A thread about something has a key; the group's own has none."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}".strip()
