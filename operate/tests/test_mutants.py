import ast
from pathlib import Path

import pytest

from operate import mutants

ADULT = "def is_adult(age):\n    return age >= 18\n"
HOLDS = "from app.ages import is_adult\n\n\ndef test_it():\n    assert is_adult(18)\n"
HOLDS_NOT = HOLDS.replace("is_adult(18)", "is_adult(40)")


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("a >= b", {"a > b"}),
        ("a == b", {"a != b"}),
        ("a and b", {"a or b"}),
        ("not a", {"a"}),
        ("a + 1", {"a - 1", "a + 2"}),
        ("a | b", {"b | a"}),
        ("f(True)", {"f(False)"}),
        ("rows.filter(a=b)", {"rows"}),
        ("rows.order_by(a)", set()),
        ("a: int | None = b", set()),
        ("def f(a: int | None) -> str | None: pass", set()),
    ],
)
def test_each_mutant_has_one_thing_wrong(source: str, wrong: set[str]) -> None:
    found = {each.source.strip() for each in mutants.mutants("a.py", source)}

    assert found == {ast.unparse(ast.parse(each)) for each in wrong}


def project(root: Path, test: str) -> mutants.Mutant:
    (root / "app" / "tests").mkdir(parents=True)
    (root / "app" / "ages.py").write_text(ADULT)
    (root / "app" / "tests" / "test_ages.py").write_text(test)
    return next(mutants.mutants("app/ages.py", ADULT))


def test_a_mutant_that_a_test_sees_does_not_survive(tmp_path: Path) -> None:
    mutant = project(tmp_path, HOLDS)

    assert not mutants.survives(tmp_path, mutant)
    assert (tmp_path / "app" / "ages.py").read_text() == ADULT


def test_a_mutant_that_no_test_sees_survives(tmp_path: Path) -> None:
    assert mutants.survives(tmp_path, project(tmp_path, HOLDS_NOT))


def test_the_tests_that_name_the_module_are_the_nearest(tmp_path: Path) -> None:
    project(tmp_path, HOLDS)
    tests = tmp_path / "app" / "tests"
    (tests / "test_other.py").write_text("import os\n")
    (tests / "pages").mkdir()
    (tests / "pages" / "test_page.py").write_text("from app import ages\n")

    assert mutants.nearest_tests(tmp_path, Path("app/ages.py")) == [
        "app/tests/pages/test_page.py",
        "app/tests/test_ages.py",
    ]
