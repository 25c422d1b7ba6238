"""Many rows, a bounded number of them at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Each = TypeVar("Each")


def batches(rows: Iterable[Each], size: int) -> Iterator[list[Each]]:
    """The rows in lists of `size`; the last may be shorter."""
    rest = iter(rows)
    while batch := list(islice(rest, size)):
        yield batch
