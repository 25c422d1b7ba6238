"""docs/curating.md: what it quotes is what the desk says."""

import re
from pathlib import Path

import pytest

from curriculum import fileformat
from curriculum.tests.documents import SMALL

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "curating.md").read_text("utf-8")
WRONG = [
    SMALL.replace("title: First encounter", r'title: "On \theta"'),
    SMALL.replace("hours: 30", "hours: many"),
    SMALL.replace("      title: Deep dive", "\ttitle: Deep dive"),
    SMALL.replace("resource: slow-book, section: ch2", "resource: fast-book, section: ch2"),
    SMALL.replace("do: derive, title: Derive the four equations, resource: slow-book, section: ch2",
                  "do: read, title: Derive the four equations, resource: slow-book, section: ch1"),
]  # fmt: skip


def test_the_reports_that_it_shows_are_those_of_the_site() -> None:
    shown = re.findall(r"^\| (\d+) \| `([^`]+)` \| (.+) \|$", GUIDE, re.MULTILINE)
    reports = set()
    for text in WRONG:
        with pytest.raises(fileformat.Malformed) as refusal:
            fileformat.load(text)
        reports |= {
            (str(problem.line), problem.field, problem.message)
            for problem in refusal.value.problems
        }

    assert len(shown) == len(WRONG)
    assert set(shown) <= reports


def test_the_buttons_and_links_that_it_names_are_there() -> None:
    named = {
        words
        for words in re.findall(r"\*\*([A-Z][^*]+)\*\*", GUIDE)
        if not words[-1].isdigit()
    }
    files = [*ROOT.glob("*templates/**/*.html"), *ROOT.glob("curriculum/**/*.py")]
    text = "\n".join(path.read_text("utf-8") for path in files)

    assert {"Edit this step", "Preview", "Publish", "Import a file"} <= named
    assert {
        words for words in named if words not in text and words.lower() not in text
    } == set()


def test_its_links_lead_to_pages() -> None:
    for address in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", GUIDE):
        assert (ROOT / "docs" / address).exists(), address
