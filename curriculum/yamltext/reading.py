"""Text as nodes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from curriculum.yamltext.decoding import decoded, with_plain_indent
from curriculum.yamltext.nodes import (
    Fault,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Text,
    Unreadable,
)
from curriculum.yamltext.words import (
    BACKSLASH,
    LONE_BACKSLASH,
    MENDED_MAX,
    OWN_LINE,
    words_for,
)

DEPTH_MAX = 16
NODES_MAX = 200_000

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(source: str | bytes) -> Node:
    """The one document that the text holds.

    Raises Unreadable with the first fault.
    """
    text = read(source)
    if text.root is None or text.faults:
        raise Unreadable(*min(text.faults))
    return text.root


def read(source: str | bytes) -> Text:
    """Take the text apart as far as possible.

    A line that is indented with tabs or special spaces is noted and read
    as if it had spaces, so that the rest of the file is looked at too.
    """
    faults: list[Fault] = []
    try:
        text = decoded(source, faults)
    except Unreadable as error:
        return Text(None, [Fault(error.line, error.message)])
    stand_in = next(
        chr(code) for code in range(0xE000, 0xF900) if chr(code) not in text
    )
    text = LONE_BACKSLASH.sub(lambda match: match[1] or stand_in, text)
    is_corrected = False
    for _ in range(MENDED_MAX):
        try:
            return Text(
                _composed(yaml.parse(text, Loader=Loader), _Source(text, stand_in)),
                faults,
            )
        except Unreadable as error:
            return Text(None, [*faults, Fault(error.line, error.message)])
        except yaml.YAMLError as error:
            line = line_of(error)
            corrected = with_plain_indent(text, line, faults)
            if corrected is None:
                # After a line was corrected by guess, the next error may be
                # the guess's own.
                if not is_corrected:
                    faults = [*faults, Fault(line, words_for(error, text, line))]
                return Text(None, faults)
            is_corrected = True
            text = corrected
    return Text(None, faults)


def _composed(events: Iterator[yaml.Event], source: "_Source") -> Node:
    root: Node | None = None
    open_nodes: list[Sequence | Mapping] = []
    keys: list[Node | None] = []  # of each open node: the key that waits for its value
    for count, event in enumerate(events):
        if isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            open_nodes.pop()
            keys.pop()
            continue
        if isinstance(event, yaml.DocumentStartEvent) and root is not None:
            raise Unreadable(
                line_of_mark(event),
                "The file holds a second document after a line of dashes.",
            )
        if not isinstance(event, yaml.NodeEvent):
            continue
        node = _node(event, source)
        if count > NODES_MAX or len(open_nodes) >= DEPTH_MAX:
            raise Unreadable(
                node.line,
                "The file holds more, or deeper nested, values than a curriculum can have.",
            )
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


def _node(event: yaml.NodeEvent, source: "_Source") -> Node:
    line = line_of_mark(event)
    if event.anchor:
        raise Unreadable(
            line,
            "Names that start with & or * have a meaning in YAML that curriculum files do not use.",
        )
    if getattr(event, "tag", None) not in (None, "!"):
        raise Unreadable(
            line,
            "Words that start with ! have a meaning in YAML that curriculum files do not use.",
        )
    if isinstance(event, yaml.ScalarEvent):
        return source.scalar(event)
    if isinstance(event, yaml.SequenceStartEvent):
        return Sequence(line)
    return Mapping(line)


@dataclass(frozen=True, slots=True)
class _Source:
    """The text that the events are about; `stand_in` stands for
    backslashes that have no meaning outside of quotes.
    """

    text: str
    stand_in: str

    def scalar(self, event: yaml.ScalarEvent) -> Scalar:
        plain = event.style in (None, "") and event.implicit[0]
        scalar = Scalar(
            line_of_mark(event), event.value.replace(self.stand_in, "\\"), plain=plain
        )
        assert event.start_mark  # the parser sets both
        assert event.end_mark
        raw = self.text[event.start_mark.index : event.end_mark.index]
        if event.style == '"' and self.stand_in in raw:
            scalar.fault = Fault(
                scalar.line + raw.count("\n", 0, raw.index(self.stand_in)), BACKSLASH
            )
        if plain:
            rest = self.text[event.end_mark.index : event.end_mark.index + 200]
            scalar.is_cut = bool(re.match(r"[ \t]+#", rest))
        if event.style != "|" and "\n" in raw.rstrip():
            scalar.joined_on = _joined_on(raw, scalar.line, is_block=event.style == ">")
        return scalar


def _joined_on(raw: str, first: int, *, is_block: bool) -> int:
    """The first line that YAML joins to the one before it although it
    begins a list, a table, a formula; else 0.
    """
    lines = raw.rstrip().split("\n")
    if is_block:
        before = ""
    else:
        before = lines[0]
    indent = len(lines[1]) - len(lines[1].lstrip(" "))
    for number, line in enumerate(lines[1:], first + 1):
        keeps_its_end = is_block and line.startswith(" " * (indent + 1))
        if before.strip() and not keeps_its_end and OWN_LINE.match(line):
            return number
        if keeps_its_end:
            before = ""
        else:
            before = line
    return 0


def line_of_mark(event: yaml.Event) -> int:
    assert event.start_mark  # the parser sets it
    return event.start_mark.line + 1


def line_of(error: yaml.YAMLError) -> int:
    """Where the fault is; for a quote or bracket that is never closed,
    where it was opened.
    """
    places = ["problem_mark", "context_mark"]
    if "end of stream" in str(error) or "expected ',' or" in str(error):
        places.reverse()
    marks = (getattr(error, place, None) for place in places)
    return next((int(mark.line) + 1 for mark in marks if mark), 1)
