"""What a member opened although it was folded, and what may be folded for them."""

from typing import Any, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, UUIDField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Replace
from django.utils.translation import gettext_lazy as _

from community import kinds
from community.models.threads import Thread
from members.models import Member
from progress.models import Record

Rows = TypeVar("Rows", bound="models.QuerySet[Any, Any]")


class Unfolding(models.Model):
    """What a member opened although it was folded: a post with what is below it, which
    they asked to see, or the thread of an exercise, in which they wrote.
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        db_index=False,  # the unique constraints begin with it
    )
    post = models.ForeignKey(
        "Post", models.CASCADE, null=True, blank=True, related_name="+"
    )
    thread = models.ForeignKey(
        Thread, models.CASCADE, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "post"],
                name="unfolding_of_a_post_once",
                violation_error_message=_("This member has opened this post already."),
            ),
            models.UniqueConstraint(
                fields=["member", "thread"],
                name="unfolding_of_a_thread_once",
                violation_error_message=_(
                    "This member has opened this thread already."
                ),
            ),
            models.CheckConstraint(
                condition=Q(post=None, thread__isnull=False)
                | Q(post__isnull=False, thread=None),
                name="unfolding_of_one_thing",
                violation_error_message=_("A post or a thread is opened, not both."),
            ),
        ]

    def __str__(self) -> str:
        return f"as of {self.opened_at:%Y-%m-%d %H:%M}"


def with_closed(rows: Rows, reader: Member | Combinable, of: str = "") -> Rows:
    """Annotate `is_closed`: whether `reader` has neither tried nor asked to see what is
    folded in a thread of an activity, or below a post of a kind that folds. What of it is
    folded is said by `community.folding`, which knows which activities are exercises.

    `of` leads from the rows to the post, as in “post__”; `reader` may be a column of them.
    """
    is_activity = Q(**{f"{of}thread__kind": Thread.Kind.ACTIVITY})
    folding = [kind.name for kind in kinds.KINDS.values() if kind.folds_comments]
    may_fold = is_activity | Q(**{f"{of}kind__in": folding}) if folding else is_activity
    # The keys of other threads are no UUIDs, and databases refuse to read them so.
    plain_key = Replace(f"{of}thread__key", Value("-"), Value(""))
    key = When(is_activity, then=Cast(plain_key, UUIDField()))
    opened = Unfolding.objects.filter(
        Q(post=OuterRef(f"{of}pk")) | Q(thread=OuterRef(f"{of}thread")), member=reader
    )
    tried = Record.objects.tried().filter(
        member=reader, activity_key=OuterRef("folded_activity")
    )
    is_closed = When(may_fold & ~Exists(opened) & ~Exists(tried), then=Value(True))
    return rows.alias(
        folded_activity=Case(key, default=None, output_field=UUIDField())
    ).annotate(is_closed=Case(is_closed, default=Value(False)))
