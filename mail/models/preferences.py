"""When a member wants to get mail."""

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models import Member


class What(models.TextChoices):
    """The kinds of mail that a member can stop with one click."""

    DIGEST = "digest", _("Weekly digest")
    REMINDERS = "reminders", _("Reminders")
    BUNDLE = "bundle", _("Daily mail")
    ONCE = "once", _("Mail at once")


class Preference(models.Model):
    """When a member wants to get mail. No row means the defaults of the fields."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_preference"
    )
    digest_weekday = models.PositiveSmallIntegerField(
        _("on"), choices=Weekday.choices, default=Weekday.SUNDAY
    )
    digest_hour = models.PositiveSmallIntegerField(
        _("at"), default=18, help_text=_("0 to 23, on the member's own clock")
    )
    digest_stopped_at = models.DateTimeField(null=True, blank=True)
    reminders_stopped_at = models.DateTimeField(null=True, blank=True)
    bundle_hour = models.PositiveSmallIntegerField(
        _("daily mail at"),
        default=7,
        db_default=7,
        help_text=_("0 to 23, on the member's own clock"),
    )
    bundle_stopped_at = models.DateTimeField(null=True, blank=True)
    quiet_from = models.TimeField(
        _("quiet from"), default=time(22), null=True, blank=True
    )
    quiet_until = models.TimeField(
        _("quiet until"), default=time(7), null=True, blank=True
    )
    paused_until = models.DateField(_("no mail until"), null=True, blank=True)
    version = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text=_(
            "goes up with every change, so that a form knows that it is out of date"
        ),
    )
    changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    links_version = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text=_("stands in the links of mails; when it goes up, older links end"),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(digest_weekday__lte=6),
                name="preference_weekday_0_to_6",
                violation_error_message=_("Choose a day of the week."),
            ),
            models.CheckConstraint(
                condition=Q(digest_hour__lte=23),
                name="preference_hour_0_to_23",
                violation_error_message=_("The hour is between 0 and 23."),
            ),
            models.CheckConstraint(
                condition=Q(bundle_hour__lte=23),
                name="preference_bundle_hour_0_to_23",
                violation_error_message=_("The hour is between 0 and 23."),
            ),
        ]

    def __str__(self) -> str:
        return f"of {self.member_id}"


def preference_of(member: Member) -> Preference:
    """The member's preferences, or an unsaved row with the defaults.

    No query if `mail_preference` was selected with the member.
    """
    try:
        return member.mail_preference
    except Preference.DoesNotExist:
        return Preference(member=member)
