"""The group's conversations: texts from the files, said by members whom they fit, each
at an hour when she is awake.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import chain, starmap
from random import Random
from uuid import UUID

from community import actions, threads
from community.models import Comment, Post, Reaction
from demo import source
from demo.source import Character, Conversation, Remark
from demo.study import Course, StudyPlan
from members.models import Member

HELPED, THANKS, SAME = Reaction.Kind.HELPED, Reaction.Kind.THANKS, Reaction.Kind.SAME
LINGERS = timedelta(days=12)  # people still write for so long after they studied last
A_FEW = 6  # so few people share all voices among them
LIKE = {  # whose words these may be instead, where nobody of that voice is there
    "beginner": ("beginner", "engineer", "researcher", "teacher"),
    "engineer": ("engineer", "researcher", "teacher", "beginner"),
    "researcher": ("researcher", "teacher", "engineer", "beginner"),
    "teacher": ("teacher", "researcher", "engineer", "beginner"),
}
WIDELY = 200  # members; from there on reactions are inserted at once
MANY_REACTIONS = 400


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


class Room:
    """Who is in the group, and who may say what when. All choices come from `rng`."""

    def __init__(
        self,
        cast: Sequence[Character],
        plans: Sequence[StudyPlan],
        courses: Mapping[str, Course],
        rng: Random,
        until: datetime,
    ) -> None:
        self.members = [plan.member for plan in plans]
        self.cast, self.plans, self.courses, self.rng, self.until = (
            cast,
            plans,
            courses,
            rng,
            until,
        )
        self.by_id = {
            character.id: member
            for character, member in zip(cast, self.members, strict=True)
        }
        self.said = Counter(
            {
                self.by_id[by].pk: 2
                for by in _named(source.threads())
                if by in self.by_id
            }
        )
        self.candidates = self._few()

    def _few(self) -> list[int]:
        """Numbers of those who speak: everybody, or some hundreds in a large group,
        since few people write.
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
        """Whom the words fit: the person named, or someone of that voice, better one
        who has been at the step.
        """
        if by.startswith("@"):
            return self.by_id[by[1:]]
        excluded = {member.pk for member in not_these}
        here = [n for n in self.candidates if self.members[n].joined_at < at]
        # in a very small group one speaks twice
        free = [n for n in here if self.members[n].pk not in excluded] or here
        awake = [n for n in free if self.plans[n].newest + LINGERS > at] or free
        for voice in LIKE.get(by, ()) if len(awake) > A_FEW else ():
            fitting = [n for n in awake if self.cast[n].voice == voice]
            if fitting:
                break
        else:
            fitting = awake
        weights = [self._weight(n, at, step_key) for n in fitting]
        return self.members[self.rng.choices(fitting, weights)[0]]

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
        """The moment itself, or the next morning if she sleeps."""
        local = member.local(at)
        if local.hour < 6:
            at += timedelta(hours=6 - local.hour, minutes=self.rng.randint(20, 170))
        return at


def _named(threads: Iterable[Conversation]) -> list[str]:
    """Ids of the people by whom the texts say that they are."""
    speakers: list[str] = []
    for thread in threads:
        speakers.append(thread.by)
        for spoken in (*thread.comments, *thread.more):
            speakers += [spoken.by, *(reply.by for reply in spoken.replies)]
    return [by[1:] for by in speakers if by.startswith("@")]


def stage(room: Room) -> list[Staged]:
    """Threads that the group is large enough for, with their people; nothing is said
    after the group's time ends.
    """
    found = []
    for thread in _chosen(room):
        staged = _stage(thread, room)
        if staged:
            found.append(staged)
    return found


