"""Resources as documents that search finds. Steps and activities are found in the
releases that a process has (`curriculum/finding.py`).
"""

from curriculum.models import Resource
from documents.models import SearchDocument, document
from documents.sources import TextSource


def resource_document(resource: Resource) -> SearchDocument:
    """Asks for the sections where they are not loaded."""
    return document(
        SearchDocument.Kind.RESOURCE,
        resource.pk,
        title=resource.title,
        body=resource.search_text,
    )


SOURCES = (
    TextSource(
        SearchDocument.Kind.RESOURCE,
        lambda: Resource.objects.only("title", "search_text"),
        resource_document,
    ),
)
