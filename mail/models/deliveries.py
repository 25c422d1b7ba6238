"""The ledger of deliveries, and the runs that were stopped."""

import re
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

CLAIM_LASTS = timedelta(minutes=15)  # then the worker that held it is taken for stopped
# a time further in the future than this was written by a wrong clock
CLOCKS_DIFFER = timedelta(minutes=5)
WEEK = re.compile(r"(?P<year>\d{4})-W(?P<week>\d\d)")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def open(self) -> "DeliveryQuerySet":
        """Neither sent nor given up."""
        return self.filter(sent_at=None, given_up_at=None)

    def waiting(self) -> "DeliveryQuerySet":
        """Written and not handed over yet."""
        return self.open().filter(handed_over_at=None)

    def not_in_hand(self, now: datetime) -> "DeliveryQuerySet":
        """Without a claim, or with one that has expired.

        A claim from the future counts as expired, since it might never expire.
        """
        is_free = (
            Q(claimed_at=None)
            | Q(claimed_at__lte=now - CLAIM_LASTS)
            | Q(claimed_at__gt=now + CLOCKS_DIFFER)
        )
        return self.open().filter(is_free)

    def unconfirmed(self, now: datetime) -> "DeliveryQuerySet":
        """Handed over to a server whose answer did not arrive: at that moment the worker
        stopped or the connection was lost.
        """
        return self.not_in_hand(now).filter(handed_over_at__isnull=False)

    def of_stopped_runs(self) -> "DeliveryQuerySet":
        stops = Stop.objects.filter(
            kind=models.OuterRef("kind"), key=models.OuterRef("key")
        )
        return self.filter(models.Exists(stops))

    def of_running_runs(self) -> "DeliveryQuerySet":
        stops = Stop.objects.filter(
            kind=models.OuterRef("kind"), key=models.OuterRef("key")
        )
        return self.filter(~models.Exists(stops))


class Delivery(models.Model):
    """One mail to one member: written before it is sent, so that each is sent once.

    `claimed_at`: a worker is about to send it. `handed_over_at`: it is being sent to the
    mail server. `sent_at`: the server has accepted it. A mail with `handed_over_at` and
    without `sent_at`, after a crash, is "unconfirmed": it is shown to the owner, and
    rules.py says for each kind whether it is sent once more. (A backend that turns two
    equal mails into one, as the outbox folder does, simply sends it again.)
    """

    class Kind(models.TextChoices):
        DIGEST = "digest", _("Weekly digest")
        INACTIVITY = "inactivity", _("Reminder after a quiet time")
        BUNDLE = "bundle", _("Daily mail")
        ONCE = "once", _("Mail at once")
        TEST = "test", _("Test")
        NOTICE = "notice", _("Notice to the owner")

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="deliveries"
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    key = models.CharField(
        max_length=60, help_text=_("What it is about: the week, the object")
    )
    number = models.PositiveIntegerField(
        default=1, help_text=_("1 for the member's first mail of this kind, and so on")
    )
    content = models.JSONField(default=dict, help_text=_("What it says, as composed"))
    written_at = models.DateTimeField()
    not_before = models.DateTimeField()
    claim = models.UUIDField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("the run that is sending it"),
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    missed_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_(
            "when it was seen that its time has passed and it was never written"
        ),
    )
    opened_at = models.DateTimeField(
        null=True, blank=True, help_text=_("when the owner had it sent again")
    )
    doubted_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_(
            "when it first looked too old; it is given up only if it does for a day"
        ),
    )
    repeats = models.PositiveSmallIntegerField(
        default=0, help_text=_("how often it was sent again because no answer came")
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind", "key"],
                name="delivery_once",
                violation_error_message=_("This member has this mail already."),
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(given_up_at=None),
                name="delivery_sent_or_given_up",
                violation_error_message=_("A mail is sent or given up, not both."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before"],
                name="delivery_waiting",
                condition=Q(sent_at=None, given_up_at=None),
            ),
            models.Index(
                fields=["claim"],
                name="delivery_claim",
                condition=Q(claim__isnull=False),
            ),
            models.Index(fields=["-written_at", "-id"], name="delivery_newest"),
            models.Index(
                fields=["given_up_at"],
                name="delivery_given_up_in_doubt",
                condition=Q(given_up_at__isnull=False, doubted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} to {self.member_id}"

    def get_absolute_url(self) -> str:
        return reverse("mail:digest", args=[self.pk])

    @property
    def run_name(self) -> str:
        return run_name(self.kind, self.key)

    @property
    def tried_since(self) -> datetime:
        return self.opened_at or self.written_at


def run_name(kind: str, key: str) -> str:
    """The name of a run in words. The keys are those that `mail.actions` writes."""
    if kind == Delivery.Kind.DIGEST and (week := WEEK.match(key)):
        words = _("Weekly digest, week %(week)d of %(year)s")
        return str(words % {"week": int(week["week"]), "year": week["year"]})
    if kind == Delivery.Kind.BUNDLE and DAY.fullmatch(key):
        return str(_("Daily mail of %(day)s") % {"day": _day(key)})
    if kind == Delivery.Kind.ONCE and DAY.match(key):
        return str(_("Mail at once on %(day)s") % {"day": _day(key[:10])})
    if kind == Delivery.Kind.INACTIVITY and DAY.match(key):
        day = _day(key[:10])
        words = _("Reminder to members last active on %(day)s")
        return str(words % {"day": day})
    return str(Delivery.Kind(kind).label)


def _day(key: str) -> str:
    return date_format(date.fromisoformat(key), "j F Y")


class Stop(models.Model):
    """A run that the owner has stopped. Its mails wait until "Go on" deletes this row."""

    kind = models.CharField(max_length=20, choices=Delivery.Kind.choices)
    key = models.CharField(max_length=60)
    stopped_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                name="stop_once",
                violation_error_message=_("This run is stopped already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
