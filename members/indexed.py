"""Members as documents that search finds, by their names."""

from documents.models import SearchDocument
from documents.sources import TextSource
from members.models import Member

SOURCES = (
    TextSource(
        SearchDocument.Kind.MEMBER,
        lambda: Member.objects.only("name"),
        Member.as_document,
    ),
)
