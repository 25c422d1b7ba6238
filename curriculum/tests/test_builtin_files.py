"""The curricula and the library that the project ships, as files."""

from pathlib import Path

import pytest

from curriculum import fileformat
from curriculum.fileformat import Document

BUILTIN = Path(fileformat.__file__).parent / "builtin"
CURRICULA = sorted(path.name for path in BUILTIN.glob("*.yaml") if path.name != "resources.yaml")


def library() -> dict[str, Document]:
    return fileformat.load((BUILTIN / "resources.yaml").read_bytes())["resources"]


def curriculum(name: str) -> Document:
    resources = library()
    sections = {(slug, section["id"]) for slug, row in resources.items() for section in row.get("sections", [])}
    return fileformat.load((BUILTIN / name).read_bytes(), resources.keys(), sections)["curriculum"]


@pytest.mark.parametrize("name", CURRICULA)
def test_every_step_of_a_built_in_curriculum_asks_for_running_hacking_and_maths(name: str):
    found = {
        step["slug"]: {
            activity["aspect"]
            for holder in [step, *step.get("routes", [])]
            for activity in holder.get("activities", [])
        }
        for step in curriculum(name)["steps"]
    }

    assert found == {slug: {"run", "hack", "math"} for slug in found}


@pytest.mark.parametrize("name", CURRICULA)
def test_no_goal_is_sent_down_two_routes_of_one_step(name: str):
    for step in curriculum(name)["steps"]:
        goals = [goal for route in step.get("routes", []) for goal in route.get("for_goals", [])]

        assert sorted(goals) == sorted(set(goals)), step["slug"]


def test_the_practical_way_up_has_six_steps_with_three_routes_through_each_of_the_two_deep_ones():
    steps = curriculum("practical-way-up.yaml")["steps"]

    assert [(step["slug"], step["purpose"], [route["slug"] for route in step.get("routes", [])]) for step in steps] == [
        ("practical-encounter", "practice", []),
        ("mathematical-foundations", "foundations", []),
        ("deep-dive", "depth", ["course", "book", "lectures"]),
        ("capstone-1", "project", []),
        ("deep-reinforcement-learning", "depth", ["practice", "balanced", "theory"]),
        ("capstone-2", "project", []),
    ]


def test_what_the_library_has_archived_says_why_and_leads_to_something_that_it_has_not():
    resources = library()
    archived = {slug: row for slug, row in resources.items() if row.get("archived_on")}

    assert archived
    for slug, row in archived.items():
        assert row["archived_why"], slug
        assert not resources[row["successor"]].get("archived_on"), slug


def test_every_resource_of_the_library_has_a_note_and_what_costs_money_says_how():
    silent = [slug for slug, row in library().items() if not row.get("note")]
    unpriced = [
        slug for slug, row in library().items() if row["cost"] in {"paid", "mixed"} and not row.get("price_note")
    ]

    assert (silent, unpriced) == ([], [])
