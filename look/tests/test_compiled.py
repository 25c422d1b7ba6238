"""Compiled templates are kept, and compiled again when anything about them changes."""

from collections.abc import Callable
from pathlib import Path

import jinja2
import pytest
from django.test import override_settings

from look.compiled import CompiledTemplates, compiler
from look.environment import Environment


class Counting(jinja2.Environment):
    """Counts what it compiles."""

    compiled = 0

    def compile(self, *args: object, **options: object) -> object:  # type: ignore[override]
        self.compiled += 1
        return super().compile(*args, **options)  # type: ignore[call-overload]


@pytest.fixture
def render(tmp_path: Path) -> Callable[..., tuple[str, int]]:
    """The text of the template `page` in a new process, and how many were compiled."""

    def render(source: str = "{{ 1 + 1 }}", compiler: str = "first") -> tuple[str, int]:
        environment = Counting(
            loader=jinja2.DictLoader({"page": source}),
            bytecode_cache=CompiledTemplates(tmp_path / "templates", compiler),
        )
        return environment.get_template("page").render(), environment.compiled

    return render


def test_a_template_is_compiled_once(render: Callable[..., tuple[str, int]]) -> None:
    assert render() == ("2", 1)
    assert render() == ("2", 0)


def test_a_template_that_was_edited_is_compiled_again(
    render: Callable[..., tuple[str, int]], tmp_path: Path
) -> None:
    render()

    assert render("{{ 2 + 1 }}") == ("3", 1)
    assert render("{{ 2 + 1 }}") == ("3", 0)
    assert len(list((tmp_path / "templates").iterdir())) == 1


def test_another_compiler_compiles_again(
    render: Callable[..., tuple[str, int]],
) -> None:
    render()

    assert render(compiler="second") == ("2", 1)


@pytest.mark.parametrize("length", [0, 9, 30, 100])
def test_a_file_that_was_cut_short_is_written_again(
    render: Callable[..., tuple[str, int]], tmp_path: Path, length: int
) -> None:
    render()
    [kept] = (tmp_path / "templates").iterdir()
    kept.write_bytes(kept.read_bytes()[:length])

    assert render() == ("2", 1)
    assert render() == ("2", 0)


def test_a_folder_that_cannot_be_written_costs_time_only(
    render: Callable[..., tuple[str, int]], tmp_path: Path
) -> None:
    (tmp_path / "templates").write_text("in the way")

    assert render() == ("2", 1)
    assert render() == ("2", 1)


def test_the_compiler_is_named_by_language_and_class() -> None:
    ours = compiler(Environment)

    assert compiler(Environment) == ours
    assert compiler(Counting) != ours
    with override_settings(LANGUAGE_CODE="de"):
        assert compiler(Environment) != ours
    with override_settings(USE_I18N=True):
        assert compiler(Environment) != ours
