"""How far: enrolments, chosen routes, records, minutes, and the log that all of it can
be rebuilt from.
"""

from progress.models.enrollment import Enrollment, EnrollmentQuerySet
from progress.models.event import StudyEvent
from progress.models.logged_time import LoggedTime, LoggedTimeQuerySet
from progress.models.record import Record, RecordQuerySet
from progress.models.route_choice import RouteChoice

__all__ = [
    "Enrollment",
    "EnrollmentQuerySet",
    "LoggedTime",
    "LoggedTimeQuerySet",
    "Record",
    "RecordQuerySet",
    "RouteChoice",
    "StudyEvent",
]
