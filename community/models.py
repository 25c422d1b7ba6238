"""Threads, posts, comments and reactions."""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import (
    Case,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community import kinds
from community.kinds.base import PostKind
from lists import keyset
from lists.keyset import Cursor
from members.audience import Audience, audience_of
from members.models import Member
from papers.models import Paper
from text import plain, plain_title

AUTHOR = ["name", "email", "owner_since", "curator_since", "moderator_since"]
COUNTS = ["helped_count", "thanks_count", "same_count"]
LISTED = [
    *"kind title excerpt pipeline_version posted_at active_at edited_at pinned_at comment_count".split(),
    *COUNTS,
    *(f"author__{name}" for name in AUTHOR),
    *(f"thread__{name}" for name in ("kind", "key")),
    *(
        f"accepted_comment__{name}"
        for name in ("post", "excerpt", "edited_at", "removed_at")
    ),
    *(f"accepted_comment__author__{name}" for name in AUTHOR),
]


def _shown(of: str = "") -> Case:
    """The HTML that lists show: the beginning of a long text, the whole of any other."""
    return Case(
        When(**{f"{of}beginning_html": ""}, then=f"{of}body_html"),
        default=f"{of}beginning_html",
        output_field=TextField(),
    )


Targets = TypeVar("Targets", bound="models.QuerySet[Any]")


def _with_reactions_of(targets: Targets, member: Member, field: str) -> Targets:
    """With `my_helped` and the like: whether `member` reacted so."""
    mine = Reaction.objects.filter(member=member, **{field: OuterRef("pk")})
    return targets.annotate(
        **{
            f"my_{kind}": Exists(mine.filter(kind=kind))
            for kind in Reaction.Kind.values
        }
    )


class Thread(models.Model):
    """What posts belong to: the group's own feed, a step, an activity or a paper.

    A row is stored with its first post, by `threads.stored`; `Thread()` is the group's.
    """

    class Kind(models.TextChoices):
        GROUP = "group", _("Group")
        STEP = "step", _("Step")
        ACTIVITY = "activity", _("Activity")
        PAPER = "paper", _("Paper")

    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.GROUP)
    key = models.CharField(
        max_length=64,
        blank=True,
        help_text=_("the key of the step or activity, the arXiv id of the paper"),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="thread_once"),
            models.CheckConstraint(
                condition=Q(kind="group", key="") | (~Q(kind="group") & ~Q(key="")),
                name="thread_of_the_group_has_no_key",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}".strip()


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, member: Member) -> "PostQuerySet":
        """What `member` may see: what her audience may, less what is hidden from her."""
        return self.visible_to_audience(audience_of(member))

    def visible_to_audience(self, audience: Audience) -> "PostQuerySet":
        """For runs over many members, who must take away `hidden_from` each: everything
        that was not removed.
        """
        return self.filter(removed_at=None)

    def hidden_from(self, members: Iterable[Member]) -> Mapping[int, Set[int]]:
        """By member, the ids of posts that her audience may see and she may not; members
        without any may be left out. Nothing is hidden from a single member so far.
        """
        return {}

    def by(self, member: Member) -> "PostQuerySet":
        return self.filter(author=member)

    def of_kind(self, name: str) -> "PostQuerySet":
        return self.filter(kind=name)

    def open_questions(self) -> "PostQuerySet":
        """Those without an accepted answer."""
        return self.of_kind("question").filter(accepted_comment=None)

    def with_reactions_of(self, member: Member) -> "PostQuerySet":
        return _with_reactions_of(self, member, "post")

    def in_thread(self, thread: Thread) -> "PostQuerySet":
        """Those of a thread, which need not be stored.

        The database looks the thread up once; as a join it would not know that the
        index of the thread's posts is in the order of the list.
        """
        named = Thread.objects.filter(kind=thread.kind, key=thread.key)
        return self.filter(thread=Subquery(named.values("pk")[:1]))

    def with_thread(self) -> "PostQuerySet":
        """With its thread, and the title of the paper that the thread is about."""
        papers = Paper.objects.filter(arxiv_id=OuterRef("thread__key"))
        title = When(
            thread__kind=Thread.Kind.PAPER,
            then=Subquery(papers.values("title_html")[:1]),
        )
        return self.select_related("thread").annotate(
            paper_title_html=Case(
                title, default=Value(""), output_field=TextField(default="")
            )
        )

    def before(self, cursor: Cursor | None, field: str = "active_at") -> "PostQuerySet":
        """Those that follow `cursor` in a list ordered by `field`, newest first."""
        if cursor is None:
            return self
        return keyset.before(self, field, cursor.moment, cursor.pk)

    def pinned_for(self, member: Member) -> "PostQuerySet":
        """What is pinned, but for what `member` put away and nobody changed or pinned
        again since.
        """
        away = PutAwayNotice.objects.filter(member=member, post=OuterRef("pk"))
        away = away.filter(put_away_at__gte=OuterRef("pinned_at"))
        away = away.filter(
            put_away_at__gte=Coalesce(OuterRef("edited_at"), OuterRef("pinned_at"))
        )
        return self.filter(~Exists(away), pinned_at__isnull=False)

    def for_list(self, reader: Member) -> "PostQuerySet":
        """With author, thread, accepted answer and reactions, and what a list shows of the texts:
        `text_html`, `answer_html`.

        Long texts stay in the database; only how they begin is read.
        """
        return (
            self.with_thread()
            .with_reactions_of(reader)
            .select_related("author", "accepted_comment__author")
            .annotate(text_html=_shown(), answer_html=_shown("accepted_comment__"))
            .only(*LISTED)
        )


