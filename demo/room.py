"""Who of the demo's group may say what, and when."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from demo import source
from demo.plans import Course, StudyPlan
from demo.source import Character, Conversation
from members.models import Member

LINGERS = timedelta(days=12)  # people still write for so long after they studied last
A_FEW = 6  # so few people share all voices among them
LIKE = {  # whose words these may be instead, where nobody of that voice is there
    "beginner": ("beginner", "engineer", "researcher", "teacher"),
    "engineer": ("engineer", "researcher", "teacher", "beginner"),
    "researcher": ("researcher", "teacher", "engineer", "beginner"),
    "teacher": ("teacher", "researcher", "engineer", "beginner"),
}


class Room:
    """Who is in the group, and who may say what when.

    All choices come from `rng`.
    """

    def __init__(
        self,
        cast: Sequence[Character],
        plans: Sequence[StudyPlan],
        courses: Mapping[str, Course],
        rng: Random,
        until: datetime,
    ) -> None:
        self.members = [plan.member for plan in plans]
        self.cast = cast
        self.plans = plans
        self.courses = courses
        self.rng = rng
        self.until = until
        self.by_id = {
            character.id: member
            for character, member in zip(cast, self.members, strict=True)
        }
        self.said = Counter(
            {self.by_id[by].pk: 2 for by in named(source.threads()) if by in self.by_id}
        )
        self.candidates = self._few()

    def _few(self) -> list[int]:
        """Numbers of those who speak: everybody, or some hundreds in a
        large group, since few people write.
        """
        numbers = range(len(self.members))
        if len(numbers) <= 300:
            return list(numbers)
        return [*numbers[:30], *self.rng.sample(numbers[30:], 270)]

    def find(
        self,
        by: str,
        at: datetime,
        *,
        step_key: UUID | None,
        not_these: Iterable[Member],
    ) -> Member:
        """Whom the words fit: the person named, or someone of that voice,
        better one who has been at the step.
        """
        if by.startswith("@"):
            return self.by_id[by[1:]]
        excluded = {member.pk for member in not_these}
        here = [n for n in self.candidates if self.members[n].joined_at < at]
        # in a very small group one speaks twice
        free = [n for n in here if self.members[n].pk not in excluded] or here
        awake = [n for n in free if self.plans[n].newest + LINGERS > at] or free
        fitting = self._fitting(by, awake)
        weights = [self._weight(n, at, step_key) for n in fitting]
        return self.members[self.rng.choices(fitting, weights)[0]]

    def _fitting(self, by: str, numbers: list[int]) -> list[int]:
        """Those of the voice, else of the next like it, else all."""
        if len(numbers) > A_FEW:
            for voice in LIKE.get(by, ()):
                fitting = [n for n in numbers if self.cast[n].voice == voice]
                if fitting:
                    return fitting
        return numbers

    def _weight(self, number: int, at: datetime, step_key: UUID | None) -> float:
        reached = None
        if step_key:
            reached = self.plans[number].reached.get(step_key)
        if reached and reached < at:
            been_there = 5.0
        else:
            been_there = 1.0
        at_home = min(
            1.0, 0.1 + (at - self.members[number].joined_at) / timedelta(days=25)
        )
        return been_there * at_home / (1 + self.said[self.members[number].pk]) ** 1.5

    def awake(self, member: Member, at: datetime) -> datetime:
        """The moment itself, or the next morning if it is night for the member."""
        local = member.local(at)
        if local.hour < 6:
            at += timedelta(hours=6 - local.hour, minutes=self.rng.randint(20, 170))
        return at


def named(threads: Iterable[Conversation]) -> list[str]:
    """Ids of the people by whom the texts say that they are."""
    speakers: list[str] = []
    for thread in threads:
        speakers.append(thread.by)
        for spoken in (*thread.comments, *thread.more):
            speakers += [spoken.by, *(reply.by for reply in spoken.replies)]
    return [by[1:] for by in speakers if by.startswith("@")]
