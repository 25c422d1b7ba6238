"""Every change of what is taught."""

from curriculum.actions.imports import (
    has_been_edited,
    import_document,
    import_shipped,
)
from curriculum.actions.keys import namesakes, settle_key, shared_ticks
from curriculum.actions.library import index_resources
from curriculum.actions.releases import (
    DraftChanged,
    LintFailed,
    NothingChanged,
    html_of,
    lint,
    publish,
)
from curriculum.actions.rows import AddressTaken, append, bring_back, move, retire
from curriculum.changes import ImportConflict

__all__ = [
    "AddressTaken",
    "DraftChanged",
    "ImportConflict",
    "LintFailed",
    "NothingChanged",
    "append",
    "bring_back",
    "has_been_edited",
    "html_of",
    "import_document",
    "import_shipped",
    "index_resources",
    "lint",
    "move",
    "namesakes",
    "publish",
    "retire",
    "settle_key",
    "shared_ticks",
]
