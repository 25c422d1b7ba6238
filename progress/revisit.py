"""The activities that a member wants to revisit: those that are flagged, and those done
without being sure; with their curriculum and step.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from curriculum.models import Activity, Release
from curriculum.outline import Outline
from members.models import Member
from progress.models import Enrollment, Record


@dataclass(frozen=True, slots=True)
class Item:
    record: Record
    title: str
    # the curriculum and the step, in words; empty if no release of the member has it
    place: str
    url: str
    aspect: str


def to_revisit(member: Member) -> list[Item]:
    """The oldest first.

    Three queries, and one more for activities that are no longer in a release.
    """
    records = list(Record.objects.filter(member=member).to_revisit())
    records.sort(
        key=lambda record: (
            record.revisit_at or record.done_at or member.joined_at,
            record.pk,
        )
    )
    keys = {record.activity_key for record in records}
    found = _in_outlines(keys, _outlines(member)) if keys else {}
    missing = keys - set(found)
    rows = (
        Activity.objects.filter(key__in=missing).values_list("key", "title", "aspect")
        if missing
        else ()
    )
    found |= {key: (title, "", "", aspect) for key, title, aspect in rows}
    return [
        Item(record, *found[record.activity_key])
        for record in records
        if record.activity_key in found
    ]


def _outlines(member: Member) -> Iterator[Outline]:
    """The outlines of the member's releases, the current one first, then those of the
    newest release of every curriculum.
    """
    for enrollment in (
        Enrollment.objects.filter(member=member).with_release().newest_visit_first()
    ):
        yield enrollment.release.outline
    for release in Release.objects.newest().light().order_by("curriculum_id"):
        yield release.outline


def _in_outlines(
    keys: set[UUID], outlines: Iterable[Outline]
) -> dict[UUID, tuple[str, str, str, str]]:
    found: dict[UUID, tuple[str, str, str, str]] = {}
    for outline in outlines:
        for step in outline.steps:
            url = reverse("curriculum:step", args=[outline.slug, step.slug])
            for activity in step.every_activity():
                if activity.key in keys and activity.key not in found:
                    place = f"{outline.title}, {step.title}"
                    address = f"{url}#activity-{activity.key}"
                    found[activity.key] = (
                        activity.title,
                        place,
                        address,
                        activity.aspect,
                    )
    return found
