"""Papers as documents that search finds."""

from documents.models import SearchDocument, document
from documents.sources import TextSource
from papers.models import Paper


def paper_document(paper: Paper) -> SearchDocument:
    body = "\n".join([paper.arxiv_id, *map(str, paper.authors), paper.abstract])
    return document(SearchDocument.Kind.PAPER, paper.pk, title=paper.title, body=body)


SOURCES = (
    TextSource(
        SearchDocument.Kind.PAPER,
        lambda: Paper.objects.only("arxiv_id", "title", "authors", "abstract"),
        paper_document,
    ),
)
