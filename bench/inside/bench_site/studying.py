"""How far the members are: enrolments, records, minutes and the log."""

import itertools
import json
from collections.abc import Iterator
from datetime import timedelta

from bench_site.group import Group, moment
from bench_site.loading import Row, load

ASPECTS = ("run", "hack", "math")
LOGGED = tuple(json.dumps({"aspect": aspect, "minutes": 30}) for aspect in ASPECTS)


class Studying:
    """What each member has done, half of a step and what comes before it."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.size = group.size

    def enrolments(self) -> None:
        columns = (
            *("member_id", "curriculum_id", "release_id", "enrolled_at", "visited_at"),
            *("step_key", "step_slug", "step_number"),
        )
        enrolled = moment(self.group.now - timedelta(days=90))
        rows = []
        for n in range(1, self.size.members + 1):
            course = self.group.course_of(n)
            step = course.steps[self.group.step_of(n)]
            rows.append(
                (
                    str(n),
                    str(course.curriculum),
                    str(course.release),
                    enrolled,
                    moment(self.group.last_here(n)),
                    step.key,
                    step.slug,
                    str(step.number),
                )
            )
        load("progress.Enrollment", columns, rows, len(rows))

    def records(self) -> None:
        columns = ("member_id", "activity_key", "started_at", "done_at", "confidence")
        many = self.size.members * self.size.records
        load("progress.Record", columns, self.record_rows(), many)

    def minutes(self) -> None:
        columns = (
            *("member_id", "aspect", "minutes", "studied_on", "curriculum_id"),
            *("step_key", "deed", "logged_at"),
        )
        many = self.size.members * self.size.minutes
        load("progress.LoggedTime", columns, self.minute_rows(), many)

    def events(self) -> None:
        columns = (
            *("member_id", "kind", "at", "deed", "activity_key", "curriculum_id"),
            "data",
        )
        many = self.size.members * self.size.events
        load("progress.StudyEvent", columns, self.event_rows(), many)

    def activities_of(self, n: int) -> list[tuple[str, str]]:
        """What a member did: half of the current step, and everything before it."""
        steps = self.group.course_of(n).steps
        at = self.group.step_of(n)
        own = steps[at].activities
        open_here = own[len(own) // 2 :]
        elsewhere = [*reversed(steps[:at]), *steps[at + 1 :]]
        found = dict(own[: len(own) // 2])
        found |= dict(pair for step in elsewhere for pair in step.activities)
        for key, _aspect in open_here:
            found.pop(key, None)
        return list(itertools.islice(found.items(), self.size.records))

    def record_rows(self) -> Iterator[Row]:
        for n in range(1, self.size.members + 1):
            member = str(n)
            times = self.group.times_of(n, self.size.records)
            for number, (key, _aspect) in enumerate(self.activities_of(n)):
                sure = str(1 + (n + number) % 4) if number % 3 else None
                yield member, key, times[number], times[number], sure

    def minute_rows(self) -> Iterator[Row]:
        for n in range(1, self.size.members + 1):
            course = self.group.course_of(n)
            step = course.steps[self.group.step_of(n)].key
            for number, at in enumerate(self.group.times_of(n, self.size.minutes)):
                yield (
                    str(n),
                    ASPECTS[(n + number) % 3],
                    str(10 + 5 * ((n + number) % 12)),
                    at[:10],
                    str(course.curriculum),
                    step,
                    f"{n:016x}{number:016x}",
                    at,
                )

    def event_rows(self) -> Iterator[Row]:
        """Lines of the log: enrolled, started, done and minutes."""
        size = self.size
        deeds = itertools.count(1)
        for n in range(1, size.members + 1):
            member = str(n)
            course = str(self.group.course_of(n).curriculum)
            keys = [key for key, _aspect in self.activities_of(n)]
            times = self.group.times_of(n, max(size.records, size.minutes))
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
            enrolled = self.group.hour(24 * 90)
            yield (
                member,
                "enrolled",
                enrolled,
                f"{next(deeds):032x}",
                None,
                course,
                "{}",
            )
