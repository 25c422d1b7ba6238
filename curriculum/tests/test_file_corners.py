"""Files that are wrong in ways which nobody types twice."""

import pytest

from curriculum import fileformat, yamltext
from curriculum.fileformat import loading
from curriculum.fileformat.messages import choices
from curriculum.fileformat.reading import FileReading
from curriculum.tests.documents import SMALL
from curriculum.tests.faults import problems

LIBRARY = """format: 1
resources:
  a-book:
    title: A book
    sections:
      - id: one
        title: One
      - id: two
  another: {sections: []}
"""


def test_a_file_that_is_wrong_elsewhere_still_says_what_it_holds() -> None:
    ids = {"a-book", "another"}
    sections = {("a-book", "one"), ("a-book", "two")}

    assert loading.declared(LIBRARY) == (ids, sections)
    assert loading.declared(LIBRARY + "colour: red\n") == (ids, sections)
    assert loading.declared("{") == loading.declared("- a\n") == (set(), set())


@pytest.mark.parametrize("name", ["? [a, b]\n", "? {a: b}\n"])
def test_a_name_that_is_no_text_is_reported(name: str) -> None:
    found = problems(f"{SMALL}{name}: x\n")

    assert "A name is missing, or is not plain text." in {each[2] for each in found}


def test_a_backslash_in_a_name_in_double_quotes_is_reported() -> None:
    found = problems(SMALL + '"a\\sigma": x\n')

    assert yamltext.BACKSLASH in {each[2] for each in found}


def test_choices_are_said_in_words() -> None:
    assert choices(["a"]) == "Must be a."
    assert choices(["a", "b"]) == "Must be a or b."
    assert choices(["a", "b", "c"]) == "Must be a, b or c."


def test_a_text_below_what_is_no_list_is_reported() -> None:
    assert problems("format: 1\ncurriculum: text\n")
    assert problems("format: 1\ncurriculum: {slug: a, title: b, steps: text}\n")


def test_a_text_that_cannot_be_shown_is_written_in_double_quotes() -> None:
    document = fileformat.load(SMALL)
    document["curriculum"]["title"] = "a\x07b"

    assert '"a\\ab"' in fileformat.dump(document)


def test_only_so_many_lines_with_odd_indentation_are_read() -> None:
    odd = "curriculum:\n" + "".join(f"\ta{number}: 1\n" for number in range(25))

    text = yamltext.read(odd)

    assert text.root is None
    assert [fault.line for fault in text.faults] == list(range(2, 22))


def test_a_problem_of_what_the_file_does_not_hold_is_named_by_its_whole_path() -> None:
    reading = FileReading(yamltext.nodes_of(fileformat.load(SMALL)))

    reading.add(("resources", "nowhere", "title"), "Is missing.")

    [problem] = reading.sorted_problems()
    assert problem.field == "resources.nowhere.title"
