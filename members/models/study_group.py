from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class StudyGroup(models.Model):
    """The site's one community: a single row, made on the first-run page."""

    name = models.CharField(_("name"), max_length=80)
    tagline = models.CharField(_("one sentence about it"), max_length=200, blank=True)
    set_up_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1),
                name="study_group_single_row",
                violation_error_message=_("There is one study group."),
            )
        ]

    def __str__(self) -> str:
        return self.name
