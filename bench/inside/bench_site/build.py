"""Fill an empty database with a study group: `python -m bench_site.build large`.

The same size and seed give the same group. Everything ends at the moment of building.
"""

import itertools
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from bench_site.loading import Row, load, reset_sequences, unchecked
from bench_site.sizes import SIZES, Size

if TYPE_CHECKING:
    from bench_site.checkout import Course

SEED = 1
PRIME = 104_729  # has no divisor in common with any number of members
CATEGORIES = ("cs.LG", "cs.CL", "cs.CV", "stat.ML")
REACTIONS = ("helped", "thanks", "same")
COUNTERS = tuple(f"{kind}_count" for kind in REACTIONS)
QUIET_SHARE = 40  # of 100 members have not been here for three weeks or more
WITH_SCREENS = timedelta(days=500)  # since when the group has been there

# Posts that pages and deeds of the bench are about, counted from the newest.
PINNED, THREAD_OF_20, LONG_THREAD, LOVED, COMMENTED, REACTED = (
    50,
    100,
    200,
    300,
    340,
    400,
)


@dataclass(slots=True)
class Talk:
    """Who said what and when, by time, with what follows from it for each post."""

    comments: list[tuple[int, int, int | None]] = field(default_factory=list)
    """Second, post and the comment it replies to."""
    posted: list[int] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    active: list[int] = field(default_factory=list)
    accepted: dict[int, int] = field(default_factory=dict)


