"""Statistics of the whole Python code, and the largest value that each may have.

`python -m operate.style` checks them for the product, and for tests and tools. Blank
lines do not count; docstrings and comments do.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median

# Nine in ten lines have at most this many characters.
LINE_LENGTH = 75
CONDITIONAL_EXPRESSIONS = 8.0  # in 1,000 lines
# Half of the functions have at most this many lines, including the docstring.
FUNCTION_LINES = 9


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    value: float
    most: float

    @property
    def is_over(self) -> bool:
        return self.value > self.most

    def __str__(self) -> str:
        return f"{self.name}: {self.value:g}, at most {self.most:g}"


def figures(sources: Mapping[str, str]) -> list[Figure]:
    """The figures of these files, by path."""
    trees = [ast.parse(text) for text in sources.values()]
    lengths = sorted(_line_lengths(sources))
    conditions = sum(_conditional_expressions(tree) for tree in trees)
    functions: list[int] = []
    for tree in trees:
        functions += _function_lines(tree)
    return [
        Figure(
            "characters in nine of ten lines",
            lengths[len(lengths) * 9 // 10],
            LINE_LENGTH,
        ),
        Figure(
            "conditional expressions in 1,000 lines",
            round(conditions * 1000 / len(lengths), 1),
            CONDITIONAL_EXPRESSIONS,
        ),
        Figure(
            "lines in half of the functions",
            median(functions),
            FUNCTION_LINES,
        ),
    ]


def _line_lengths(sources: Mapping[str, str]) -> Iterator[int]:
    for text in sources.values():
        for line in text.splitlines():
            if line.strip():
                yield len(line)


def _conditional_expressions(tree: ast.AST) -> int:
    return sum(isinstance(node, ast.IfExp) for node in ast.walk(tree))


def _function_lines(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1
