"""Who is at which step: members who show their step, and the number of all if it reveals
nobody.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import NamedTuple, TypeAlias
from uuid import UUID

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from lists.arguments import Several
from lists.cache import TimedCache
from lists.statement import Statement
from members.audience import Audience, audience_of
from members.models import Member, hue_of, initials_of
from progress.models import Enrollment

FACES = 4  # avatars beside a step
FEWEST = 3  # a smaller number would reveal where a particular member is

# by audience and curriculum
VISITORS = TimedCache["Visitors"](seconds=60, most=500)
Visitors: TypeAlias = Mapping[UUID, tuple[Sequence[int], int]]


class Face(NamedTuple):
    """A member as others see them."""

    pk: int
    name: str
    email: str

    @property
    def initials(self) -> str:
        return initials_of(self.name, self.email)

    @property
    def hue(self) -> int:
        return hue_of(self.pk)


@dataclass(frozen=True, slots=True)
class People:
    """The members at a step, without the reader."""

    # a few of those who show their step, the newest visitors first
    members: tuple[Face, ...]
    total: int  # everybody who is there; 0 where that is too few to say

    @property
    def more(self) -> int:
        return self.total - len(self.members)


def others(
    curriculum_id: int, reader: Member, at: UUID | None, step_key: UUID | None = None
) -> dict[UUID, People]:
    """The members at each step, by step key; only at `step_key` if it is given. `at` is
    the reader's own step.

    Two queries: one over every enrolment, which is cached for a minute, and one for the
    newest visitors who show their step now. Steps about which nothing may be said are
    left out.
    """
    audience = audience_of(reader)
    found = VISITORS.get(
        audience, curriculum_id, ask=lambda: _visitors(curriculum_id, audience)
    )
    if step_key:
        found = {key: there for key, there in found.items() if key == step_key}
    ids = set(chain.from_iterable(newest for newest, _total in found.values()))
    faces = _faces(reader, ids)
    people = {}
    for key, (newest, total) in found.items():
        shown = tuple(faces[pk] for pk in newest if pk in faces)[:FACES]
        there = total - (key == at)
        if shown or there >= FEWEST:
            people[key] = People(shown, there if there >= FEWEST else 0)
    return people


def _faces(reader: Member, ids: Collection[int]) -> dict[int, Face]:
    """Those of the members who show their step to the reader now, by their keys."""
    if not ids:
        return {}
    most = max(FACES * 2, 1 << (len(ids) - 1).bit_length())
    rows = _showing(most)(reader=reader, ids=list(ids))
    return {face.pk: face for face in rows if face.pk != reader.pk}


@cache
def _showing(most: int) -> Statement[Face]:
    return Statement(
        Face,
        lambda reader, ids: (
            Member.objects.visible_to(reader)
            .showing_step()
            .filter(pk__in=ids)
            .values_list(*Face._fields)
        ),
        reader=Member,
        ids=Several(int, most),
    )


def _visitors(curriculum_id: int, audience: Audience) -> Visitors:
    """Step key to the ids of the newest visitors who show their step, and how many are
    there in all.
    """
    newest_first = [F("visited_at").desc(), F("pk").desc()]
    rows = (
        Enrollment.objects.current()
        .filter(
            curriculum=curriculum_id,
            step_key__isnull=False,
            member__in=Member.objects.visible_to_audience(audience),
        )
        .annotate(total=Window(Count("*"), partition_by=F("step_key")))
        .annotate(
            rank=Window(
                RowNumber(),
                partition_by=[F("step_key"), F("member__shows_step")],
                order_by=newest_first,
            )
        )
        # one may be the reader
        .filter(Q(rank=1) | Q(rank__lte=FACES + 1, member__shows_step=True))
        .order_by("rank")
        .values_list("step_key", "member_id", "member__shows_step", "total")
    )
    found: dict[UUID, tuple[list[int], int]] = {}
    for key, member_id, shows, total in rows:
        assert key  # as filtered
        newest, _total = found.setdefault(key, ([], total))
        if shows:
            newest.append(member_id)
    return found