class WithReactions(models.Model):
    """Counts of reactions, changed in the action that changes the reactions."""

    helped_count = models.PositiveIntegerField(default=0, db_default=0)
    thanks_count = models.PositiveIntegerField(default=0, db_default=0)
    same_count = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        abstract = True


class Post(WithReactions):
    paper_title_html: ClassVar[str] = ""  # from PostQuerySet.with_thread

    kind = models.CharField(
        max_length=20,
        default=kinds.DEFAULT,
        help_text=_("a module of community.kinds"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts"
    )
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    body_html = models.TextField()
    beginning_html = models.TextField(
        blank=True, help_text=_("for lists, where the body is too long for them")
    )
    excerpt = models.TextField(
        blank=True, help_text=_("the same in plain text, on one line")
    )
    pipeline_version = models.PositiveIntegerField(default=0)
    thread = models.ForeignKey(
        Thread,
        models.PROTECT,
        related_name="posts",
        db_index=False,  # post_by_thread begins with it
    )
    posted_at = models.DateTimeField()
    active_at = models.DateTimeField(
        help_text=_("the newest post, comment or accepted answer")
    )
    edited_at = models.DateTimeField(null=True, blank=True)
    pinned_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
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
            models.Index(fields=["thread", "-active_at", "-id"], name="post_by_thread"),
            models.Index(
                fields=["pinned_at"],
                name="post_pinned",
                condition=Q(pinned_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="question") | ~Q(title=""),
                name="post_question_has_title",
                violation_error_message=_(
                    "A question needs a title: ask it in one sentence."
                ),
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
        return plain_title(self.title) or plain(self.body, 60)

    def get_absolute_url(self) -> str:
        return reverse("community:post", args=[self.pk])

    @property
    def traits(self) -> PostKind:
        """What the site knows of its kind."""
        return kinds.of(self.kind)


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, member: Member) -> "CommentQuerySet":
        """What `member` may see: everything that was not removed, below posts that were
        not removed.
        """
        return self.filter(removed_at=None, post__removed_at=None)

    def by(self, member: Member) -> "CommentQuerySet":
        return self.filter(author=member)

    def with_reactions_of(self, member: Member) -> "CommentQuerySet":
        return _with_reactions_of(self, member, "comment")


class Comment(WithReactions):
    """A comment, or an answer where the post is a question.

    Replies have a parent, which has none: one level.
    """

    post = models.ForeignKey(
        Post,
        models.CASCADE,
        related_name="comments",
        db_index=False,  # comment_in_order begins with it
    )
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="replies"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="comments"
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

    objects = CommentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["post", "commented_at", "id"], name="comment_in_order")
        ]

    def __str__(self) -> str:
        return self.body[:60]

    def get_absolute_url(self) -> str:
        return f"{reverse('community:post', args=[self.post_id])}?comment={self.pk}#comment-{self.pk}"


class Revision(models.Model):
    """The words of a post or comment before an edit: nothing that was written is lost."""

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
            )
        ]

    def __str__(self) -> str:
        return f"as of {self.written_at:%Y-%m-%d %H:%M}"


def cascade_and_count(
    collector: Any, field: Any, reactions: "models.QuerySet[Any]", using: str
) -> None:
    """As CASCADE; the counts go down in the same transaction."""
    rows = Reaction.objects.using(using).filter(pk__in=[each.pk for each in reactions])
    lost = Counter(rows.values_list("kind", "post_id", "comment_id"))
    for (kind, post_id, comment_id), times in lost.items():
        model, pk = (Post, post_id) if post_id else (Comment, comment_id)
        name = f"{kind}_count"
        collector.add_field_update(
            model._meta.get_field(name),
            F(name) - times,
            model._base_manager.using(using).filter(pk=pk),
        )
    models.CASCADE(collector, field, reactions, using)


class Reaction(models.Model):
    class Kind(models.TextChoices):
        HELPED = "helped", _("Helped me")
        THANKS = "thanks", _("Thanks")
        SAME = "same", _("Same here")

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, cascade_and_count, related_name="reactions"
    )
    # The unique constraints begin with the target and serve as its index.
    post = models.ForeignKey(
        Post,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="reactions",
        db_index=False,
    )
    comment = models.ForeignKey(
        Comment,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="reactions",
        db_index=False,
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    reacted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "member", "kind"], name="reaction_once_per_post"
            ),
            models.UniqueConstraint(
                fields=["comment", "member", "kind"], name="reaction_once_per_comment"
            ),
            models.CheckConstraint(
                condition=Q(post=None, comment__isnull=False)
                | Q(post__isnull=False, comment=None),
                name="reaction_to_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class PutAwayNotice(models.Model):
    """A member does not want to see a pinned announcement above her feed, until it is
    changed or pinned again.
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        db_index=False,  # the unique constraint begins with it
    )
    post = models.ForeignKey(Post, models.CASCADE, related_name="+")
    put_away_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "post"], name="notice_put_away_once"
            )
        ]

    def __str__(self) -> str:
        return f"as of {self.put_away_at:%Y-%m-%d %H:%M}"
