"""The members of the demo: its cast first, then people drawn from the
names of many places.
"""

import unicodedata
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import islice
from random import Random

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils.crypto import get_random_string

from demo import source
from demo.source import Character
from members import actions
from members.models import Handle, Member

DOMAIN = "demo.example"  # reserved for examples: no mail leaves for it
ROLES = ("owner", "curator", "moderator")
STUDY_DAYS = (
    (0, 2, 4),
    (1, 3, 5),
    (0, 1, 3),
    (2, 5, 6),
    (5, 6),
    (0, 1, 2, 3, 4),
    (1, 2, 4, 6),
    (0, 3),
    (1, 4, 6),
)
GOALS = ("problem", "apply", "apply", "research", "career", "career", "overview")
CURRICULA = (
    "practical-way-up",
    "practical-way-up",
    "practical-way-up",
    "seven-steps",
    "seven-steps",
    "learning-to-learn",
)
BULK = 500


def characters(count: int, rng: Random) -> list[Character]:
    """The first `count` people: those with links first, whoever follows
    from the cast or drawn.
    """
    cast = source.people().cast
    return [
        *cast[:count],
        *islice(
            _drawn(rng, {character.name for character in cast}),
            max(0, count - len(cast)),
        ),
    ]


def _drawn(rng: Random, taken: set[str]) -> Iterator[Character]:
    words = {goal: _in_turns(said, rng) for goal, said in source.people().words.items()}
    number = 0
    while True:
        number += 1
        region, goal = rng.choice(source.people().regions), rng.choice(GOALS)
        name = _name(region, rng, taken)
        yield Character(
            id=f"drawn-{number}",
            name=name,
            zone=rng.choice(region.zones),
            goal=goal,
            words=next(words[goal]) if number <= 60 or rng.random() < 0.3 else "",
            hours=rng.choice((2, 3, 3, 4, 4, 5, 5, 6, 7, 8, 10)),
            days=rng.choice(STUDY_DAYS),
            voice=rng.choice(
                (
                    "beginner",
                    "beginner",
                    "engineer",
                    "engineer",
                    "researcher",
                    "teacher",
                )
            ),
            at=rng.choice(("morning", "noon", "evening", "evening", "night")),
            studies=tuple(
                dict.fromkeys(rng.choices(CURRICULA, k=rng.choice((1, 1, 1, 2))))
            ),
            ends=rng.choice(
                ("", "", "", "", "", "", "stops", "stops", "pauses", "leaves")
            ),
        )


def _in_turns(said: tuple[str, ...], rng: Random) -> Iterator[str]:
    while True:
        yield from rng.sample(said, len(said))


def _name(region: source.Region, rng: Random, taken: set[str]) -> str:
    """A name that nobody has yet; with a middle initial when the names of
    a region run out.
    """
    for tries in range(1000):
        middle = ""
        if tries > 5:
            middle = f" {rng.choice('ABCDEGHIJKLMNOPRSTV')}."
        name = (
            f"{rng.choice(region.given)}{middle} {rng.choice(region.family)}".replace(
                "_", " "
            )
        )
        if name not in taken:
            break
    taken.add(name)
    return name


def make_owner(character: Character, *, until: datetime) -> Member:
    """Set the group up as the first-run page does, with a password that
    nobody knows.
    """
    group = source.people()
    owner = actions.set_up_group(
        group_name=group.group,
        tagline=group.tagline,
        name=character.name,
        email=email_of(character.name, 0),
        password=get_random_string(40),
        time_zone=character.zone,
        now=joined_at(character, Random(0), until),
    )
    for name, value in _answers(character).items():
        setattr(owner, name, value)
    owner.save()
    return owner


def make_members(
    cast: list[Character], rng: Random, *, until: datetime
) -> list[Member]:
    """Those after the owner, in the order of the cast, with verified
    addresses and no passwords.
    """
    members = []
    nobody_knows = make_password(None)
    for number, character in enumerate(cast, 1):
        joined = joined_at(character, rng, until)
        if character.role in ROLES[1:]:
            roles = {f"{character.role}_since": joined + timedelta(days=3)}
        else:
            roles = {}
        members.append(
            Member(
                email=email_of(character.name, number),
                name=character.name,
                password=nobody_knows,
                time_zone=character.zone,
                joined_at=joined,
                onboarded_at=joined + timedelta(minutes=rng.randint(3, 12)),
                **_answers(character),
                **roles,
            )
        )
    members = Member.objects.bulk_create(members, batch_size=BULK)
    Handle.objects.give(members)
    EmailAddress.objects.bulk_create(
        [
            EmailAddress(user=member, email=member.email, verified=True, primary=True)
            for member in members
        ],
        batch_size=BULK,
    )
    return members


def _answers(character: Character) -> dict[str, object]:
    """The answers on the welcome screens."""
    return {
        "goal": character.goal,
        "goal_words": character.words,
        "hours_per_week": character.hours,
        "study_days": list(character.days),
        "shows_step": sum(map(ord, character.name)) % 5 < 3,
    }


def joined_at(character: Character, rng: Random, until: datetime) -> datetime:
    """A moment in the member's waking hours. Half of the random members joined in the
    last ten weeks, as in a growing group.
    """
    days_ago = character.joined or int(1 + 199 * rng.random() ** 1.6)
    day = (until - timedelta(days=days_ago)).date()
    at = datetime.combine(
        day, time(rng.randint(8, 21), rng.randint(0, 59)), tzinfo=until.tzinfo
    )
    return min(at, until - timedelta(hours=2))


def email_of(name: str, number: int) -> str:
    """In plain letters, and different for everybody: the first of a name
    has no number in it.
    """
    plain = unicodedata.normalize(
        "NFKD", name.replace("Đ", "D").replace("đ", "d").lower()
    )
    kept = "".join(c for c in plain if c.isascii() and (c.isalpha() or c in " -"))
    local = ".".join(kept.split())
    if number < len(source.people().cast):
        return f"{local}@{DOMAIN}"
    return f"{local}.{number}@{DOMAIN}"
