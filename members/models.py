"""Who: the members of the study group, their roles, and the group itself."""

import secrets
import zoneinfo
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents import actions as documents
from documents.models import SearchDocument, document
from text.typed import clean_address, clean_name

if TYPE_CHECKING:
    from members.audience import Audience

USUAL_HOURS = 6  # a week, where a member says nothing


def check_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone we know."), params={"name": name}
        )


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def long_ago() -> datetime:
    """A moment that differs each time, so that a run that has read the former one notices
    the change.
    """
    return EPOCH + timedelta(microseconds=secrets.randbelow(10**14))


class MemberQuerySet(models.QuerySet["Member"]):
    def active(self) -> "MemberQuerySet":
        """Members who can sign in and get mail: those with a confirmed address."""
        return self.filter(is_active=True, proved_at__isnull=False)

    def with_address(self, email: str) -> "MemberQuerySet":
        """The member with this address, ignoring case."""
        return self.filter(
            Q(email__iexact=email) | Q(emailaddress__email__iexact=email)
        ).distinct()

    def never_here(self, *, since: datetime) -> "MemberQuerySet":
        """Sign-ups from before `since` whose address was never confirmed, and who have
        left nothing.
        """
        roles = Q(owner_since=None, curator_since=None, moderator_since=None)
        return self.filter(roles, proved_at=None, last_login=None, joined_at__lt=since)

    def showing_step(self) -> "MemberQuerySet":
        """Members who show their step to the group."""
        return self.filter(shows_step=True)

    def look_again(self) -> int:
        """Let the next runs of mail check these members (see mail.due.looks)."""
        return self.update(digest_look_at=long_ago(), reminder_look_at=long_ago())

    def visible_to_audience(self, audience: "Audience") -> "MemberQuerySet":
        """Members whom everybody of the audience may see: all active ones."""
        return self.active()

    def visible_to(self, member: "Member") -> "MemberQuerySet":
        """Members whom `member` may see: all active ones, and `member`."""
        return self.filter(Q(is_active=True, proved_at__isnull=False) | Q(pk=member.pk))


class MemberManager(BaseUserManager.from_queryset(MemberQuerySet)["Member"]):  # type: ignore[misc]
    def create_user(
        self, email: str, password: str | None = None, **fields: Any
    ) -> "Member":
        if "name" in fields:
            fields["name"] = clean_name(fields["name"])
        member = self.model(
            email=self.normalize_email(clean_address(email)).lower(), **fields
        )
        member.set_password(password)
        with transaction.atomic(using=self._db):
            member.save(using=self._db)
            documents.store(member.as_document())
        return member

    def create_superuser(
        self, email: str, password: str | None = None, **fields: Any
    ) -> "Member":
        return self.create_user(email, password, owner_since=timezone.now(), **fields)

    def get_by_natural_key(self, email: str | None) -> "Member":
        return self.get(email=(email or "").lower())


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
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    proved_at = models.DateTimeField(
        _("address proved"),
        default=timezone.now,
        null=True,
        blank=True,
        editable=False,
        help_text=_(
            "Empty while somebody who wants to join has not typed the code of our mail."
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


def initials_of(name: str, email: str) -> str:
    """The initials in a member's avatar."""
    words = name.split() or [email]
    if len(words) == 1:
        return words[0][:2].upper()
    return (words[0][:1] + words[-1][:1]).upper()


def hue_of(pk: int | None) -> int:
    """The number of the colour of a member's avatar."""
    return (pk or 0) % 8 + 1


class StudyGroup(models.Model):
    """The site's one community: a single row, made on the first-run page."""

    name = models.CharField(_("name"), max_length=80)
    tagline = models.CharField(_("one sentence about it"), max_length=200, blank=True)
    set_up_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1),
                name="study_group_single_row",
                violation_error_message=_("There is one study group."),
            )
        ]

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


class KeptWords(models.Model):
    """What a member typed into a form after the session had ended. It is kept for an hour,
    one form for each member, and shown only to that member.
    """

    member = models.OneToOneField(Member, models.CASCADE, related_name="kept_words")
    path = models.CharField(max_length=500)
    fields = models.JSONField()
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"of {self.member_id} for {self.path}"
