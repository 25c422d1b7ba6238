"""Words made into a mail: HTML that holds in mail clients, a text part written for
reading, and headers.
"""

from collections.abc import Mapping
from email.utils import formataddr, parseaddr
from html import escape
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac

from config.plaintext import plain
from mail import tokens
from mail.ledger import EARLY
from mail.mime import Letter
from mail.models import Delivery
from mail.skeletons import Skeletons
from mail.snippets import inlined
from mail.wrapping import hang
from members.models import Member


class Letters:
    """Writes the letters of one run; keeps what they share."""

    def __init__(self, group: str) -> None:
        address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        self.sender = formataddr((group, address))
        self._html = Skeletons(inlined, escape)
        self._text = Skeletons(str, str)

    def write(
        self,
        delivery: Delivery,
        template: str,
        html: Mapping[str, Any],
        text: Mapping[str, Any],
        headers: Mapping[str, str] | None = None,
    ) -> Letter:
        """`html` and `text` are what the two templates need, `html` with a subject; see
        `skeletons`.
        """
        name = f"mail/letters/{template}"
        letter = Letter(
            plain(html["subject"]),
            self._text.fill(f"{name}.txt", {**text, "hang": hang}),
            self.sender,
            [delivery.member.email],
            headers={
                "Message-ID": message_id(delivery),
                "Auto-Submitted": "auto-generated",
                **(headers or {}),
            },
        )
        whole = self._html.fill(f"{name}.html", html)
        letter.attach_alternative(whole, "text/html")
        return letter


def headers_to_stop(member: Member, what: str, unsubscribe: str) -> dict[str, str]:
    """Of a mail that can be stopped, with the address that stops it."""
    ways = [f"<{unsubscribe}>"]
    if mailbox := settings.UNSUBSCRIBE_MAILBOX:
        token = tokens.unsubscribe_token(member, what)
        ways.append(f"<mailto:{mailbox}?subject={token}>")
    return {
        "References": thread_id(member, what),
        "List-Id": f"<{what}.{settings.MAIL_DOMAIN}>",
        "List-Unsubscribe": ", ".join(ways),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
    }


def message_id(delivery: Delivery) -> str:
    """The same for the same delivery, whoever sends it and however often."""
    key = delivery.key.partition(EARLY)[0]
    secret = salted_hmac(
        "mail.message-id", f"{delivery.kind}.{key}.{delivery.pk}"
    ).hexdigest()[:12]
    return f"<{delivery.kind}.{key}.{delivery.pk}.{secret}@{settings.MAIL_DOMAIN}>"


def thread_id(member: Member, what: str) -> str:
    """A message that was never sent, and that all of a member's digests answer: mail
    clients keep them together.
    """
    secret = salted_hmac("mail.thread-id", f"{what}.{member.pk}").hexdigest()[:16]
    return f"<{what}.{secret}@{settings.MAIL_DOMAIN}>"
