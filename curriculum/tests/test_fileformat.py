import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curriculum import fileformat
from curriculum.fileformat import Malformed, Problem, canonical, derive_keys, dump, load
from curriculum.outline import Outline
from curriculum.tests.documents import SMALL, documents, small_document

TINY = "format: 1\ncurriculum:\n  slug: a\n  title: A\n"


def problems(text: str | bytes, **known) -> list[tuple[int, str, str]]:
    with pytest.raises(Malformed) as caught:
        load(text, **known)
    return [tuple(problem) for problem in caught.value.problems]


def problem(text: str, **known) -> Problem:
    found = problems(text, **known)
    assert len(found) == 1, found
    return Problem(*found[0])


def with_line(after: str, line: str) -> str:
    """The small file with a line put in after the one that begins with `after`."""
    first, rest = SMALL.split(after, 1)
    head, tail = rest.split("\n", 1)
    return f"{first}{after}{head}\n{line}\n{tail}"


def line_of(text: str, words: str) -> int:
    return text.count("\n", 0, text.index(words)) + 1


# What a file becomes


def test_a_document_is_json_with_keys_and_defaults():
    document = load(TINY + "  steps:\n    - {slug: one, title: 1984, hours: 3}\n")

    assert document == json.loads(json.dumps(document))
    curriculum, step = document["curriculum"], document["curriculum"]["steps"][0]
    assert curriculum == {"key": curriculum["key"], "slug": "a", "title": "A", "language": "en", "steps": [step]}
    assert step == {"key": step["key"], "slug": "one", "title": "1984", "purpose": "practice", "hours": 3}


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

    assert sorted(load(text)["resources"]) == ["first-course", "old-library", "slow-book"]


# Keys


def test_derived_keys_are_the_same_every_time_and_never_change():
    document = small_document()

    assert document["curriculum"]["key"] == "c00b6d71-c2f1-55e7-b9c7-382b5c5c7a81"
    assert document == derive_keys(document) == load(SMALL)


def test_the_same_section_asked_for_in_the_same_way_has_the_same_key_everywhere():
    other = SMALL.replace("slug: way-up", "slug: another-way")

    ours, theirs = (load(text)["curriculum"]["steps"][0]["activities"] for text in (SMALL, other))
    assert [a["key"] for a in ours[:2]] == [a["key"] for a in theirs[:2]]
    assert ours[0]["key"] != ours[1]["key"]
    assert ours[2]["key"] != theirs[2]["key"]


def test_a_key_that_is_given_is_kept():
    key = "11111111-2222-4333-8444-555555555555"

    assert load(with_line("    - slug: deep-dive", f"      key: {key}"))["curriculum"]["steps"][1]["key"] == key


def test_one_key_cannot_belong_to_two_things():
    key = "11111111-2222-4333-8444-555555555555"
    text = with_line("    - slug: deep-dive", f"      key: {key}").replace("do: derive,", f"do: derive, key: {key},")

    found = problem(text)
    assert found.field == "curriculum.steps[deep-dive].routes[book].activities[2].key"
    assert "already belongs" in found.message


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


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_a_file_without_keys_gets_the_keys_that_are_derived(document):
    assert load(dump(document)) == derive_keys(document)


# Malformed files


