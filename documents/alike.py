"""Questions that may be like one that somebody types: those that hold most of what few
questions hold.

How many hold a word or a concept is known from the newest questions, which a process
reads now and then. So what is looked up is chosen before the database is asked, and the
cost is bounded, however many questions there are.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Substr

from documents.asked import Sql
from documents.likeness import (
    BESIDE_BEST,
    FEW,
    LENGTH,
    SATURATION,
    USUAL_LENGTH,
    Likeness,
    Lookup,
    TypedQuestion,
    rarity,
)
from documents.models import COMPARED_MAX, KIND_BITS, SearchDocument, mark
from lists.cache import TimedCache
from lists.cursors import cursor_of_statements
from lists.statement import plain
from text.terms import STOP_TERMS

MOST = 150  # documents that are compared
EACH = 2 * FEW  # that one lookup gives, where more hold it than was thought
POST = int(SearchDocument.Kind.POST)
ASKS = mark("question")
NEWEST = 2_000  # posts that tell how frequent a word is
LOOK_AGAIN = 600  # seconds
EVERYBODY = None  # which words are rare says nothing of a text


class Alike(NamedTuple):
    object_id: int
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How many questions there are, and which share of them holds a unit, about."""

    total: int
    shares: Mapping[str, float]
    least: float  # of what none of those that were read holds

    def of(self, units: Mapping[str, float]) -> dict[str, float]:
        return {unit: self.shares.get(unit, self.least) for unit in units}


_kept = TimedCache[Frequencies](seconds=LOOK_AGAIN, most=1)


def alike(asked: TypedQuestion, visible: "QuerySet[Any]", *, most: int) -> list[Alike]:
    """The questions most alike, the best first, and only those that are close to what is
    typed and not far behind the best; `visible` are the keys of posts that the reader may
    see. One query, and another every ten minutes.
    """
    frequencies = _kept.get(EVERYBODY, ask=_frequencies)
    shares = frequencies.of(asked.weights)
    lookups = asked.lookups(shares, frequencies.total)
    if not lookups:
        return []
    rarities = {unit: rarity(share) for unit, share in shares.items()}
    found = [
        Alike(object_id, asked.likeness(words, rarities))
        for object_id, words in _rows(lookups, visible)
    ]
    best = max((each.likeness.said for each in found), default=0)
    least = max(asked.close(rarities), BESIDE_BEST * best)
    close = [each for each in found if each.likeness.said >= least]
    return sorted(close, key=lambda each: (-each.likeness.among, -each.object_id))[
        :most
    ]


def _frequencies() -> Frequencies:
    """Read the newest posts. One query."""
    posts = SearchDocument.objects.filter(kind=SearchDocument.Kind.POST)
    compared = Substr("words", 1, COMPARED_MAX)
    rows = list(
        posts.order_by("-object_id").values_list("object_id", compared)[:NEWEST]
    )
    questions = [units for _key, words in rows if ASKS in (units := _held(words))]
    count = max(1, len(questions))
    holding = Counter(chain.from_iterable(questions))
    total = len(questions)
    if len(rows) == NEWEST:  # there are about as many posts as the newest key says
        total = rows[0][0] * total // NEWEST
    return Frequencies(
        total=total,
        shares={unit: times / count for unit, times in holding.items()},
        least=0.5 / count,
    )


def _held(words: str) -> set[str]:
    return set(words.split()) - STOP_TERMS


def _rows(
    lookups: Sequence[Lookup], visible: "QuerySet[Any]"
) -> Sequence[tuple[int, str]]:
    """Key and words of those that hold most of what is looked up."""
    keys, values = visible.order_by().query.sql_with_params()
    sql = _STATEMENT[connection.vendor](lookups, Sql(keys, list(map(plain, values))))
    with cursor_of_statements() as cursor:
        cursor.execute(sql.text, sql.values)
        return cursor.fetchall()


# What several lookups found a question by counts once. A long one holds more by chance.
# A lookup is for one or two units; of more, for want of any other, two tell enough.
_HELD = """
    SELECT id, size, unit, weight FROM found
    UNION SELECT id, size, second, second_weight FROM found WHERE second <> ''"""
