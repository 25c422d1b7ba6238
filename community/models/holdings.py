"""Which text shows which pictures and files."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from community.models.comments import Comment
from community.models.posts import Post
from members.models import Member
from pictures.models import Upload

if TYPE_CHECKING:
    from community.models.comments import CommentQuerySet
    from community.models.posts import PostQuerySet


class HoldingQuerySet(models.QuerySet["Holding"]):
    def visible_to(self, member: Member) -> "HoldingQuerySet":
        """Those of posts and comments that `member` may see."""
        return self._of(
            Post.objects.visible_to(member), Comment.objects.visible_to(member)
        )

    def of_standing_texts(self) -> "HoldingQuerySet":
        """Those of posts and comments that were not removed."""
        return self._of(
            Post.objects.filter(removed_at=None),
            Comment.objects.filter(removed_at=None, post__removed_at=None),
        )

    def _of(
        self, posts: "PostQuerySet", comments: "CommentQuerySet"
    ) -> "HoldingQuerySet":
        return self.filter(
            Exists(posts.filter(pk=OuterRef("post")))
            | Exists(comments.filter(pk=OuterRef("comment")))
        )


class Holding(models.Model):
    """A post or a comment shows an upload. Whoever may see the text may see it."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="holdings")
    post = models.ForeignKey(
        Post, models.CASCADE, null=True, blank=True, related_name="holdings"
    )
    comment = models.ForeignKey(
        Comment, models.CASCADE, null=True, blank=True, related_name="holdings"
    )

    objects = HoldingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(post=None, comment__isnull=False)
                | Q(post__isnull=False, comment=None),
                name="holding_of_one_text",
                violation_error_message=_("A picture is shown by a post or a comment."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.upload_id}"
