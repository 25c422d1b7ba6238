"""The health of the site: what does not work, in sentences for its owner."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache, caches
from django.core.cache.backends.redis import RedisCache
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.reach import why_links_are_weak, why_mail_is_held
from mail.models import Delivery
from operate import schema
from operate.heartbeat import HEARTBEAT_KEY
from operate.models import SetAsideMessage, Standstill

HEARTBEAT_SECONDS_MAX = 180
MAIL_UNTOUCHED = timedelta(minutes=30)
MAIL_REFUSED = timedelta(hours=2)
REFUSED_ATTEMPTS = 3
DISK_BYTES_MIN = 50_000_000
DISK_BYTES_LOW = 500_000_000
LOOK_SECONDS = (
    5  # an answer is reused so long, so that requests cannot keep the machine busy
)

_started = time.monotonic()


@dataclass(frozen=True)
class Problem:
    kind: str  # one of Standstill.Kind, or "messages", "address"
    text: str
    is_red: bool = True  # False if the site works, and the owner should look at it


def problems() -> list[Problem]:
    """The present problems. The answer is up to LOOK_SECONDS old."""
    kept = caches["local"].get("health")
    if kept is None:
        kept = [asdict(problem) for problem in _look(timezone.now())]
        caches["local"].set("health", kept, LOOK_SECONDS)
    return [Problem(**values) for values in kept]


def _look(now: datetime) -> Iterator[Problem]:
    asked: list[tuple[str, Callable[[datetime], Iterator[Problem]]]] = [
        (Standstill.Kind.DATABASE, _database),
        (Standstill.Kind.CACHE, _cache),
        (Standstill.Kind.CLOCK, _clock),
        (Standstill.Kind.SCHEMA, _schema),
        (Standstill.Kind.MAIL, _mail),
        (Standstill.Kind.DISK, _disk),
        ("messages", _messages),
        ("address", _address),
    ]
    away: set[str] = set()
    needs = {
        Standstill.Kind.SCHEMA: Standstill.Kind.DATABASE,
        Standstill.Kind.MAIL: Standstill.Kind.DATABASE,
        Standstill.Kind.CLOCK: Standstill.Kind.CACHE,
        "messages": Standstill.Kind.DATABASE,
    }
    for kind, ask in asked:
        if needs.get(kind) in away:
            continue
        try:
            found = list(ask(now))
        except Exception as error:
            found = [
                Problem(
                    kind, _("This could not be checked: %(error)s") % {"error": error}
                )
            ]
        if found and found[0].is_red:
            away.add(kind)
        yield from found


def _database(now: datetime) -> Iterator[Problem]:
    """The database does not answer, or cannot be written."""
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT current_setting('transaction_read_only') = 'on'")
            else:
                cursor.execute("PRAGMA query_only")
            [is_read_only] = cursor.fetchone()
    except DatabaseError as error:
        yield Problem(
            "database", _("The database does not answer: %(error)s") % {"error": error}
        )
        return
    name = str(settings.DATABASES["default"].get("NAME", ""))
    is_file = connection.vendor == "sqlite" and os.path.isfile(name)
    if is_read_only or (is_file and not os.access(name, os.W_OK)):
        yield Problem("database", _("The database is read-only."))


def _cache(now: datetime) -> Iterator[Problem]:
    backend, mark = caches["default"], str(now.timestamp())
    try:
        # Not through the standby cache, which would answer instead.
        if isinstance(backend, RedisCache):
            backend._cache.get_client(write=True).ping()
            return
        backend.set("health", mark, 60)
        if backend.get("health") == mark:
            return
        words = _("it does not store values")
    except Exception as error:  # each backend has its own errors
        words = str(error)
    yield Problem(
        "cache",
        _(
            "The broker and cache (Valkey or Redis) does not work: %(words)s. No mail is sent."
        )
        % {"words": words},
    )


def _clock(now: datetime) -> Iterator[Problem]:
    """The heartbeat is late. Beat asks for it once a minute and a worker writes it, so it
    needs both.
    """
    seen = cache.get(HEARTBEAT_KEY)
    if seen is None:
        if time.monotonic() - _started < HEARTBEAT_SECONDS_MAX:
            yield Problem("clock", _("Scheduled work has not begun yet."), is_red=False)
            return
        words = _("no worker has answered")
    else:
        # A time in the future does not count either.
        age = abs(time.time() - float(seen))
        if age <= HEARTBEAT_SECONDS_MAX:
            return
        words = _("the last heartbeat is %(n)s min old") % {"n": round(age / 60)}
    yield Problem(
        "clock",
        _(
            "Scheduled work has stopped: %(words)s. No mail is sent and no paper is read. "
            "Look at beat and worker in the log."
        )
        % {"words": words},
    )


def _schema(now: datetime) -> Iterator[Problem]:
    found = schema.difference()
    if found.unknown:
        yield Problem("schema", schema.too_new(found.unknown))
    elif found.missing:
        yield Problem(
            "schema",
            _(
                "The database is older than the code and lacks %(names)s. Start the site again."
            )
            % {"names": ", ".join(found.missing)},
        )


def _mail(now: datetime) -> Iterator[Problem]:
    """Mail that no worker sends, and mail that the server does not accept.

    At most three queries.
    """
    waiting = Delivery.objects.waiting()
    untouched = waiting.filter(
        claimed_at=None, not_before__lte=now - MAIL_UNTOUCHED
    ).count()
    if untouched:
        yield Problem(
            "mail",
            ngettext(
                "%(n)s mail has been due for more than half an hour and was not tried.",
                "%(n)s mails have been due for more than half an hour and were not tried.",
                untouched,
            )
            % {"n": untouched},
        )
        return
    refused = waiting.filter(
        attempts__gte=REFUSED_ATTEMPTS, written_at__lte=now - MAIL_REFUSED
    )
    last = refused.order_by("-written_at").first()
    if last is None or Delivery.objects.filter(sent_at__gt=now - MAIL_REFUSED).exists():
        return
    whom = refused.values("member").distinct().count()
    yield Problem(
        "mail",
        _(
            "No mail was sent for two hours; waiting: %(n)s. "
            "The last answer was: %(words)s"
        )
        % {"n": refused.count(), "words": last.error},
        is_red=whom > 1,  # a single full mailbox is not a problem of the site
    )


def _disk(now: datetime) -> Iterator[Problem]:
    folder = settings.DATA_DIR
    free = shutil.disk_usage(folder).free
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"0" * 4096)
            file.flush()
    except OSError as error:
        yield Problem(
            "disk",
            _("Nothing can be written into the data folder %(folder)s: %(words)s.")
            % {"folder": folder, "words": error.strerror},
        )
        return
    if free < DISK_BYTES_LOW:
        yield Problem(
            "disk",
            _(
                "The disk of the data folder %(folder)s is nearly full: %(n)s MB are free."
            )
            % {"folder": folder, "n": free // 1_000_000},
            is_red=free < DISK_BYTES_MIN,
        )


def _messages(now: datetime) -> Iterator[Problem]:
    count = SetAsideMessage.objects.count()
    if count:
        yield Problem(
            "messages",
            ngettext(
                "%(n)s message of the queue could not be used and was set aside.",
                "%(n)s messages of the queue could not be used and were set aside.",
                count,
            )
            % {"n": count},
            is_red=False,
        )


def _address(now: datetime) -> Iterator[Problem]:
    """A SITE_URL that members cannot open, or that is not served over HTTPS."""
    for say in (why_mail_is_held, why_links_are_weak):
        if sentence := say(settings.SITE_URL, settings.EMAIL_BACKEND):
            yield Problem("address", sentence, is_red=False)
