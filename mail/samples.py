"""One example of every kind of mail that the site sends, filled with invented values,
through the real templates.

No code, link or token in an example works: codes and links are invented, and signed
tokens are for a member that does not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookmarks.due import Reminder
from bookmarks.things import Thing
from mail.bundles import Bundle
from mail.digest import Digest, Next, Pick, WeekSummary
from mail.links import absolute
from mail.messages import MessageBuilder
from mail.models import Delivery
from mail.news import Happened, MailNews
from mail.reminders import Quiet
from mail.snippets import PaperSnippet, PostSnippet
from members.audience import EVERYBODY
from members.models import Member
from notifications.listed import Told

CODE = "ABCD-EFGH"
EMAIL = "ines@example.org"
NOBODY = 0  # the id of the member, the post and the paper in examples


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of mail. `template` is allauth's name of it; empty for mails of the ledger."""

    name: str
    label: Any
    when: Any
    template: str = ""

    @property
    def is_of_account(self) -> bool:
        return bool(self.template)


def _account(name: str, label: Any, when: Any, folder: str = "account") -> Kind:
    return Kind(name, label, when, f"{folder}/email/{name}")


_t = gettext_lazy
_KINDS = (
    Kind(
        "digest", _t("Weekly digest"), _t("Once a week, at the member's day and hour.")
    ),
    Kind(
        "inactivity",
        _t("Reminder after a quiet time"),
        _t("After one, two and four quiet weeks."),
    ),
    Kind(
        "bundle",
        _t("Daily mail"),
        _t(
            "Once a day at most, at the member's hour, where something is unread or a "
            "reminder is due."
        ),
    ),
    Kind(
        "once",
        _t("Mail at once"),
        _t("After ten minutes unread, for kinds that the member wants at once."),
    ),
    Kind("test", _t("Test"), _t("When the owner asks for one.")),
    Kind(
        "notice",
        _t("Notice to the owner"),
        _t("When scheduled work has stopped, or mails of a run are unconfirmed."),
    ),
    _account("login_code", _t("Sign-in code"), _t("When a member signs in.")),
    _account(
        "unknown_account",
        _t("No account"),
        _t("When somebody signs in with an address that nobody has."),
    ),
    _account(
        "email_confirmation_signup", _t("Sign-up code"), _t("When somebody joins.")
    ),
    _account(
        "account_already_exists",
        _t("Account exists"),
        _t("When somebody joins with a member's address."),
    ),
    _account(
        "email_confirmation",
        _t("Code for an address"),
        _t("When a member adds or changes an address."),
    ),
    _account(
        "email_confirm",
        _t("Address confirmed"),
        _t("When the code for an address was right."),
    ),
    _account(
        "email_added",
        _t("Address added"),
        _t("To the address that we write to, when another is added."),
    ),
    _account(
        "email_changed",
        _t("Address changed"),
        _t("To the old address, when we write to another from now on."),
    ),
    _account("email_deleted", _t("Address removed"), _t("When an address is removed.")),
    _account(
        "password_reset_code",
        _t("Code for a new password"),
        _t("When a member has lost their password."),
    ),
    _account(
        "password_reset_key",
        _t("Link for a new password"),
        _t("The same, on a site that sends links for it."),
    ),
    _account(
        "password_reset",
        _t("New password chosen"),
        _t("When a lost password was replaced."),
    ),
    _account(
        "password_changed",
        _t("Password changed"),
        _t("When a member changes their password."),
    ),
    _account(
        "password_set",
        _t("Password set"),
        _t("When an account gets its first password."),
    ),
    _account(
        "totp_activated", _t("Authenticator app added"), _t("When it is added."), "mfa"
    ),
    _account(
        "totp_deactivated",
        _t("Authenticator app removed"),
        _t("When it is removed."),
        "mfa",
    ),
    _account("webauthn_added", _t("Passkey added"), _t("When it is added."), "mfa"),
    _account(
        "webauthn_removed", _t("Passkey removed"), _t("When it is removed."), "mfa"
    ),
    _account(
        "recovery_codes_generated",
        _t("New recovery codes"),
        _t("When they are made."),
        "mfa",
    ),
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _KINDS}


