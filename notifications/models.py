"""What members are told of, which threads they watch, and what they have read."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from community.models import Comment, CommentQuerySet, Post, PostQuerySet
from members.audience import Audience
from members.models import Member

KEY = ["post", "kind", "member", "target"]
ABOUT_OPEN_QUESTIONS = ("could_answer", "helped")  # kinds
# What a row that is read has besides the moment: what becomes unread again is new to mail.
READ: dict[str, None] = {"mailed_at": None}


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, member: Member) -> "NotificationQuerySet":
        """What `member` was told of and may still see: a post that they may see, and the
        comment that it is about, if it is about one.
        """
        posts = Post.objects.visible_to(member)
        return self._about(posts, Comment.objects.visible_to(member)).filter(
            member=member
        )

    def visible_to_audience(self, audience: Audience) -> "NotificationQuerySet":
        """For runs over many members, as PostQuerySet.visible_to_audience."""
        posts = Post.objects.visible_to_audience(audience)
        return self._about(posts, Comment.objects.visible_to_audience(audience))

    def _about(
        self, posts: PostQuerySet, comments: CommentQuerySet
    ) -> "NotificationQuerySet":
        """Those below one of the posts and about one of the comments, or about none."""
        # Not Exists, which PostgreSQL may answer by reading all comments of the group.
        seen = Subquery(comments.filter(pk=OuterRef("comment")).values("pk"))
        return self.filter(
            Exists(posts.filter(pk=OuterRef("post"))),
            Q(comment=None) | Q(comment=seen),
        ).still_true()

    def still_true(self) -> "NotificationQuerySet":
        """Without answers that are no longer accepted, reactions that were taken back, and
        what is about an open question, where an answer was accepted.
        """
        return self.filter(
            ~Q(kind=Notification.Kind.ACCEPTED)
            | Q(post__accepted_comment=F("comment")),
            ~Q(kind=Notification.Kind.SAME) | Q(post__same_count__gt=0),
            ~Q(kind=Notification.Kind.HELPFUL)
            | Q(comment=None, post__helped_count__gt=0)
            | Q(comment__helped_count__gt=0),
            ~Q(kind__in=ABOUT_OPEN_QUESTIONS) | Q(post__accepted_comment=None),
        )

    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)

    def in_turn(self) -> "NotificationQuerySet":
        """These rows, locked in the order of their keys, in which they are stored too: of
        two who change the same rows, the second waits at the first row and does not lock
        others meanwhile.
        """
        ordered = self.order_by(*KEY).select_for_update(no_key=True)
        return Notification.objects.filter(pk__in=ordered.values("pk"))

    def in_hand(self) -> "NotificationQuerySet":
        """These rows, locked. A row that is being told or mailed at this moment is passed
        over: it was not seen yet.
        """
        locked = self.select_for_update(skip_locked=True, no_key=True)
        return Notification.objects.filter(pk__in=locked.values("pk"))

    def mark_read(self, now: datetime) -> int:
        """Mark the unread ones as read; their number."""
        return self.unread().in_hand().update(**READ, read_at=now)


class Notification(models.Model):
    """One thing that a member is told of, below the post that it belongs to.

    There is one row for each member, post, kind and target. What happens again does not
    add a row: it makes a row unread that was read.
    """

    class Kind(models.TextChoices):
        MENTION = "mention", _("You were mentioned")
        ANSWER = "answer", _("An answer to your question")
        REPLY = "reply", _("A reply to you")
        ACCEPTED = "accepted", _("Your answer was accepted")
        HELPFUL = "helpful", _("People found your words helpful")
        SAME = "same", _("People have your question too")
        WATCHED = "watched", _("New comments where you watch")
        COULD_ANSWER = "could_answer", _("A question that you could answer")
        HELPED = "helped", _("Did an answer help?")
        POLL_CLOSED = "poll_closed", _("A poll that you voted in was closed")

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="notifications",
        db_index=False,  # notification_by_member begins with it
    )
    post = models.ForeignKey(
        Post,
        models.CASCADE,
        related_name="+",
        db_index=False,  # notification_once begins with it
    )
    # Without a list of choices, so that a new kind is no migration.
    kind = models.CharField(max_length=20)
    target = models.BigIntegerField(
        default=0,
        db_default=0,
        help_text=_("the id of the comment that is meant; 0 for the post as a whole"),
    )
    comment = models.ForeignKey(
        Comment,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text=_(
            "what was said; of a thread that is watched, the first new comment"
        ),
    )
    comments_before = models.PositiveIntegerField(
        default=0,
        db_default=0,
        help_text=_("how many comments the post had before `comment`"),
    )
    told_count = models.PositiveIntegerField(
        default=0,
        db_default=0,
        help_text=_("of reactions: the most that there were when it was told"),
    )
    happened_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    # The database's own default is False: rows of older code are not mailed.
    to_mail = models.BooleanField(
        default=True,
        db_default=False,
        help_text=_("whether mail has not looked at it since it became unread"),
    )
    mailed_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_("when it was put into a mail; empty again once it was read"),
    )

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=KEY,
                name="notification_once",
                violation_error_message=_("The member was told of this already."),
            )
        ]
        indexes = [
            models.Index(
                fields=["member", "-happened_at", "-id"], name="notification_by_member"
            ),
            models.Index(
                fields=["member", "-happened_at", "-id"],
                name="notification_unread",
                condition=Q(read_at=None),
            ),
            models.Index(fields=["happened_at"], name="notification_by_age"),
            models.Index(
                fields=["happened_at", "id"],
                name="notification_to_mail",
                condition=Q(to_mail=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} below post {self.post_id}"


class OpenQuestion(models.Model):
    """When to ask others about a question, and its author whether an answer helped.

    Each is asked once. There is no row for questions from before this was stored.
    """

    post = models.OneToOneField(Post, models.CASCADE, related_name="+")
    offer_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_("when it is offered to members who could answer it"),
    )
    offered_at = models.DateTimeField(null=True, blank=True)
    ask_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_("when its author is asked whether an answer helped"),
    )
    asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["offer_at", "id"],
                name="open_question_to_offer",
                condition=Q(offer_at__isnull=False),
            ),
            models.Index(
                fields=["ask_at", "id"],
                name="open_question_to_ask",
                condition=Q(ask_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"post {self.post_id}"


class WatchLevel(models.TextChoices):
    WATCHING = "watching", _("Watching")
    NORMAL = "normal", _("Normal")
    MUTED = "muted", _("Muted")

    @property
    def icon(self) -> str:
        return _ICONS[self.value]


_ICONS = {"watching": "bell", "normal": "message-circle", "muted": "mute"}


class WatchQuerySet(models.QuerySet["Watch"]):
    def watching(self, post: int) -> "WatchQuerySet":
        """The rows of members who are told of every new comment below a post."""
        return self.filter(post=post, level=WatchLevel.WATCHING)


def level_of(member: Member, post: Any) -> Subquery:
    """The level that was stored for `member` and a post, such as `OuterRef("post")`."""
    rows = Watch.objects.filter(member=member, post=post)
    return Subquery(rows.values("level")[:1])


class Watch(models.Model):
    """How much a member wants to hear of a post and the comments below it.

    There is no row where nothing was chosen and nothing was written: that is NORMAL.
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="watches",
        db_index=False,  # watch_by_member begins with it
    )
    post = models.ForeignKey(
        Post,
        models.CASCADE,
        related_name="watches",  # PostQuerySet.with_level_of
        db_index=False,  # watch_once begins with it
    )
    level = models.CharField(max_length=10, choices=WatchLevel.choices)
    since = models.DateTimeField()

    objects = WatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "member"],
                name="watch_once",
                violation_error_message=_("This member has chosen a level already."),
            )
        ]
        indexes = [
            models.Index(fields=["member", "level", "-since"], name="watch_by_member")
        ]
        verbose_name_plural = _("watches")

    def __str__(self) -> str:
        return f"{self.level} post {self.post_id}"


