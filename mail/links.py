"""The links in a mail."""

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

    def texts(self) -> dict[str, str]:
        """By name. `asdict` takes ten times as long, and this runs twice for each mail."""
        return {
            "unsubscribe": self.unsubscribe,
            "preferences": self.preferences,
            "next": self.next,
            "page": self.page,
        }


def links(delivery: Delivery, what: str, following: str) -> Links:
    """The links of a mail of the kind `what`; `following` is the path of the next activity."""
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
    """The URL of a page with one argument, which must hold only characters that need no
    quoting.
    """
    before, after = _around_argument(name, get_script_prefix())
    return absolute(f"{before}{argument}{after}")


@lru_cache(maxsize=20)
def _around_argument(name: str, prefix: str) -> tuple[str, str]:
    """The parts of the URL before and after the argument. Cached, since `reverse` is slow."""
    stand_in = "1234567890"
    before, _, after = reverse(name, args=[stand_in]).partition(stand_in)
    return before, after
