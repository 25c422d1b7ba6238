"""With whom: posts and comments in the group's feed and in the threads of steps, activities and papers."""

from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, TextField, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.cursors import Cursor
from members.models import Member
from papers.models import Paper

AUTHOR = ["name", "email", "owner_since", "curator_since", "moderator_since"]
LISTED = [
    *"kind title excerpt pipeline_version step_key posted_at active_at edited_at pinned_at comment_count".split(),
    *(f"author__{name}" for name in AUTHOR),
    *(f"paper__{name}" for name in ("arxiv_id", "title_html")),
    *(f"accepted_comment__{name}" for name in ("post", "excerpt", "edited_at", "removed_at")),
    *(f"accepted_comment__author__{name}" for name in AUTHOR),
]


def _shown(of: str = "") -> Case:
    """The HTML that lists show: the beginning of a long text, the whole of any other."""
    return Case(
        When(**{f"{of}beginning_html": ""}, then=f"{of}body_html"),
        default=f"{of}beginning_html",
        output_field=TextField(),
    )


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, member: Member) -> "PostQuerySet":
        """What `member` may see: everything that was not removed."""
        return self.filter(removed_at=None)

    def by(self, member: Member) -> "PostQuerySet":
        return self.filter(author=member)

    def questions(self) -> "PostQuerySet":
        return self.filter(kind=Post.Kind.QUESTION)

    def open_questions(self) -> "PostQuerySet":
        """Those without an accepted answer."""
        return self.questions().filter(accepted_comment=None)

    def announcements(self) -> "PostQuerySet":
        return self.filter(kind=Post.Kind.ANNOUNCEMENT)

    def in_place(self, *, step_key: UUID | None = None, paper: Paper | None = None) -> "PostQuerySet":
        """Those of the thread of a step or of a paper."""
        return self.filter(step_key=step_key) if step_key else self.filter(paper=paper)

    def before(self, cursor: Cursor | None, field: str = "active_at") -> "PostQuerySet":
        """Those that stand after `cursor` in a list ordered by `field`, newest first.

        The first bound follows from the second, but without it the database reads every row above the cursor.
        """
        if cursor is None:
            return self
        older = Q(**{f"{field}__lt": cursor.moment}) | Q(**{field: cursor.moment}, pk__lt=cursor.pk)
        return self.filter(older, **{f"{field}__lte": cursor.moment})

    def for_list(self) -> "PostQuerySet":
        """With author, paper and accepted answer, and what a list shows of the texts: `text_html`, `answer_html`.

        Long texts stay in the database; only how they begin is read.
        """
        return (
            self.select_related("author", "paper", "accepted_comment__author")
            .annotate(text_html=_shown(), answer_html=_shown("accepted_comment__"))
            .only(*LISTED)
        )


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
    beginning_html = models.TextField(blank=True, help_text=_("for lists, where the body is too long for them"))
    excerpt = models.TextField(blank=True, help_text=_("the same in plain text, on one line"))
    pipeline_version = models.PositiveIntegerField(default=0)
    step_key = models.UUIDField(null=True, blank=True)
    activity_key = models.UUIDField(null=True, blank=True)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="posts")
    posted_at = models.DateTimeField()
    active_at = models.DateTimeField(help_text=_("the newest post, comment or accepted answer"))
    edited_at = models.DateTimeField(null=True, blank=True)
    pinned_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
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
            models.Index(fields=["kind", "-active_at", "-id"], name="post_by_kind"),
            models.Index(
                fields=["-active_at", "-id"],
                name="post_open_questions",
                condition=Q(kind="question", accepted_comment=None),
            ),
            models.Index(fields=["step_key", "-active_at", "-id"], name="post_by_step"),
            models.Index(fields=["paper", "-active_at", "-id"], name="post_by_paper"),
            models.Index(fields=["pinned_at"], name="post_pinned", condition=Q(pinned_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="question") | ~Q(title=""),
                name="post_question_has_title",
                violation_error_message=_("A question needs a title: ask it in one sentence."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_comment=None) | Q(kind="question"),
                name="post_only_questions_accept",
                violation_error_message=_("Only questions have an accepted answer."),
            ),
            models.CheckConstraint(
                condition=Q(pinned_at=None) | Q(kind="announcement"),
                name="post_only_announcements_pinned",
                violation_error_message=_("Only announcements can be pinned."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.body[:60]

    def get_absolute_url(self) -> str:
        return reverse("community:post", args=[self.pk])


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, member: Member) -> "CommentQuerySet":
        """What `member` may see: everything that was not removed, below posts that were not removed."""
        return self.filter(removed_at=None, post__removed_at=None)

    def by(self, member: Member) -> "CommentQuerySet":
        return self.filter(author=member)


class Comment(models.Model):
    """A comment, or an answer where the post is a question. Replies have a parent, which has none: one level."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="comments")
    body = models.TextField()
    body_html = models.TextField()
    beginning_html = models.TextField(blank=True, help_text=_("for lists, where the body is too long for them"))
    excerpt = models.TextField(blank=True, help_text=_("the same in plain text, on one line"))
    pipeline_version = models.PositiveIntegerField(default=0)
    commented_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = CommentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["post", "commented_at", "id"], name="comment_in_order")]

    def __str__(self) -> str:
        return self.body[:60]

    def get_absolute_url(self) -> str:
        return f"{reverse('community:post', args=[self.post_id])}?comment={self.pk}#comment-{self.pk}"


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
