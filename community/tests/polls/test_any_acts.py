"""Whatever members do with a poll, its counts are right and nobody's vote is lost."""

from typing import Any

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.actions import polls
from community.actions.refusals import Refused
from community.models import BallotChoice, Post
from community.polls.shown import ShownPoll, visible_poll
from community.tests.make import NOON, make_moderator, make_poll, options_of
from members.models import Member
from members.tests.make import make_member

pytestmark = pytest.mark.django_db

ACTS = st.tuples(
    st.sampled_from(["vote", "vote", "vote", "back", "edit", "add", "remove"]),
    st.integers(0, 2),
    st.lists(st.integers(0, 5), min_size=1, max_size=3),
)
Votes = dict[Member, list[int]]


def stored(voter: Member) -> list[int]:
    choices = BallotChoice.objects.filter(ballot__member=voter)
    return [*choices.order_by("place", "option").values_list("option", flat=True)]


def expected(poll: ShownPoll, options: list[int]) -> list[int]:
    return options if poll.is_ranked else sorted(options)


class Actors:
    """A poll, who votes in it, and what each has chosen."""

    def __init__(self, post: Post) -> None:
        self.post = post
        self.voters = [make_member(f"Voter {n}") for n in range(3)]
        self.moderator = make_moderator()
        self.chosen: Votes = {}

    def act(self, name: str, who: int, numbers: list[int]) -> None:
        """Raises Refused."""
        voter, pk, now = self.voters[who], self.post.pk, NOON
        poll = visible_poll(voter, pk, now)
        assert poll
        keys = [*options_of(self.post).values()]
        options = list(dict.fromkeys(keys[n % len(keys)] for n in numbers))
        match name:
            case "vote":
                polls.vote(poll, by=voter, options=options, now=now)
                self.chosen[voter] = expected(poll, options)
            case "back":
                polls.take_back(poll, by=voter, now=now)
                self.chosen.pop(voter, None)
            case "edit":
                self.edit(dict.fromkeys(options, "" if who else f"{numbers}"))
            case "add":
                polls.add_option(self.post, by=voter, name=f"{who} {numbers}", now=now)
            case "remove":
                polls.remove_option(
                    self.post, by=self.moderator, option=options[0], now=now
                )

    def edit(self, names: dict[int, str]) -> None:
        given: dict[str, Any] = {"added": ["Another"], "closes_at": None, "now": NOON}
        polls.change_poll(self.post, by=self.post.author, names=names, **given)


@pytest.mark.parametrize("way", ["single", "several", "ranked"])
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=st.lists(ACTS, max_size=15))
def test_counts_are_right_and_no_vote_is_lost_after_any_acts(
    way: str, acts: list[tuple[str, int, list[int]]]
) -> None:
    Post.objects.all().delete()
    Member.objects.all().delete()
    cache.clear()  # what those before have used up
    actors = Actors(make_poll(way=way, may_add=True))
    for name, who, numbers in acts:
        try:
            actors.act(name, who, numbers)
        except Refused:
            continue

        assert polls.recount_polls() == (0, 1)
        for voter in actors.voters:
            assert stored(voter) == actors.chosen.get(voter, [])
