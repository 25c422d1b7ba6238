"""Months of study, planned as the log of study events that they leave.

Nothing is written here. A person studies on certain days at a certain
hour, with weeks off, goes through a curriculum in its order by one of its
routes, skips what is known and says why, and logs most of the minutes.
"""

from datetime import datetime, timedelta
from random import Random

from demo.habits import habits_of, sessions
from demo.plans import Course, StudyPlan
from demo.source import Character
from demo.walk import Kind, Walk
from members.models import Member


def plan(
    member: Member,
    character: Character,
    courses: dict[str, Course],
    rng: Random,
    *,
    until: datetime,
) -> StudyPlan:
    """Everything that the member has done in the group up to `until`."""
    habits = habits_of(character, member, rng, until)
    walk = Walk(member, habits, rng, until)
    queue = [courses[slug] for slug in character.studies if slug in courses] or list(
        courses.values()
    )[:1]
    done = {queue[0].curriculum.slug}
    walk.enroll(queue.pop(0), member.onboarded_at or member.joined_at)
    for begins, minutes in sessions(member, character, habits, rng, until):
        if walk.is_through:
            others = [course for slug, course in courses.items() if slug not in done]
            # a while later, something else
            if not queue and others and rng.random() < 0.06:
                queue = [rng.choice(others)]
            if not queue:
                continue
            done.add(queue[0].curriculum.slug)
            walk.enroll(queue.pop(0), begins)
        walk.study(begins, minutes)
    _end(walk, character)
    return walk.plan


def _end(walk: "Walk", character: Character) -> None:
    if not walk.plan.places or walk.is_through or walk.course is None:
        return
    if character.ends == "pauses":
        until = walk.member.local(walk.until).date() + timedelta(
            days=walk.rng.randint(5, 30)
        )
        walk.log(Kind.PAUSED, walk.newest, until=until.isoformat())
    elif character.ends == "leaves":
        walk.log(Kind.WITHDREW, walk.newest)
