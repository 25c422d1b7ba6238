"""Who may ask for what: who_may.txt has a line for each address, a cell
for each person, and it is true.

Whoever adds an address adds its two lines; asking.py says what the cells
mean, columns.py who the columns are.
"""

import pytest

from config.tests.asking import (
    EXPECTED,
    TABLE,
    Asked,
    lines_of_the_site,
    make_busy_world,
)
from config.tests.columns import COLUMNS
from config.tests.world import World
from operate import health

GROUPS = ("vis sus mem oth", "cur mod own", "mem~ oth~ own~", "cur- mod- own-")
REFUSED = {"in", "key", "ask", "403", "404", "405"}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    # whatever this machine lacks just now
    monkeypatch.setattr(health, "problems", list)
    return make_busy_world()


def test_every_address_has_its_lines_and_every_line_an_address() -> None:
    there = set(lines_of_the_site())

    missing = [f"{method} {route}" for method, route in sorted(there - EXPECTED.keys())]
    assert missing == [], (
        f"say in {TABLE.name} what each person gets: a line with these names and "
        f"{len(COLUMNS)} cells"
    )
    assert sorted(EXPECTED.keys() - there) == [], (
        f"these addresses are gone: take their lines out of {TABLE.name}"
    )


def test_nobody_who_is_refused_changes_anything() -> None:
    wrong = [
        (line, column, cell)
        for line, cells in EXPECTED.items()
        for column, cell in cells.items()
        if cell.endswith("+") and cell[:-1] in REFUSED
    ]

    assert wrong == []


def test_who_is_suspended_is_a_visitor_everywhere() -> None:
    assert [
        line for line, cells in EXPECTED.items() if cells["sus"] != cells["vis"]
    ] == []


@pytest.mark.django_db
@pytest.mark.no_cover
@pytest.mark.parametrize("columns", GROUPS)
def test_everybody_gets_what_the_table_says(world: World, columns: str) -> None:
    asked = Asked(world)

    wrong = [
        f"{answer.column} {' '.join(line)}: {answer.cell}, not "
        f"{cells[answer.column]}; changed: {answer.changed}"
        for line, cells in EXPECTED.items()
        for answer in asked.answers(line, columns)
        if answer.cell != cells[answer.column]
    ]

    assert wrong == []
