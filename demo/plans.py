"""What the demo plans for each member before anything is written."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from curriculum.models import Curriculum, Release
from curriculum.outline import Outline, Step
from members.models import Member
from progress.models import StudyEvent


@dataclass(frozen=True, slots=True)
class Course:
    """A curriculum and the release that the demo's members are on."""

    curriculum: Curriculum
    release: Release

    @property
    def outline(self) -> Outline:
        return self.release.outline


@dataclass(slots=True)
class StudyPlan:
    """The log of one member, in order, and the state after it."""

    member: Member
    lines: list[StudyEvent] = field(default_factory=list)
    # curriculum id to the newest visit
    places: dict[int, tuple[Step, datetime]] = field(default_factory=dict)
    # step key to when the member began it
    reached: dict[UUID, datetime] = field(default_factory=dict)

    @property
    def newest(self) -> datetime:
        if self.lines:
            return self.lines[-1].at
        return self.member.joined_at
