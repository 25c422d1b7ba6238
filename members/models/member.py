import zoneinfo
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.models import SearchDocument, document
from members.models.avatar import hue_of, initials_of
from members.models.queryset import EPOCH, MemberManager, long_ago

USUAL_HOURS = 6  # a week, where a member says nothing


def check_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone we know."), params={"name": name}
        )


class Member(AbstractBaseUser, PermissionsMixin):
    """A person of the study group.

    Roles are dates: since when the member is owner, curator or moderator.
    """

    class Goal(models.TextChoices):
        PROBLEM = "problem", _("Solve a problem at work")
        APPLY = "apply", _("Apply it in my own projects")
        RESEARCH = "research", _("Do research")
        CAREER = "career", _("Change career")
        OVERVIEW = "overview", _("Get an overview")

    email = models.EmailField(
        _("email"),
        unique=True,
        error_messages={"unique": _("This email has an account.")},
    )
    name = models.CharField(_("name"), max_length=80)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[check_zone]
    )
    goal = models.CharField(_("goal"), max_length=20, choices=Goal.choices, blank=True)
    goal_words = models.CharField(
        _("goal in their own words"), max_length=300, blank=True
    )
    hours_per_week = models.PositiveSmallIntegerField(
        _("hours a week"), null=True, blank=True
    )
    study_days = models.JSONField(
        _("study days"),
        default=list,
        blank=True,
        help_text=_("0 is Monday, 6 is Sunday."),
    )
    shows_step = models.BooleanField(_("shows their step to the group"), default=False)
    helps_with_steps = models.BooleanField(
        _("agrees to be asked about steps that they finished"),
        default=False,
        db_default=False,
    )
    asked_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("when they were last asked about a question"),
    )
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    proved_at = models.DateTimeField(
        _("address proved"),
        default=timezone.now,
        null=True,
        blank=True,
        editable=False,
        help_text=_(
            "Empty until a person who wants to join has typed the code from the mail."
        ),
    )
    onboarded_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(_("can sign in"), default=True)
    owner_since = models.DateTimeField(null=True, blank=True)
    curator_since = models.DateTimeField(null=True, blank=True)
    moderator_since = models.DateTimeField(null=True, blank=True)

    digest_look_at = models.DateTimeField(
        default=long_ago,
        db_default=EPOCH,
        editable=False,
        help_text=_("when a run next asks whether a digest is due"),
    )
    reminder_look_at = models.DateTimeField(
        default=long_ago,
        db_default=EPOCH,
        editable=False,
        help_text=_("when a run next asks whether a reminder is due"),
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = MemberManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="member_email_once",
                violation_error_message=_("This email has an account."),
            ),
            models.CheckConstraint(
                condition=Q(hours_per_week=None)
                | Q(hours_per_week__gte=1, hours_per_week__lte=80),
                name="member_hours_1_to_80",
                violation_error_message=_("Hours a week are between 1 and 80."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["digest_look_at", "id"],
                name="member_digest_look",
                condition=Q(is_active=True, proved_at__isnull=False),
            ),
            models.Index(
                fields=["reminder_look_at", "id"],
                name="member_reminder_look",
                condition=Q(is_active=True, proved_at__isnull=False),
            ),
            models.Index(
                fields=["asked_at", "id"],
                name="member_who_helps",
                condition=Q(helps_with_steps=True),
            ),
            # a few of very many
            models.Index(
                fields=["owner_since", "id"],
                name="member_owners",
                condition=Q(owner_since__isnull=False),
            ),
        ]

    def as_document(self) -> SearchDocument:
        """What search finds the member by."""
        return document(SearchDocument.Kind.MEMBER, self.pk, title=self.name)

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    acts_as_member = False
    """Whether roles do not count, because the session has not shown a second factor (see
    `proof`).
    """

    @property
    def holds_role(self) -> bool:
        """Whether the member has any role, also in a session in which roles do not count
        (`acts_as_member`).
        """
        return bool(self.owner_since or self.curator_since or self.moderator_since)

    def holds(self, role: str) -> bool:
        """Whether the member has `role` or is owner, also in a session in which roles do
        not count.
        """
        return bool(self.owner_since or getattr(self, f"{role}_since"))

    @property
    def is_owner(self) -> bool:
        return self.owner_since is not None and not self.acts_as_member

    @property
    def is_curator(self) -> bool:
        return self.holds("curator") and not self.acts_as_member

    @property
    def is_moderator(self) -> bool:
        return self.holds("moderator") and not self.acts_as_member

    @property
    def is_staff(self) -> bool:
        """Whether the member may open the Django admin."""
        return self.is_active and (
            self.is_owner or self.is_curator or self.is_moderator
        )

    @property
    def initials(self) -> str:
        return initials_of(self.name, self.email)

    @property
    def hue(self) -> int:
        return hue_of(self.pk)

    def look_again(self) -> None:
        """Let the next runs of mail check this member. Takes effect when it is saved."""
        self.digest_look_at = self.reminder_look_at = long_ago()

    def local(self, moment: datetime) -> datetime:
        """`moment` in the member's time zone."""
        return moment.astimezone(self.zone)
