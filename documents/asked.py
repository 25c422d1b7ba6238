"""What a database is asked for: the newest documents of some kinds."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from documents.models import SearchDocument


class Sql(NamedTuple):
    text: str
    values: Sequence[Any] = ()


class Wanted(NamedTuple):
    """The newest documents of a kind that hold the words."""

    kind: SearchDocument.Kind
    keys: Sql  # of what the reader may see
    most: int
