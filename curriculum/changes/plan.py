"""Everything that a document would change."""

from collections.abc import Iterable
from datetime import datetime

from curriculum.changes.draft import settle_curriculum
from curriculum.changes.library import Library, settle_resources
from curriculum.changes.rows import Changes
from curriculum.fileformat import Document


def changes(document: Document, *, now: datetime, keep: Iterable[str] = ()) -> Changes:
    """What the checked document would change here.

    `keep` are resources whose facts stay as they are.

    Rows are found by key, resources by slug, sections by slug
    within them. What a curriculum had and the document lacks is
    retired; resources and sections are never retired. Raises
    ImportConflict. A fixed number of queries.
    """
    found = Changes()
    library = settle_resources(found, document.get("resources", {}), set(keep))
    if "curriculum" in document:
        settle_curriculum(
            found, document["curriculum"], Library(document, library), now
        )
    return found
