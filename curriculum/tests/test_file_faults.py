import re

import pytest

from curriculum import fileformat, yamltext
from curriculum.fileformat import FileProblem, Malformed, load
from curriculum.tests.documents import SMALL
from curriculum.tests.faults import TINY, line_of, problem, problems


# Values that YAML changes
def test_formulas_in_double_quotes_are_reported_each_with_its_line():
    text = """format: 1
curriculum:
  slug: backslashes
  title: "The $\\theta$ of it"
  steps:
    - slug: one
      title: One
      intro: "The gradient
        $\\nabla f$"
      activities:
        - {do: derive, title: "$\\tau$-smooth", aspect: math, note: "$\\sigma \\ne 0$, $\\alpha$"}
"""

    found = problems(text)

    assert {message for _, _, message in found} == {yamltext.BACKSLASH}
    assert [(line, field) for line, field, _ in found] == [
        (4, "curriculum.title"),
        (9, "curriculum.steps[one].intro"),
        (11, "curriculum.steps[one].activities[1].note"),
        (11, "curriculum.steps[one].activities[1].title"),
    ]


@pytest.mark.parametrize(
    "typed",
    ["012", "00", "1e3", "12:30", "1_000", "0x1F", "0o14", "3.0", "yes", "2020-01-01"],
)
def test_a_number_that_yaml_reads_otherwise_is_reported(typed):
    assert [
        field for _, field, _ in problems(SMALL.replace("hours: 30", f"hours: {typed}"))
    ] == ["curriculum.steps[encounter].hours"]


@pytest.mark.parametrize("typed", ["yes", "No", "on", "OFF", "y", "1", "True", "TRUE"])
def test_a_word_that_yaml_reads_as_true_or_false_is_reported(typed):
    (found,) = problems(SMALL.replace("core: false", f"core: {typed}", 1))

    assert "Must be true or false" in found[2]


@pytest.mark.parametrize(
    "typed",
    [
        "yes",
        "off",
        "012",
        "1e3",
        "12:30",
        "2020-11-01",
        "1.10",
        "1_000",
        "0x1F",
        ".inf",
    ],
)
def test_in_a_text_they_stay_what_the_file_shows(typed):
    document = load(SMALL.replace("title: The way up", f"title: {typed}"))

    assert document["curriculum"]["title"] == typed


@pytest.mark.parametrize(
    ("old", "new", "at", "words"),
    [
        ("title: The way up", "title: C #1, the language", "C #1", "begins a comment"),
        ("title: The way up", "title: The way up  # or down", "or down", "begins a comment"),
        ("authors: [Jo Teacher, Kim Assistant]",
        "authors:\n      - Jo #1\n      - Kim", "Jo #1", "begins a comment"),
        ("title: The way up", "title: null", "null", "means nothing by null"),
        ("title: The way up", "title: NULL", "NULL", "means nothing by NULL"),
        ("intro: Open the",
        "intro: >\n        First:\n        - one\n        - Open the", "- one", "text with |"),
        ("intro: Open the", "intro: First\n        1. one\n        2. Open the",
        "1. one", "begin the text with |"),
        ("intro: Open the", "intro: First\n        $$x$$\n        Open the", "$$x$$",
        "begin the text with |"),
        ("summary: Two steps, one fork.", "\u00a0summary: Two", "summary: Two", "ordinary spaces"),
        ("    - slug: encounter", "\t- slug: encounter", "\t- slug", "use spaces"),
    ],
)  # fmt: skip
def test_what_yaml_loses_is_reported_with_its_line(old, new, at, words):
    assert old in SMALL
    text = SMALL.replace(old, new, 1)
    found = problems(text)

    assert [(line, words in message) for line, _, message in found][:1] == [
        (line_of(text, at), True)
    ], found


def test_folded_text_without_lists_is_joined_without_a_word():
    text = (
        "intro: >\n        One\n        two - three\n\n        - four\n\n          "
        "- five\n          - six\n"
    )

    load(SMALL.replace("intro: Open the notebook, run it, *change one thing*.", text))


