import re

import pytest
from hypothesis import HealthCheck, given, settings

from curriculum import fileformat
from curriculum.fileformat import Namesake, derive_keys, dump, load
from curriculum.tests.documents import SMALL, documents, small_document
from curriculum.tests.faults import problem, with_line


# Keys
def test_derived_keys_are_the_same_every_time_and_never_change():
    document = small_document()

    assert document["curriculum"]["key"] == "c00b6d71-c2f1-55e7-b9c7-382b5c5c7a81"
    assert document == derive_keys(document) == load(SMALL)


def test_the_same_section_asked_for_in_the_same_way_has_the_same_key_everywhere():
    other = SMALL.replace("slug: way-up", "slug: another-way")

    ours, theirs = (
        load(text)["curriculum"]["steps"][0]["activities"] for text in (SMALL, other)
    )
    assert [a["key"] for a in ours[:2]] == [a["key"] for a in theirs[:2]]
    assert ours[0]["key"] != ours[1]["key"]
    assert ours[2]["key"] != theirs[2]["key"]


def test_a_key_that_is_given_is_kept():
    key = "11111111-2222-4333-8444-555555555555"

    assert (
        load(with_line("    - slug: deep-dive", f"      key: {key}"))["curriculum"][
            "steps"
        ][1]["key"]
        == key
    )


def test_one_key_cannot_belong_to_two_things():
    key = "11111111-2222-4333-8444-555555555555"
    text = with_line("    - slug: deep-dive", f"      key: {key}").replace(
        "do: derive,", f"do: derive, key: {key},"
    )

    found = problem(text)
    assert found.field == "curriculum.steps[deep-dive].routes[book].activities[2].key"
    assert "already belongs" in found.message


SHARED = """format: 1
curriculum:
  slug: shared
  title: Shared
  steps:
    - slug: one
      title: One
      activities:
        - {do: run, title: Build it with tensors, resource: torch, aspect: hack}
    - slug: two
      title: Two
      activities:
        - {do: run, title: Build it from a text file, resource: torch, aspect: hack}
        - {do: read, title: Read about it, resource: torch, aspect: hack}
"""


def test_a_tick_that_two_exercises_would_share_is_named_with_both_ways_out():
    found = problem(SHARED, known_resources={"torch"})

    assert (found.line, found.field) == (13, "curriculum.steps[two].activities[1]")
    assert (
        "“Build it from a text file” would share one tick with “Build it with tensors” on line 9"
        in found.message
    )
    for key in re.findall(r"“key: ([0-9a-f-]+)”", found.message):
        text = SHARED.replace(
            "title: Build it from", f"key: {key}, title: Build it from"
        )
        load(text, known_resources={"torch"})
    assert load(
        SHARED.replace("from a text file", "with Tensors"), known_resources={"torch"}
    )


def test_a_tick_shared_with_another_curriculum_of_the_site_is_named_too():
    text = SHARED[: SHARED.index("    - slug: two")]
    key = str(fileformat.activity_key("torch", "", "run"))
    mine = load(text, known_resources={"torch"})["curriculum"]["key"]
    there = Namesake("another", "The other way", "Take it apart")

    found = problem(text, known_resources={"torch"}, known_activities={key: [there]})

    assert "with “Take it apart” in “The other way”" in found.message
    load(
        text,
        known_resources={"torch"},
        known_activities={key: [there._replace(title="build it  with tensors")]},
    )
    load(
        text,
        known_resources={"torch"},
        known_activities={key: [there._replace(curriculum_key=mine)]},
    )


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_a_file_without_keys_gets_the_keys_that_are_derived(document):
    assert load(dump(document)) == derive_keys(document)


EXERCISES = """\
format: 1
curriculum:
  slug: k
  title: K
  steps:
    - slug: one
      title: One
      activities:
"""
EXERCISE = '        - {{do: derive, aspect: math, title: "{}"}}\n'
SAME_TITLES = [
    ("Café proof", "Cafe\u0301 proof"),
    ("Derive it", "Derive\u00a0it"),
    ("Derive it", "Derive it\u200b"),
    ("Derive it", "Derive  it"),
    ("Derive it", "De\u00adrive it"),
    ("Derive it", "Derive\u2003it\u200e"),
    ("Derive it", "Derive\u2060 it"),
    ("勾配 1", "勾配\u30001"),
    ("क्षण", "क्षण\u200c"),
]


def activities_of(*titles: str) -> list[dict]:
    text = EXERCISES + "".join(map(EXERCISE.format, titles))
    return load(text)["curriculum"]["steps"][0]["activities"]


@pytest.mark.parametrize(("one", "other"), SAME_TITLES)
def test_titles_that_look_alike_have_one_key(one, other):
    assert activities_of(one)[0]["key"] == activities_of(other)[0]["key"]


@pytest.mark.parametrize(("one", "other"), SAME_TITLES)
def test_a_file_with_both_spellings_of_an_exercise_asks_twice(one, other):
    text = EXERCISES + EXERCISE.format(one) + EXERCISE.format(other)

    assert "Asks for the same as line 9" in problem(text).message
