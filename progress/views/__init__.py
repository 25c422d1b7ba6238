"""Pages."""

from progress.views.enrollments import change_enrollment, enroll
from progress.views.marks import clear_revisit, mark, revisit, row_menu
from progress.views.minutes import log_minutes, overview, undo_minutes
from progress.views.step import choose_route, mark_step, step

__all__ = [
    "change_enrollment",
    "choose_route",
    "clear_revisit",
    "enroll",
    "log_minutes",
    "mark",
    "mark_step",
    "overview",
    "revisit",
    "row_menu",
    "step",
    "undo_minutes",
]
