"""What is wrong with a file, and files with something wrong."""

import pytest
from hypothesis import strategies as st

from curriculum.fileformat import FileProblem, Malformed, load
from curriculum.tests.documents import SMALL

TINY = "format: 1\ncurriculum:\n  slug: a\n  title: A\n"


def problems(text: str | bytes, **known) -> list[tuple[int, str, str]]:
    with pytest.raises(Malformed) as caught:
        load(text, **known)
    return [tuple(problem) for problem in caught.value.problems]


def problem(text: str, **known) -> FileProblem:
    found = problems(text, **known)
    assert len(found) == 1, found
    return FileProblem(*found[0])


def with_line(after: str, line: str) -> str:
    """The small file with a line put in after the one that begins
    with `after`.
    """
    first, rest = SMALL.split(after, 1)
    head, tail = rest.split("\n", 1)
    return f"{first}{after}{head}\n{line}\n{tail}"


def line_of(text: str, words: str) -> int:
    return text.count("\n", 0, text.index(words)) + 1


# Fuzz: whatever is done to a right file, it loads or says what is wrong
MUTATIONS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "drop line",
                "double line",
                "swap lines",
                "cut",
                "insert",
                "indent",
                "replace",
            ]
        ),
        st.integers(0, 10_000),
        st.one_of(
            st.text(max_size=6),
            st.sampled_from(
                [
                    ":",
                    "- ",
                    "&a",
                    "*a",
                    "!!x",
                    "|",
                    ">",
                    "[",
                    "]",
                    "{",
                    "}",
                    '"',
                    "'",
                    "\t",
                    "~",
                    "#",
                    "---",
                ]
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
