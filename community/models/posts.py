"""Posts."""

from collections.abc import Iterable, Mapping, Set
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import (
    Case,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community import kinds
from community.kinds.base import PostKind
from community.listed import LISTED
from community.models.drafts import Draft
from community.models.notices import PutAwayNotice
from community.models.reactions import WithReactions, with_reactions_of
from community.models.threads import Thread
from community.models.unfolding import with_closed
from lists import keyset
from lists.keyset import Cursor
from members.audience import Audience, audience_of
from members.models import Member
from papers.models import Paper
from text import PIPELINE_VERSION, plain, plain_title


def _shown(of: str = "") -> Case:
    """The HTML that lists show: the beginning of a long text, or the whole of a short one."""
    return Case(
        When(**{f"{of}beginning_html": ""}, then=f"{of}body_html"),
        default=f"{of}beginning_html",
        output_field=TextField(),
    )


NEW_COMMENTS = Case(
    When(
        comment_count__gt=F("mark__seen_count"),
        then=F("comment_count") - F("mark__seen_count"),
    ),
    default=Value(0),
    output_field=IntegerField(),
)


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, member: Member) -> "PostQuerySet":
        """Posts that `member` may see: those for the member's audience, without those that
        are hidden from the member.
        """
        return self.visible_to_audience(audience_of(member))

    def visible_to_audience(self, audience: Audience) -> "PostQuerySet":
        """Posts that an audience may see: those that were not removed.

        For runs over many members. They must leave out what `hidden_from` gives for each.
        """
        return self.filter(removed_at=None)

    def hidden_from(self, members: Iterable[Member]) -> Mapping[int, Set[int]]:
        """The ids of posts that a member's audience may see and the member may not, by
        member id. Members without any may be left out.

        Nothing is hidden from a single member so far.
        """
        return {}

    def by(self, member: Member) -> "PostQuerySet":
        return self.filter(author=member)

    def of_kind(self, name: str) -> "PostQuerySet":
        return self.filter(kind=name)

    def announced_since(self, moment: datetime | Combinable) -> "PostQuerySet":
        """Announcements after a moment, or after that of an outer query.

        By `active_at` too, which is never earlier: the index is in its order.
        """
        after = {"posted_at__gt": moment, "active_at__gt": moment}
        return self.of_kind("announcement").filter(**after)

    def open_questions(self) -> "PostQuerySet":
        """Questions without an accepted answer."""
        return self.of_kind("question").filter(accepted_comment=None)

    def with_reactions_of(self, member: Member) -> "PostQuerySet":
        return with_reactions_of(self, member, "post")

    def in_thread(self, thread: Thread) -> "PostQuerySet":
        """Posts of a thread, which need not be stored.

        The thread is looked up in a subquery. With a join the database would not use
        the index of the thread's posts, which is in the order of the list.
        """
        named = Thread.objects.filter(kind=thread.kind, key=thread.key)
        return self.filter(thread=Subquery(named.values("pk")[:1]))

    def with_thread(self) -> "PostQuerySet":
        """Select the thread too, and the title of the paper that it is about."""
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
        """Posts after `cursor` in a list ordered by `field`, newest first."""
        if cursor is None:
            return self
        return keyset.before(self, field, cursor.moment, cursor.pk)

    def pinned_for(self, member: Member) -> "PostQuerySet":
        """Pinned announcements, without those that `member` has hidden and that were not
        changed or pinned again since then.
        """
        away = PutAwayNotice.objects.filter(member=member, post=OuterRef("pk"))
        away = away.filter(put_away_at__gte=OuterRef("pinned_at"))
        away = away.filter(
            put_away_at__gte=Coalesce(OuterRef("edited_at"), OuterRef("pinned_at"))
        )
        return self.filter(~Exists(away), pinned_at__isnull=False)

    def with_mark_of(self, member: Member) -> "PostQuerySet":
        """With the member's `ReadMark`, if there is one, as `mark__seen_count` and so on."""
        mine = Q(read_marks__member=member)
        return self.annotate(mark=FilteredRelation("read_marks", condition=mine))

    def with_level_of(self, member: Member) -> "PostQuerySet":
        """With how much the member hears of the post, as `watch__level`; None where that
        was never chosen. The rows are those of notifications.models.Watch.
        """
        mine = Q(watches__member=member)
        return self.annotate(watch=FilteredRelation("watches", condition=mine))

    def with_draft_of(self, member: Member, address: str) -> "PostQuerySet":
        """With `has_draft`: whether the member has begun to write into the form that is
        sent to `address`.
        """
        drafts = Draft.objects.of(member).filter(address=address)
        return self.annotate(has_draft=Exists(drafts))

    def with_joined(self, member: Member) -> "PostQuerySet":
        """With `has_joined`: whether a question that `member` may see is joined to it."""
        joined = Post.objects.visible_to(member).filter(joined_to=OuterRef("pk"))
        return self.annotate(has_joined=Exists(joined))

    def with_closed(self, reader: Member) -> "PostQuerySet":
        """With `is_closed`: whether `reader` has not opened what is folded there."""
        return with_closed(self, reader)

    def for_list(self, reader: Member) -> "models.QuerySet[Any, Any]":
        """The columns of `community.listed.ListedPost`: author, thread, accepted answer,
        reactions, and the texts of a list, `text_html` and `answer_html`.

        Of long texts only the beginning is read. Comments are new where the reader has
        opened the post before.
        """
        return (
            self.with_thread()
            .with_reactions_of(reader)
            .with_mark_of(reader)
            .with_closed(reader)
            .annotate(new_comments=NEW_COMMENTS)
            .annotate(text_html=_shown(), answer_html=_shown("accepted_comment__"))
            .values_list(*LISTED)
        )


