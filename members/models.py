"""Who: the members of the study group, their roles, and the group itself."""

import zoneinfo
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def check_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone we know."), params={"name": name})


class MemberQuerySet(models.QuerySet["Member"]):
    def active(self) -> "MemberQuerySet":
        """Members who can sign in and get mail."""
        return self.filter(is_active=True)

    def visible_to(self, member: "Member") -> "MemberQuerySet":
        """Whom `member` may see: everyone active, and herself."""
        return self.filter(Q(is_active=True) | Q(pk=member.pk))


class MemberManager(BaseUserManager.from_queryset(MemberQuerySet)["Member"]):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Member":
        member = self.model(email=self.normalize_email(email).lower(), **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Member":
        return self.create_user(email, password, owner_since=timezone.now(), **fields)

    def get_by_natural_key(self, email: str | None) -> "Member":
        return self.get(email=(email or "").lower())


class Member(AbstractBaseUser, PermissionsMixin):
    """A person of the study group. Roles are dates: since when she is owner, curator, moderator."""

    class Goal(models.TextChoices):
        PROBLEM = "problem", _("Solve a problem at work")
        APPLY = "apply", _("Apply it in my own projects")
        RESEARCH = "research", _("Do research")
        CAREER = "career", _("Change career")
        OVERVIEW = "overview", _("Get an overview")

    email = models.EmailField(_("e-mail"), unique=True, error_messages={"unique": _("This e-mail has an account.")})
    name = models.CharField(_("name"), max_length=80)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[check_zone])
    goal = models.CharField(_("goal"), max_length=20, choices=Goal.choices, blank=True)
    goal_words = models.CharField(_("goal in her own words"), max_length=300, blank=True)
    hours_per_week = models.PositiveSmallIntegerField(_("hours a week"), null=True, blank=True)
    study_days = models.JSONField(_("study days"), default=list, blank=True, help_text=_("0 is Monday, 6 is Sunday."))
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    onboarded_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(_("can sign in"), default=True)
    owner_since = models.DateTimeField(null=True, blank=True)
    curator_since = models.DateTimeField(null=True, blank=True)
    moderator_since = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = MemberManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="member_email_once"),
            models.CheckConstraint(
                condition=Q(hours_per_week=None) | Q(hours_per_week__gte=1, hours_per_week__lte=80),
                name="member_hours_1_to_80",
                violation_error_message=_("Hours a week are between 1 and 80."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def is_owner(self) -> bool:
        return self.owner_since is not None

    @property
    def is_curator(self) -> bool:
        return self.curator_since is not None or self.is_owner

    @property
    def is_moderator(self) -> bool:
        return self.moderator_since is not None or self.is_owner

    @property
    def is_staff(self) -> bool:
        """Whether the operators' desk (the Django admin) opens for her."""
        return self.is_active and (self.is_owner or self.is_curator or self.is_moderator)

    @property
    def initials(self) -> str:
        words = self.name.split() or [self.email]
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else words[0][1:2])).upper()

    @property
    def hue(self) -> int:
        return (self.pk or 0) % 8 + 1

    def local(self, moment: datetime) -> datetime:
        """`moment` on the clock in her zone."""
        return moment.astimezone(self.zone)


class StudyGroup(models.Model):
    """The site's one community: a single row, made on the first-run page."""

    name = models.CharField(_("name"), max_length=80)
    tagline = models.CharField(_("one sentence about it"), max_length=200, blank=True)
    set_up_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="study_group_single_row")]

    def __str__(self) -> str:
        return self.name


class SignInLink(models.Model):
    """A link that signs one member in once."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="sign_in_links")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"for {self.member_id} until {self.expires_at:%Y-%m-%d %H:%M}"
