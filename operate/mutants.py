"""`make mutants APP=curriculum`: whether the tests notice wrong code.

A mutant is a copy of the project in which one condition, operator or constant of the
app is changed. The app's tests that name the changed module run against it. If they
all pass, the mutant is printed: no test depends on that code.
"""

import argparse
import ast
import copy
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt,
    ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add,
}  # fmt: skip
# Queryset methods that a mutant may leave out.
LEFT_OUT = {"exclude", "filter", "select_for_update"}
SECONDS_MAX = 240  # for the tests of one mutant


class Mutant(NamedTuple):
    path: str
    line: int
    was: str
    source: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.was}"


def changed(node: ast.AST) -> ast.AST | None:
    """The node with one change; None if nothing in it can be changed."""
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in SWAPPED:
            node.ops = [SWAPPED[type(operator)]()]  # type: ignore[list-item]
        case ast.BoolOp() | ast.BinOp() if type(node.op) in SWAPPED:
            node.op = SWAPPED[type(node.op)]()  # type: ignore[assignment]
        case ast.BinOp(op=ast.BitOr()):
            node.left, node.right = node.right, node.left
        case ast.UnaryOp(op=ast.Not()):
            return node.operand
        case ast.Constant(value=bool()):
            node.value = not node.value
        case ast.Constant(value=int()):
            node.value = int(node.value) + 1  # type: ignore[arg-type]
        case ast.Call(func=ast.Attribute(attr=name, value=rows)) if name in LEFT_OUT:
            return rows
        case _:
            return None
    return node


class _Changer(ast.NodeTransformer):
    """Changes the node with this number, in the order of `ast.walk`."""

    def __init__(self, target: ast.AST) -> None:
        self.target = target

    def visit(self, node: ast.AST) -> ast.AST:
        if node is self.target:
            return changed(node) or node
        return self.generic_visit(node)


def mutants(path: str, source: str) -> Iterator[Mutant]:
    tree = ast.parse(source)
    types = set(_types(tree))
    for number, node in enumerate(ast.walk(tree)):
        if node in types or changed(copy.deepcopy(node)) is None:
            continue
        twin = copy.deepcopy(tree)
        _Changer(list(ast.walk(twin))[number]).visit(twin)
        line = getattr(node, "lineno", 0)
        yield Mutant(path, line, ast.unparse(node), ast.unparse(twin) + "\n")


def _types(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes of annotations, which change nothing while the program runs."""
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            if annotation := getattr(node, name, None):
                yield from ast.walk(annotation)


def nearest_tests(root: Path, path: Path) -> list[str]:
    """The test files of the app that name the module; all of them if none does."""
    tests = sorted((root / path.parts[0] / "tests").rglob("test_*.py"))
    names = {path.stem, path.parent.name} - {path.parts[0], "__init__"}
    near = [each for each in tests if names & set(_words(each))]
    return [str(each.relative_to(root)) for each in near or tests]


def _words(path: Path) -> list[str]:
    return re.findall(r"\w+", path.read_text("utf-8"))


def survives(root: Path, mutant: Mutant) -> bool:
    """Whether all tests pass with the mutant."""
    target = root / mutant.path
    right = target.read_text("utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:xdist"]
    command += nearest_tests(root, Path(mutant.path))
    target.write_text(mutant.source, "utf-8")
    # The copy's own configuration names the settings of its tests.
    env = {**os.environ}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    try:
        done = subprocess.run(
            command, cwd=root, env=env, capture_output=True, timeout=SECONDS_MAX
        )
    except subprocess.TimeoutExpired:
        return False
    finally:
        target.write_text(right, "utf-8")
    return done.returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("app", help="an app, a folder or a module of the project")
    parser.add_argument("--count", type=int, default=20, help="how many mutants")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    given = Path(options.app)
    modules = sorted(given.rglob("*.py"))
    if given.suffix:
        modules = [given]
    every: list[Mutant] = []
    for path in modules:
        if not {"tests", "migrations"} & set(path.parts):
            every += mutants(str(path), path.read_text("utf-8"))
    chosen = random.Random(options.seed).sample(every, min(options.count, len(every)))
    survivors = 0
    with tempfile.TemporaryDirectory(prefix="minibatch-mutants-") as folder:
        root = Path(folder) / "project"
        ignored = shutil.ignore_patterns(".git", ".venv", "data", "__pycache__")
        shutil.copytree(".", root, ignore=ignored)
        for mutant in sorted(chosen):
            if survives(root, mutant):
                survivors += 1
                print(f"survived {mutant}", flush=True)
    print(f"{survivors} of {len(chosen)} mutants survived, of {len(every)} possible")
    return 0


if __name__ == "__main__":
    sys.exit(main())
