"""The group's polls: written, voted in and closed in the order of time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from community import actions
from community.actions import polls
from community.models import Post
from community.polls.shown import ShownPoll, visible_poll
from demo import source
from demo.room import Room
from demo.source import DemoPoll
from members.models import Member

MOST_VOTES = 300  # in a poll, each cast by the action


def ask(room: Room, rng: Random) -> tuple[int, int]:
    """Write the polls whose authors are in the group; return how many there are, and how
    many votes were cast.
    """
    asked = votes = 0
    for poll in source.polls():
        author = room.by_id.get(poll.by.removeprefix("@"))
        at = room.until - timedelta(days=poll.days_ago)
        if author and author.joined_at < at:
            at = room.awake(author, at)
            post = _written(poll, author, at)
            asked += 1
            votes += _voted(post, poll, room, rng, at)
    polls.close_due(now=room.until)
    return asked, votes


def _written(poll: DemoPoll, author: Member, at: datetime) -> Post:
    options = {f"option{n}": name for n, name in enumerate(poll.options, 1)}
    return actions.write_post(
        author,
        kind="poll",
        title=poll.title,
        body=poll.body,
        now=at,
        details={
            **options,
            "way": poll.way,
            "results": poll.results,
            "is_named": poll.is_named,
            "may_add": poll.may_add,
            "closes_at": at + timedelta(days=poll.open_days),
        },
    )


def _voted(post: Post, poll: DemoPoll, room: Room, rng: Random, at: datetime) -> int:
    end = min(at + timedelta(days=poll.open_days), room.until)
    there = [member for member in room.members if member.joined_at < at]
    voters = rng.sample(there, min(MOST_VOTES, round(poll.share * len(there))))
    for member in voters:
        now = at + rng.random() ** 2 * (end - at) * 0.99
        shown = visible_poll(member, post.pk, now)
        assert shown
        polls.vote(shown, by=member, options=_choice(shown, poll, rng), now=now)
    return len(voters)


def _choice(shown: ShownPoll, poll: DemoPoll, rng: Random) -> Sequence[int]:
    """One option, some, or the first places of a ranking; what draws more comes sooner."""
    keys = {option.pk: poll.options[option.name] for option in shown.options}
    ordered = sorted(keys, key=lambda pk: -(rng.random() ** (1 / keys[pk])))
    if poll.way == "single":
        return ordered[:1]
    return ordered[: rng.randint(1, len(ordered))]
