"""Rate limits: by account and browser first, by address only against floods.

A limit that counts only addresses treats everybody behind one address as one person. A
limit that counts only accounts lets a stranger lock a member out. So a wrong password
or a mail counts for the pair of account and address. All strangers together have a
second, larger limit for each account. And a browser with which the member has signed in
before has a limit of its own, which nobody else can use up, neither by guessing nor by
a flood from the same address.
"""

import math
import time

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from members.address import client_network
from members.devices import device_for, device_of
from members.models import Member

# amount / time, for wrong passwords
PASSWORDS_OF_A_DEVICE = "5/5m/key"
PASSWORDS_OF_AN_ADDRESS = "5/5m/key"  # for one account
PASSWORDS_OF_STRANGERS = "30/h/key"  # for one account, from anywhere
# for mails with a code or a link to one address
MAILS_OF_A_DEVICE = "6/h/key"
MAILS_OF_AN_ADDRESS = "6/h/key"
MAILS_OF_STRANGERS = "18/h/key,60/d/key"
# for mails to any addresses: enough for thirty people in a room who join, mistype and
# ask again
MAILS_FROM_AN_ADDRESS = "90/h/key,300/d/key"
# for mails to addresses that the member adds
MAILS_FROM_A_MEMBER = "6/h/key,20/d/key"
# Forms of one kind from one address, by the name of their page: thirty
# people in a room share an address.
FLOODS = {
    "account_login": "60/m/key",
    "account_signup": "60/m/key,300/h/key",
    "account_request_login_code": "60/m/key,300/h/key",
    "account_reset_password": "30/m/key,100/h/key",
}


class TooMany(Exception):
    """A limit is reached. The text says so; `wait` is in seconds, 0 if it is not known."""

    def __init__(self, text: str, *, wait: float = 0) -> None:
        super().__init__(text)
        self.wait = math.ceil(wait)


def spend(
    request: HttpRequest, action: str, rates: str, *, key: str, text: str
) -> RateLimitUsage:
    """Count one more use, and return it, so that it can be rolled back.

    Raises TooMany with `text`.
    """
    usage = ratelimit.consume(
        request,
        app="members",
        action=action,
        config={action: rates},
        key=key,
        limit_get=True,
    )
    if usage is None:
        raise TooMany(text, wait=wait(request, "members", action, rates, key=key))
    return usage


def wait(
    request: HttpRequest, app: str, action: str, rates: str, *, key: str | None = None
) -> float:
    """Seconds until one more use is allowed; 0 if it is allowed now."""
    longest = 0.0
    for rate in ratelimit.parse_rates(rates):
        if rate.per == "key" and key is None:
            continue
        history = (
            cache.get(
                ratelimit.get_cache_key(
                    request, app=app, action=action, rate=rate, key=key
                )
            )
            or []
        )
        if len(history) >= rate.amount:
            longest = max(longest, history[-1] + rate.duration - time.time())
    return longest


def visitor(request: HttpRequest) -> str:
    """The key of a visitor who is not signed in: the member who last used the browser,
    else the address.

    It is not the browser itself, since each sign-in without the cookie makes a new one.
    """
    device = device_of(request)
    if device:
        return f"member-{device.member_id}"
    return client_network(request)


def send_form(request: HttpRequest, page: str) -> None:
    """Count a form against floods. Raises TooMany."""
    if rates := FLOODS.get(page):
        text = _(
            "Many people use this page from your network just now, so we ask for a little patience."
        )
        spend(request, page, rates, key=visitor(request), text=text)


def try_password(request: HttpRequest, email: str) -> RateLimitUsage:
    """Count a password before it is checked. The caller rolls the usage back if it was
    right.

    Raises TooMany.
    """
    email = email.lower()
    text = _(
        "There were too many wrong passwords. A code by email lets you in meanwhile."
    )
    if device := device_for(request, email):
        return spend(
            request,
            "password",
            PASSWORDS_OF_A_DEVICE,
            key=f"{email} {device.name}",
            text=text,
        )
    address = client_network(request)
    first = spend(
        request,
        "password",
        PASSWORDS_OF_AN_ADDRESS,
        key=f"{email} {address}",
        text=text,
    )
    second = spend(
        request, "password-of-strangers", PASSWORDS_OF_STRANGERS, key=email, text=text
    )
    return RateLimitUsage(usage=[*first.usage, *second.usage])


def send_mail(request: HttpRequest, email: str) -> None:
    """Count a mail that anybody can cause by typing an address.

    Raises TooMany.
    """
    email = email.lower()
    _send_to_strangers(request, email)
    text = _(
        "We have sent several mails to this address already. Look for them, also among the spam."
    )
    if device := device_for(request, email):
        spend(
            request, "mail", MAILS_OF_A_DEVICE, key=f"{email} {device.name}", text=text
        )
        return
    spend(
        request,
        "mail",
        MAILS_OF_AN_ADDRESS,
        key=f"{email} {client_network(request)}",
        text=text,
    )
    spend(request, "mail-of-strangers", MAILS_OF_STRANGERS, key=email, text=text)


def _send_to_strangers(request: HttpRequest, email: str) -> None:
    """Count a mail for the member or network that causes it, to any address. Mails to a
    member's own addresses do not count.
    """
    sender: int | None
    if request.user.is_authenticated:
        sender = request.user.pk
    else:
        sender = getattr(device_of(request), "member_id", None)
    if sender is None:
        text = _("Many mails were asked for from your network just now.")
        spend(
            request,
            "mails-from-address",
            MAILS_FROM_AN_ADDRESS,
            key=client_network(request),
            text=text,
        )
    elif not Member.objects.filter(pk=sender).with_address(email).exists():
        text = _("You have had several mails sent to other addresses.")
        spend(
            request,
            "mails-from-member",
            MAILS_FROM_A_MEMBER,
            key=str(sender),
            text=text,
        )


def forget_passwords(request: HttpRequest, email: str) -> None:
    """Forget the wrong passwords of this browser, after a new password was chosen by a
    link in a mail.
    """
    email = email.lower()
    names = [client_network(request)]
    if device := device_for(request, email):
        names.append(device.name)
    for name in names:
        rates = {"password": PASSWORDS_OF_A_DEVICE}
        ratelimit.clear(
            request,
            app="members",
            action="password",
            config=rates,
            key=f"{email} {name}",
        )
