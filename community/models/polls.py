"""Polls: what can be chosen, and who chose what."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.kinds.poll import OPTION_LENGTH
from community.models.posts import Post


class PollQuerySet(models.QuerySet["Poll"]):
    def open_at(self, now: datetime) -> "PollQuerySet":
        """Polls that take votes, as `is_open_at` says of one.

        Columns of the poll alone: an UPDATE that waited for another one checks them again
        in the row as it is then, and would not do so behind a join.
        """
        return self.filter(
            Q(closes_at=None) | Q(closes_at__gt=now),
            closed_at=None,
        )

    def due_at(self, now: datetime) -> "PollQuerySet":
        """Polls whose time is over and that were not closed yet."""
        return self.filter(closed_at=None, closes_at__lte=now)


class Poll(models.Model):
    """What a post of the kind “poll” has besides its words.

    It takes votes until `closes_at`, to the second. A tick closes it a little later: it
    sets `closed_at` and counts the rounds of a ranked poll.
    """

    class Way(models.TextChoices):
        SINGLE = "single", _("One answer")
        SEVERAL = "several", _("Several answers")
        RANKED = "ranked", _("A ranking, counted by instant run-off")

    class VotesShown(models.TextChoices):
        """Who sees the votes, and when."""

        AFTER = (
            "after",
            _("After voting, and to everybody when the poll is closed"),
        )
        BEFORE = "before", _("At any time")
        CLOSED = "closed", _("Only when the poll is closed")

    post = models.OneToOneField(
        Post, models.CASCADE, primary_key=True, related_name="poll"
    )
    way = models.CharField(max_length=20, choices=Way.choices)
    results = models.CharField(max_length=20, choices=VotesShown.choices)
    is_named = models.BooleanField(help_text=_("members see who chose what"))
    may_add = models.BooleanField(help_text=_("members may add options"))
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    voter_count = models.PositiveIntegerField(default=0)
    option_names = models.TextField(
        help_text=_("of the options that were not removed, for search and lists")
    )
    removed_count = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        help_text=_("options that were removed after somebody had voted"),
    )
    won = models.ForeignKey(
        "PollOption",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text=_("of a ranked poll"),
    )
    rounds = models.JSONField(
        null=True, blank=True, help_text=_("of a ranked poll, counted when it closes")
    )
    to_tell = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("who voted was not told yet that it is closed"),
    )

    objects = PollQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["closes_at"], name="poll_to_close", condition=Q(closed_at=None)
            ),
            models.Index(
                fields=["post"], name="poll_to_tell", condition=Q(to_tell=True)
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_way_display())

    def is_open_at(self, now: datetime) -> bool:
        return is_open_at(now, self.closes_at, self.closed_at)


class PollOption(models.Model):
    """Something to choose. Options are in the order in which they were added.

    A removed option that is on a ballot keeps its row and its votes, which do not count;
    another one is deleted.
    """

    poll = models.ForeignKey(
        Poll,
        models.CASCADE,
        related_name="options",
        db_index=False,  # poll_option_in_order begins with it
    )
    name = models.CharField(max_length=OPTION_LENGTH)
    position = models.PositiveSmallIntegerField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("if not by the author of the poll"),
    )
    vote_count = models.PositiveIntegerField(
        default=0, help_text=_("of a ranked poll, the ballots that place it first")
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "position"],
                name="poll_option_in_order",
                violation_error_message=_("Two options cannot have the same place."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Ballot(models.Model):
    """That a member has voted. The vote of an account that was deleted stays counted,
    without its name.
    """

    poll = models.ForeignKey(
        Poll,
        models.CASCADE,
        related_name="ballots",
        db_index=False,  # ballot_once_per_poll begins with it
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
    )
    cast_at = models.DateTimeField()  # first; a change keeps it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "member"],
                name="ballot_once_per_poll",
                violation_error_message=_("This member has voted already."),
            ),
        ]

    def __str__(self) -> str:
        return f"as of {self.cast_at:%Y-%m-%d %H:%M}"


class BallotChoice(models.Model):
    """An option on a ballot. The place is 1 for what a ranking puts first; without a
    ranking it is 1 for all.
    """

    ballot = models.ForeignKey(
        Ballot,
        models.CASCADE,
        related_name="choices",
        db_index=False,  # ballot_choice_once begins with it
    )
    option = models.ForeignKey(
        PollOption,
        models.CASCADE,
        related_name="choices",
        db_index=False,  # ballot_choice_by_option begins with it
    )
    place = models.PositiveSmallIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["option", "id"], name="ballot_choice_by_option"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["ballot", "option"],
                name="ballot_choice_once",
                violation_error_message=_("An option is chosen once."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.place)


def is_open_at(
    now: datetime, closes_at: datetime | None, closed_at: datetime | None
) -> bool:
    """Whether a poll takes votes, as `PollQuerySet.open_at` asks."""
    return closed_at is None and (closes_at is None or closes_at > now)


def names_of(options: Sequence[str]) -> str:
    """The value of `Poll.option_names`."""
    return "\n".join(options)
