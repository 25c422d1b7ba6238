"""The arguments of a compiled statement: how each type is sent to the
database, and the values that stand for it while the queryset is compiled.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, models

# Small enough for the smallest integer column, and past any number of
# arguments.
FIRST, SECOND = 10_000, 20_000
DAY_ONE = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Several:
    """Between one and `most` values of one type, for a lookup with `in`.

    The statement always has `most` of them: the last value is repeated.
    """

    type: type
    most: int


Kind = type | Several


def stand_in(kind: Kind, number: int) -> Any:
    """A value of this kind, another one for each number."""
    if isinstance(kind, Several):
        return [stand_in(kind.type, number + nth) for nth in range(kind.most)]
    if issubclass(kind, models.Model):
        return _only_key(kind, number)
    return MAKERS[kind](number)


def _only_key(model: type[models.Model], number: int) -> models.Model:
    """A row of which nothing but the key is there.

    A queryset that looks at anything else, such as a role, reads
    the row and fails. Its SQL would be compiled for the stand-in
    and used for everybody.
    """
    return model.from_db(connection.alias, [model._meta.pk.attname], [number])


MAKERS: dict[type, Callable[[int], Any]] = {
    int: int,
    bool: lambda number: number < SECOND,
    str: "stand-in {}".format,
    UUID: lambda number: UUID(int=number),
    date: lambda number: (DAY_ONE + timedelta(days=number)).date(),
    datetime: lambda number: DAY_ONE + timedelta(days=number, microseconds=1),
}


def prepared(name: str, kind: Kind, value: Any) -> Any:
    """`value` as the database gets it.

    Raises TypeError where it is not of its kind.
    """
    if isinstance(kind, Several):
        return _several(name, kind, value)
    if not isinstance(value, kind) or (kind is date and isinstance(value, datetime)):
        raise TypeError(f"{name} must be of type {kind.__name__}, not {value!r}.")
    if isinstance(value, str):
        # PostgreSQL can neither store nor look for NUL, and fails for it.
        return value.replace("\0", "\ufffd")
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


def _several(name: str, kind: Several, values: Sequence[Any]) -> list[Any]:
    if not 0 < len(values) <= kind.most:
        raise ValueError(f"{name} must have between 1 and {kind.most} values.")
    each = [prepared(name, kind.type, value) for value in values]
    return each + each[-1:] * (kind.most - len(each))
