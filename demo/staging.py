"""The group's conversations: texts from the files, each said by a member
whom it fits, at an hour when that member is awake.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from demo import source
from demo.room import Room, named
from demo.source import Conversation, Remark
from members.models import Member


@dataclass(slots=True)
class Spoken:
    """A comment that has found its speaker and its moment."""

    by: Member
    at: datetime
    body: str
    accepted: bool = False
    replies: list["Spoken"] = field(default_factory=list)


@dataclass(slots=True)
class Staged:
    """A thread that has found its people and moments."""

    thread: Conversation
    by: Member
    at: datetime
    comments: list[Spoken]
    step_key: UUID | None


def stage(room: Room) -> list[Staged]:
    """Threads that the group is large enough for, with their people;
    nothing is said after the group's time ends.
    """
    found = []
    for thread in _chosen(room):
        staged = _stage(thread, room)
        if staged:
            found.append(staged)
    return found


def _chosen(room: Room) -> list[Conversation]:
    """All of them in a group of forty, fewer in a smaller one: the pinned
    one and the newest ones first.
    """
    threads = source.threads()
    most = max(8, len(threads) * len(room.members) // 36)
    known = [thread for thread in threads if _is_possible(thread, room)]
    kept = sorted(known, key=lambda thread: (not thread.pinned, thread.days_ago))[:most]
    return sorted(kept, key=lambda thread: -thread.days_ago)


def _is_possible(thread: Conversation, room: Room) -> bool:
    return all(by in room.by_id for by in named([replace(thread, more=())]))


def _stage(thread: Conversation, room: Room) -> Staged | None:
    step_key = None
    if thread.step:
        step = room.courses[thread.curriculum].outline.step_by_slug(thread.step)
        if step:
            step_key = step.key
    at = (
        room.until
        - timedelta(days=thread.days_ago)
        + timedelta(minutes=room.rng.randint(-20, 20))
    )
    here = {
        room.by_id[by].pk: room.by_id[by] for by in named([thread]) if by in room.by_id
    }
    asker = room.find(thread.by, at, step_key=step_key, not_these=here.values())
    at = room.awake(asker, at)
    if asker.joined_at > at or at > room.until - timedelta(minutes=10):
        return None
    room.said[asker.pk] += 3
    staged = Staged(thread, asker, at, [], step_key)
    here[asker.pk] = asker
    newest = at
    for said in [*thread.comments, *_more(thread, room)]:
        spoken = _speak(
            said,
            staged,
            max(newest + _later(40, room.rng) / 4, at + _later(said.after, room.rng)),
            here,
            room,
        )
        if spoken:
            newest = spoken.at
            staged.comments.append(spoken)
    return staged


def _speak(
    said: Remark, staged: Staged, at: datetime, here: dict[int, Member], room: Room
) -> Spoken | None:
    if said.by == "asker":
        member = staged.by
    else:
        member = room.find(
            said.by, at, step_key=staged.step_key, not_these=here.values()
        )
        if member == staged.by and not said.by.startswith("@"):
            return None
    at = room.awake(member, at)
    if member.joined_at > at or at > room.until - timedelta(minutes=3):
        return None
    room.said[member.pk] += 1
    here[member.pk] = member
    spoken = Spoken(member, at, said.body, said.accepted)
    for reply in said.replies:
        answer = _speak(
            reply, staged, spoken.at + _later(reply.after, room.rng), here, room
        )
        if answer:
            spoken.replies.append(answer)
    return spoken


def _later(minutes: int, rng: Random) -> timedelta:
    """About so many minutes: nobody answers after exactly a day."""
    return timedelta(
        minutes=max(2, minutes * rng.uniform(0.75, 1.2)), seconds=rng.randint(0, 59)
    )


def _more(thread: Conversation, room: Room) -> list[Remark]:
    """Short comments that more people bring: one for each twenty members,
    as far as they go.
    """
    possible = [
        said
        for said in thread.more
        if not said.by.startswith("@") or said.by[1:] in room.by_id
    ]
    chosen = room.rng.sample(possible, min(len(possible), len(room.members) // 20))
    last = max((said.after for said in thread.comments), default=60)
    return [
        replace(said, after=last + room.rng.randint(30, 2000) * (n + 1))
        for n, said in enumerate(chosen)
    ]


def wanted_papers(staged: Iterable[Staged], days: Sequence[date]) -> dict[str, date]:
    """The day on which each discussed paper was announced: a weekday or
    two before the first words about it.
    """
    found: dict[str, date] = {}
    for each in staged:
        before = [day for day in days if day < each.at.date()]
        if each.thread.paper and before:
            found.setdefault(each.thread.paper, before[-2:][0])
    return found
