"""The curriculum file: YAML text in, one checked document out, and back.

The same document is import, export and release. `fileformat.schema.json`
describes every field; what a schema cannot say (references, uniqueness,
keys) is checked in `lint`. All problems come at once, each with its line.
Knows no Django.
"""

from curriculum.fileformat.keys import (
    activity_key,
    canonical,
    derive_keys,
    section_key,
)
from curriculum.fileformat.lint import RESERVED, Namesake
from curriculum.fileformat.loading import (
    BYTES_MAX,
    TOO_LARGE,
    declared,
    load,
    problems_of,
)
from curriculum.fileformat.reading import PROBLEMS_MAX, FileProblem, Malformed
from curriculum.fileformat.schema import (
    FORMAT,
    SCHEMA,
    Document,
    is_web_address,
    plain_fields,
)
from curriculum.fileformat.writing import dump

__all__ = [
    "BYTES_MAX",
    "FORMAT",
    "PROBLEMS_MAX",
    "RESERVED",
    "SCHEMA",
    "TOO_LARGE",
    "Document",
    "FileProblem",
    "Malformed",
    "Namesake",
    "activity_key",
    "canonical",
    "declared",
    "derive_keys",
    "dump",
    "is_web_address",
    "load",
    "plain_fields",
    "problems_of",
    "section_key",
]
