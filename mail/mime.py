"""A mail with a text and an HTML part, written down as bytes.

Django's messages are written by Python's email package, which parses what it writes: a
millisecond for each mail. A Letter is one of Django's messages, so every backend can
send it, and writes the same headers and parts in a tenth of the time. RFC 5322 (lines
and folding), RFC 2046 (multipart), RFC 2045 (encodings).
"""

import binascii
import re
import secrets
from email.utils import formatdate
from functools import lru_cache
from time import time

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.message import forbid_multi_line_headers

LONGEST_LINE = 998  # bytes, without the end of the line (RFC 5322, 2.1.1)
WANTED_LINE = 78
ENDS = re.compile(rb"\r\n|\r|\n")
FOLDS = re.compile(r"\r?\n[ \t]")


class Letter(EmailMultiAlternatives):
    """To one recipient; the first alternative is its HTML."""

    def as_wire(self) -> bytes:
        """The whole mail, its lines ended by CRLF.

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
    """Any message as it goes to a server. Raises ValueError as `Letter.as_wire` does."""
    if isinstance(message, Letter):
        return message.as_wire()
    return message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]


def header(name: str, value: str) -> bytes:
    """As it is written, on several lines where it is long. Raises ValueError."""
    if len(value) <= 60 and value.isascii() and value.isprintable():
        return _short_header(name, value)
    return _folded(name, value)


@lru_cache(maxsize=2000)
def _short_header(name: str, value: str) -> bytes:
    return _folded(name, value)


def _folded(name: str, value: str) -> bytes:
    name, value = forbid_multi_line_headers(name, value, "utf-8")
    lines = [f"{name}:"]
    # Django has folded a long subject already; an end of a line left in it would be a
    # second one, and an empty line ends the headers.
    for word in FOLDS.sub(" ", value).split(" "):
        # Two words and the space between them; a line break may stand before it.
        is_full = len(lines[-1].rpartition("\n")[2]) + 1 + len(word) > WANTED_LINE
        if is_full and word and lines[-1].strip() and lines[-1] != f"{name}:":
            lines.append(f" {word}")
        else:
            lines[-1] += f" {word}"
    written = "\n".join(lines).encode("ascii")
    return ENDS.sub(b"\r\n", written)


def part(text: str, kind: str) -> list[bytes]:
    """The lines of one part: its headers, an empty one, and its content as one."""
    content, encoding = _encoded(text)
    return [
        f'Content-Type: {kind}; charset="utf-8"'.encode(),
        b"MIME-Version: 1.0",
        f"Content-Transfer-Encoding: {encoding}".encode(),
        b"",
        content,
    ]


def _encoded(text: str) -> tuple[bytes, str]:
    content = text.encode()
    lines = ENDS.split(content)
    if max(map(len, lines)) > LONGEST_LINE:
        lines = binascii.b2a_qp(b"\n".join(lines), istext=True).split(b"\n")
        return b"\r\n".join(lines), "quoted-printable"
    return b"\r\n".join(lines), "7bit" if text.isascii() else "8bit"


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return formatdate(second)
