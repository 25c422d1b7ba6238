"""What importing a document would change: rows to create, to
change and to retire.

Reads, and writes nothing.
"""

from curriculum.changes.library import known
from curriculum.changes.plan import changes
from curriculum.changes.rows import Changes, ImportConflict, Rows

__all__ = ["Changes", "ImportConflict", "Rows", "changes", "known"]
