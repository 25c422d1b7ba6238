"""What the search of the site reads, of every post, comment and paper."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from django.apps import apps

from bench_site.group import SEED, Group
from bench_site.loading import Row, load
from bench_site.talking import kind_of

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
        members = apps.get_model("members.Member").objects
        names = list(members.values_list("pk", "name"))
        for rows, many in (
            (self.posts(pools.posts), self.size.posts),
            (self.comments(pools.comments), self.size.comments),
            (self.papers(papers), self.size.papers),
            (self.members(names), self.size.members),
        ):
            load("documents.SearchDocument", COLUMNS, rows, many)
        self.finish()

    def posts(self, pool: Sequence[dict[str, str]]) -> Iterator[Row]:
        for post in range(self.size.posts):
            title = ""
            if kind_of(post) == "question":
                title = self.group.texts.TITLES[post * 7 % 8]
            marks = f"#post #by{self.group.author(post)} #{kind_of(post)}"
            body = pool[post * 11 % len(pool)]["body"]
            yield row("POST", post + 1, marks, title, body)

    def comments(self, pool: Sequence[dict[str, str]]) -> Iterator[Row]:
        for pk in range(1, self.size.comments + 1):
            marks = f"#comment #by{self.group.author(pk)}"
            yield row("COMMENT", pk, marks, "", pool[pk * 7 % len(pool)]["body"])

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


@lru_cache(maxsize=20_000)
def terms(text: str) -> list[str]:
    from text.terms import terms_of

    return terms_of(text)
