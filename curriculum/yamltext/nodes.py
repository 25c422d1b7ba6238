"""Values with their lines."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Fault(NamedTuple):
    """What is wrong on a line (from 1), and what to do about it."""

    line: int
    message: str


class Unreadable(ValueError):
    """The text cannot be taken apart any further than `line` (from 1)."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message


@dataclass(slots=True)
class Scalar:
    line: int
    text: str
    plain: bool  # written without quotes
    fault: Fault | None = None  # the value is not what the file shows
    is_cut: bool = False  # a comment follows on the same line
    # the line of a list, table or formula that YAML has joined to the one
    # before it
    joined_on: int = 0


@dataclass(slots=True)
class Sequence:
    line: int
    items: "list[Node]" = field(default_factory=list)


@dataclass(slots=True)
class Mapping:
    line: int
    pairs: "list[tuple[Node, Node]]" = field(default_factory=list)


Node = Scalar | Sequence | Mapping


@dataclass(slots=True)
class Text:
    """A file taken apart: its one document, None where that cannot be, and
    what is wrong with lines of it.
    """

    root: Node | None
    faults: list[Fault]


def nodes_of(value: object) -> Node:
    """A value in JSON's types as nodes, as if it had been read: for checks
    that take nodes.
    """
    if isinstance(value, dict):
        return Mapping(
            1,
            [
                (Scalar(1, str(name), plain=True), nodes_of(inner))
                for name, inner in value.items()
            ],
        )
    if isinstance(value, list):
        return Sequence(1, [nodes_of(inner) for inner in value])
    if isinstance(value, bool):
        return Scalar(1, str(value).lower(), plain=True)
    return Scalar(1, str(value), plain=not isinstance(value, str))
