from uuid import uuid4

import pytest

from curriculum.models import Release, Resource
from curriculum.tests.documents import small_document
from members.tests.make import make_member
from progress import cards
from progress.counting import Standing
from progress.people import People

pytestmark = pytest.mark.django_db


def outline():
    return Release(document=small_document()).outline


def test_the_seal_is_at_the_step_visited_last_while_that_is_open():
    steps = outline().steps
    everything = {activity.key: "done" for activity in steps[0].every_activity()}

    def here(marks, at):
        tally = Standing(outline(), marks).tally(at=at)
        return [
            card.step.slug
            for card in cards.step_cards(outline(), tally, at, {})
            if card.is_here
        ]

    assert here({}, None) == ["encounter"]
    assert here({}, steps[1].key) == ["deep-dive"]
    assert here(everything, steps[0].key) == ["deep-dive"]
    assert (
        here(
            {a.key: "done" for step in steps for a in step.every_activity()},
            steps[0].key,
        )
        == []
    )
    assert here({}, uuid4()) == ["encounter"]


def test_the_mix_of_a_step_is_that_of_the_route_taken():
    deep = outline().steps[1]

    def mixes(marks, goal):
        tally = Standing(outline(), marks, goal=goal).tally()
        return cards.step_cards(outline(), tally, None, {})[1].mix

    assert cards.step_cards(outline(), None, None, {})[1].mix == {
        "run": 0,
        "hack": 30,
        "math": 70,
    }
    assert mixes({}, "apply") == {"run": 33, "hack": 67, "math": 0}
    assert mixes({deep.activities[0].key: "done"}, "apply") == {
        "run": 33,
        "hack": 67,
        "math": 0,
    }


def test_the_cost_of_a_route_is_said_when_it_is_known():
    document = small_document()
    assert [
        card.cost for card in cards.step_cards(outline(), None, None, {})[1].routes
    ] == ["free", "free"]

    document["resources"]["slow-book"]["cost"] = "mixed"
    document["resources"]["first-course"]["cost"] = "unknown"
    costs = [
        card.cost
        for card in cards.step_cards(
            Release(document=document).outline, None, None, {}
        )[1].routes
    ]
    assert costs == ["paid", ""]


def test_people_know_how_many_are_not_shown():
    members = [make_member("A B"), make_member("C D")]

    assert People(members, 7).more == 5
    assert Resource.objects.count() == 0
