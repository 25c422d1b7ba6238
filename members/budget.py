"""What one member may use up within a time: pages opened, forms sent, text
rendered, former texts kept.

A budget is asked for before the work it pays for. It counts in windows of
fixed length, by one number in the cache, or in the process.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.hosts import HEALTH
from members import limits, toomany
from members.limits import TooMany
from members.models import Member


@dataclass(frozen=True, slots=True)
class Budget:
    """At most `amount` within `seconds`; `text` says to the member
    what is used up.
    """

    name: str
    amount: int
    seconds: int
    text: Promise
    in_process: bool = False  # counted in each web process, not for all together


FORMS = Budget(
    "forms", 90, 60, _("You are faster than this site can follow."), in_process=True
)
FORMS_OF_AN_ADDRESS = Budget(
    "forms-of-address", 600, 60, _("Very many forms come from your network just now.")
)
RENDERED = Budget(  # characters; a page of text has 3,000
    "rendered",
    500_000,
    600,
    _("You have had a great deal of text previewed or saved within a few minutes."),
    in_process=True,
)
DRAFTED = Budget(  # characters; a long text is saved again every few seconds
    "drafted",
    6_000_000,
    600,
    _("Drafts of several million characters were saved within a few minutes."),
    in_process=True,
)
PREVIEWED = Budget(  # characters; a text is shown again at each pause of typing
    "previewed",
    1_500_000,
    600,
    _("You have had a great deal of text previewed within a few minutes."),
    in_process=True,
)
EDITS = Budget(
    "edits", 60, 3600, _("You have changed your texts 60 times within an hour.")
)
KEPT = Budget(  # characters of former texts, which stay for good
    "kept",
    2_000_000,
    86_400,
    _(
        "Your changes of today fill two million characters, since every former text is kept."
    ),
)
# characters; the largest file has two million, the largest that comes with
# the site 150,000
FILES = Budget(
    "files",
    20_000_000,
    3600,
    _("You have had twenty million characters of files read within an hour."),
)
DOWNLOADS = Budget(
    "downloads",
    60,
    600,
    _("You have downloaded 60 files within ten minutes."),
    in_process=True,
)
UPLOADS = Budget(
    "uploads", 60, 3600, _("You have added 60 pictures and files within an hour.")
)
OPTIONS = Budget(
    "options", 60, 3600, _("You have added 60 options to polls within an hour.")
)
MENTIONS = Budget(  # different members of each text
    "mentions",
    200,
    3600,
    _("You have mentioned others 200 times within an hour."),
    in_process=True,
)
RELEASES = Budget(
    "releases", 30, 3600, _("You have published 30 times within an hour.")
)

PAGES_TEXT = _("You open pages faster than this site can show them.")
# an address may open so many times the pages of a member: several people
# may be behind it
ADDRESSES_SHARE = 2

# Programs of mail providers send these, many from one address.
UNCOUNTED = {"mail:unsubscribe"}


def spend(who: Member | str, budget: Budget, cost: int = 1, *, now: datetime) -> None:
    """Take `cost` out of the budget of a member, or of an address.

    Raises TooMany when it is used up.
    """
    key = str(who.pk) if isinstance(who, Member) else who
    window, since = divmod(int(now.timestamp()), budget.seconds)
    if budget.in_process:
        spent = COUNTS[budget.name].count(key, window, cost)
    else:
        name = f"budget:{budget.name}:{key}:{window}"
        # `count` is that of config/counting.py
        spent = cache.count(name, cost, timeout=budget.seconds + 60)  # type: ignore[attr-defined]
    if spent > budget.amount:
        raise TooMany(str(budget.text), wait=budget.seconds - since)


class WindowCounts:
    """How much each member and address has used up of one budget in this window, in
    this process alone.

    To ask Redis each time would cost more than it protects, and would
    let pages wait for a Redis that is away.
    """

    def __init__(self) -> None:
        self.lock, self.window, self.counts = Lock(), 0, Counter[str]()

    def count(self, who: str, window: int, amount: int = 1) -> int:
        with self.lock:
            # a request that began before the window ended counts in the
            # new one; a clock set back begins again
            if not self.window - 1 <= window <= self.window:
                self.window = window
                self.counts.clear()
            self.counts[who] += amount
            return self.counts[who]


COUNTS: defaultdict[str, WindowCounts] = defaultdict(WindowCounts)


def open_page(request: HttpRequest, *, now: datetime) -> None:
    """Count a page that somebody opens. Raises TooMany."""
    amount, who = settings.PAGES_PER_MINUTE, str(request.user.pk)
    if not request.user.is_authenticated:
        amount, who = amount * ADDRESSES_SHARE, limits.visitor(request)
    minute, since = divmod(int(now.timestamp()), 60)
    if amount and COUNTS["pages"].count(who, minute) > amount:
        raise TooMany(str(PAGES_TEXT), wait=60 - since)


def send_form(request: HttpRequest, view: str, *, now: datetime) -> None:
    """Count a form that somebody sends. Raises TooMany."""
    if request.user.is_authenticated:
        spend(request.user, FORMS, now=now)
    else:
        spend(limits.visitor(request), FORMS_OF_AN_ADDRESS, now=now)
        limits.send_form(request, view)


class BudgetMiddleware:
    """Every request costs: what one member, or one address, may open and
    send in a minute is bounded.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" and request.path != HEALTH:
            try:
                open_page(request, now=timezone.now())
            except TooMany as refusal:
                return toomany.answer(request, refusal)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        view = ""
        if request.resolver_match:
            view = request.resolver_match.view_name
        if request.method != "POST" or view in UNCOUNTED:
            return None
        try:
            send_form(request, view, now=timezone.now())
        except TooMany as refusal:
            return toomany.answer(request, refusal)
        return None
