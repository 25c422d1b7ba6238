"""How PostgreSQL finds the newest documents that hold the words of a
query.

The index of a kind names all documents that hold a word, in no order: that
is quick for a word that few of them hold. Where many do, the newest
documents are read one after the other until there are enough. Which of the
two it is, the newest few hundred documents of the kind tell, in the same
statement.
"""

from collections.abc import Iterable
from itertools import chain
from typing import Any, NamedTuple

from documents.asked import Sql, Wanted
from documents.models import COMPARED_MAX, SearchDocument, mark
from documents.query import Needed, Query

SURE = 2  # times as many documents are read as should be needed


class ReadInTurn(NamedTuple):
    """Of a kind with so many documents that it may be quicker to read the newest."""

    tried: int  # of the newest, which tell how many hold the words
    cheap: float  # how many are read in the time of one that the index names


READING = {
    SearchDocument.Kind.POST: ReadInTurn(tried=100, cheap=1),
    SearchDocument.Kind.COMMENT: ReadInTurn(tried=400, cheap=3),
    SearchDocument.Kind.PAPER: ReadInTurn(tried=100, cheap=0.3),
}

# OFFSET 0 and + 0 hold the plan to what is written here: the hits of an index are put in
# order first, and the database then asks whether the reader may see one, until there are
# enough.
ASKED = "asked AS MATERIALIZED (SELECT %s::tsquery AS words)"
HOLDS = "vector @@ (SELECT words FROM asked)"
TABLE = "documents_searchdocument"
IN_ORDER = "strpos(' ' || words || ' ', %s) > 0"
MAY_SEE = """EXISTS (SELECT 1 FROM ({keys}) seen(key)
    WHERE seen.key = d.object_id OFFSET 0)"""


def statement(query: Query, wanted: Iterable[Wanted]) -> Sql:
    """Gives kind, key and words of each document. The text is the same for
    all words without a phrase, so that a connection plans it once.
    """
    named, found = [Sql(ASKED, [tsquery(query)])], []
    for each in wanted:
        tables, select = _of_kind(query, each)
        named += tables
        found.append(select)
    first = ", ".join(each.text for each in named)
    selects = " UNION ALL ".join(each.text for each in found)
    values = chain.from_iterable(each.values for each in (*named, *found))
    return Sql(f"WITH {first} {selects}", list(values))


def _of_kind(query: Query, wanted: Wanted) -> tuple[list[Sql], Sql]:
    """The tables that are named first, and the SELECT from them."""
    kind, most = int(wanted.kind), wanted.most
    reading = READING.get(wanted.kind, ReadInTurn(0, 0))
    may_see = MAY_SEE.format(keys=wanted.keys.text)
    holds, named = _holds(query), _named_by_index(query, kind)
    tried = f"""tried_{kind} AS MATERIALIZED (
        SELECT COUNT(*) FILTER (WHERE holds) AS held, COUNT(*) AS tried,
            MAX(object_id) AS newest
        FROM (SELECT object_id, {holds.text} AS holds FROM {TABLE} WHERE kind = {kind}
            ORDER BY object_id DESC LIMIT {reading.tried}) d)"""  # noqa: S608  (names and numbers)
    read = f"""read_{kind} AS MATERIALIZED (
        SELECT object_id, words
        FROM (SELECT object_id, words, vector FROM {TABLE} WHERE kind = {kind}
            ORDER BY object_id DESC LIMIT ({_to_read(kind, most, reading.cheap)})) d
        WHERE {holds.text} AND {may_see} LIMIT {most})"""  # noqa: S608  (the ORM wrote it)
    is_enough = f"(SELECT COUNT(*) FROM read_{kind}) = {most}"  # noqa: S608
    compared = f"substr(words, 1, {COMPARED_MAX})"
    found = f"""(SELECT {kind}, object_id, {compared} FROM read_{kind} d WHERE {is_enough})
        UNION ALL (SELECT {kind}, object_id, {compared}
        FROM (SELECT object_id, (SELECT words FROM {TABLE} w WHERE w.id = d.id) AS words
            FROM (SELECT id, object_id FROM {TABLE}
                WHERE {named.text} AND NOT {is_enough}
                ORDER BY object_id + 0 DESC OFFSET 0) d
            WHERE {may_see} LIMIT {most}) d)"""  # noqa: S608  (the ORM wrote it)
    seen = wanted.keys.values
    tables = [Sql(tried, holds.values), Sql(read, [*holds.values, *seen])]
    return tables, Sql(found, [*named.values, *seen])


def _holds(query: Query) -> Sql:
    """The index of terms knows no order of words."""
    phrases: list[Any] = [f" {' '.join(phrase)} " for phrase in _in_order(query)]
    return Sql(" AND ".join([HOLDS, *[IN_ORDER] * len(phrases)]), phrases)


def _named_by_index(query: Query, kind: int) -> Sql:
    """The same, as an index of the kind is asked for it: that of pairs, if there is a
    phrase.

    IS TRUE holds the plan to it: another index would name all of the kind, or all that
    hold the words.
    """
    phrases: list[Any] = [" ".join(phrase) for phrase in _in_order(query)]
    holds = _holds(query)
    of_kind = f"kind = {kind} AND {holds.text}"
    if not phrases:
        return Sql(of_kind, holds.values)
    pairs = " || ".join([f"documents_pairs({kind}::smallint, %s)"] * len(phrases))
    text = f"documents_pairs(kind, words) @> ({pairs}) AND ({of_kind}) IS TRUE"
    return Sql(text, [*phrases, *holds.values])


def _in_order(query: Query) -> list[tuple[str, ...]]:
    return [phrase for phrase in query.phrases if len(phrase) > 1]


def _to_read(kind: int, enough: int, cheap: float) -> str:
    """How many of the newest documents to read; none where the index is
    quicker.

    Of `n` documents, whose share `s` holds the words, `enough / s` would
    be read, and the index names `n * s`. The newest key stands for `n`.
    """
    return f"""SELECT CASE
        WHEN {cheap} * newest::float8 * held * held > {enough}::float8 * tried * tried
        THEN {SURE * enough}::bigint * tried / held ELSE 0 END
        FROM tried_{kind}"""  # noqa: S608  (numbers)


def tsquery(query: Query) -> str:
    """The query in the language of PostgreSQL."""
    parts = [_tsquery_of(needed) for needed in query.needed]
    parts += [f"'{term}'" for term in chain.from_iterable(query.phrases)]
    parts += [_either(f"'{mark(name)}'" for name in names) for names in query.marks]
    parts += [f"!'{term}'" for term in query.excluded]
    return " & ".join(parts)


def _either(terms: Iterable[str]) -> str:
    return " | ".join(terms).join("()")


def _tsquery_of(needed: Needed) -> str:
    forms = [" & ".join(f"'{term}'" for term in form) for form in needed.telling]
    forms += [f"'{beginning}':*" for beginning in needed.beginnings]
    return " | ".join(f"({form})" for form in forms).join("()")