def test_every_error_comes_at_once_with_its_line_and_field():
    text = (
        SMALL.replace("hours: 30", "hours: many", 1)
        .replace("do: run,", "do: jump,", 1)
        .replace("section: ch2,", "section: ch9,")
        .replace("https://example.org/book/", "ftp://example.org/book/")
        .replace("2017-11-15", "2017-13-15")
    )

    assert [found[:2] for found in problems(text)] == [
        (line_of(text, "many"), "curriculum.steps[encounter].hours"),
        (line_of(text, "jump"), "curriculum.steps[encounter].activities[1].do"),
        (line_of(text, "ch9"), "curriculum.steps[deep-dive].routes[book].activities[2].section"),
        (line_of(text, "ftp:"), "resources.slow-book.url"),
        (line_of(text, "2017-13"), "resources.old-library.archived_on"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ("format: 1", "format: 2", "format", "format 1, not of “2”"),
        ("format: 1", "formatt: 1", "formatt", "Is not a field here. Must be format, curriculum or resources."),
        ("  title: The way up", "  titel: The way up", "curriculum.titel", "Is not a field here"),
        ("  title: The way up", "  title: ''", "curriculum.title", "Must not be empty."),
        ("  title: The way up", "  title: " + "x" * 121, "curriculum.title", "121 characters long; 120 are allowed"),
        ("  title: The way up", '  title: "The\\nway"', "curriculum.title", "Must be on one line."),
        ("  title: The way up", '  title: "The\\0way"', "curriculum.title", "(U+0000)"),
        ("  title: The way up", "  title: [a]", "curriculum.title", "Must be text, not a list."),
        ("  title: The way up", "  title: {a: b}", "curriculum.title", "Must be text, not names with values."),
        ("  title: The way up", "  title: A\n  title: B", "curriculum.title", "it is already on line 5"),
        ("slug: way-up", "slug: Way_up", "curriculum.slug", "small letters"),
        ("slug: way-up", "slug: resources", "curriculum.slug", "taken by a page of the site"),
        ("slug: deep-dive", "slug: releases", "curriculum.steps[releases].slug", "taken by a page of the site"),
        ("slug: way-up", "slug: [releases]", "curriculum.slug", "Must be text, not a list."),
        ("slug: way-up", "slug: way-up\n  key: 5F0C", "curriculum.key", "Must be a UUID"),
        ("language: en", "language: English", "curriculum.language", "language code"),
        ("year: 2018", "year: '2018'", "curriculum.credit[1].year", "a whole number without quotes"),
        ("year: 2018", "year: 20180", "curriculum.credit[1].year", "2100 or less"),
        ("year: 2018", "year: -5", "curriculum.credit[1].year", "1500 or more"),
        ("core: false", "core: no", "curriculum.steps[encounter].activities[3].core", "true or false, not “no”"),
        ("purpose: depth", "purpose: [", "file", "not closed"),
        ("slug: deep-dive", "slug: encounter", "curriculum.steps[encounter].slug", "already used on line 21"),
        ("slug: course", "slug: book", "curriculum.steps[deep-dive].routes[book].slug", "already used"),
        ("id: ch2", "id: ch1", "resources.slow-book.sections[ch1].id", "already used"),
        ("[apply]", "[apply, apply]", "curriculum.steps[deep-dive].routes[course].for_goals", "twice"),
        ("[apply]", "[fame]", "curriculum.steps[deep-dive].routes[course].for_goals[1]", "career or overview"),
        ("successor: first-course", "successor: gone", "resources.old-library.successor", "no resource “gone”"),
        ("successor: first-course", "successor: old-library", "resources.old-library.successor", "follow itself"),
        ("1706.03760", "abc", "resources.slow-book.arxiv_id", "arXiv identifier"),
        ("  old-library:", "  Old_Library:", "resources.Old_Library", "small letters"),
        ("resource: slow-book, section: ch1,", "section: ch1,",
         "curriculum.steps[deep-dive].routes[book].activities[1].section", "needs the resource"),
        ("resource: slow-book, section: ch1,", "resource: lost, section: ch1,",
         "curriculum.steps[deep-dive].routes[book].activities[1].resource", "no resource “lost”"),
        ("https://example.org/how-i-learnt", "javascript:alert(1)", "curriculum.credit[1].url", "http:// or https://"),
        ("https://example.org/how-i-learnt", "https://me:pass@example.org", "curriculum.credit[1].url", "http://"),
        ("https://example.org/how-i-learnt", "http://[::1", "curriculum.credit[1].url", "http:// or https://"),
        ("https://example.org/how-i-learnt", "http://example.org:x/", "curriculum.credit[1].url", "http://"),
        ("summary: Two steps, one fork.", "? [a]\n  : b", "curriculum", "A name is missing"),
        ("summary: Two steps, one fork.", '"\\x07": b', "curriculum", "A name holds a character"),
        ("done_when: You", "done_when: >-\n" + "        long enough\n" * 40 + "        You",
         "curriculum.steps[encounter].done_when", "300 are allowed"),
        ("intro: Open the notebook, run it, *change one thing*.", "intro: '" + ">" * 50 + " x'",
             "curriculum.steps[encounter].intro", "too deeply"),
        ("do: watch, title: Watch lesson 2, resource: first-course, section: lesson-2,",
         "do: implement, title: Write backpropagation in NumPy,",
         "curriculum.steps[deep-dive].routes[course].activities[1]", "Asks for the same as line 39"),
    ],
)  # fmt: skip
def test_each_fault_is_named_where_it_is(old, new, field, words):
    assert old in SMALL
    found = [Problem(*each) for each in problems(SMALL.replace(old, new, 1))]

    assert [each for each in found if each.field == field and words in each.message], found


def test_a_missing_field_is_named():
    assert problem("format: 1\ncurriculum:\n  slug: a\n") == (2, "curriculum.title", "Is missing.")


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words", "42"])
def test_a_file_must_hold_names_with_values(text):
    assert problem(text)[1:] == ("file", "The file must hold names with values, like “format: 1”.")


def test_a_file_must_hold_something():
    assert problem("format: 1\n") == (1, "file", "The file holds neither a curriculum nor resources.")


def test_a_list_that_is_too_long_says_so():
    text = TINY + "  credit:\n" + "    - author: A\n" * 51

    assert problem(text).message == "Holds 51 entries; 50 are allowed."


def test_an_empty_list_item_is_named():
    assert problem(TINY + "  steps:\n    -\n") == (
        6,
        "curriculum.steps[1]",
        "Must be names with values, not “nothing”.",
    )


def test_successors_may_form_a_chain_but_not_a_ring():
    def chain(last: str) -> str:
        return "format: 1\nresources:\n" + "".join(
            f"  {a}: {{title: T, kind: book, url: 'https://example.org', successor: {b}}}\n"
            for a, b in (("a", "b"), ("b", "c"), ("c", last))
        )

    assert load(chain("d"), known_resources={"d"})["resources"]["a"]["successor"] == "b"
    assert "cannot follow itself" in problem(chain("a")).message


