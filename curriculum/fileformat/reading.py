"""A file being read: values with their lines, and what is wrong with them."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from curriculum import yamltext
from curriculum.fileformat.messages import in_words
from curriculum.fileformat.schema import LINE, SCHEMA, Json, Place, resolved, validator
from curriculum.yamltext import Fault, Node, Scalar, Sequence
from text.typed import clean_line, clean_text

# characters of a text that has a limit; a longer one is above every limit,
# cleaned or not
CLEANED_MAX = 10_000
PROBLEMS_MAX = 500


class FileProblem(NamedTuple):
    """What is wrong with a file: the line (from 1), the field as a path,
    and what to do about it.
    """

    line: int
    field: str
    message: str


class Malformed(ValueError):
    """The file cannot be imported; `problems` holds everything that is
    wrong with it.
    """

    def __init__(self, problems: list[FileProblem]) -> None:
        super().__init__(
            "\n".join(f"line {p.line}, {p.field}: {p.message}" for p in problems)
        )
        self.problems = problems


class FileReading:
    """A file being read: its values in JSON's types, the line of each, and
    the problems found so far.
    """

    def __init__(self, root: Node, faults: list[Fault] | None = None) -> None:
        self.faults = faults or []
        self.lines: dict[Place, int] = {}
        self.problems: dict[Place, tuple[int, str]] = {}
        self.document = self._value(root, SCHEMA, ())

    def add(self, place: Place, message: str, line: int | None = None) -> None:
        """Note a problem; the first one of a field wins, since the next
        would only repeat it.
        """
        self.problems.setdefault(place, (line or self.line(place), message))

    def line(self, place: Place) -> int:
        while place not in self.lines:
            place = place[:-1]
        return self.lines[place]

    def sorted_problems(self) -> list[FileProblem]:
        at = {line: place for place, line in self.lines.items()}
        problems = [
            FileProblem(line, self._path(place), words)
            for place, (line, words) in self.problems.items()
        ]
        problems += [
            FileProblem(line, self._path(at.get(line, ())), words)
            for line, words in self.faults
        ]
        problems.sort()
        if len(problems) > PROBLEMS_MAX:
            more = len(problems) - PROBLEMS_MAX
            problems[PROBLEMS_MAX:] = [
                FileProblem(
                    problems[PROBLEMS_MAX].line, "file", f"And {more} more problems."
                )
            ]
        return problems

    def check_schema(self) -> None:
        for error in validator().iter_errors(self.document):
            path = tuple(error.absolute_path)
            for name, message in in_words(error):
                if name is None:
                    self.add(path, message)
                else:
                    self.add((*path, name), message)

    def _path(self, place: Place) -> str:
        """`curriculum.steps[encounter].activities[2].title`: by slug or id where there
        is one, else counted from 1.
        """
        path, value = "", self.document
        for part in place:
            if isinstance(part, str):
                if isinstance(value, dict):
                    value = value.get(part)
                else:
                    value = None
                path += f".{part}"
            else:
                value = value[part]
                name = None
                if isinstance(value, dict):
                    name = value.get("slug") or value.get("id")
                path += f"[{name or part + 1}]"
        return path.removeprefix(".") or "file"

    def _value(self, node: Node, schema: Any, place: Place) -> Json:
        """The node as the schema wants it: a year stays a number,
        `1706.03762` and `2020-11-01` stay text.
        """
        schema = resolved(schema)
        self.lines[place] = min(node.line, self.lines.get(place, node.line))
        if isinstance(node, Scalar):
            return self._scalar(node, schema, place)
        if isinstance(node, Sequence):
            return [
                self._value(item, schema.get("items"), (*place, n))
                for n, item in enumerate(node.items)
            ]
        mapping: dict[str, Json] = {}
        properties = schema.get("properties", {})
        for key, value in node.pairs:
            if not isinstance(key, Scalar) or not key.text:
                self.add(place, "A name is missing, or is not plain text.")
                continue
            name = key.text
            inner = (*place, name)
            if inner in self.lines:
                self.add(
                    inner,
                    f"“{name}” is given twice: it is already on line {self.lines[inner]}.",
                    key.line,
                )
            elif yamltext.ODD_INDENT.match(name):
                self.add(inner, yamltext.ODD_SPACE, key.line)
            elif key.fault:
                self.add(inner, key.fault.message, key.fault.line)
            elif not _is_nothing(value):
                self.lines[inner] = key.line
                mapping[name] = self._value(
                    value,
                    properties.get(name, schema.get("additionalProperties")),
                    inner,
                )
        return mapping

    def _scalar(self, node: Scalar, schema: Mapping[str, Any], place: Place) -> Json:
        wanted = schema.get("type")
        if node.fault:
            self.add(place, node.fault.message, node.fault.line)
        elif wanted == "string":
            self._check_text(node, schema, place)
        if (
            node.plain
            and wanted == "integer"
            and re.fullmatch(r"[+-]?[0-9]{1,9}", node.text, re.ASCII)
        ):
            if re.match(r"[+-]?0[0-9]", node.text):
                self.add(
                    place,
                    f"Write the number without a zero in front: {int(node.text)}. "
                    "Some read it otherwise.",
                )
            return int(node.text)
        if node.plain and wanted == "boolean" and node.text in ("true", "false"):
            return node.text == "true"
        return _cleaned(node.text.strip(), schema)

    def _check_text(
        self, node: Scalar, schema: Mapping[str, Any], place: Place
    ) -> None:
        """Whether the text is what the file shows."""
        is_free = not {"enum", "format", "const"} & set(schema) and schema.get(
            "pattern"
        ) in (None, LINE)
        if node.plain and node.text in ("null", "Null", "NULL"):
            self.add(
                place,
                f"YAML means nothing by {node.text}: leave this field out, "
                "or put the word in quotes.",
            )
        elif is_free and node.is_cut:
            self.add(
                place,
                "A # after a space begins a comment, and the text ends before it: "
                "put the text in quotes.",
            )
        elif is_free and node.joined_on and "pattern" not in schema:
            self.add(place, yamltext.JOINED, node.joined_on)


def _cleaned(text: str, schema: Mapping[str, Any]) -> str:
    """The text in the one form in which text is stored; where a line must
    be one line, several stay several.
    """
    if "maxLength" in schema and len(text) > max(CLEANED_MAX, 2 * schema["maxLength"]):
        return text
    is_line = "pattern" in schema or "format" in schema or "enum" in schema
    if is_line and "\n" not in text:
        return clean_line(text)
    return clean_text(text).strip()


def _is_nothing(node: Node) -> bool:
    """A name with nothing behind it, which is the same as no name at all."""
    return isinstance(node, Scalar) and node.plain and node.text in ("", "~")
