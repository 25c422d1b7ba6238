"""Rules that ruff does not check: dense Python, long lines of CSS, names, and reads of
a page that do not wait.

`python -m operate.style` prints every breach. With any the exit code is 1. It also
checks the statistics of the whole code, see `operate.figures`.
"""

import ast
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from operate.figures import figures

CSS_LINE_MAX = 120
# Classes of the document of a release have the names of the models.
TWINS = {"Activity", "Route", "Step"}
# Names that Django or another library requires, and classes inside a class.
ASKED_FOR = {"Command", "Environment", "Jinja2", "Kind", "LoginForm", "Media"}
ASKED_FOR |= {"Meta", "Role", "SessionStore"}
# Words with too many meanings for a class, a function or a module.
VAGUE = {"common", "found", "helpers", "here", "kept", "place", "said", "services"}
VAGUE |= {"utils", "where"}
# What Playwright reads of a page as it is, without waiting for what is asked for; and a
# pause, which is too short on one machine and too long on another.
HASTY = {"all", "all_inner_texts", "all_text_contents", "count", "is_checked"}
HASTY |= {"is_disabled", "is_editable", "is_enabled", "is_hidden", "is_visible"}
HASTY |= {"query_selector", "query_selector_all", "wait_for_timeout"}
# These wait first, for all others.
PATIENT = {"browser_tests/looking.py", "browser_tests/people.py"}
# Not repaired yet: a file leaves this list with its last hasty read, and none comes in.
STILL_HASTY = {
    f"browser_tests/test_{name}.py"
    for name in (
        "ask late_scripts mail_runs mentions mistakes notifications open_pages polls "
        "preferences shifts text_is_data threads"
    ).split()
}
COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class Breach(NamedTuple):
    rule: str
    path: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.words} ({self.rule})"


def nested_conditions(path: str, tree: ast.AST) -> Iterator[Breach]:
    for node in ast.walk(tree):
        if isinstance(node, ast.IfExp) and _holds_another(node):
            words = "a conditional expression inside another: write it as statements"
            yield Breach("nested condition", path, node.lineno, words)


def _holds_another(condition: ast.IfExp) -> bool:
    inside = (each for each in ast.walk(condition) if each is not condition)
    return any(isinstance(each, ast.IfExp) for each in inside)


def dense_comprehensions(path: str, tree: ast.AST) -> Iterator[Breach]:
    for node in ast.walk(tree):
        if not isinstance(node, COMPREHENSIONS):
            continue
        conditions = sum(len(each.ifs) for each in node.generators)
        if len(node.generators) > 1 or conditions > 1:
            words = "a comprehension has one `for` and at most one `if`"
            yield Breach("dense comprehension", path, node.lineno, words)


def vague_names(path: str, tree: ast.AST) -> Iterator[Breach]:
    """Functions, classes and modules with a name that says nothing."""
    if Path(path).stem in VAGUE:
        yield Breach("vague name", path, 1, f"`{Path(path).stem}` says nothing")
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        if node.name.strip("_").lower() in VAGUE:
            words = f"`{node.name}` says nothing"
            yield Breach("vague name", path, node.lineno, words)


def classes_named_twice(trees: dict[str, ast.AST]) -> Iterator[Breach]:
    """Each class with the name of an earlier class: a name has one meaning."""
    places: dict[str, list[Breach]] = defaultdict(list)
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                words = f"there is another class `{node.name}`"
                breach = Breach("class name", path, node.lineno, words)
                places[node.name].append(breach)
    for name in sorted(set(places) - TWINS - ASKED_FOR):
        yield from places[name][1:]


def long_css_lines(path: str, text: str) -> Iterator[Breach]:
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > CSS_LINE_MAX:
            words = f"{len(line)} characters, at most {CSS_LINE_MAX}"
            yield Breach("CSS line", path, number, words)


def hasty_reads(path: str, tree: ast.AST) -> Iterator[Breach]:
    """What a browser test reads in a page that may still be the page before, and what
    it waits for that may have come already.
    """
    for node in ast.walk(tree):
        words = _haste_of(node)
        if words:
            yield Breach("hasty read", path, getattr(node, "lineno", 1), words)


def _haste_of(node: ast.AST) -> str:
    match node:
        case ast.Call(func=ast.Attribute(attr="wait_for_timeout")):
            return "a pause waits for nothing: wait for what comes, see people.py"
        case ast.Call(func=ast.Attribute(attr=name), args=[]) if name in HASTY:
            return f"`{name}` does not wait: use `expect`, or `meets` of a person"
        case ast.Call(args=[ast.Constant("networkidle")]):
            return "the network was idle before: wait for the answer that is meant"
        case ast.Attribute(
            attr="url", value=ast.Name("page") | ast.Attribute(attr="page")
        ):
            return "`page.url` does not wait: use what `is_at` gives"
        case ast.With(
            items=[ast.withitem(ast.Call(ast.Attribute(attr=name)))], body=[ast.Pass()]
        ):
            return f"`{name}` begins too late: put what causes it inside"
    return ""


def breaches_of_python(sources: dict[str, str]) -> list[Breach]:
    trees: dict[str, ast.AST] = {
        path: ast.parse(text) for path, text in sources.items()
    }
    breaches = list(classes_named_twice(trees))
    for path, tree in trees.items():
        breaches += nested_conditions(path, tree)
        breaches += dense_comprehensions(path, tree)
        breaches += vague_names(path, tree)
    return breaches


def tracked(*patterns: str) -> dict[str, str]:
    """The contents of the project's files that match the patterns, by path."""
    listed = subprocess.run(
        ["git", "ls-files", *patterns], capture_output=True, text=True, check=True
    )
    paths = [path for path in listed.stdout.split() if Path(path).exists()]
    return {path: Path(path).read_text("utf-8") for path in paths}


def is_product(path: str) -> bool:
    """Whether the file is part of the product, and not a test or a tool."""
    parts = Path(path).parts
    beside = {"bench", "browser_tests", "chaos", "docs", "migrations", "tests"}
    return not beside & set(parts) and parts[-1] not in ("conftest.py", "testing.py")


def main() -> int:
    sources = tracked("*.py")
    product = {path: text for path, text in sources.items() if is_product(path)}
    breaches = breaches_of_python(product)
    for path in set(tracked("browser_tests/*.py")) - PATIENT - STILL_HASTY:
        breaches += hasty_reads(path, ast.parse(sources[path]))
    for path, text in tracked("static/css/*.css", "templates/*.css").items():
        breaches += long_css_lines(path, text)
    for breach in sorted(breaches):
        print(breach)
    beside = {
        path: text
        for path, text in sources.items()
        if path not in product and "/migrations/" not in path
    }
    groups = {"product": product, "tests and tools": beside}
    return print_figures(groups) or bool(breaches)


def print_figures(groups: Mapping[str, Mapping[str, str]]) -> bool:
    """Print the figures that are over their limit. Return whether there are any."""
    is_over = False
    for name, sources in groups.items():
        for figure in figures(sources):
            if figure.is_over:
                print(f"{name}: {figure}")
                is_over = True
    return is_over


if __name__ == "__main__":
    sys.exit(main())
