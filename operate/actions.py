"""Changes to the records of broken messages, of standstills, and of the last start."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from mail import notices
from members.models import Member
from operate.health import Problem
from operate.models import Prepared, SetAsideMessage, Standstill

KEPT_MESSAGES = 200
TEXT_MAX = 2_000
TELL_AFTER = timedelta(minutes=10)
WELL_FOR = timedelta(minutes=10)  # shorter pauses do not end a standstill


def set_message_aside(
    *, reason: str, task: str, text: str, now: datetime | None = None
) -> None:
    """Store a message that the worker could not use. Only the newest ones are kept."""
    SetAsideMessage.objects.create(
        set_aside_at=now or timezone.now(),
        reason=_fit(reason, 300),
        task=_fit(task, 200),
        text=_fit(text, TEXT_MAX),
    )
    old = SetAsideMessage.objects.order_by("-pk").values_list("pk", flat=True)[
        KEPT_MESSAGES:
    ]
    SetAsideMessage.objects.filter(pk__in=list(old)).delete()


def _fit(text: str, length: int) -> str:
    text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")  # PostgreSQL keeps no NUL
    text = text.encode("utf-8", "backslashreplace").decode()
    if len(text) <= length:
        return text
    return f"{text[: length - 1]}…"


def forget_messages(newest: int) -> int:
    """Delete the messages up to the id `newest`, which the owner has seen. Return their
    number.
    """
    return SetAsideMessage.objects.filter(pk__lte=newest).delete()[0]


def note_prepared(what: str, digest: str, *, now: datetime) -> None:
    """Store the digest of the files from which the database was prepared."""
    Prepared.objects.update_or_create(
        what=what, defaults={"digest": digest, "prepared_at": now}
    )


def note_standstill(problems: Sequence[Problem], *, now: datetime) -> None:
    """Store the present problems, and notify the owners once of each that lasts.

    They are notified again only after it had been solved for WELL_FOR.
    """
    red = {problem.kind: problem.text for problem in problems if problem.is_red}
    for kind, text in red.items():
        Standstill.objects.get_or_create(
            kind=kind,
            ended_at=None,
            defaults={"began_at": now, "seen_at": now, "text": text[:500]},
        )
    open_rows = Standstill.objects.filter(ended_at=None)
    for kind, text in red.items():
        open_rows.filter(kind=kind).update(seen_at=now, text=text[:500])
    open_rows.exclude(kind__in=red).filter(seen_at__lte=now - WELL_FOR).update(
        ended_at=F("seen_at")
    )
    _tell(
        open_rows.filter(told_at=None, began_at__lte=now - TELL_AFTER, kind__in=red),
        now,
    )


def _tell(rows: QuerySet[Standstill], now: datetime) -> None:
    with transaction.atomic():
        lasting = list(rows.order_by("began_at"))
        told = [
            row
            for row in lasting
            if Standstill.objects.filter(pk=row.pk, told_at=None).update(told_at=now)
        ]
        if told:
            notices.write(
                list(Member.objects.active().filter(owner_since__isnull=False)),
                key="standstill-" + "-".join(str(row.pk) for row in told),
                notice=_notice(told),
                now=now,
            )


def _notice(rows: Sequence[Standstill]) -> notices.Notice:
    return notices.Notice(
        subject=_("Something has stopped: %(what)s")
        % {"what": ", ".join(str(row.get_kind_display()) for row in rows)},
        paragraphs=[
            *(row.text for row in rows),
            _("You are told once. If it goes on, the page below says what to do."),
        ],
        path="/health/",
        button=_("See how the site is doing"),
    )
