"""Where documents come from: each app says of its texts how one becomes a document.

    POSTS = TextSource(SearchDocument.Kind.POST, Post.objects.only(...), post_document)

An action stores the document with the text, in one transaction. Texts from before the
index, and those of an older analysis, are read from here by `documents.rebuilding`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Manager, QuerySet

from documents.models import SearchDocument


@dataclass(frozen=True, slots=True)
class TextSource:
    kind: SearchDocument.Kind
    rows: "Callable[[], QuerySet[Any] | Manager[Any]]"
    document: Callable[[Any], SearchDocument]  # of one of these rows
