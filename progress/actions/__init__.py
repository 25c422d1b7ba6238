"""Every change of a member's progress, by noun.

Each change appends to the log what it changes, and nothing when nothing changes.
"""

from progress.actions.enrollments import (
    LONGEST_PAUSE,
    enroll,
    finish,
    pause,
    resume,
    visit,
    withdraw,
)
from progress.actions.finishes import note_finished_steps
from progress.actions.marks import (
    clear_revisit,
    mark_done,
    mark_revisit,
    mark_skipped,
    mark_started,
    undo,
)
from progress.actions.minutes import (
    MOST_MINUTES,
    TimeSpent,
    log_minutes,
    undo_minutes,
)
from progress.actions.refusals import (
    BadConfidence,
    BadDay,
    BadMinutes,
    NotAllDone,
    NotCurrent,
    NotPublished,
    OtherCurriculum,
    PauseEnded,
    Refused,
    UnknownRoute,
)
from progress.actions.releases import move_release, put_away_release
from progress.actions.routes import choose_route, leave_route
from progress.actions.steps import mark_step_done, skip_step, undo_step

__all__ = [
    "LONGEST_PAUSE",
    "MOST_MINUTES",
    "BadConfidence",
    "BadDay",
    "BadMinutes",
    "NotAllDone",
    "NotCurrent",
    "NotPublished",
    "OtherCurriculum",
    "PauseEnded",
    "Refused",
    "TimeSpent",
    "UnknownRoute",
    "choose_route",
    "clear_revisit",
    "enroll",
    "finish",
    "leave_route",
    "log_minutes",
    "mark_done",
    "mark_revisit",
    "mark_skipped",
    "mark_started",
    "mark_step_done",
    "move_release",
    "note_finished_steps",
    "pause",
    "put_away_release",
    "resume",
    "skip_step",
    "undo",
    "undo_minutes",
    "undo_step",
    "visit",
    "withdraw",
]