def build(kind: Kind, request: HttpRequest, now: datetime) -> EmailMessage:
    if kind.is_of_account:
        message: EmailMessage = get_adapter().render_mail(
            kind.template, EMAIL, _invented(request, now)
        )
        return message
    letterer = MessageBuilder(now)
    letterer.snippets.posts[EVERYBODY, NOBODY] = PostSnippet(
        _("Why does my loss stop falling after the first epoch?"),
        _("Lars Holm, step 2: Layers, waiting for 2 days"),
        absolute("/example/"),
    )
    letterer.snippets.posts[EVERYBODY, NOBODY - 1] = PostSnippet(
        _("What helped me with backpropagation"),
        _("Mira Okafor, 3 comments"),
        absolute("/example/"),
    )
    letterer.snippets.papers[NOBODY] = PaperSnippet(
        _("A paper that fits the step, with σ′ ≤ ¼ in its title"),
        "A. One, B. Two",
        absolute("/example/"),
    )
    _invent_news(letterer.news, now)
    return letterer.build(_delivery(kind, now))


def _invent_news(news: MailNews, now: datetime) -> None:
    rows = (
        _told("answer", _("2.303 is ln 10: look at the last layer first."), now),
        _told("mention", _("@Ines, write the shapes in the margin."), now, pk=-1),
        _told("watched", _("The identity shortcut is the whole trick."), now, pk=-2),
        _told("accepted", "", now, pk=-3),
    )
    news.invented = [Happened(NOBODY, told) for told in rows]
    title = _("A paper that fits the step, with σ′ ≤ ¼ in its title")
    thing = Thing(_("Paper"), "", title, "/example/")
    note = _("Compare figure 3 with my run")
    news.invented_reminders = {NOBODY: [Reminder(NOBODY, now.date(), thing, note)]}


def _told(kind: str, words: str, now: datetime, pk: int = NOBODY) -> Told:
    return Told(
        pk=pk,
        kind=kind,
        happened_at=now - timedelta(hours=18),
        read_at=None,
        comments_before=3,
        post_id=1 - pk,
        post_kind="question",
        post_title=_("Why does my loss stop falling after the first epoch?"),
        post_author_id=NOBODY,
        post_author_name="Ines Duarte",
        post_author_email=EMAIL,
        post_comment_count=7,
        post_helped_count=0,
        post_same_count=6,
        post_thread_kind="",
        post_thread_key="",
        comment_id=1,
        comment_author_id=1,
        comment_author_name="Kofi Mensah",
        comment_author_email="",
        comment_helped_count=0,
        excerpt=words,
        words="",
        level="",
    )


def _invented(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """The context for allauth's templates, with every variable that they use."""
    return {
        "request": request,
        "email": EMAIL,
        "user": _member(),
        "code": CODE,
        "activate_url": absolute("/example/"),
        "password_reset_url": absolute("/example/"),
        "signup_url": absolute("/example/"),
        "from_email": EMAIL,
        "to_email": "ines.duarte@example.org",
        "added_email": "ines.duarte@example.org",
        "deleted_email": "ines.duarte@example.org",
        "ip": "192.0.2.7",
        "user_agent": "Firefox",
        "timestamp": now,
        "SITE_URL": settings.SITE_URL,
    }


def _member() -> Member:
    return Member(
        pk=NOBODY,
        email=EMAIL,
        name="Ines Duarte",
        goal_words=_("To build the models I read about"),
    )


def _delivery(kind: Kind, now: datetime) -> Delivery:
    content = {
        "digest": _digest(now).as_content(),
        "test": _digest(now).as_content(),
        "bundle": _bundle().as_content(),
        "once": Bundle(notifications=(NOBODY,)).as_content(),
        "inactivity": Quiet((now - timedelta(days=8)).date(), _next()).as_content(),
        "notice": {
            "subject": _("Example: scheduled work has stopped"),
            "paragraphs": [_("What is wrong, since when, and what to look at.")],
            "path": "/health/",
            "button": _("Look at it"),
        },
    }[kind.name]
    return Delivery(
        pk=NOBODY,
        member=_member(),
        kind=kind.name,
        key="example",
        number=12,
        content=content,
        written_at=now,
    )


def _bundle() -> Bundle:
    return Bundle(
        notifications=(NOBODY, -1, -2, -3),
        more=2,
        reminders=(NOBODY,),
        more_reminders=1,
    )


def _digest(now: datetime) -> Digest:
    monday = now.date() - timedelta(days=now.weekday())
    week = WeekSummary(
        monday=monday.isoformat(),
        minutes={"run": 70, "hack": 45, "math": 20},
        target=180,
        shares={"run": 100, "hack": 75, "math": 33},
        active_days=3,
        activities_done=4,
    )
    return Digest(
        week=week,
        next=_next(),
        curriculum=_("An example curriculum"),
        step=2,
        questions=(NOBODY,),
        posts=(NOBODY - 1,),
        papers=(Pick(NOBODY, _("layers, gradients")),),
        papers_announced=215,
    )


def _next() -> Next:
    return Next(
        _("Derive layer normalisation"), 40, "math", 2, _("Layers"), "/example/"
    )
