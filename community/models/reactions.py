"""Reactions, and the counts of them."""

from collections import Counter
from typing import Any, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from members.models import Member

COUNTS = ["helped_count", "thanks_count", "same_count"]


Targets = TypeVar("Targets", bound="models.QuerySet[Any]")


def with_reactions_of(targets: Targets, member: Member, field: str) -> Targets:
    """Annotate `my_helped`, `my_thanks` and so on: whether `member` reacted so."""
    mine = Reaction.objects.filter(member=member, **{field: OuterRef("pk")})
    return targets.annotate(
        **{
            f"my_{kind}": Exists(mine.filter(kind=kind))
            for kind in Reaction.Kind.values
        }
    )


class WithReactions(models.Model):
    """Counts of reactions, changed in the action that changes the reactions."""

    helped_count = models.PositiveIntegerField(default=0, db_default=0)
    thanks_count = models.PositiveIntegerField(default=0, db_default=0)
    same_count = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        abstract = True


def cascade_and_count(
    collector: Any, field: Any, reactions: "models.QuerySet[Any]", using: str
) -> None:
    """Like CASCADE, and decrease the stored counts in the same transaction."""
    rows = Reaction.objects.using(using).filter(pk__in=[each.pk for each in reactions])
    lost = Counter(rows.values_list("kind", "post_id", "comment_id"))
    for (kind, post_id, comment_id), times in lost.items():
        target, pk = ("post", post_id) if post_id else ("comment", comment_id)
        model = apps.get_model("community", target)
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
        "Post",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="reactions",
        db_index=False,
    )
    comment = models.ForeignKey(
        "Comment",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="reactions",
        db_index=False,
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    reacted_at = models.DateTimeField()
    to_tell = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("the author of the text was not told of it yet"),
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], name="reaction_to_tell", condition=Q(to_tell=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "member", "kind"],
                name="reaction_once_per_post",
                violation_error_message=_("This member has reacted so already."),
            ),
            models.UniqueConstraint(
                fields=["comment", "member", "kind"],
                name="reaction_once_per_comment",
                violation_error_message=_("This member has reacted so already."),
            ),
            models.CheckConstraint(
                condition=Q(post=None, comment__isnull=False)
                | Q(post__isnull=False, comment=None),
                name="reaction_to_one_thing",
                violation_error_message=_("A reaction is to a post or to a comment."),
            ),
        ]

    def __str__(self) -> str:
        return self.kind
