"""Rows of a draft: their order, and whether they belong to it."""

from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from curriculum.models import Activity, Curriculum, Route, Step

# What has a position among others, and what can be out of the draft.
Placed = TypeVar("Placed", Step, Route, Activity)
Retired = TypeVar("Retired", Curriculum, Step, Route, Activity)


@transaction.atomic
def move(row: Placed, siblings: QuerySet[Placed], *, up: bool) -> bool:
    """Put a row one place up or down among its siblings in the draft;
    whether there was a place.
    """
    rows = list(
        siblings.filter(retired_at=None).select_for_update().order_by("position", "pk")
    )
    at = next((n for n, each in enumerate(rows) if each.pk == row.pk), None)
    if at is None:
        return False
    to = at + 1
    if up:
        to = at - 1
    if not 0 <= to < len(rows):
        return False
    rows[at], rows[to] = rows[to], rows[at]
    for position, each in enumerate(rows):
        each.position = position
    type(row)._default_manager.bulk_update(rows, ["position"])
    return True


def append(row: Placed, siblings: QuerySet[Placed]) -> None:
    """Give a new row the last position; it is not saved."""
    last = siblings.order_by("-position").values_list("position", flat=True).first()
    if last is None:
        row.position = 0
    else:
        row.position = last + 1


def retire(rows: QuerySet[Retired], *, now: datetime) -> int:
    """Take steps, routes, activities or curricula out of the draft; how
    many were in it.
    """
    return rows.filter(retired_at=None).update(retired_at=now)


class AddressTaken(Exception):
    """What should come back has the address of something that stands in
    its place now.
    """


def bring_back(rows: QuerySet[Retired]) -> int:
    """Put retired rows back; how many there were.

    Raises AddressTaken, and then none is back.
    """
    try:
        with transaction.atomic():
            return rows.filter(retired_at__isnull=False).update(retired_at=None)
    except IntegrityError:
        raise AddressTaken(
            _("Something else has this slug now. Change one of the two slugs first.")
        ) from None