class ReadAnnouncements(models.Model):
    """Which announcements a member has read: all until a moment, and some after it.

    An announcement is no row for each member. Every member reads the post itself.
    """

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="read_announcements",
    )
    until = models.DateTimeField()
    posts = models.JSONField(
        default=list, help_text=_("the ids of those read that are later than that")
    )

    class Meta:
        verbose_name_plural = _("read announcements")

    def __str__(self) -> str:
        return f"until {self.until:%Y-%m-%d %H:%M}"


class ReachWay(models.TextChoices):
    """How far what happened goes. Each way holds those before it."""

    NEVER = "never", _("Never")
    APP = "app", _("In the app")
    BUNDLE = "bundle", _("Daily mail")
    ONCE = "once", _("At once")


class ReachQuerySet(models.QuerySet["Reach"]):
    def never(self) -> "ReachQuerySet":
        """Of members who want to hear nothing of a group of kinds."""
        return self.filter(way=ReachWay.NEVER)


class Reach(models.Model):
    """How a group of kinds reaches a member, where it is not the default of the group.

    The groups are in `notifications.reaching`. Each way holds those before it: what is
    mailed is in the app too.
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="reaches",
        db_index=False,  # reach_once begins with it
    )
    # Without a list of choices, so that a new group is no migration.
    group = models.CharField(max_length=20)
    way = models.CharField(max_length=10, choices=ReachWay.choices)

    objects = ReachQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "group"],
                name="reach_once",
                violation_error_message=_("The member has chosen a way already."),
            )
        ]
        indexes = [
            models.Index(
                fields=["group", "member"],
                name="reach_never",
                condition=Q(way="never"),
            )
        ]
        verbose_name_plural = _("reaches")

    def __str__(self) -> str:
        return f"{self.group}: {self.way}"
