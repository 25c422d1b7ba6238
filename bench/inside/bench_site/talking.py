"""Posts and comments, and what each is about."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from bench_site.group import PRIME, SEED, WITH_SCREENS, Group
from bench_site.loading import Row, load
from bench_site.notifying import WATCHED
from bench_site.papers import Papers, arxiv_id
from bench_site.polling import is_poll
from bench_site.reactions import COUNTERS, LOVED, Reactions
from bench_site.texts import Pools

# Posts that pages and deeds of the bench are about, counted from the
# newest.
PINNED = 50
THREAD_OF_20 = 100
LONG_THREAD = 200
COMMENTED = 340
REACTED = 400


@dataclass(slots=True)
class Talk:
    """Who said what and when, by time, with what follows from it
    for each post.
    """

    comments: list[tuple[int, int, int | None]] = field(default_factory=list)
    """Second, post and the comment it replies to."""
    posted: list[int] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    active: list[int] = field(default_factory=list)
    accepted: dict[int, int] = field(default_factory=dict)


class Talking:
    """Half of the posts and comments are by a tenth of the members."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.size = group.size
        self.chance = random.Random(SEED)
        self.papers = Papers(group)
        self.reactions = Reactions(group)

    def talk(self) -> None:
        pools = self.group.texts.pools(SEED)
        said = self.conversation()
        names = [*pools.posts[0]]
        columns = (
            *("id", "kind", "author_id", "title", "posted_at", "active_at"),
            *("comment_count", "accepted_comment_id", "accepted_at"),
            *("pinned_at", "thread_id", "step_key", "paper_id", *COUNTERS),
            *names,
        )
        load(
            "community.Thread",
            ("id", "kind", "key"),
            ((str(pk), *subject) for subject, pk in self.threads.items()),
            len(self.threads),
        )
        load(
            "community.Post",
            columns,
            self.post_rows(said, pools.posts),
            len(said.posted),
        )
        columns = (
            *("id", "post_id", "parent_id", "author_id", "commented_at"),
            *COUNTERS,
            *names,
        )
        rows = self.comment_rows(said, pools)
        load("community.Comment", columns, rows, len(said.comments))

    def conversation(self) -> Talk:
        size, chance = self.size, self.chance
        said = Talk()
        whole = int(WITH_SCREENS.total_seconds()) - 8 * 86_400
        said.posted = [whole * n // size.posts for n in range(size.posts)]
        wanted = self.comments_wanted()
        moments = sorted(
            (said.posted[post] + 60 + int(chance.expovariate(1 / 80_000)), post)
            for post, count in enumerate(wanted)
            for _each in range(count)
        )
        end = int(WITH_SCREENS.total_seconds())
        said.counts = list(wanted)
        said.active = list(said.posted)
        roots: list[list[int]] = [[] for _post in wanted]
        for pk, (at, post) in enumerate(moments, 1):
            at = min(at, end)
            parent = None
            if roots[post] and chance.random() < 0.3:
                parent = chance.choice(roots[post])
            else:
                roots[post].append(pk)
            said.comments.append((at, post, parent))
            said.active[post] = at
        for post, own in enumerate(roots):
            if post == size.posts - PINNED:
                continue
            if kind_of(post) == "question" and own and post % 7 < 4:
                said.accepted[post] = own[len(own) // 2]
        return said

    def comments_wanted(self) -> list[int]:
        """How many comments each post has: most a few, some many,
        as in a forum.
        """
        size, chance = self.size, self.chance
        special = {LONG_THREAD: size.long_thread, THREAD_OF_20: 20}
        special |= {LOVED: 20, WATCHED: 20}
        special |= dict.fromkeys(range(COMMENTED, COMMENTED + 30), 20)
        special |= dict.fromkeys(range(REACTED, REACTED + 30), 20)
        fixed = {size.posts - back: count for back, count in special.items()}
        mean = (size.comments - sum(fixed.values())) / (size.posts - len(fixed))
        wanted = [
            fixed.get(post, min(int(chance.expovariate(1 / (mean + 0.5))), 200))
            for post in range(size.posts)
        ]
        short = size.comments - sum(wanted)
        for number in range(abs(short)):
            post = (number * PRIME) % size.posts
            if post not in fixed and wanted[post] + short // abs(short) >= 0:
                wanted[post] += short // abs(short)
        return wanted

    @cached_property
    def threads(self) -> dict[tuple[str, str], int]:
        """What posts are about (kind and key, as a thread has
        them), each numbered.
        """
        subjects = map(self.subject, range(self.size.posts))
        unique = dict.fromkeys(subject for subject, _step, _paper in subjects)
        return {subject: pk for pk, subject in enumerate(unique, 1)}

    @cached_property
    def step_keys(self) -> list[str]:
        return [step.key for course in self.group.courses for step in course.steps]

    def subject(self, post: int) -> tuple[tuple[str, str], str | None, str | None]:
        """The thread of a post; and as older posts say it, by step
        or paper.
        """
        if post % 3 == 1:
            step = self.step_keys[post // 3 % len(self.step_keys)]
            return ("step", str(UUID(step))), step, None
        if post % 10 == 2:
            paper = post % self.size.papers
            day, _names = self.papers.paper(paper, self.papers.paper_days)
            return ("paper", arxiv_id(paper, day)), None, str(paper + 1)
        return ("group", ""), None, None

    def post_rows(self, said: Talk, pool: Sequence[dict[str, str]]) -> Iterator[Row]:
        for post, posted in enumerate(said.posted):
            thread, step, paper = self.subject(post)
            accepted = said.accepted.get(post)
            active = said.active[post]
            is_pinned = post == self.size.posts - PINNED
            yield (
                str(post + 1),
                "announcement" if is_pinned else kind_of(post),
                self.group.author(post),
                self.group.texts.TITLES[post * 7 % 8]
                if kind_of(post) in ("question", "poll")
                else "",
                self.group.second(posted),
                self.group.second(active),
                str(said.counts[post]),
                str(accepted) if accepted else None,
                self.group.second(active) if accepted else None,
                self.group.second(posted) if is_pinned else None,
                str(self.threads[thread]),
                step,
                paper,
                *self.reactions.counted(self.reactions.reactions_to_post(post + 1)),
                *pool[post * 11 % len(pool)].values(),
            )

    def comment_rows(self, said: Talk, pools: Pools) -> Iterator[Row]:
        for pk, (at, post, parent) in enumerate(said.comments, 1):
            yield (
                str(pk),
                str(post + 1),
                str(parent) if parent else None,
                self.group.author(pk),
                self.group.second(at),
                *self.reactions.counted(self.reactions.reactions_to_comment(pk)),
                *pools.comment(pk).values(),
            )


def kind_of(post: int) -> str:
    if is_poll(post):
        return "poll"
    if post % 50 == 7:
        return "showcase"
    return ("discussion", "question", "discussion", "journey", "question")[post % 5]
