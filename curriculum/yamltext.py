"""YAML text as plain nodes that know their lines, and nothing a hostile file could do with YAML.

Read from the parser's events, one after the other: anchors cannot multiply, tags cannot build objects, and depth
costs no recursion. Knows no Django.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

BYTES_MAX = 2_000_000
DEPTH_MAX = 16
NODES_MAX = 200_000

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What YAML reads but a page, a line or a database cannot hold.
UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")

# The parser's words, and ours.
WORDS = (
    ("found a tab character", "This line is indented with a tab: use spaces."),
    ("mapping values are not allowed", "A colon followed by a space stands inside a value: put the value in quotes."),
    ("cannot start any token", "A value starts with a tab or a sign that YAML keeps for itself: put it in quotes."),
    ("could not find expected ':'", "A name without its colon, or a line that is not indented enough."),
    ("did not find expected key", "This line does not fit the indentation or the quotes above it."),
    ("expected <block end>", "This line does not fit the indentation or the quotes above it."),
    ("did not find expected '-' indicator", "This line does not fit the list above it: check the indentation."),
    ("unexpected end of stream", "The text ends inside quotes that were opened here or above."),
    ("did not find expected ',' or", "A list or mapping in brackets is not closed."),
    ("did not find expected node content", "A list or mapping in brackets is not closed, or holds a sign to quote."),
    ("expected ',' or", "A list or mapping in brackets is not closed."),
    ("block sequence entries are not allowed", "A list cannot start on this line: move the dash to a line of its own."),
    ("unknown escape", "A backslash in double quotes: use single quotes, or write it twice."),
    ("special characters are not allowed", "The file holds a character that cannot be shown."),
    ("control characters are not allowed", "The file holds a character that cannot be shown."),
)


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


@dataclass(slots=True)
class Sequence:
    line: int
    items: "list[Node]" = field(default_factory=list)


@dataclass(slots=True)
class Mapping:
    line: int
    pairs: "list[tuple[Node, Node]]" = field(default_factory=list)


Node = Scalar | Sequence | Mapping


def decoded(source: str | bytes) -> str:
    """The text of a file, with plain line ends. Raises Unreadable when it is too long or not UTF-8."""
    raw = source if isinstance(source, bytes) else source.encode("utf-8", "surrogatepass")
    if len(raw) > BYTES_MAX:
        raise Unreadable(1, f"The file is larger than {BYTES_MAX // 1_000_000} MB.")
    try:
        text = raw.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Unreadable(line, "The file is not UTF-8 text: save it as UTF-8 and try again.") from None
    if odd := UNSHOWABLE.search(text):
        line = text.count("\n", 0, odd.start()) + 1
        raise Unreadable(line, f"The file holds a character that cannot be shown (U+{ord(odd.group()):04X}).")
    return text


def parse(source: str | bytes) -> Node:
    """The one document that the text holds. Raises Unreadable."""
    text = decoded(source)
    try:
        return _composed(yaml.parse(text, Loader=Loader))
    except yaml.YAMLError as error:
        raise Unreadable(_line_of(error), _in_words(error)) from None


def _composed(events: Iterator[yaml.Event]) -> Node:
    root: Node | None = None
    open_nodes: list[Sequence | Mapping] = []
    keys: list[Node | None] = []  # of each open node: the key that waits for its value
    for count, event in enumerate(events):
        if isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            open_nodes.pop()
            keys.pop()
            continue
        if isinstance(event, yaml.DocumentStartEvent) and root is not None:
            raise Unreadable(_line(event), "The file holds a second document after a line of dashes.")
        if not isinstance(event, yaml.NodeEvent):
            continue
        node = _node(event)
        if count > NODES_MAX or len(open_nodes) >= DEPTH_MAX:
            raise Unreadable(node.line, "The file holds more, or deeper nested, values than a curriculum can have.")
        if not open_nodes:
            root = node
        elif isinstance(parent := open_nodes[-1], Sequence):
            parent.items.append(node)
        elif (key := keys[-1]) is None:
            keys[-1] = node
        else:
            parent.pairs.append((key, node))
            keys[-1] = None
        if not isinstance(node, Scalar):
            open_nodes.append(node)
            keys.append(None)
    if root is None:
        raise Unreadable(1, "The file is empty.")
    return root


def _node(event: yaml.NodeEvent) -> Node:
    line = _line(event)
    if event.anchor:
        raise Unreadable(line, "Names that start with & or * have a meaning in YAML that curriculum files do not use.")
    if getattr(event, "tag", None) not in (None, "!"):
        raise Unreadable(line, "Words that start with ! have a meaning in YAML that curriculum files do not use.")
    if isinstance(event, yaml.ScalarEvent):
        return Scalar(line, event.value, plain=event.style in (None, "") and event.implicit[0])
    return Sequence(line) if isinstance(event, yaml.SequenceStartEvent) else Mapping(line)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _line_of(error: yaml.YAMLError) -> int:
    """Where the fault is; for a quote or bracket that is never closed, where it was opened."""
    places = ["problem_mark", "context_mark"]
    if "end of stream" in str(error) or "expected ',' or" in str(error):
        places.reverse()
    marks = (getattr(error, place, None) for place in places)
    return next((int(mark.line) + 1 for mark in marks if mark), 1)


def _in_words(error: yaml.YAMLError) -> str:
    said = str(getattr(error, "problem", "") or error)
    return next((ours for theirs, ours in WORDS if theirs in said), f"This is not readable as YAML: {said}.")