class Post(WithReactions):
    paper_title_html: ClassVar[str] = ""  # from PostQuerySet.with_thread
    read_mark: ClassVar[Any] = None  # that of the reader, from community.visible
    # Of the reader, from community.visible.
    watch_level: ClassVar[str | None] = None
    has_draft: ClassVar[bool] = False  # of a comment that is no reply
    has_joined: ClassVar[bool] = False
    is_closed: ClassVar[bool] = False  # to the reader, from PostQuerySet.with_closed

    kind = models.CharField(
        max_length=20,
        default=kinds.DEFAULT,
        help_text=_("a module of community.kinds"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="posts",
        db_index=False,  # post_by_author begins with it
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
    to_tell = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("written, and nobody was told of it yet"),
    )
    accepted_to_tell = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("an answer was accepted, and its author was not told yet"),
    )
    joined_to = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="joined",
        db_index=False,  # post_joined
        help_text=_("the question that this one asks again"),
    )
    joined_at = models.DateTimeField(null=True, blank=True)

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
            models.Index(fields=["author", "-posted_at"], name="post_by_author"),
            models.Index(
                fields=["joined_to"],
                name="post_joined",
                condition=Q(joined_to__isnull=False),
            ),
            models.Index(
                fields=["pinned_at"],
                name="post_pinned",
                condition=Q(pinned_at__isnull=False),
            ),
            models.Index(
                fields=["id"],
                name="post_to_render_again",
                condition=Q(pipeline_version__lt=PIPELINE_VERSION),
            ),
            models.Index(
                fields=["id"],
                name="post_to_tell",
                condition=Q(to_tell=True) | Q(accepted_to_tell=True),
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
                condition=Q(accepted_comment=None)
                | Q(kind__in=["question", "mistake"]),
                name="post_only_some_kinds_accept",
                violation_error_message=_(
                    "Posts of this kind have no accepted answer."
                ),
            ),
            models.CheckConstraint(
                condition=Q(joined_to=None) | Q(kind="question"),
                name="post_only_questions_are_joined",
                violation_error_message=_("Only questions are joined."),
            ),
            models.CheckConstraint(
                condition=Q(pinned_at=None) | Q(kind="announcement"),
                name="post_only_announcements_pinned",
                violation_error_message=_("Only announcements can be pinned."),
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(pinned_at__isnull=False),
                name="post_one_pinned",
                violation_error_message=_(
                    "Another announcement is pinned: unpin it first."
                ),
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