class Build:
    def __init__(self, size: Size, now: datetime) -> None:
        from bench_site import checkout, texts

        self.size = size
        self.now = now.replace(microsecond=0)
        self.chance = random.Random(SEED)
        self.courses = checkout.courses()
        self.texts = texts
        self.begun = time.monotonic()

    def say(self, what: str) -> None:
        print(f"{time.monotonic() - self.begun:6.0f} s  {what}", flush=True)

    def everything(self) -> None:
        steps: Sequence[tuple[str, Callable[[], None]]] = (
            ("members", self.members),
            ("enrolments", self.enrolments),
            ("records", self.records),
            ("minutes", self.minutes),
            ("study events", self.events),
            ("papers", self.papers),
            ("kept papers", self.readings),
            ("posts and comments", self.talk),
            ("reactions", self.reactions),
        )
        for what, step in steps:
            step()
            self.say(what)

    # Who

    def members(self) -> None:
        count = self.size.members
        joined = moment(self.now - WITH_SCREENS)
        load(
            "members.StudyGroup",
            ("id", "name", "tagline", "set_up_at"),
            [("1", "A big study group", "We read and build together", joined)],
            1,
        )
        columns = (
            *("id", "password", "email", "name", "time_zone", "goal", "hours_per_week"),
            *("shows_step", "joined_at", "proved_at", "onboarded_at", "is_active"),
            *("owner_since", "is_superuser", "last_login"),
        )
        goals = ("problem", "apply", "research", "career", "overview", "")
        names = self.texts.names(count)
        zones = self.texts.ZONES
        rows = (
            (
                str(n),
                "!",
                f"m{n}@example.org",
                names[n - 1],
                zones[n % len(zones)],
                goals[n % len(goals)],
                str(2 + n % 10),
                str(n % 2),
                joined,
                joined,
                joined,
                "1",
                joined if n == 1 else None,
                "0",
                joined,
            )
            for n in range(1, count + 1)
        )
        load("members.Member", columns, rows, count)
        addresses = (
            (str(n), f"m{n}@example.org", "1", "1") for n in range(1, count + 1)
        )
        load(
            "account.EmailAddress",
            ("user_id", "email", "verified", "primary"),
            addresses,
            count,
        )
        preferences = (
            (str(n), "6", "18", "0", "0") for n in range(1, count + 1) if n % 5 == 0
        )
        load(
            "mail.Preference",
            (
                *("member_id", "digest_weekday", "digest_hour"),
                *("version", "links_version"),
            ),
            preferences,
            count // 5,
        )

    # How far

    def enrolments(self) -> None:
        columns = (
            *("member_id", "curriculum_id", "release_id", "enrolled_at", "visited_at"),
            *("step_key", "step_slug", "step_number"),
        )
        enrolled = moment(self.now - timedelta(days=90))
        rows = []
        for n in range(1, self.size.members + 1):
            course = self.course_of(n)
            step = course.steps[self.step_of(n)]
            rows.append(
                (
                    str(n),
                    str(course.curriculum),
                    str(course.release),
                    enrolled,
                    moment(self.last_here(n)),
                    step.key,
                    step.slug,
                    str(step.number),
                )
            )
        load("progress.Enrollment", columns, rows, len(rows))

    def course_of(self, n: int) -> "Course":
        """Half of the members follow the first curriculum, the others the rest."""
        if n % 2 == 0 or len(self.courses) == 1:
            return self.courses[0]
        return self.courses[1 + n // 2 % (len(self.courses) - 1)]

    def step_of(self, n: int) -> int:
        return n % len(self.course_of(n).steps)

    def last_here(self, n: int) -> datetime:
        if n % 100 < QUIET_SHARE:
            return self.now - timedelta(days=21 + n % 60)
        return self.now - timedelta(minutes=n % 600)

    def activities_of(self, n: int) -> list[tuple[str, str]]:
        """What a member did: half of her step, and what comes before it."""
        steps = self.course_of(n).steps
        at = self.step_of(n)
        own = steps[at].activities
        open_here = own[len(own) // 2 :]
        elsewhere = [*reversed(steps[:at]), *steps[at + 1 :]]
        found = dict(own[: len(own) // 2])
        found |= dict(pair for step in elsewhere for pair in step.activities)
        for key, _aspect in open_here:
            found.pop(key, None)
        return list(itertools.islice(found.items(), self.size.records))

    def records(self) -> None:
        columns = ("member_id", "activity_key", "started_at", "done_at", "confidence")
        many = self.size.members * self.size.records
        load("progress.Record", columns, self.record_rows(), many)

    def record_rows(self) -> Iterator[Row]:
        for n in range(1, self.size.members + 1):
            member = str(n)
            times = self.times_of(n, self.size.records)
            for number, (key, _aspect) in enumerate(self.activities_of(n)):
                sure = str(1 + (n + number) % 4) if number % 3 else None
                yield member, key, times[number], times[number], sure

    def times_of(self, n: int, count: int) -> list[str]:
        """So many moments before she was here last, the newest first."""
        last = self.last_here(n)
        hours = int((self.now - last).total_seconds() // 3600)
        return [self.hour(hours + 17 * number) for number in range(count)]

    @cached_property
    def hours(self) -> list[str]:
        numbers = range(24 * 200)
        return [moment(self.now - timedelta(hours=number)) for number in numbers]

    def hour(self, before: int) -> str:
        return self.hours[before]

    def minutes(self) -> None:
        columns = (
            *("member_id", "aspect", "minutes", "studied_on", "curriculum_id"),
            *("step_key", "deed", "logged_at"),
        )
        many = self.size.members * self.size.minutes
        load("progress.LoggedTime", columns, self.minute_rows(), many)

    def minute_rows(self) -> Iterator[Row]:
        aspects = ("run", "hack", "math")
        for n in range(1, self.size.members + 1):
            course = self.course_of(n)
            step = course.steps[self.step_of(n)].key
            for number, at in enumerate(self.times_of(n, self.size.minutes)):
                yield (
                    str(n),
                    aspects[(n + number) % 3],
                    str(10 + 5 * ((n + number) % 12)),
                    at[:10],
                    str(course.curriculum),
                    step,
                    f"{n:016x}{number:016x}",
                    at,
                )

    def events(self) -> None:
        columns = (
            *("member_id", "kind", "at", "deed", "activity_key", "curriculum_id"),
            "data",
        )
        many = self.size.members * self.size.events
        load("progress.StudyEvent", columns, self.event_rows(), many)

    def event_rows(self) -> Iterator[Row]:
        """Lines of the log: enrolled, started, done and minutes."""
        size = self.size
        deeds = itertools.count(1)
        for n in range(1, size.members + 1):
            member = str(n)
            course = str(self.course_of(n).curriculum)
            keys = [key for key, _aspect in self.activities_of(n)]
            times = self.times_of(n, max(size.records, size.minutes))
            rows = [(key, at) for key, at in zip(keys, times, strict=False)]
            done = [("done", at, key, "{}") for key, at in rows]
            started = [("started", at, key, "{}") for key, at in rows]
            logged = [
                ("time_logged", at, None, LOGGED[number % 3])
                for number, at in enumerate(times[: size.minutes])
            ]
            kinds = [*done, *logged, *started]
            for kind, at, key, data in kinds[: size.events - 1]:
                yield member, kind, at, f"{next(deeds):032x}", key, course, data
            enrolled = self.hour(24 * 90)
            yield (
                member,
                "enrolled",
                enrolled,
                f"{next(deeds):032x}",
                None,
                course,
                "{}",
            )

    # What is new

    @cached_property
    def paper_days(self) -> list[date]:
        return weekdays(self.now.date(), self.size.paper_days)

    def papers(self) -> None:
        size = self.size
        days = self.paper_days
        stored = moment(self.now - timedelta(hours=6))
        batches = {
            (category, day): 1 + number
            for number, (day, category) in enumerate(
                (day, category) for day in reversed(days) for category in CATEGORIES
            )
        }
        load(
            "papers.Batch",
            ("id", "category", "announced_on", "stored_at", "partial"),
            (
                (str(pk), category, str(day), stored, "0")
                for (category, day), pk in batches.items()
            ),
            len(batches),
        )
        pool = self.texts.paper_pool(SEED, min(size.papers, 2_000))
        columns = (
            *("id", "arxiv_id", "version", "title", "title_html", "abstract"),
            *("abstract_html", "pipeline_version", "authors", "categories"),
            *("primary_category", "announced_on", "stored_at"),
        )
        papers = [self.paper(n, days) for n in range(size.papers)]
        rows = (
            self.paper_row(n, day, names, pool[n % len(pool)], stored)
            for n, (day, names) in enumerate(papers)
        )
        load("papers.Paper", columns, rows, size.papers)
        announced: list[Row] = []
        for n, (day, names) in enumerate(papers):
            for number, name in enumerate(names):
                kind = "cross" if number else "new"
                batch = str(batches[name, day])
                announced.append((batch, str(n + 1), kind, "1", str(n)))
        load(
            "papers.Announcement",
            ("batch_id", "paper_id", "kind", "version", "position"),
            announced,
            len(announced),
        )

    def paper(self, n: int, days: Sequence[date]) -> tuple[date, list[str]]:
        """Its day, the oldest paper first, and its categories, primary first."""
        day = days[-1 - n * len(days) // self.size.papers]
        count = 2 if n % 20 < 9 else 1
        return day, [CATEGORIES[(n + number) % 4] for number in range(count)]

    def paper_row(
        self, n: int, day: date, names: Sequence[str], words: dict[str, str], at: str
    ) -> Row:
        return (
            str(n + 1),
            arxiv_id(n, day),
            "1",
            words["title"],
            words["title_html"],
            words["abstract"],
            words["abstract_html"],
            words["pipeline_version"],
            words["authors"],
            json.dumps(names),
            names[0],
            str(day),
            at,
        )

    def readings(self) -> None:
        size = self.size
        rows = (
            (str(n), str(1 + (n * 31 + number * 977) % size.papers), self.hour(number))
            for n in range(1, size.members + 1)
            for number in range(size.readings)
        )
        many = size.members * size.readings
        load("papers.Reading", ("member_id", "paper_id", "kept_at"), rows, many)

    # With whom

    def talk(self) -> None:
        pools = self.texts.pools(SEED)
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
        rows = self.comment_rows(said, pools.comments)
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
        """How many comments each post has: most a few, some many, as in a forum."""
        size, chance = self.size, self.chance
        special = {LONG_THREAD: size.long_thread, THREAD_OF_20: 20, LOVED: 20}
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

    def second(self, number: int) -> str:
        return moment(self.now - WITH_SCREENS + timedelta(seconds=number))

    def author(self, number: int) -> str:
        """A tenth of the members writes half of all."""
        count = self.size.members
        if number % 2:
            return str(1 + (number * PRIME) % max(count // 10, 1))
        return str(1 + (number * PRIME) % count)

    @cached_property
    def threads(self) -> dict[tuple[str, str], int]:
        """What posts are about (kind and key, as a thread has them), each numbered."""
        subjects = map(self.subject, range(self.size.posts))
        unique = dict.fromkeys(subject for subject, _step, _paper in subjects)
        return {subject: pk for pk, subject in enumerate(unique, 1)}

    @cached_property
    def step_keys(self) -> list[str]:
        return [step.key for course in self.courses for step in course.steps]

    def subject(self, post: int) -> tuple[tuple[str, str], str | None, str | None]:
        """The thread of a post; and as older posts say it, by step or paper."""
        if post % 3 == 1:
            step = self.step_keys[post // 3 % len(self.step_keys)]
            return ("step", str(UUID(step))), step, None
        if post % 10 == 2:
            paper = post % self.size.papers
            day, _names = self.paper(paper, self.paper_days)
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
                self.author(post),
                self.texts.TITLES[post * 7 % 8] if kind_of(post) == "question" else "",
                self.second(posted),
                self.second(active),
                str(said.counts[post]),
                str(accepted) if accepted else None,
                self.second(active) if accepted else None,
                self.second(posted) if is_pinned else None,
                str(self.threads[thread]),
                step,
                paper,
                *self.counted(self.reactions_to_post(post + 1)),
                *pool[post * 11 % len(pool)].values(),
            )

    def comment_rows(self, said: Talk, pool: Sequence[dict[str, str]]) -> Iterator[Row]:
        for pk, (at, post, parent) in enumerate(said.comments, 1):
            yield (
                str(pk),
                str(post + 1),
                str(parent) if parent else None,
                self.author(pk),
                self.second(at),
                *self.counted(self.reactions_to_comment(pk)),
                *pool[pk * 7 % len(pool)].values(),
            )

    def reactions(self) -> None:
        columns = ("member_id", "post_id", "comment_id", "kind", "reacted_at")
        many = self.size.reactions + self.size.loved
        load("community.Reaction", columns, self.reaction_rows(), many)

    @cached_property
    def per_post(self) -> int:
        return self.size.reactions * 4 // 10 // self.size.posts

    @property
    def loved(self) -> int:
        return self.size.posts - LOVED + 1

    def reactions_to_post(self, post: int) -> range:
        """The numbers of its reactions, each of which has a kind."""
        return range(self.size.loved if post == self.loved else self.per_post)

    def reactions_to_comment(self, comment: int) -> range:
        left = self.size.reactions - self.per_post * (self.size.posts - 1)
        return range(comment - 1, left, self.size.comments)

    def counted(self, numbers: range) -> tuple[str, ...]:
        """How many of them are of each kind."""
        found = [0] * len(REACTIONS)
        for number in numbers:
            found[number % len(REACTIONS)] += 1
        return tuple(map(str, found))

    def reaction_rows(self) -> Iterator[Row]:
        """Four of ten to posts; the newest posts have as many as the oldest."""
        size = self.size
        for post in range(1, size.posts + 1):
            for number in self.reactions_to_post(post):
                start = 0 if post == self.loved else post * 31
                member = str(1 + (start + number * PRIME) % size.members)
                yield member, str(post), None, *self.reaction(post + number, number)
        for comment in range(1, size.comments + 1):
            for number in self.reactions_to_comment(comment):
                member = str(1 + number * PRIME % size.members)
                yield member, None, str(comment), *self.reaction(number, number)

    def reaction(self, hour: int, number: int) -> tuple[str, str]:
        return REACTIONS[number % len(REACTIONS)], self.hour(hour % 2000)


LOGGED = tuple(
    json.dumps({"aspect": aspect, "minutes": 30}) for aspect in ("run", "hack", "math")
)


def kind_of(post: int) -> str:
    if post % 50 == 7:
        return "showcase"
    return ("discussion", "question", "discussion", "journey", "question")[post % 5]


def arxiv_id(n: int, day: date) -> str:
    return f"{day:%y%m}.{n:05d}"


def moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def weekdays(last: date, count: int) -> list[date]:
    """So many days from Monday to Friday, the newest first."""
    days = (last - timedelta(days=number) for number in itertools.count())
    return list(itertools.islice((day for day in days if day.weekday() < 5), count))


REFERRED = (
    *("members.Member", "papers.Paper", "papers.Batch"),
    *("community.Thread", "community.Post", "community.Comment"),
)


def build(size: Size, now: datetime) -> None:
    """Fill the database, which holds the built-in curricula and nothing else."""
    from django.db import transaction

    with transaction.atomic(), unchecked():
        Build(size, now).everything()
        reset_sequences(REFERRED)


def settle() -> None:
    """Let the database look at what it has got, as it would by itself with time."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM (FREEZE, ANALYZE)")


def main(argv: Iterable[str]) -> int:
    [name] = argv
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command

    call_command("prepare", verbosity=0)
    build(SIZES[name], datetime.now(UTC))
    settle()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
