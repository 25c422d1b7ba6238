"""The addresses in a mail."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, reverse

from mail import tokens
from mail.models import Delivery


@dataclass(frozen=True, slots=True)
class Links:
    unsubscribe: str
    preferences: str
    next: str
    page: str


def links(delivery: Delivery, what: str, following: str) -> Links:
    """Of a mail of this kind; `following` is the path of what comes next."""
    member = delivery.member
    stop = tokens.unsubscribe_token(member, what)
    choose = tokens.preferences_token(member)
    return Links(
        unsubscribe=_address("mail:unsubscribe", stop),
        preferences=_address("mail:preferences_by_link", choose),
        next=absolute(following),
        page=_address("mail:digest", str(delivery.pk)),
    )


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _address(name: str, argument: str) -> str:
    """Of a page with one argument, all of whose characters may stand in an address."""
    before, after = _around_argument(name, get_script_prefix())
    return absolute(f"{before}{argument}{after}")


@lru_cache(maxsize=20)
def _around_argument(name: str, prefix: str) -> tuple[str, str]:
    """`reverse` takes as long as the rest of a mail's links: once for each page."""
    stand_in = "1234567890"
    before, _, after = reverse(name, args=[stand_in]).partition(stand_in)
    return before, after
