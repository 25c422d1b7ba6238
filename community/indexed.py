"""Posts and comments as documents that search finds."""

from django.db.models import QuerySet

from community.models import Comment, Post
from documents.concepts import concepts_of
from documents.models import SearchDocument, document
from documents.moments import marks_of
from documents.sources import TextSource
from text.attached import without_keys


def post_document(post: Post) -> SearchDocument:
    """Asks no query: `post` has the columns that `SOURCES` name."""
    marks = [f"by{post.author_id}", f"in{post.thread_id}", *marks_of(post.posted_at)]
    marks.append(post.kind)
    if post.traits.accepts_answers:
        marks.append("open" if post.accepted_comment_id is None else "accepted")
        marks += dict.fromkeys(concepts_of(f"{post.title}\n{post.body}"))
    return document(
        SearchDocument.Kind.POST,
        post.pk,
        title=post.title,
        body=without_keys(text_of(post)),
        marks=marks,
    )


def text_of(post: Post) -> str:
    """The text that search finds the post by, such as that of a poll with its options."""
    return "\n\n".join(filter(None, (post.body, post.traits.search_text(post))))


def comment_document(comment: Comment) -> SearchDocument:
    """Asks no query where the post was read with the comment."""
    marks = [f"by{comment.author_id}", f"in{comment.post.thread_id}"]
    marks += marks_of(comment.commented_at)
    return document(
        SearchDocument.Kind.COMMENT,
        comment.pk,
        body=without_keys(comment.body),
        marks=marks,
    )


def _posts() -> "QuerySet[Post]":
    columns = "author_id", "kind", "title", "body", "thread_id", "posted_at"
    rows = Post.objects.select_related("poll")
    return rows.only(*columns, "accepted_comment_id", "poll__option_names")


def _comments() -> "QuerySet[Comment]":
    columns = "author_id", "body", "commented_at", "post__thread_id"
    return Comment.objects.select_related("post").only(*columns)


SOURCES = (
    TextSource(SearchDocument.Kind.POST, _posts, post_document),
    TextSource(SearchDocument.Kind.COMMENT, _comments, comment_document),
)
