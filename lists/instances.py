"""Instances of models, and those that they are related to, from a compiled statement.

    shown = Instances(
        Post,
        ["title", "author_id"],
        lambda member, keys: Post.objects.visible_to(member).filter(pk__in=keys),
        related={"author": (Member, ["name"])},
        member=Member,
        keys=Several(int, 20),
    )

    shown(member=request.member, keys=[3, 4])  # a list of Post

As with `only`, columns that are not named are deferred. See `lists.statement`.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Generic, TypeVar, cast

from django.db import connection
from django.db.models import Model, QuerySet

from lists.arguments import Kind
from lists.statement import Statement

AnyModel = TypeVar("AnyModel", bound=Model)
Columns = tuple[type[Model], Sequence[str]]
NOTHING: Mapping[str, Columns] = {}


@dataclass(frozen=True, slots=True)
class _Part:
    """The columns of one instance in each row. `path` leads to it from the first."""

    path: str
    model: type[Model]
    names: Sequence[str]

    @classmethod
    def of(cls, path: str, model: type[Model], names: Sequence[str]) -> "_Part":
        """With its key, and in the order of the model, as `from_db` takes them."""
        wanted = {*names, model._meta.pk.attname}
        ordered = [each.attname for each in model._meta.concrete_fields]
        if unknown := wanted.difference(ordered):
            raise ValueError(f"{model.__name__} has no columns {sorted(unknown)}.")
        return cls(path, model, [name for name in ordered if name in wanted])

    @property
    def columns(self) -> list[str]:
        return [f"{self.path}__{name}".removeprefix("__") for name in self.names]

    def take(self, values: Iterator[Any]) -> Model | None:
        """The instance of the next values; None if an outer join found none."""
        taken = list(islice(values, len(self.names)))
        if taken[self.names.index(self.model._meta.pk.attname)] is None:
            return None
        return self.model.from_db(connection.alias, self.names, taken)


class Instances(Generic[AnyModel]):
    def __init__(
        self,
        model: type[AnyModel],
        names: Sequence[str],
        build: Callable[..., QuerySet[Any, Any]],
        *,
        related: Mapping[str, Columns] = NOTHING,
        annotated: Sequence[str] = (),
        **kinds: Kind,
    ) -> None:
        """`names` are columns of `model`; `related` has those of other models by the
        path that leads there, the nearer first; `build` gives the queryset, with what
        `annotated` names, and `kinds` are its arguments.
        """
        self._parts = [_Part.of("", model, names)]
        self._parts += [_Part.of(path, *of) for path, of in related.items()]
        self._annotated = annotated
        read = [*chain(*(part.columns for part in self._parts)), *annotated]
        self._statement: Statement[Any] = Statement(
            namedtuple("Row", read),  # type: ignore[misc]
            lambda **given: build(**given).values_list(*read),
            **kinds,
        )

    def __call__(self, **given: Any) -> list[AnyModel]:
        """The instances. One query."""
        return [self._instance(iter(row)) for row in self._statement(**given)]

    def _instance(self, values: Iterator[Any]) -> AnyModel:
        taken: dict[str, Model | None] = {}
        for part in self._parts:
            taken[part.path] = instance = part.take(values)
            above, _, name = part.path.rpartition("__")
            if name and (parent := taken[above]):
                relation: Any = parent._meta.get_field(name)
                relation.set_cached_value(parent, instance)
        first = cast(AnyModel, taken[""])
        for name, value in zip(self._annotated, values, strict=True):
            setattr(first, name, value)
        return first
