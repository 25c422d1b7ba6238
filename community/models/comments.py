"""Comments, and the former versions of posts and comments."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models.posts import Post
from community.models.reactions import WithReactions, with_reactions_of
from community.models.unfolding import with_closed
from members.audience import Audience, audience_of
from members.models import Member
from text import PIPELINE_VERSION


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, member: Member) -> "CommentQuerySet":
        """Comments that `member` may see: those that were not removed, below posts that
        were not removed.
        """
        return self.visible_to_audience(audience_of(member))

    def visible_to_audience(self, audience: Audience) -> "CommentQuerySet":
        """For runs over many members, as PostQuerySet.visible_to_audience."""
        return self.filter(removed_at=None, post__removed_at=None)

    def by(self, member: Member) -> "CommentQuerySet":
        return self.filter(author=member)

    def with_closed(self, reader: Member) -> "CommentQuerySet":
        """With `is_closed` of their posts, as PostQuerySet.with_closed."""
        return with_closed(self, reader, "post__")

    def with_reactions_of(self, member: Member) -> "CommentQuerySet":
        return with_reactions_of(self, member, "comment")


class Comment(WithReactions):
    """A comment, or an answer where the post is a question.

    A reply has a parent, and the parent has none: there is one level of replies.
    """

    is_closed: ClassVar[bool] = False  # of its post, from CommentQuerySet.with_closed

    post = models.ForeignKey(
        Post,
        models.CASCADE,
        related_name="comments",
        db_index=False,  # comment_by_branch begins with it
    )
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="replies"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="comments",
        db_index=False,  # comment_by_author begins with it
    )
    body = models.TextField()
    body_html = models.TextField()
    beginning_html = models.TextField(
        blank=True, help_text=_("for lists, where the body is too long for them")
    )
    excerpt = models.TextField(
        blank=True, help_text=_("the same in plain text, on one line")
    )
    pipeline_version = models.PositiveIntegerField(default=0)
    commented_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    to_tell = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("written or removed, and nobody was told of it yet"),
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                "post", Coalesce("parent", "id"), "id", name="comment_by_branch"
            ),
            models.Index(fields=["author", "-commented_at"], name="comment_by_author"),
            models.Index(fields=["post", "id"], name="comment_by_post"),
            models.Index(
                fields=["id"],
                name="comment_to_render_again",
                condition=Q(pipeline_version__lt=PIPELINE_VERSION),
            ),
            models.Index(
                fields=["id"], name="comment_to_tell", condition=Q(to_tell=True)
            ),
        ]

    def __str__(self) -> str:
        return self.body[:60]

    def get_absolute_url(self) -> str:
        post = reverse("community:post", args=[self.post_id])
        return f"{post}?comment={self.pk}#comment-{self.pk}"


class Revision(models.Model):
    """The text of a post or comment before an edit."""

    post = models.ForeignKey(
        Post, models.CASCADE, null=True, blank=True, related_name="revisions"
    )
    comment = models.ForeignKey(
        Comment, models.CASCADE, null=True, blank=True, related_name="revisions"
    )
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(post=None, comment__isnull=False)
                | Q(post__isnull=False, comment=None),
                name="revision_of_one_thing",
                violation_error_message=_(
                    "A former text is of a post or of a comment."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"as of {self.written_at:%Y-%m-%d %H:%M}"
