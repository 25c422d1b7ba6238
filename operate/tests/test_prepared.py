"""A start that has nothing new to prepare skips what the last one did."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from operate import prepared
from operate.management.commands import prepare
from operate.models import Prepared

pytestmark = pytest.mark.django_db
EVERYTHING = ["createcachetable", "import_curricula"]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that a start has run."""
    names: list[str] = []
    monkeypatch.setattr(
        prepare, "call_command", lambda name, **options: names.append(name)
    )
    monkeypatch.setattr(prepare, "collect_static", lambda: None)
    return names


def start(calls: list[str]) -> list[str]:
    calls.clear()
    call_command("prepare")
    return list(calls)


def test_a_second_start_imports_nothing(calls: list[str]) -> None:
    assert start(calls) == EVERYTHING
    assert start(calls) == []


def test_other_files_are_imported(
    calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    start(calls)

    monkeypatch.setattr(prepared, "digest", lambda: "another")

    assert start(calls) == EVERYTHING
    assert start(calls) == []
    assert Prepared.objects.count() == 1


def test_another_database_is_prepared_anew(calls: list[str]) -> None:
    start(calls)

    Prepared.objects.all().delete()

    assert start(calls) == EVERYTHING


def test_an_import_that_fails_is_tried_again(
    calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str, **options: Any) -> None:
        raise CommandError("The file is malformed.")

    with monkeypatch.context() as patch:
        patch.setattr(prepare, "call_command", fail)
        with pytest.raises(CommandError):
            call_command("prepare")

    assert start(calls) == EVERYTHING


@pytest.mark.parametrize(
    "name",
    [
        "curriculum/builtin/dl.yaml",
        "curriculum/actions/imports.py",
        "text/render.py",
        "requirements/base.txt",
    ],
)
def test_the_digest_is_of_files_and_code(
    name: str, settings: Settings, tmp_path: Path
) -> None:
    settings.BASE_DIR = tmp_path
    for each in ("curriculum/builtin/dl.yaml", "requirements/base.txt", name):
        file = tmp_path / each
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("one")
    before = prepared.digest()
    assert prepared.digest() == before

    (tmp_path / name).write_text("two")
    assert prepared.digest() != before

    (tmp_path / name).write_text("one")
    test = tmp_path / "text" / "tests" / "test_render.py"
    test.parent.mkdir(parents=True, exist_ok=True)
    test.write_text("a test")
    assert prepared.digest() == before