def _chosen(room: Room) -> list[Conversation]:
    """All of them in a group of forty, fewer in a smaller one: the pinned one and the
    newest ones first.
    """
    threads = source.threads()
    most = max(8, len(threads) * len(room.members) // 36)
    known = [thread for thread in threads if _is_possible(thread, room)]
    kept = sorted(known, key=lambda thread: (not thread.pinned, thread.days_ago))[:most]
    return sorted(kept, key=lambda thread: -thread.days_ago)


def _is_possible(thread: Conversation, room: Room) -> bool:
    return all(by in room.by_id for by in _named([replace(thread, more=())]))


def _stage(thread: Conversation, room: Room) -> Staged | None:
    step_key = None
    if thread.step:
        step = room.courses[thread.curriculum].outline.step_by_slug(thread.step)
        step_key = None
        if step:
            step_key = step.key
    at = (
        room.until
        - timedelta(days=thread.days_ago)
        + timedelta(minutes=room.rng.randint(-20, 20))
    )
    here = {
        room.by_id[by].pk: room.by_id[by] for by in _named([thread]) if by in room.by_id
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
    """Short comments that more people bring: one for each twenty members, as far as they go."""
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


# Saying it


def wanted_papers(staged: Iterable[Staged], days: Sequence[date]) -> dict[str, date]:
    """The day on which each discussed paper was announced: a weekday or two before the
    first words about it.
    """
    found: dict[str, date] = {}
    for each in staged:
        before = [day for day in days if day < each.at.date()]
        if each.thread.paper and before:
            found.setdefault(each.thread.paper, before[-2:][0])
    return found


def say(staged: Sequence[Staged]) -> list[Post | Comment]:
    """Write everything in the order in which it was said; gives back what was written."""
    written: list[Post | Comment] = []
    unsorted = chain.from_iterable(starmap(_deeds, enumerate(staged)))
    deeds = sorted(unsorted, key=lambda deed: deed[:3])
    posts: dict[int, Post] = {}
    comments: dict[int, Comment] = {}
    for at, _rank, number, spoken, parent in deeds:
        each = staged[number]
        if spoken is None:
            posts[number] = _post(each)
            written.append(posts[number])
        elif parent == "accept":
            actions.accept_answer(comments[id(spoken)], by=each.by, now=at)
        else:
            above = None
            if parent:
                above = comments[id(parent)]
            comment = actions.write_comment(
                posts[number], author=spoken.by, body=spoken.body, now=at, parent=above
            )
            comments[id(spoken)] = comment
            written.append(comment)
    return written


def _deeds(number: int, each: Staged) -> Iterable[tuple]:
    yield each.at, 0, number, None, None
    for spoken in each.comments:
        yield spoken.at, 1, number, spoken, None
        for reply in spoken.replies:
            yield reply.at, 2, number, reply, spoken
        if spoken.accepted:
            yield spoken.at + timedelta(minutes=2), 3, number, spoken, "accept"


def _post(each: Staged) -> Post:
    thread = each.thread
    by = each.by
    post = actions.write_post(
        by,
        body=thread.body,
        now=each.at,
        kind=thread.kind,
        title=thread.title,
        thread=_thread_of(each),
    )
    if thread.pinned:
        actions.pin(post, by=by, now=each.at + timedelta(minutes=1))
    return post


def _thread_of(each: Staged) -> threads.Thread:
    if each.step_key:
        return threads.of("step", each.step_key)
    if each.thread.paper:
        return threads.of("paper", each.thread.paper)
    return threads.of("group")


# Reacting to it


def react(
    staged: Sequence[Staged], written: Sequence[Post | Comment], room: Room
) -> int:
    """Let members react, more where a text was given weight; the number of reactions."""
    weights = {each.thread.body: each.thread.weight for each in staged}
    comments = chain.from_iterable(each.comments for each in staged)
    weights = {spoken.body: 4 for spoken in comments if spoken.accepted} | weights
    reactions: list[Reaction] = []
    for target in written:
        reactions += _reactions(target, weights.get(target.body, 1), room)
    if len(room.members) >= WIDELY:
        Reaction.objects.bulk_create(reactions, batch_size=500)
        actions.recount()
    else:
        for each in reactions:
            reacted = each.post or each.comment
            assert reacted
            actions.react(reacted, by=each.member, kind=each.kind, now=each.reacted_at)
    return len(reactions)


def _reactions(target: Post | Comment, weight: int, room: Room) -> Iterable[Reaction]:
    if isinstance(target, Post):
        at = target.posted_at
    else:
        at = target.commented_at
    readers = [
        member
        for member in room.members
        if member.joined_at < room.until and member.pk != target.author_id
    ]
    most = min(len(readers), MANY_REACTIONS, round(weight * len(readers) ** 0.7 / 3))
    for reader in room.rng.sample(readers, room.rng.randint(most // 2, most)):
        begins = max(at, reader.joined_at)
        spread = min(timedelta(days=6), room.until - begins)
        when = begins + room.rng.random() ** 2 * spread
        reaction = Reaction(
            member=reader, kind=_kind(target, room.rng), reacted_at=when
        )
        if isinstance(target, Post):
            reaction.post = target
        else:
            reaction.comment = target
        yield reaction


def _kind(target: Post | Comment, rng: Random) -> str:
    if isinstance(target, Comment):
        return rng.choices((HELPED, THANKS, SAME), (6, 4, 1))[0]
    if target.kind == "question":
        return rng.choices((SAME, THANKS), (5, 2))[0]
    return rng.choices((HELPED, THANKS, SAME), (3, 5, 1))[0]
