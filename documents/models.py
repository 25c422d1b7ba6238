"""What search reads: the terms of every text that can be found, in one table.

The table has a full-text index in the language of its database, which the migration
makes and `documents/candidates.py` asks: no other module knows the difference.
"""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from text.terms import terms_of

# Raise it when the same text gives other terms: documents are then made again.
VERSION = 4
KIND_BITS = 3  # of the key, which holds eight kinds
END_OF_TITLE = "."  # between the terms of a title and those of its text
# Characters of a document that are ranked and compared: a thousand terms say what a text
# is about, and a thousand documents of 100,000 characters fill the memory.
COMPARED_MAX = 8_000


class SearchDocument(models.Model):
    """The terms of one text, in its order.

    The key is made of the kind and of the key of what holds the text, so that the
    newest of a kind are those with the highest keys.
    """

    class Kind(models.IntegerChoices):
        POST = 1, _("post")
        COMMENT = 2, _("comment")
        RESOURCE = 3, _("resource")
        PAPER = 4, _("paper")
        MEMBER = 5, _("member")

    id = models.BigIntegerField(primary_key=True)
    kind = models.PositiveSmallIntegerField(choices=Kind.choices)
    object_id = models.BigIntegerField()
    words = models.TextField(
        help_text=_("marks, terms of the title, a point, terms of the text")
    )
    version = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "-object_id"], name="document_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.object_id}"


class Rebuild(models.Model):
    """How far the documents of a kind were made again."""

    kind = models.PositiveSmallIntegerField(
        primary_key=True, choices=SearchDocument.Kind.choices
    )
    version = models.PositiveSmallIntegerField()
    below = models.BigIntegerField(
        null=True, help_text=_("those from this key on are done; 0 when all are")
    )

    def __str__(self) -> str:
        return self.get_kind_display()


def document(
    kind: SearchDocument.Kind,
    object_id: int,
    *,
    title: str = "",
    body: str = "",
    marks: Iterable[str] = (),
) -> SearchDocument:
    """The document of a text, not stored. `marks` are what it can be narrowed by, as
    `by12` for its author: short words of letters and digits, which no text is found by.
    """
    words = [mark(SearchDocument.Kind(kind).name.lower()), *map(mark, marks)]
    words += [*terms_of(title), END_OF_TITLE, *terms_of(body)]
    return SearchDocument(
        id=key(kind, object_id),
        kind=kind,
        object_id=object_id,
        words=" ".join(words),
        version=VERSION,
    )


def key(kind: SearchDocument.Kind, object_id: int) -> int:
    return (object_id << KIND_BITS) | kind


def mark(name: str) -> str:
    """A mark among the terms. No term begins with the sign."""
    return f"#{name}"