_BEST = f"""
    SELECT id FROM ({_HELD}) held WHERE {{may_see}} GROUP BY id, size
    ORDER BY SUM(weight) / (
        1 + {SATURATION} * (1 - {LENGTH} + {LENGTH} * CAST(size AS REAL) / {USUAL_LENGTH})
    ) DESC, id DESC"""  # noqa: S608  (numbers)


def _on_postgresql(lookups: Sequence[Lookup], keys: Sql) -> Sql:
    """The text is the same for all that is typed, so that a connection plans it once.

    OFFSET 0 holds the plan to asking whether the reader may see a question for the best
    alone.
    """
    sql = f"""
        WITH found AS MATERIALIZED (
            SELECT found.id, size, unit, weight, second, second_weight
            FROM unnest(%s::text[], %s::text[], %s::float8[], %s::text[], %s::float8[])
                wanted(words, unit, weight, second, second_weight)
            CROSS JOIN LATERAL (
                SELECT d.id, octet_length(d.words) AS size
                FROM documents_searchdocument d
                WHERE d.kind = {POST} AND d.vector @@ wanted.words::tsquery
                LIMIT {EACH}
            ) found
        )
        SELECT d.object_id, substr(d.words, 1, {COMPARED_MAX}) FROM (
            SELECT id FROM ({_BEST.format(may_see="TRUE")} OFFSET 0) best
            WHERE EXISTS (
                SELECT 1 FROM ({keys.text}) seen(key)
                WHERE seen.key = best.id >> {KIND_BITS} OFFSET 0
            )
            LIMIT {MOST}
        ) best JOIN documents_searchdocument d ON d.id = best.id
    """  # noqa: S608  (the ORM wrote it)
    words = [" & ".join(f"'{unit}'" for unit in _needed(each)) for each in lookups]
    columns = [list(column) for column in zip(*map(_told, lookups), strict=True)]
    return Sql(sql, [words, *columns, *keys.values])


def _on_sqlite(lookups: Sequence[Lookup], keys: Sql) -> Sql:
    """Its index gives the newest first, and is left as soon as there are enough."""
    one = f"""SELECT * FROM (
        SELECT i.rowid AS id, %s AS unit, %s AS weight, %s AS second, %s AS second_weight
        FROM documents_index i WHERE i.documents_index MATCH %s
        ORDER BY i.rowid DESC LIMIT {EACH}
    )"""  # noqa: S608  (a number)
    may_see = f"id >> {KIND_BITS} IN ({keys.text})"
    sql = f"""
        WITH found AS (
            SELECT found.*, LENGTH(d.words) AS size
            FROM ({" UNION ALL ".join([one] * len(lookups))}) found
            JOIN documents_searchdocument d ON d.id = found.id
        )
        SELECT d.object_id, substr(d.words, 1, {COMPARED_MAX})
        FROM ({_BEST.format(may_see=may_see)} LIMIT {MOST}) best
        JOIN documents_searchdocument d ON d.id = best.id
    """  # noqa: S608  (the ORM wrote it)
    values: list[Any] = []
    for lookup in lookups:
        words = " AND ".join(f'"{unit}"' for unit in _needed(lookup))
        values += [*_told(lookup), words]
    return Sql(sql, [*values, *keys.values])


def _told(lookup: Lookup) -> tuple[str, float, str, float]:
    """The first unit and the second, with their weights."""
    (unit, second), (weight, second_weight) = (
        (*lookup.units, "")[:2],
        (*lookup.weights, 0.0)[:2],
    )
    return unit, weight, second, second_weight


def _needed(lookup: Lookup) -> Sequence[str]:
    # the marks of concepts are on questions alone
    if any(unit.startswith("#") for unit in lookup.units):
        return lookup.units
    return (*lookup.units, ASKS)


_STATEMENT = {"postgresql": _on_postgresql, "sqlite": _on_sqlite}
