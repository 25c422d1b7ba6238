"""YAML text in, one checked document out."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from curriculum import yamltext
from curriculum.fileformat.document import items
from curriculum.fileformat.keys import derive_keys
from curriculum.fileformat.lint import (
    Namesake,
    check_keys,
    check_markdown,
    check_references,
    check_shared_ticks,
    check_successors,
    check_uniqueness,
)
from curriculum.fileformat.reading import FileProblem, FileReading, Malformed
from curriculum.fileformat.schema import Document

BYTES_MAX, TOO_LARGE = yamltext.BYTES_MAX, yamltext.TOO_LARGE


def load(
    source: str | bytes,
    known_resources: Collection[str] = frozenset(),
    known_sections: Collection[tuple[str, str]] = frozenset(),
    known_activities: Mapping[str, Collection[Namesake]] = MappingProxyType({}),
) -> Document:
    """The document that the file holds: canonical, with every key.

    `known_resources` are the ids in the library, `known_sections` pairs of
    a resource's and a section's id, `known_activities` the activities
    under each key. Raises Malformed.
    """
    text = yamltext.read(source)
    if text.root is None:
        raise Malformed(
            [
                FileProblem(line, "file", message)
                for line, message in sorted(text.faults)
            ]
        )
    return _checked(
        FileReading(text.root, text.faults),
        known_resources,
        known_sections,
        known_activities,
    )


def problems_of(document: Document) -> list[FileProblem]:
    """What `load` would say about the document as a file; the
    lines mean nothing.
    """
    try:
        _checked(FileReading(yamltext.nodes_of(document)), (), (), {})
    except Malformed as error:
        return error.problems
    return []


def _checked(
    reading: "FileReading",
    known_resources: Collection[str],
    known_sections: Collection[tuple[str, str]],
    known_activities: Mapping[str, Collection[Namesake]],
) -> Document:
    document = reading.document
    if not reading.problems and not isinstance(document, dict):
        reading.add((), "The file must hold names with values, like “format: 1”.")
    if isinstance(document, dict):
        reading.check_schema()
        for check in (
            check_references,
            check_uniqueness,
            check_successors,
            check_markdown,
        ):
            check(reading, document, known_resources, known_sections)
    if not reading.problems:
        # Derived keys come from slugs, so keys are compared when all else
        # is right.
        document = derive_keys(document)
        check_keys(reading, document)
        check_shared_ticks(reading, document, known_activities)
    if reading.problems or reading.faults:
        raise Malformed(reading.sorted_problems())
    return document


def declared(source: str | bytes) -> tuple[set[str], set[tuple[str, str]]]:
    """Ids of the resources in a file that may be wrong in other ways, and
    of their sections, as `load` takes them.
    """
    root = yamltext.read(source).root
    document = None
    if root:
        document = FileReading(root).document
    resources: set[str] = set()
    sections: set[tuple[str, str]] = set()
    for place, resource in items(document, "resources", ()):
        slug = str(place[-1])
        resources.add(slug)
        for _, part in items(resource, "sections", ()):
            sections.add((slug, str(part.get("id"))))
    return resources, sections
