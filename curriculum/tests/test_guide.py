"""The guide in docs/curriculum-file.md says what the format is: it must
not say anything else.
"""

import re
from pathlib import Path

import pytest

from curriculum import fileformat

GUIDE = (Path(__file__).parents[2] / "docs" / "curriculum-file.md").read_text("utf-8")
HEADINGS = {
    "Curriculum": "curriculum",
    "Step": "step",
    "Route": "route",
    "Activity": "activity",
    "Resource": "resource",
    "Section": "section",
}


def example() -> str:
    return max(re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL), key=len)


def table_under(heading: str) -> list[str]:
    """The first cell of each row, up to the next heading."""
    part = re.split(rf"^##+ {heading}$", GUIDE, flags=re.MULTILINE)[1]
    part = re.split(r"^#", part, flags=re.MULTILINE)[0]
    return [row.split("|")[1] for row in part.splitlines() if row.startswith("| `")]


def test_the_example_can_be_imported_as_it_stands():
    document = fileformat.load(example())

    assert [step["slug"] for step in document["curriculum"]["steps"]] == [
        "saturday",
        "sunday",
    ]


@pytest.mark.parametrize(("heading", "thing"), HEADINGS.items())
def test_the_guide_explains_every_field_and_no_other(heading, thing):
    explained = {
        name for cell in table_under(heading) for name in re.findall(r"`(\w+)`", cell)
    }

    assert explained == set(fileformat.SCHEMA["$defs"][thing]["properties"])


@pytest.mark.parametrize(("heading", "thing"), HEADINGS.items())
def test_the_guide_names_the_required_fields(heading, thing):
    part = re.split(rf"^##+ {heading}$", GUIDE, flags=re.MULTILINE)[1]
    part = re.split(r"^#", part, flags=re.MULTILINE)[0]

    required = set(re.findall(r"^\| `(\w+)` \| required", part, re.MULTILINE))

    assert required == set(fileformat.SCHEMA["$defs"][thing]["required"])


def test_the_guide_shows_the_errors_that_its_spoilt_example_gives():
    spoilt = (
        example()
        .replace("          section: ch4\n", "          section: ch9\n")
        .replace(
            "Derive the slope of the sigmoid\n          aspect: math\n",
            "Derive the slope of the sigmoid\n",
        )
        .replace(
            "          kind: library\n",
            "          kind: library\n          colour: red\n",
        )
    )

    with pytest.raises(fileformat.Malformed) as caught:
        fileformat.load(spoilt)

    assert f"```\n{caught.value}\n```" in GUIDE