def test_faults_of_lines_and_of_fields_come_together():
    text = SMALL.replace("  slug: way-up", "\tslug: way-up").replace(
        "hours: 30", "hours: soon"
    )

    assert [message for _, _, message in problems(text)] == [
        yamltext.TAB,
        "Must be a whole number without quotes, not “soon”.",
    ]


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
        (
            line_of(text, "ch9"),
            "curriculum.steps[deep-dive].routes[book].activities[2].section",
        ),
        (line_of(text, "ftp:"), "resources.slow-book.url"),
        (line_of(text, "2017-13"), "resources.old-library.archived_on"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ("format: 1", "format: 2", "format", "format 1, not of “2”"),
        ("format: 1", "formatt: 1", "formatt",
        "Is not a field here. Must be format, curriculum or resources."),
        ("  title: The way up", "  titel: The way up", "curriculum.titel", "Is not a field here"),
        ("  title: The way up", "  title: ''", "curriculum.title", "Must not be empty."),
        ("  title: The way up", "  title: " + "x" * 121, "curriculum.title",
        "121 characters long; 120 are allowed"),
        ("  title: The way up", '  title: |\n    The\n    way', "curriculum.title",
        "Must be on one line."),
        ("  title: The way up", '  title: "The\\0way"', "curriculum.title",
        "A backslash in double quotes"),
        ("  title: The way up", "  title: [a]", "curriculum.title", "Must be text, not a list."),
        ("  title: The way up", "  title: {a: b}", "curriculum.title",
        "Must be text, not names with values."),
        ("  title: The way up", "  title: A\n  title: B", "curriculum.title",
        "it is already on line 5"),
        ("slug: way-up", "slug: Way_up", "curriculum.slug", "small letters"),
        ("slug: way-up", "slug: resources", "curriculum.slug", "taken by a page of the site"),
        ("slug: deep-dive", "slug: releases", "curriculum.steps[releases].slug",
        "taken by a page of the site"),
        ("slug: way-up", "slug: [releases]", "curriculum.slug", "Must be text, not a list."),
        ("slug: way-up", "slug: way-up\n  key: 5F0C", "curriculum.key", "Must be a UUID"),
        ("language: en", "language: English", "curriculum.language", "language code"),
        ("year: 2018", "year: '2018'", "curriculum.credit[1].year",
        "a whole number without quotes"),
        ("year: 2018", "year: 20180", "curriculum.credit[1].year", "2100 or less"),
        ("year: 2018", "year: -5", "curriculum.credit[1].year", "1500 or more"),
        ("core: false", "core: no", "curriculum.steps[encounter].activities[3].core",
        "true or false, not “no”"),
        ("purpose: depth", "purpose: [", "file", "not closed"),
        ("slug: deep-dive", "slug: encounter", "curriculum.steps[encounter].slug",
        "already used on line 21"),
        ("slug: course", "slug: book", "curriculum.steps[deep-dive].routes[book].slug",
        "already used"),
        ("id: ch2", "id: ch1", "resources.slow-book.sections[ch1].id", "already used"),
        ("[apply]", "[apply, apply]",
        "curriculum.steps[deep-dive].routes[course].for_goals", "twice"),
        ("[apply]", "[fame]",
        "curriculum.steps[deep-dive].routes[course].for_goals[1]", "career or overview"),
        ("successor: first-course", "successor: gone",
        "resources.old-library.successor", "no resource “gone”"),
        ("successor: first-course", "successor: old-library",
        "resources.old-library.successor", "follow itself"),
        ("1706.03760", "abc", "resources.slow-book.arxiv_id", "arXiv identifier"),
        ("  old-library:", "  Old_Library:", "resources.Old_Library", "small letters"),
        ("resource: slow-book, section: ch1,", "section: ch1,",
         "curriculum.steps[deep-dive].routes[book].activities[1].section", "needs the resource"),
        ("resource: slow-book, section: ch1,", "resource: lost, section: ch1,",
         "curriculum.steps[deep-dive].routes[book].activities[1].resource", "no resource “lost”"),
        ("https://example.org/how-i-learnt", "javascript:alert(1)",
        "curriculum.credit[1].url", "http:// or https://"),
        ("https://example.org/how-i-learnt", "https://me:pass@example.org",
        "curriculum.credit[1].url", "http://"),
        ("https://example.org/how-i-learnt", "http://[::1", "curriculum.credit[1].url",
        "http:// or https://"),
        ("https://example.org/how-i-learnt", "http://example.org:x/",
        "curriculum.credit[1].url", "http://"),
        ("summary: Two steps, one fork.", "? [a]\n  : b", "curriculum", "A name is missing"),
        ("summary: Two steps, one fork.", '"\\x07": b', "curriculum.\\x07",
        "A backslash in double quotes"),
        ("done_when: You", "done_when: >-\n" + "        long enough\n" * 40 + "        You",
         "curriculum.steps[encounter].done_when", "300 are allowed"),
        ("intro: Open the notebook, run it, *change one thing*.", "intro: '" + ">" * 50 + " x'",
             "curriculum.steps[encounter].intro", "too deeply"),
        ("do: watch, title: Watch lesson 2, resource: first-course, section: lesson-2,",
         "do: implement, title: Write backpropagation in NumPy,",
         "curriculum.steps[deep-dive].routes[course].activities[1]", ("Asks for the "
                                                                     "same as line 39")),
    ],
)  # fmt: skip
def test_each_fault_is_named_where_it_is(old, new, field, words):
    assert old in SMALL
    found = [FileProblem(*each) for each in problems(SMALL.replace(old, new, 1))]

    assert [each for each in found if each.field == field and words in each.message], (
        found
    )


def test_a_missing_field_is_named():
    assert problem("format: 1\ncurriculum:\n  slug: a\n") == (
        2,
        "curriculum.title",
        "Is missing.",
    )


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words", "42"])
def test_a_file_must_hold_names_with_values(text):
    assert problem(text)[1:] == (
        "file",
        "The file must hold names with values, like “format: 1”.",
    )


def test_a_file_must_hold_something():
    assert problem("format: 1\n") == (
        1,
        "file",
        "The file holds neither a curriculum nor resources.",
    )


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
    text = (
        TINY + "  steps:\n    - slug: s\n      title: S\n      activities:\n" + activity
    )

    assert load(text, known_resources={"known"}, known_sections={("known", "one")})
    assert (
        problem(text, known_resources={"known"}).message
        == "“known” has no section “one”."
    )


def test_a_thousand_problems_are_cut_with_a_count():
    text = "format: 1\nresources:\n" + "".join(
        f"  r{n}: {{title: x, kind: book, url: x}}\n" for n in range(1000)
    )

    found = problems(text)
    assert len(found) == fileformat.PROBLEMS_MAX + 1
    assert found[-1][2] == "And 500 more problems."


def test_an_exception_reads_as_its_problems():
    with pytest.raises(Malformed, match=re.escape("line 1, file: The file is empty.")):
        load("")
