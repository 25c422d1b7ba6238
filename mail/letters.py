"""Texts made into a mail: HTML for mail clients, a text part, and headers."""

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
from mail.snippets import inlined, inlined_fragment
from mail.wrapping import hang
from members.models import Member


class Letters:
    """Writes the letters of one run, and keeps the parts that they have in common."""

    def __init__(self, group: str) -> None:
        address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        self.sender = formataddr((group, address))
        self._html = Skeletons(inlined, escape)
        self._text = Skeletons(str, str)
        self._parts = Skeletons(inlined_fragment, escape)

    def write(
        self,
        delivery: Delivery,
        template: str,
        html: Mapping[str, Any],
        text: Mapping[str, Any],
        headers: Mapping[str, str] | None = None,
    ) -> Letter:
        """Write a letter. `html` and `text` are the contexts of the two templates, see
        `skeletons`; `html` holds the subject.
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

    def part(self, template: str, context: Mapping[str, Any]) -> str:
        """A part of an HTML mail with its styles in place. Its texts are escaped."""
        return self._parts.fill(f"mail/letters/{template}.html", context)


def headers_to_stop(member: Member, what: str, unsubscribe: str) -> dict[str, str]:
    """The headers of a mail that can be stopped. `unsubscribe` is the URL for that."""
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
    """The Message-ID of a delivery, always the same for the same delivery."""
    key = delivery.key.partition(EARLY)[0]
    secret = salted_hmac(
        "mail.message-id", f"{delivery.kind}.{key}.{delivery.pk}"
    ).hexdigest()[:12]
    return f"<{delivery.kind}.{key}.{delivery.pk}.{secret}@{settings.MAIL_DOMAIN}>"


def thread_id(member: Member, what: str) -> str:
    """The id of a message that was never sent. All of a member's digests refer to it, so
    mail clients show them as one thread.
    """
    secret = salted_hmac("mail.thread-id", f"{what}.{member.pk}").hexdigest()[:16]
    return f"<{what}.{secret}@{settings.MAIL_DOMAIN}>"
