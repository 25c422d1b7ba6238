"""A mail with a text and an HTML part, serialised to bytes.

Django serialises messages with Python's email package, which parses what it writes and
takes a millisecond for each mail. Letter is a subclass of Django's message, so every
backend can send it, and serialises the same headers and parts in a tenth of the time.
See RFC 5322 (lines and folding), RFC 2046 (multipart) and RFC 2045 (encodings).
"""

import binascii
import re
import secrets
from email.utils import formatdate, make_msgid
from functools import lru_cache
from time import time

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.message import forbid_multi_line_headers

LONGEST_LINE = 998  # bytes, without the end of the line (RFC 5322, 2.1.1)
WANTED_LINE = 78
ENDS = re.compile(rb"\r\n|\r|\n")
FOLDS = re.compile(r"\r?\n[ \t]")


class Letter(EmailMultiAlternatives):
    """A mail to one recipient. Its first alternative is the HTML part."""

    def as_wire(self) -> bytes:
        """The whole mail as bytes, with CRLF at the ends of lines.

        Raises ValueError for an address or a header that cannot be written.
        """
        boundary = f"==={secrets.token_hex(16)}==="
        headers = {
            "Content-Type": f'multipart/alternative; boundary="{boundary}"',
            "MIME-Version": "1.0",
            "Subject": str(self.subject),
            "From": str(self.from_email),
            "To": ", ".join(map(str, self.to)),
            "Date": _date(int(time())),
            **{name: str(value) for name, value in self.extra_headers.items()},
        }
        [(html, _kind)] = self.alternatives
        line = f"--{boundary}".encode()
        return b"\r\n".join(
            [
                *(header(name, value) for name, value in headers.items()),
                b"",
                line,
                *part(str(self.body), "text/plain"),
                line,
                *part(str(html), "text/html"),
                line + b"--",
                b"",
            ]
        )


def written(message: EmailMessage) -> bytes:
    """The bytes of any message for a server. Raises ValueError as `Letter.as_wire` does.

    A Letter has a Message-ID. Django would end that of another message with the name of
    this machine.
    """
    if isinstance(message, Letter):
        return message.as_wire()
    fresh = make_msgid(domain=settings.MAIL_DOMAIN)
    message.extra_headers.setdefault("Message-ID", fresh)
    return message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]


def header(name: str, value: str) -> bytes:
    """The bytes of a header, folded if it is long. Raises ValueError."""
    if len(value) <= 60 and value.isascii() and value.isprintable():
        return _short_header(name, value)
    return _folded(name, value)


@lru_cache(maxsize=2000)
def _short_header(name: str, value: str) -> bytes:
    return _folded(name, value)


def _folded(name: str, value: str) -> bytes:
    name, value = forbid_multi_line_headers(name, value, "utf-8")
    lines = [f"{name}:"]
    # Django has folded a long subject already. A line end left in it would be doubled,
    # and an empty line ends the headers.
    for word in FOLDS.sub(" ", value).split(" "):
        # two words and the space between them, before which a line may be broken
        is_full = len(lines[-1].rpartition("\n")[2]) + 1 + len(word) > WANTED_LINE
        if is_full and word and lines[-1].strip() and lines[-1] != f"{name}:":
            lines.append(f" {word}")
        else:
            lines[-1] += f" {word}"
    written = "\n".join(lines).encode("ascii")
    return ENDS.sub(b"\r\n", written)


def part(text: str, kind: str) -> list[bytes]:
    """One part: its header lines, an empty line, and its whole content as one line."""
    content, encoding = _encoded(text)
    return [
        f'Content-Type: {kind}; charset="utf-8"'.encode(),
        b"MIME-Version: 1.0",
        f"Content-Transfer-Encoding: {encoding}".encode(),
        b"",
        content,
    ]


def _encoded(text: str) -> tuple[bytes, str]:
    # each end of a line as "\n"; a regular expression takes twenty times as long
    content = text.encode().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    encoding = "7bit" if text.isascii() else "8bit"
    if max(map(len, content.split(b"\n"))) > LONGEST_LINE:
        content = binascii.b2a_qp(content, istext=True)
        encoding = "quoted-printable"
    return content.replace(b"\n", b"\r\n"), encoding


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return formatdate(second)