def test_what_the_library_has_need_not_be_in_the_file():
    activity = "        - {do: read, title: Read it, resource: known, section: one, aspect: math}\n"
    text = TINY + "  steps:\n    - slug: s\n      title: S\n      activities:\n" + activity

    assert load(text, known_resources={"known"}, known_sections={("known", "one")})
    assert problem(text, known_resources={"known"}).message == "“known” has no section “one”."


def test_a_thousand_problems_are_cut_with_a_count():
    text = "format: 1\nresources:\n" + "".join(f"  r{n}: {{title: x, kind: book, url: x}}\n" for n in range(1000))

    found = problems(text)
    assert len(found) == fileformat.PROBLEMS_MAX + 1
    assert found[-1][2] == "And 500 more problems."


def test_an_exception_reads_as_its_problems():
    with pytest.raises(Malformed, match=re.escape("line 1, file: The file is empty.")):
        load("")


# Fuzz: whatever is done to a right file, it loads or says what is wrong


MUTATIONS = st.lists(
    st.tuples(
        st.sampled_from(["drop line", "double line", "swap lines", "cut", "insert", "indent", "replace"]),
        st.integers(0, 10_000),
        st.one_of(
            st.text(max_size=6),
            st.sampled_from(
                [":", "- ", "&a", "*a", "!!x", "|", ">", "[", "]", "{", "}", '"', "'", "\t", "~", "#", "---"]
            ),
        ),
    ),
    min_size=1,
    max_size=4,
)


def mutated(text: str, mutations: list[tuple[str, int, str]]) -> str:
    for kind, number, bit in mutations:
        lines = text.split("\n")
        line, place = number % len(lines), number % max(len(text), 1)
        match kind:
            case "drop line":
                del lines[line]
                text = "\n".join(lines)
            case "double line":
                text = "\n".join([*lines[:line], lines[line], *lines[line:]])
            case "swap lines":
                lines[line], lines[-line - 1] = lines[-line - 1], lines[line]
                text = "\n".join(lines)
            case "cut":
                text = text[:place]
            case "insert":
                text = text[:place] + bit + text[place:]
            case "indent":
                lines[line] = bit + "  " + lines[line]
                text = "\n".join(lines)
            case "replace":
                before, colon, _ = lines[line].partition(":")
                lines[line] = f"{before}{colon} {bit}"
                text = "\n".join(lines)
    return text


def loads_or_explains(text: str | bytes) -> None:
    try:
        document = load(text)
    except Malformed as error:
        found = error.problems
    else:
        found = []
        assert load(dump(document)) == document
    count = (text if isinstance(text, bytes) else text.encode("utf-8", "replace")).count(b"\n") + 2
    assert all(1 <= each.line <= count and each.field and each.message for each in found)


@settings(max_examples=150, deadline=timedelta(seconds=5))
@given(MUTATIONS)
def test_a_mutated_file_loads_or_is_explained(mutations):
    loads_or_explains(mutated(SMALL, mutations))


@settings(max_examples=80, deadline=timedelta(seconds=5))
@given(st.one_of(st.text(), st.binary(), st.recursive(st.text(max_size=5), st.lists).map(repr)))
def test_any_text_loads_or_is_explained(text):
    loads_or_explains(text)


WRONG = st.recursive(
    st.sampled_from(["", "x", "1", "true", "2020-01-01"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["slug", "id", "key", "a"]), inner),
    max_leaves=4,
)


@settings(max_examples=80, deadline=timedelta(seconds=5))
@given(st.data())
def test_a_wrong_value_anywhere_is_explained(data):
    document = small_document()
    holder, name = document, "curriculum"
    while isinstance(holder[name], dict | list) and holder[name] and data.draw(st.integers(0, 4)):
        holder = holder[name]
        name = data.draw(st.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder))))
    holder[name] = data.draw(WRONG)

    loads_or_explains(json.dumps(document, ensure_ascii=False))


def test_the_schema_is_itself_a_valid_schema_and_describes_every_field():
    fileformat.Draft202012Validator.check_schema(fileformat.SCHEMA)

    def undescribed(schema, path):
        for name, inner in schema.get("properties", {}).items():
            if not fileformat._resolved(inner).get("description"):
                yield f"{path}.{name}"

    defs = {"file": fileformat.SCHEMA, **fileformat.SCHEMA["$defs"]}
    assert [each for name, schema in defs.items() for each in undescribed(schema, name)] == []


def test_the_example_of_the_guide_is_right():
    guide = (Path(fileformat.__file__).parents[1] / "docs" / "curriculum-file.md").read_text("utf-8")
    example = guide.partition("## A complete small example")[2].partition("```yaml\n")[2].partition("```")[0]

    document = load(example)

    assert load(dump(document)) == document
    assert document["curriculum"]["steps"]
