"""A queryset that is compiled once in each process and run with arguments.

    class Title(NamedTuple):
        pk: int
        title: str

    titles = Statement(Title, lambda member, since: (
        Post.objects.visible_to(member)
        .filter(created_at__gte=since)
        .values_list("pk", "title")
    ), member=Member, since=datetime)

    titles(member=request.member, since=monday)  # a list of Title

The queryset remains the one description of the SQL. It is compiled with
stand-ins. Each argument is exchanged for a second stand-in, one at a time,
so the parameters that change with it are its own, whatever constants the
queryset has.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from django.db import connection
from django.db.models import Model, QuerySet
from django.utils import timezone

from lists import arguments
from lists.arguments import FIRST, SECOND, Kind, Several, prepared
from lists.cursors import cursor_of_statements

Row = TypeVar("Row", bound=tuple[Any, ...])
FAR_ZONE = timezone.get_fixed_timezone(14 * 60)


STATEMENTS: "WeakSet[Statement[Any]]" = WeakSet()  # of the process


def compile_again() -> None:
    """For tests that change what a queryset says, such as `visible_to`."""
    for statement in list(STATEMENTS):
        statement._plan = None


class CannotCompile(Exception):
    """The queryset has no SQL that is the same for all arguments."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the SQL: an argument, one of several values of one,
    or a constant.
    """

    name: str = ""
    nth: int | None = None
    constant: Any = None


@dataclass(frozen=True, slots=True)
class Plan:
    sql: str
    parameters: tuple[Parameter, ...]
    converters: tuple[tuple[int, list[Callable[..., Any]], Any], ...]


class Statement(Generic[Row]):
    def __init__(
        self, row: type[Row], build: Callable[..., QuerySet[Any, Any]], **kinds: Kind
    ) -> None:
        """`build` gives a queryset with `values_list`; `kinds` are
        its arguments.
        """
        self.row = row
        self.build = build
        self.kinds = kinds
        self._plan: Plan | None = None
        self._lock = threading.Lock()
        STATEMENTS.add(self)

    def __call__(self, **given: Any) -> list[Row]:
        """The rows.

        One query. Raises TypeError for an argument that is None, since the
        SQL would be another one.
        """
        plan, values = self.plan, self._values(given)
        with cursor_of_statements() as cursor:
            cursor.execute(
                plan.sql, [_value(parameter, values) for parameter in plan.parameters]
            )
            rows: Iterable[Any] = cursor.fetchall()
        if plan.converters:
            rows = _converted(rows, plan)
        return list(map(self.row._make, rows))  # type: ignore[attr-defined]

    def first(self, **given: Any) -> Row | None:
        rows = self(**given)
        return rows[0] if rows else None

    @property
    def plan(self) -> Plan:
        if self._plan is None:
            with self._lock:
                self._plan = self._plan or self._compiled()
        return self._plan

    def parameters(self, **given: Any) -> list[Any]:
        """What is sent to the database with the SQL."""
        values = self._values(given)
        return [_value(parameter, values) for parameter in self.plan.parameters]

    def _values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        if given.keys() != self.kinds.keys():
            raise TypeError(f"The arguments must be {', '.join(self.kinds)}.")
        return {name: prepared(name, self.kinds[name], given[name]) for name in given}

    def _compiled(self) -> Plan:
        first, second = self._stand_ins(FIRST), self._stand_ins(SECOND)
        queryset = self.build(**first)
        self._check_columns(queryset)
        sql, params = _sql_of(queryset)
        with timezone.override(FAR_ZONE):
            if _sql_of(self.build(**first)) != (sql, params):
                raise CannotCompile("The SQL depends on the time zone of the reader.")
        parameters = [Parameter(constant=plain(value)) for value in params]
        for name in self.kinds:
            other = {**first, name: second[name]}
            other_sql, other_params = _sql_of(self.build(**other))
            if other_sql != sql:
                raise CannotCompile(f"The SQL depends on {name}.")
            self._find(name, first[name], params, other_params, parameters)
            self._find(name, second[name], other_params, params, parameters)
        return Plan(sql, tuple(parameters), self._converters(queryset))

    def _stand_ins(self, start: int) -> dict[str, Any]:
        values = {}
        for name, kind in self.kinds.items():
            values[name] = arguments.stand_in(kind, start)
            if isinstance(kind, Several):
                start += kind.most
            else:
                start += 1
        return values

    def _check_columns(self, queryset: QuerySet[Any, Any]) -> None:
        """A column `author__name` is `author_name` in a row, or
        `author__name`.
        """
        names = tuple(queryset._fields or ())  # type: ignore[attr-defined]
        plain = tuple(name.replace("__", "_") for name in names)
        if self.row._fields not in (names, plain):  # type: ignore[attr-defined]
            raise CannotCompile(f"The columns are {names}, those of the row differ.")

    def _converters(self, queryset: QuerySet[Any, Any]) -> tuple[Any, ...]:
        return _converters_of(queryset)

    def _find(
        self,
        name: str,
        stand_in: Any,
        params: tuple[Any, ...],
        others: tuple[Any, ...],
        parameters: list[Parameter],
    ) -> None:
        """Note which parameters are the argument `name`: those
        that differ.
        """
        kind = self.kinds[name]
        sent = prepared(name, kind, stand_in)
        is_several = isinstance(kind, Several)
        several = [sent]
        if is_several:
            several = sent
        pairs = enumerate(zip(params, others, strict=True))
        differing = [(nth, value) for nth, (value, other) in pairs if value != other]
        if not differing and not _may_be_unused(kind):
            raise CannotCompile(f"The SQL does not use {name}.")
        for position, value in differing:
            if value not in several:
                raise CannotCompile(f"A column changes {name} before it is sent.")
            nth = None
            if is_several:
                nth = several.index(value)
            parameters[position] = Parameter(name, nth)


def _may_be_unused(kind: Kind) -> bool:
    """The reader of rows that everybody may see. Who may see them can change later."""
    return isinstance(kind, type) and issubclass(kind, Model)


def plain(constant: Any) -> Any:
    """A number without the size that psycopg was told for it.

    Django takes the size from the kind of field, and a number may be
    larger. Sent beside the SQL it would become another one.
    """
    is_number = isinstance(constant, int) and not isinstance(constant, bool)
    return int(constant) if is_number else constant


def _value(parameter: Parameter, values: Mapping[str, Any]) -> Any:
    if not parameter.name:
        return parameter.constant
    value = values[parameter.name]
    if parameter.nth is None:
        return value
    return value[parameter.nth]


def _sql_of(queryset: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    sql, params = queryset.query.get_compiler(connection.alias).as_sql()
    return sql, tuple(params)


def _converters_of(queryset: QuerySet[Any, Any]) -> tuple[Any, ...]:
    """As Django's compiler has them for the rows of this queryset."""
    compiler = queryset.query.get_compiler(connection.alias)
    compiler.as_sql()
    columns = [column for column, _sql, _alias in compiler.select[: compiler.col_count]]
    converters = compiler.get_converters(columns)
    return tuple((nth, each, column) for nth, (each, column) in converters.items())


def _converted(rows: Iterable[Any], plan: Plan) -> Iterator[list[Any]]:
    for row in map(list, rows):
        for nth, converters, column in plan.converters:
            for convert in converters:
                row[nth] = convert(row[nth], column, connection)
        yield row
