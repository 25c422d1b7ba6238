import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from curriculum import fileformat
from curriculum.fileformat import (
    Malformed,
    canonical,
    derive_keys,
    dump,
    load,
    problems_of,
)
from curriculum.fileformat import schema as file_schema
from curriculum.outline import Outline
from curriculum.tests.documents import SMALL, documents, small_document, texts
from curriculum.tests.faults import TINY, problem
from text.tests.piles import PILES, counting, pile
from text.typed import clean_line, clean_text


# What a file becomes
def test_a_document_is_json_with_keys_and_defaults():
    document = load(TINY + "  steps:\n    - {slug: one, title: 1984, hours: 3}\n")

    assert document == json.loads(json.dumps(document))
    curriculum, step = document["curriculum"], document["curriculum"]["steps"][0]
    assert curriculum == {
        "key": curriculum["key"],
        "slug": "a",
        "title": "A",
        "language": "en",
        "steps": [step],
    }
    assert step == {
        "key": step["key"],
        "slug": "one",
        "title": "1984",
        "purpose": "practice",
        "hours": 3,
    }


def test_text_stays_text_and_numbers_stay_numbers():
    resource = small_document()["resources"]["slow-book"]

    assert (resource["arxiv_id"], resource["year"]) == ("1706.03760", 2015)
    assert small_document()["resources"]["old-library"]["archived_on"] == "2017-11-15"


def test_a_name_with_nothing_behind_it_is_no_name():
    assert load(TINY + "  summary:\n  steps: ~\n") == load(TINY)


def test_the_outline_reads_a_loaded_document():
    outline = Outline.from_document(small_document(), {})

    assert [step.slug for step in outline.steps] == ["encounter", "deep-dive"]
    assert [route.slug for route in outline.steps[1].routes] == ["book", "course"]


def test_a_file_may_hold_resources_only():
    text = "format: 1\nresources:\n" + SMALL.partition("\nresources:\n")[2]

    assert sorted(load(text)["resources"]) == [
        "first-course",
        "old-library",
        "slow-book",
    ]


# Round trips
def test_dump_is_readable():
    text = dump(small_document())

    assert "intro: |-\n    Start with a model" in text
    assert "authors: [Jo Teacher, Kim Assistant]" in text
    assert "summary: >-\n      Train a classifier in the first hour" in text
    assert "core: true" not in text
    assert "core: false" in text
    assert "language" not in text.partition("resources:")[0]


def test_the_small_file_survives_being_dumped_and_loaded():
    document = small_document()

    assert load(dump(document)) == document
    assert dump(load(dump(document))) == dump(document)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_load_after_dump_is_the_identity(document):
    keyed = derive_keys(document)

    assert load(dump(keyed)) == keyed
    assert canonical(keyed) == keyed


TRAPS = [
    "yes", "no", "on", "off", "true", "null", "~", "012", "1e3", "12:30", "2020-11-01",
    "1.10", "1_000", "0x1F", ".5",
    "- a", "? a", "a: b", "a #b", "# a", "*a", "&a", "!a", "%a", "@a", "`a`", "[a",
    "{a", "'", '"', '"a"', "'a'", "|",
    ">", "---", "...", "<<", "=", "a:", ":a", "a\tb", "a  b", "\\theta \\nabla", "“a”",
    "😀 smile", "a\u00a0b",
    "e\u0301", "a \nb", "a\n\n\n  b\n c", "a\n\tb", "a\n# b", "a\n---\nb",
    "- a\n- b\n\n| c |", "a\n\u00a0b", "x" * 200,
    "word " * 40 + "end", "$\\theta$ " * 20 + "end", "a\n" + "long " * 50 + "end", "\U0010fffd",
]  # fmt: skip


@pytest.mark.parametrize("text", TRAPS)
def test_every_trap_of_yaml_survives_being_dumped_and_loaded(text):
    document = small_document()
    step = document["curriculum"]["steps"][0]
    step["intro"] = step["summary"] = clean_text(text)
    step["title"] = document["curriculum"]["credit"][0]["author"] = clean_line(
        text.split("\n")[0][:120]
    )
    document["resources"]["first-course"]["authors"] = [step["title"], "b"]
    keyed = derive_keys(document)

    assert load(dump(keyed)) == keyed
    assert problems_of(keyed) == []


@settings(deadline=None)
@given(texts.map(clean_text).map(str.strip).filter(len))
def test_any_text_survives_being_dumped_and_loaded(text):
    document = small_document()
    document["curriculum"]["intro"] = text

    assert [p for p in problems_of(document) if p.field != "curriculum.intro"] == []
    if not problems_of(document):
        assert load(dump(document)) == document


def test_the_schema_is_itself_a_valid_schema_and_describes_every_field():
    Draft202012Validator.check_schema(fileformat.SCHEMA)

    def undescribed(schema, path):
        for name, inner in schema.get("properties", {}).items():
            if not file_schema.resolved(inner).get("description"):
                yield f"{path}.{name}"

    defs = {"file": fileformat.SCHEMA, **fileformat.SCHEMA["$defs"]}
    assert [
        each for name, schema in defs.items() for each in undescribed(schema, name)
    ] == []


def test_the_example_of_the_guide_is_right():
    guide = (
        Path(fileformat.__file__).parents[2] / "docs" / "curriculum-file.md"
    ).read_text("utf-8")
    example = (
        guide.partition("## A complete small example")[2]
        .partition("```yaml\n")[2]
        .partition("```")[0]
    )

    document = load(example)

    assert load(dump(document)) == document
    assert document["curriculum"]["steps"]


def test_every_text_of_a_file_is_stored_in_one_spelling():
    head = "format: 1\ncurriculum:\n  slug: k\u200b\n  title: Cafe\u0301\u00a0x\n"

    curriculum = load(head + "  intro: |\n    Cafe\u0301\n\n        x\u00a0= 1\n")[
        "curriculum"
    ]

    assert (curriculum["slug"], curriculum["title"]) == ("k", "Caf\u00e9 x")
    assert curriculum["intro"] == "Caf\u00e9\n\n    x = 1"


@pytest.mark.parametrize("name", PILES)
def test_no_text_of_a_file_costs_more_than_its_length(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    odd, cost = pile(name, 10_000), counting(monkeypatch)
    text = f"{TINY}  summary: 'a{odd[:9_000]}'\nresources:\n  odd:\n    url: 'https://{odd}'\n"

    with contextlib.suppress(Malformed):
        load(text)

    assert cost.longest_run <= 4 * 30
    assert cost.characters <= 60 * len(text)


def test_a_text_of_a_file_that_is_far_too_long_is_refused_without_being_cleaned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text, cost = TINY + "  summary: " + "e\u0301" * 10_000 + "\n", counting(monkeypatch)

    assert problem(text).message == "Is 20,000 characters long; 500 are allowed."
    assert cost.calls == 0
