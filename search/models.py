"""What members searched for, and the words that they may have meant."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RecentSearch(models.Model):
    """A search that a member made. Nobody else sees it."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="recent_searches",
        db_index=False,  # the constraint begins with it
    )
    typed = models.CharField(max_length=200)
    searched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "typed"],
                name="recent_search_once",
                violation_error_message=_("You have searched for this already."),
            )
        ]

    def __str__(self) -> str:
        return self.typed


class Vocabulary(models.Model):
    """The words of the texts that search finds, which a mistyped word may mean."""

    built_at = models.DateTimeField()
    words = models.JSONField(
        help_text=_("how often each word is used; the most frequent first")
    )
    seen = models.JSONField(
        default=list, help_text=_("the newest key of each kind of text that was read")
    )

    class Meta:
        verbose_name_plural = _("vocabularies")

    def __str__(self) -> str:
        return f"{len(self.words)}"
