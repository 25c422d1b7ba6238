"""YAML text as plain nodes that know their lines, and nothing a hostile
file could do with YAML.

Read from the parser's events, one after the other: anchors cannot
multiply, tags cannot build objects, and depth costs no recursion.
Knows no Django.
"""

from curriculum.yamltext.decoding import BYTES_MAX, TOO_LARGE, UNSHOWABLE
from curriculum.yamltext.nodes import (
    Fault,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Unreadable,
    nodes_of,
)
from curriculum.yamltext.reading import parse, read
from curriculum.yamltext.words import BACKSLASH, JOINED, ODD_INDENT, ODD_SPACE, TAB

__all__ = [
    "BACKSLASH",
    "BYTES_MAX",
    "JOINED",
    "ODD_INDENT",
    "ODD_SPACE",
    "TAB",
    "TOO_LARGE",
    "UNSHOWABLE",
    "Fault",
    "Mapping",
    "Node",
    "Scalar",
    "Sequence",
    "Unreadable",
    "nodes_of",
    "parse",
    "read",
]
