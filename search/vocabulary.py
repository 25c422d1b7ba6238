"""The vocabulary of the group: a task builds it, each process keeps it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Left

from community.models import Comment, Post
from curriculum.models import Resource
from lists.cache import TimedCache
from members.audience import EVERYBODY
from members.models import Member
from papers.models import Paper
from search.models import Vocabulary
from search.spelling import Spelling
from text.typed import folded

READ = 20_000  # of the newest posts, comments and papers each
BEGINNING = 4_000  # characters of a text that are read
COUNTED = 500_000  # different words; what is rare among more of them is forgotten
KEPT = 30_000  # words
USED_LEAST = 2  # texts: what a single text spells so may be a typo
WORD = re.compile(r"[^\W\d_]{3,24}")
LOOK_AGAIN = 600  # seconds

_kept = TimedCache[Spelling](seconds=LOOK_AGAIN, most=1)


def spelling() -> Spelling:
    """The words of the group's texts. One query every ten minutes."""
    return _kept.get(EVERYBODY, ask=_stored)


def _stored() -> Spelling:
    newest = Vocabulary.objects.order_by("-built_at").first()
    return Spelling(newest.words if newest else {})


def build(*, now: datetime) -> int:
    """Count the words of what every member may see, and keep the most frequent; how many.

    Reads a fixed number of the newest texts, and none where none came since the last
    time. What was removed is forgotten with the next text that comes.
    """
    seen = [_newest_key(rows) for rows, _fields in _texts()]
    if Vocabulary.objects.filter(seen=seen).exists():
        return 0
    counts = _counted(_newest(rows, fields) for rows, fields in _texts())
    # a name is a word however few members have it
    counts.update(counts.keys() & _names())
    words = {
        word: count for word, count in counts.most_common(KEPT) if count >= USED_LEAST
    }
    vocabulary = Vocabulary.objects.create(built_at=now, words=words, seen=seen)
    Vocabulary.objects.exclude(pk=vocabulary.pk).delete()
    return len(words)


def _counted(texts: Iterable[Iterable[str]]) -> Counter[str]:
    """In how many texts each word stands."""
    counts: Counter[str] = Counter()
    for text in chain.from_iterable(texts):
        counts.update(_words(text))
        if len(counts) > COUNTED:
            counts = Counter(dict(counts.most_common(KEPT)))
    return counts


def _texts() -> "list[tuple[QuerySet[Any], tuple[str, ...]]]":
    """What every member may see, with the columns that hold words."""
    return [
        (Post.objects.visible_to_audience(EVERYBODY), ("title", "body")),
        (Comment.objects.visible_to_audience(EVERYBODY), ("body",)),
        (Paper.objects.all(), ("title", "abstract")),
        (Resource.objects.all(), ("title", "search_text")),
        (Member.objects.visible_to_audience(EVERYBODY), ("name",)),
    ]


def _names() -> set[str]:
    rows, fields = _texts()[-1]
    return set(chain.from_iterable(map(_words, _newest(rows, fields))))


def _words(text: str) -> set[str]:
    return set(WORD.findall(folded(text)))


def _newest(rows: "QuerySet[Any]", fields: tuple[str, ...]) -> Iterator[str]:
    beginnings = [Left(field, BEGINNING) for field in fields]
    found = rows.order_by("-pk").values_list(*beginnings)[:READ]
    return ("\n".join(map(str, row)) for row in found.iterator(chunk_size=500))


def _newest_key(rows: "QuerySet[Any]") -> int:
    return rows.order_by("-pk").values_list("pk", flat=True).first() or 0
