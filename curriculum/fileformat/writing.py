"""The document as YAML that people can edit."""

import re
from typing import Any

import yaml

from curriculum import yamltext
from curriculum.fileformat.keys import in_canonical_form
from curriculum.fileformat.schema import FORMAT, SCHEMA, Document, Json


def dump(document: Document) -> str:
    """The document as YAML that people can edit: block style, fields in a
    fixed order, defaults left out.
    """
    written = {
        "format": FORMAT,
        **in_canonical_form(document, SCHEMA, leave_defaults=True),
    }
    return yaml.dump(
        written,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=110,
        indent=2,
    )


class _Dumper(yaml.SafeDumper):
    """Long text in blocks, short lists of words on one line, and never an
    escape in double quotes.

    PyYAML uses double quotes where a tab stands in a text or a
    space at the end of a line. Curricula are full of backslashes, and in
    double quotes the file would no longer show what the text says.
    """

    def ignore_aliases(self, data: object) -> bool:
        return True

    def analyze_scalar(self, scalar: str) -> Any:
        analysis = super().analyze_scalar(scalar)
        if not yamltext.UNSHOWABLE.search(scalar):
            # A literal block and single quotes hold every character that
            # can be shown just as it is.
            analysis.allow_block = bool(scalar)
            analysis.allow_single_quoted = not analysis.multiline
        return analysis


def _written_text(dumper: Any, text: str) -> yaml.ScalarNode:
    style = None
    if "\n" in text:
        style = "|"
    elif len(text) > 80 and not re.search(r"^\s|\s\s|[^\S ]|\s$", text):
        style = ">"
    elif re.search(r"^\s|\s$|[^\S ]", text):
        style = "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _written_list(dumper: Any, items: list[Json]) -> yaml.SequenceNode:
    short = (
        all(isinstance(item, str) for item in items)
        and sum(len(item) + 2 for item in items) < 80
    )
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=short)


_Dumper.add_representer(str, _written_text)
_Dumper.add_representer(list, _written_list)
