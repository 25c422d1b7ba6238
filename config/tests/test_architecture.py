"""docs/architecture.md and the README describe the code that is there."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
PAGE = (ROOT / "docs" / "architecture.md").read_text()
# A path in backticks: a folder ends with a slash, a file has an ending.
NAMED = sorted(set(re.findall(r"`((?:[\w.-]+/)+(?:[\w.-]+\.\w+)?)`", PAGE)))
FOLDERS_OF_TESTS = {"browser_tests", "bench", "chaos", "validate", "docker"}


def rooms() -> set[str]:
    """The folders of the repository that hold Python."""
    command = ["git", "ls-files", "*/*.py"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return {name.partition("/")[0] for name in listed.stdout.split()} - {"docs"}


@pytest.mark.parametrize("name", NAMED)
def test_what_the_page_names_exists(name: str) -> None:
    assert (ROOT / name).exists()


def test_the_page_names_every_room() -> None:
    assert {room for room in rooms() if f"`{room}/`" not in PAGE} == {"docker"}


def test_every_room_of_the_product_is_in_the_contracts() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    [names] = re.findall(r"^root_packages = \[(.*?)\]", text, re.M | re.S)

    assert set(re.findall(r'"(\w+)"', names)) == rooms() - FOLDERS_OF_TESTS


def names_covered_whole() -> list[str]:
    """What `make coverage` wants covered whole, as paths with stars."""
    [names] = re.findall(r"^WHOLE := (.*)$", (ROOT / "Makefile").read_text(), re.M)
    return names.split(",")


@pytest.mark.parametrize("name", names_covered_whole())
def test_what_must_be_covered_whole_exists(name: str) -> None:
    assert list(ROOT.glob(name))


def test_every_pure_module_must_be_covered_whole() -> None:
    [contract] = [
        each
        for each in SETTINGS["importlinter"]["contracts"]
        if each["name"] == "Pure modules know no Django"
    ]
    pure = [module.replace(".", "/") for module in contract["source_modules"]]

    whole = {
        name.removesuffix("/*").removesuffix(".py") for name in names_covered_whole()
    }
    assert set(pure) <= whole


def test_every_room_of_the_product_is_measured() -> None:
    measured = SETTINGS["coverage"]["run"]["source"]

    assert set(measured) == rooms() - FOLDERS_OF_TESTS
