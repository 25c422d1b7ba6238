"""What the search of the site reads, of every post, comment and paper."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from typing import Any

from django.apps import apps

from bench_site.group import SEED, Group
from bench_site.loading import Row, load
from bench_site.polling import OPTIONS
from bench_site.talking import kind_of
from bench_site.texts import Pools

POST = ("author_id", "thread_id", "posted_at", "accepted_comment_id")
COMMENT = ("author_id", "post_id", "commented_at")
COLUMNS = ("id", "kind", "object_id", "words", "version")


class Documents:
    """Nothing for a site that has no such table."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.size = group.size

    def documents(self) -> None:
        if not apps.is_installed("documents"):
            return
        pools = self.group.texts.pools(SEED)
        papers = self.group.texts.paper_pool(SEED, min(self.size.papers, 2_000))
        # read before the first row is written: there is one connection
        names = stored("members.Member", "name")
        posts = stored("community.Post", *POST)
        comments = stored("community.Comment", *COMMENT)
        for rows, many in (
            (self.posts(posts, pools.posts), self.size.posts),
            (self.comments(comments, posts, pools), self.size.comments),
            (self.papers(papers), self.size.papers),
            (self.members(names), self.size.members),
        ):
            load("documents.SearchDocument", COLUMNS, rows, many)
        self.finish()

    def posts(
        self, posts: Sequence[tuple[Any, ...]], pool: Sequence[dict[str, str]]
    ) -> Iterator[Row]:
        """As `community.indexed` makes them."""
        for pk, author, thread, posted_at, accepted in posts:
            kind, title = kind_of(pk - 1), ""
            marks = f"#post #by{author} #in{thread} {written(posted_at)} #{kind}"
            if kind == "question":
                title = self.group.texts.TITLES[(pk - 1) * 7 % 8]
                marks += " #accepted" if accepted else " #open"
            body = pool[(pk - 1) * 11 % len(pool)]["body"]
            if kind == "poll":
                title = self.group.texts.TITLES[(pk - 1) * 7 % 8]
                body = "\n\n".join((body, "\n".join(OPTIONS)))
            yield row("POST", pk, marks, title, body)

    def comments(
        self,
        comments: Sequence[tuple[Any, ...]],
        posts: Sequence[tuple[Any, ...]],
        pools: Pools,
    ) -> Iterator[Row]:
        threads = {pk: thread for pk, _author, thread, *_more in posts}
        for pk, author, post, commented_at in comments:
            at = written(commented_at)
            marks = f"#comment #by{author} #in{threads[post]} {at}"
            yield row("COMMENT", pk, marks, "", pools.comment(pk)["body"])

    def papers(self, pool: Sequence[dict[str, Any]]) -> Iterator[Row]:
        for number in range(self.size.papers):
            paper = pool[number % len(pool)]
            yield row("PAPER", number + 1, "#paper", paper["title"], paper["abstract"])

    def members(self, names: Sequence[tuple[int, str]]) -> Iterator[Row]:
        for pk, name in names:
            yield row("MEMBER", pk, "#member", name, "")

    def finish(self) -> None:
        """Nothing is left to be done in the background: resources have theirs."""
        from documents.models import VERSION

        kinds = apps.get_model("documents.SearchDocument").Kind
        rebuilt = apps.get_model("documents.Rebuild").objects
        for name in ("POST", "COMMENT", "RESOURCE", "PAPER", "MEMBER"):
            rebuilt.create(kind=kinds[name], version=VERSION, below=0)
        if apps.is_installed("search"):
            import_module("search.vocabulary").build(now=self.group.now)


def row(kind: str, object_id: int, marks: str, title: str, body: str) -> Row:
    from documents.models import END_OF_TITLE, VERSION, key

    number = apps.get_model("documents.SearchDocument").Kind[kind]
    words = " ".join([marks, *terms(title), END_OF_TITLE, *terms(body)])
    return (
        str(key(number, object_id)),
        str(int(number)),
        str(object_id),
        words,
        str(VERSION),
    )


def stored(label: str, *columns: str) -> list[tuple[Any, ...]]:
    """The rows in the order of their keys, each with its key."""
    rows = apps.get_model(label).objects.order_by("pk")
    return list(rows.values_list("pk", *columns))


def written(at: datetime) -> str:
    return f"#at{at:%Y} #at{at:%Y%m}"


@lru_cache(maxsize=20_000)
def terms(text: str) -> list[str]:
    from text.terms import terms_of

    return terms_of(text)
