"""Adding and changing options, and what search finds of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.cache import cache

from community.actions import polls
from community.actions.polls import options
from community.actions.refusals import NotAllowed
from community.indexed import SOURCES, text_of
from community.models import Ballot, BallotChoice, Poll, PollOption, Post
from community.tests.make import (
    NOON,
    make_moderator,
    make_poll,
    make_vote,
    options_of,
)
from documents import rebuilding
from documents.models import SearchDocument
from members import budget
from members.limits import TooMany
from members.models import Member
from members.tests.make import make_member

pytestmark = pytest.mark.django_db


def names(post: Post) -> list[str]:
    return [*options_of(post)]


def test_members_add_options_where_the_author_allows() -> None:
    closed, post = make_poll(title="Which?"), make_poll(may_add=True)
    member = make_member()

    option = polls.add_option(post, by=member, name="Optimisers", now=NOON)

    assert names(post) == ["Diffusion", "Graphs", "State spaces", "Optimisers"]
    assert option.added_by == member
    with pytest.raises(NotAllowed, match="Only the author can add"):
        polls.add_option(closed, by=member, name="Optimisers", now=NOON)
    assert (
        polls.add_option(closed, by=closed.author, name="Optimisers", now=NOON).added_by
        is None
    )


def test_an_option_is_not_added_twice_nor_without_end() -> None:
    post, member = make_poll(may_add=True), make_member()

    with pytest.raises(polls.BadOption, match="“graphs” is there twice"):
        polls.add_option(post, by=member, name="graphs", now=NOON)
    for number in range(3):
        polls.add_option(post, by=member, name=f"More {number}", now=NOON)
    with pytest.raises(polls.BadOption, match="You have added 3 options"):
        polls.add_option(post, by=member, name="One more", now=NOON)
    for number in range(6):
        polls.add_option(post, by=post.author, name=f"Mine {number}", now=NOON)
    with pytest.raises(polls.BadOption, match="at most 12 options"):
        polls.add_option(post, by=post.author, name="The 13th", now=NOON)


def test_a_closed_poll_takes_no_more_options() -> None:
    post = make_poll(may_add=True, closes_at=NOON + timedelta(hours=1))

    with pytest.raises(polls.PollClosed):
        polls.add_option(
            post, by=post.author, name="Late", now=NOON + timedelta(hours=1)
        )


def change(
    post: Post,
    names: Mapping[int, str] | None = None,
    *added: str,
    by: Member | None = None,
    closes_at: datetime | None = None,
) -> None:
    polls.change_poll(
        post,
        by=by or post.author,
        names=names or {},
        added=added,
        closes_at=closes_at,
        now=NOON,
    )


def test_the_author_changes_options_before_the_first_vote() -> None:
    post = make_poll()
    keys = options_of(post)

    change(
        post,
        {keys["Diffusion"]: "Diffusion models", keys["State spaces"]: ""},
        "Optimisers",
    )

    assert names(post) == ["Diffusion models", "Graphs", "Optimisers"]
    assert Poll.objects.get().option_names == "Diffusion models\nGraphs\nOptimisers"
    assert Poll.objects.get().removed_count == 0


@pytest.mark.parametrize("way", ["single", "ranked"])
@pytest.mark.parametrize("option", ["Diffusion", "Graphs", "State spaces"])
@pytest.mark.parametrize("name", ["Trees", ""])
def test_after_the_first_vote_every_option_stays_as_it_is(
    way: str, option: str, name: str
) -> None:
    """Also those that nobody chose: else the author would see which are chosen."""
    post = make_poll(way=way, results="closed")
    make_vote(post, "Graphs")

    with pytest.raises(polls.BadOption) as refusal:
        change(post, {options_of(post)[option]: name})

    assert str(refusal.value) == (
        "Somebody has voted by now, so the options stay as they are."
    )
    change(post, {}, "Optimisers")
    assert names(post) == ["Diffusion", "Graphs", "State spaces", "Optimisers"]


def test_an_option_that_nobody_chose_is_deleted_when_it_is_removed() -> None:
    post, moderator = make_poll(), make_moderator()
    keys = options_of(post)

    change(post, {keys["Diffusion"]: ""})
    make_vote(post, "Graphs")
    polls.add_option(post, by=post.author, name="Optimisers", now=NOON)
    for name in ("Graphs", "State spaces"):
        polls.remove_option(post, by=moderator, option=keys[name], now=NOON)

    rows = PollOption.objects.order_by("position")
    assert list(rows.values_list("name", "removed_at")) == [
        ("Graphs", NOON),
        ("Optimisers", None),
    ]
    assert Poll.objects.get().removed_count == 2


def test_the_last_option_stays() -> None:
    post, moderator = make_poll(), make_moderator()
    first, *others = options_of(post).values()
    for option in others:
        polls.remove_option(post, by=moderator, option=option, now=NOON)
        polls.remove_option(post, by=moderator, option=option, now=NOON)

    with pytest.raises(polls.BadOption, match="This is the last option"):
        polls.remove_option(post, by=moderator, option=first, now=NOON)
    assert names(post) == ["Diffusion"]
    with pytest.raises(polls.BadOption, match="at least two options"):
        change(post)
    change(post, {}, "Graphs")
    assert names(post) == ["Diffusion", "Graphs"]


def test_adding_and_removing_without_end_leaves_as_many_rows_as_options() -> None:
    post = make_poll()

    for number in range(20):
        cache.clear()  # another hour
        added = [f"Option {number} {n}" for n in range(9)]
        change(post, dict.fromkeys(list(options_of(post).values())[3:], ""), *added)

    assert names(post) == ["Diffusion", "Graphs", "State spaces", *added]
    positions = list(PollOption.objects.values_list("position", flat=True))
    assert len(positions) == 12
    assert max(positions) <= options.MOST_ROWS


def test_a_poll_has_so_many_rows_at_most_with_removed_ones() -> None:
    post = make_poll()
    poll = Poll.objects.get()
    removed = [
        PollOption(poll=poll, name=str(n), position=100 + n, removed_at=NOON)
        for n in range(options.MOST_ROWS)
    ]
    PollOption.objects.bulk_create(removed)
    ballot = Ballot.objects.create(poll=poll, cast_at=NOON)
    BallotChoice.objects.bulk_create(
        BallotChoice(ballot=ballot, option=option) for option in removed[4:]
    )

    polls.add_option(post, by=post.author, name="The last", now=NOON)
    with pytest.raises(polls.BadOption, match="that none can be added"):
        polls.add_option(post, by=post.author, name="Too many", now=NOON)

    positions = PollOption.objects.order_by("position").values_list("position")
    assert list(positions) == [(n,) for n in range(1, options.MOST_ROWS + 1)]
    assert names(post) == ["Diffusion", "Graphs", "State spaces", "The last"]


def test_options_that_members_add_come_from_their_budget() -> None:
    post, member = make_poll(may_add=True), make_member()
    budget.spend(member, budget.OPTIONS, 59, now=NOON)
    budget.spend(post.author, budget.OPTIONS, 58, now=NOON)

    polls.add_option(post, by=member, name="A", now=NOON)
    with pytest.raises(TooMany, match="added 60 options to polls within an hour"):
        polls.add_option(post, by=member, name="B", now=NOON)
    with pytest.raises(TooMany, match="added 60 options"):
        change(post, {}, "C", "D", "E")
    budget.spend(post.author, budget.EDITS, 59, now=NOON)
    with pytest.raises(TooMany, match="changed your texts 60 times"):
        change(post)

    assert names(post) == ["Diffusion", "Graphs", "State spaces", "A"]


def test_only_the_author_changes_a_poll_and_two_options_must_stay() -> None:
    post = make_poll()
    keys = [*options_of(post).values()]

    with pytest.raises(NotAllowed, match="Only the author can change this poll"):
        change(post, by=make_moderator())
    for some in (keys[:2], keys):
        with pytest.raises(polls.BadOption, match="at least two options"):
            change(post, dict.fromkeys(some, ""))
    with pytest.raises(polls.BadOption, match="at most 12 options"):
        change(post, {}, *map(str, range(10)))


def test_the_author_sets_another_day() -> None:
    post, later = make_poll(), NOON + timedelta(days=2)

    change(post, closes_at=later)
    assert Poll.objects.get().closes_at == later
    change(post)
    assert Poll.objects.get().closes_at is None
    with pytest.raises(polls.BadOption, match="closes in the future"):
        change(post, closes_at=NOON)


def test_a_change_of_which_one_part_is_refused_changes_nothing() -> None:
    post, later = make_poll(), NOON + timedelta(days=2)
    diffusion, graphs, spaces = options_of(post).values()

    with pytest.raises(polls.BadOption, match="“optimisers” is there twice"):
        change(
            post,
            {diffusion: "Diffusion models", spaces: ""},
            "Optimisers",
            "optimisers",
            closes_at=later,
        )
    with pytest.raises(polls.BadOption, match="closes in the future"):
        change(post, {graphs: "Trees"}, closes_at=NOON)

    assert names(post) == ["Diffusion", "Graphs", "State spaces"]
    assert Poll.objects.get().closes_at is None


def test_the_migration_deletes_removed_options_and_counts_those_with_votes() -> None:
    post = make_poll()
    graphs = options_of(post)["Graphs"]
    make_vote(post, "Graphs")
    PollOption.objects.filter(pk=graphs).update(removed_at=NOON)
    poll = Poll.objects.get()
    for number in range(3):
        poll.options.create(name=str(number), position=10 + number, removed_at=NOON)
    migration = import_module("community.migrations.0031_delete_removed_options")

    migration.delete_removed_options(apps, None)

    rows = PollOption.objects.order_by("position")
    assert list(rows.values_list("name", flat=True)) == [
        "Diffusion",
        "Graphs",
        "State spaces",
    ]
    assert Poll.objects.get().removed_count == 1


def test_search_finds_a_poll_by_its_options() -> None:
    post = make_poll(may_add=True)
    polls.add_option(post, by=make_member(), name="Optimisers", now=NOON)
    documents = SearchDocument.objects.filter(kind=SearchDocument.Kind.POST)
    stored = documents.get().words

    documents.delete()
    rebuilding.rebuild(SOURCES, most=100)

    assert "optim" in stored
    assert documents.get().words == stored
    assert text_of(Post.objects.get()) == "Diffusion\nGraphs\nState spaces\nOptimisers"
