"""Who is mentioned in posts and comments."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models.comments import Comment
from community.models.posts import Post


class Mention(models.Model):
    """A member whose handle stands in the text of a post, or of a comment below it."""

    post = models.ForeignKey(
        Post,
        models.CASCADE,
        related_name="mentions",
        db_index=False,  # mention_by_post begins with it
    )
    comment = models.ForeignKey(
        Comment,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="mentions",
        db_index=False,  # mention_in_comment_once begins with it
        help_text=_("empty for the text of the post itself"),
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentions"
    )
    mentioned_at = models.DateTimeField()
    to_tell = models.BooleanField(
        default=True, help_text=_("the member was not told of it yet")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "member"],
                name="mention_in_post_once",
                condition=Q(comment=None),
                violation_error_message=_("The post mentions this member already."),
            ),
            models.UniqueConstraint(
                fields=["comment", "member"],
                name="mention_in_comment_once",
                condition=Q(comment__isnull=False),
                violation_error_message=_("The comment mentions this member already."),
            ),
        ]
        indexes = [
            models.Index(fields=["post"], name="mention_by_post"),
            models.Index(
                fields=["id"], name="mention_to_tell", condition=Q(to_tell=True)
            ),
        ]

    def __str__(self) -> str:
        return f"of member {self.member_id}"
