"""Posts and comments as documents that search finds."""

from community.models import Comment, Post
from documents.models import SearchDocument, document
from documents.sources import TextSource


def post_document(post: Post) -> SearchDocument:
    """Asks no query: `post` has its key, kind, author, title and body."""
    marks = (f"by{post.author_id}", post.kind)
    return document(
        SearchDocument.Kind.POST, post.pk, title=post.title, body=post.body, marks=marks
    )


def comment_document(comment: Comment) -> SearchDocument:
    marks = (f"by{comment.author_id}",)
    return document(
        SearchDocument.Kind.COMMENT, comment.pk, body=comment.body, marks=marks
    )


SOURCES = (
    TextSource(
        SearchDocument.Kind.POST,
        lambda: Post.objects.only("author_id", "kind", "title", "body"),
        post_document,
    ),
    TextSource(
        SearchDocument.Kind.COMMENT,
        lambda: Comment.objects.only("author_id", "body"),
        comment_document,
    ),
)
