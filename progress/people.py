"""Who stands where: the names of those who agreed to it, and how many there are where
that names nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from lists.kept import Kept
from members.audience import Audience, audience_of
from members.models import Member
from progress.models import Enrollment

FACES = 4  # avatars beside a step
FEWEST = 3  # a smaller number would say where one particular member is

# by audience and curriculum
VISITORS = Kept["Visitors"](seconds=60, most=500)
Visitors: TypeAlias = Mapping[UUID, tuple[Sequence[int], int]]


@dataclass(frozen=True, slots=True)
class People:
    """Who is at a step, beside the reader."""

    # a few of those who show their step, the newest visitors first
    members: Sequence[Member]
    total: int  # everybody who is there; 0 where that is too few to say

    @property
    def more(self) -> int:
        return self.total - len(self.members)


def others(curriculum_id: int, reader: Member, at: UUID | None) -> dict[UUID, People]:
    """Step key to the people who are there; `at` is the step where the reader counts
    herself.

    Two queries: one that the process keeps for a minute, since it walks every
    enrolment, and one that asks who of the newest visitors shows her step now. Steps of
    which nothing may be said are left out.
    """
    audience = audience_of(reader)
    found = VISITORS.get(
        audience, curriculum_id, ask=lambda: _visitors(curriculum_id, audience)
    )
    ids = {pk for newest, _total in found.values() for pk in newest}
    showing = (
        Member.objects.visible_to(reader)
        .showing_step()
        .filter(pk__in=ids)
        .exclude(pk=reader.pk)
    )
    names: Mapping[int, Member] = showing.only("name", "email").in_bulk() if ids else {}
    people = {}
    for key, (newest, total) in found.items():
        shown = [names[pk] for pk in newest if pk in names][:FACES]
        there = total - (key == at)
        if shown or there >= FEWEST:
            people[key] = People(shown, there if there >= FEWEST else 0)
    return people


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
