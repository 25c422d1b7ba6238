"""The order in which a demo group comes to life."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from random import Random

from curriculum.models import Curriculum
from demo import (
    diary,
    headlines,
    people,
    polling,
    reacting,
    saying,
    staging,
    studying,
)
from demo.plans import Course, StudyPlan
from demo.room import Room
from demo.source import Character
from members.models import Member

# so many live through their plans; those of the others are written down,
# to the same rows and sooner
BY_ACTIONS = 12
TOGETHER = 50  # plans to a transaction, so that a running site need not wait long


@dataclass(frozen=True, slots=True)
class Filled:
    members: int
    events: int
    posts: int
    comments: int
    reactions: int
    papers: int


def until(today: date) -> datetime:
    """The moment at which the group's time ends: the same for the whole
    day, and never in the future.
    """
    return datetime.combine(today, time(), tzinfo=UTC)


def fill(
    count: int,
    *,
    seed: int,
    today: date,
    papers: int | None = None,
    say: Callable[[str], object] = lambda _line: None,
) -> Filled:
    """Fill an empty, migrated database that has the built-in curricula.

    `papers` limits how many are stored.
    """
    end = until(today)
    cast = people.characters(count, Random(f"{seed} people"))
    members = [people.make_owner(cast[0], until=end)]
    members += people.make_members(cast[1:], Random(f"{seed} joining"), until=end)
    courses = _courses()
    _publish_earlier(courses, members[0])
    say(f"{len(members)} members")

    say("Their study, month by month ...")
    plans = _study(cast, members, courses, seed, end, say)
    events = sum(len(plan.lines) for plan in plans)
    say(f"{events} study events")

    say("Papers and conversations ...")
    room = Room(cast, plans, courses, Random(f"{seed} talk"), end)
    staged = staging.stage(room)
    days = headlines.weekdays(end)
    wanted = staging.wanted_papers(staged, days)
    stored = headlines.announce(
        days, wanted, Random(f"{seed} papers"), limit=papers, until=end
    )
    headlines.keep_some(members[:300], wanted, Random(f"{seed} readings"), until=end)
    say(f"{stored} papers")

    written = saying.say(staged)
    reactions = reacting.react(staged, written, room)
    asked, votes = polling.ask(room, Random(f"{seed} polls"))
    say(f"{votes} votes in {asked} polls")
    posts = len(staged) + asked
    say(f"{posts} posts, {len(written) - len(staged)} comments, {reactions} reactions")
    return Filled(
        len(members), events, posts, len(written) - len(staged), reactions, stored
    )


def _courses() -> dict[str, Course]:
    """The built-in curricula by slug, each with its newest release."""
    found = {}
    for curriculum in (
        Curriculum.objects.published()
        .filter(slug__in=people.CURRICULA)
        .order_by("slug")
    ):
        release = curriculum.releases.order_by("-number").first()
        if release:
            found[curriculum.slug] = Course(curriculum, release)
    return found


def _publish_earlier(courses: dict[str, Course], owner: Member) -> None:
    """Members enrolled months ago, so the releases that they are on cannot
    be of today.
    """
    for course in courses.values():
        course.release.published_at = owner.joined_at
        course.release.save(update_fields=["published_at"])


def _study(
    cast: Sequence[Character],
    members: Sequence[Member],
    courses: dict[str, Course],
    seed: int,
    end: datetime,
    say: Callable[[str], object],
) -> list[StudyPlan]:
    by_id = {course.curriculum.pk: course for course in courses.values()}
    plans = [
        studying.plan(
            member,
            character,
            courses,
            Random(f"{seed} study {character.id}"),
            until=end,
        )
        for character, member in zip(cast, members, strict=True)
    ]
    for number, plan in enumerate(plans[:BY_ACTIONS], 1):
        diary.live_through(plan, by_id)
        say(f"  member {number} of {len(plans)}")
    for first in range(BY_ACTIONS, len(plans), TOGETHER):
        diary.write_down(plans[first : first + TOGETHER], by_id)
        say(f"  member {min(first + TOGETHER, len(plans))} of {len(plans)}")
    return plans
