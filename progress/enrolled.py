"""The enrolments of one member with curriculum and release, read by one compiled
statement.
"""

from collections import namedtuple
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from curriculum.models import Curriculum, Release, ReleaseQuerySet
from curriculum.newest import newest_releases
from lists.statement import Statement
from members.models import Member
from members.sessions import below, columns
from progress.models import Enrollment

ENROLLMENT = columns(Enrollment)
# Not what only the page of a curriculum shows.
CURRICULUM = columns(Curriculum, leave_out=("summary", "intro", "licence", "credit"))
RELEASE = columns(Release, leave_out=ReleaseQuerySet.HEAVY)
COLUMNS = [
    *ENROLLMENT,
    *below("curriculum", CURRICULUM),
    *below("release", RELEASE),
]
NEWEST = ["newest_number", "newest_at"]
EnrollmentRow = namedtuple("EnrollmentRow", [*COLUMNS, *NEWEST])  # type: ignore[misc]


def _of(member: Member) -> QuerySet[Enrollment, Any]:
    releases = Release.objects.filter(curriculum=OuterRef("curriculum"))
    newest = releases.order_by("-number")
    return (
        Enrollment.objects.filter(member=member)
        .annotate(newest_number=Subquery(newest.values("number")[:1]))
        .annotate(newest_at=Subquery(newest.values("published_at")[:1]))
        .newest_visit_first()
        .values_list(*COLUMNS, *NEWEST)
    )


statement = Statement(EnrollmentRow, _of, member=Member)


def enrollments_of(member: Member) -> list[Enrollment]:
    """All enrolments of the member, also withdrawn ones, the last visited first. Each has
    the number and date of the curriculum's newest release. One query.
    """
    enrollments = []
    for row in statement(member=member):
        enrollment = from_columns(row)
        enrollment.member = member
        enrollment.newest_number, enrollment.newest_at = row[len(COLUMNS) :]  # type: ignore[attr-defined]
        enrollments.append(enrollment)
    return enrollments


def from_columns(values: Sequence[Any]) -> Enrollment:
    """The enrolment of a row that begins with COLUMNS."""
    using = connection.alias
    first, second = len(ENROLLMENT), len(ENROLLMENT) + len(CURRICULUM)
    third = second + len(RELEASE)
    enrollment = Enrollment.from_db(using, ENROLLMENT, values[:first])
    enrollment.curriculum = Curriculum.from_db(using, CURRICULUM, values[first:second])
    enrollment.release = Release.from_db(using, RELEASE, values[second:third])
    enrollment.release.curriculum = enrollment.curriculum
    return enrollment


def releases_read_by(member: Member) -> Iterable[Release]:
    """The release of each curriculum that the member reads: the one that is followed,
    or the newest. Two queries.
    """
    releases = {release.curriculum_id: release for release in newest_releases()}
    for enrollment in enrollments_of(member):
        releases[enrollment.curriculum_id] = enrollment.release
    return releases.values()
