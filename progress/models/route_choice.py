from django.db import models
from django.utils.translation import gettext_lazy as _

from progress.models.enrollment import Enrollment


class RouteChoice(models.Model):
    """A route that is active for a member in a step; several may be."""

    enrollment = models.ForeignKey(
        Enrollment, models.CASCADE, related_name="route_choices"
    )
    step_key = models.UUIDField()
    route_key = models.UUIDField()
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment", "step_key", "route_key"],
                name="route_choice_once",
                violation_error_message=_("This route is active already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.route_key}"
