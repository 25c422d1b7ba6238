"""With whom: posts and comments in the group's feed and in the threads of steps, activities and papers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.models import Member
from papers.models import Paper


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, member: Member) -> "PostQuerySet":
        """What `member` may see: everything that was not removed."""
        return self.filter(removed_at=None)


class Post(models.Model):
    class Kind(models.TextChoices):
        DISCUSSION = "discussion", _("Discussion")
        QUESTION = "question", _("Question")
        JOURNEY = "journey", _("Journey")
        ROUNDUP = "roundup", _("Roundup")
        SHOWCASE = "showcase", _("Showcase")
        ANNOUNCEMENT = "announcement", _("Announcement")

    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.DISCUSSION)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts")
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    body_html = models.TextField()
    pipeline_version = models.PositiveIntegerField(default=0)
    step_key = models.UUIDField(null=True, blank=True)
    activity_key = models.UUIDField(null=True, blank=True)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="posts")
    posted_at = models.DateTimeField()
    active_at = models.DateTimeField(help_text=_("the newest post, comment or accepted answer"))
    edited_at = models.DateTimeField(null=True, blank=True)
    pinned_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    accepted_comment = models.OneToOneField(
        "Comment", models.SET_NULL, null=True, blank=True, related_name="accepted_for"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    comment_count = models.PositiveIntegerField(default=0)

    objects = PostQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-active_at", "-id"], name="post_newest_activity"),
            models.Index(fields=["-posted_at", "-id"], name="post_newest"),
            models.Index(fields=["step_key", "-active_at"], name="post_by_step"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="question") | ~Q(title=""),
                name="post_question_has_title",
                violation_error_message=_("A question needs a title: ask it in one sentence."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.body[:60]

    def get_absolute_url(self) -> str:
        return reverse("community:post", args=[self.pk])


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, member: Member) -> "CommentQuerySet":
        return self.filter(post__removed_at=None)


class Comment(models.Model):
    """A comment, or an answer where the post is a question. A removed one keeps its place, without its words."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="comments")
    body = models.TextField()
    body_html = models.TextField()
    pipeline_version = models.PositiveIntegerField(default=0)
    commented_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["post", "commented_at", "id"], name="comment_in_order")]

    def __str__(self) -> str:
        return self.body[:60]

    def get_absolute_url(self) -> str:
        return f"{reverse('community:post', args=[self.post_id])}#comment-{self.pk}"


class Revision(models.Model):
    """The words of a post or comment before an edit: nothing that was written is lost."""

    post = models.ForeignKey(Post, models.CASCADE, null=True, blank=True, related_name="revisions")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, blank=True, related_name="revisions")
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(post=None, comment__isnull=False) | Q(post__isnull=False, comment=None),
                name="revision_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"as of {self.written_at:%Y-%m-%d %H:%M}"


class Reaction(models.Model):
    class Kind(models.TextChoices):
        HELPED = "helped", _("Helped me")
        THANKS = "thanks", _("Thanks")
        SAME = "same", _("Same here")

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reactions")
    post = models.ForeignKey(Post, models.CASCADE, null=True, blank=True, related_name="reactions")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, blank=True, related_name="reactions")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    reacted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "post", "kind"], name="reaction_once_per_post"),
            models.UniqueConstraint(fields=["member", "comment", "kind"], name="reaction_once_per_comment"),
            models.CheckConstraint(
                condition=Q(post=None, comment__isnull=False) | Q(post__isnull=False, comment=None),
                name="reaction_to_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.kind
