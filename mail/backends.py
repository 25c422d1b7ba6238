"""Ways out for mail: a folder on one machine, or an SMTP server that is told in two halves."""

import re
import smtplib
import socket
from collections.abc import Callable, Sequence
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from mail import outbox

HandOver = Callable[[], bool]
"""Commits that the server is about to be told; False when the mail is not ours to send any more."""


class Later(Exception):
    """Not now: this mail may be tried again."""


class DeadLine(Later):
    """The connection broke before the server had the whole mail."""


class Refused(Exception):
    """Never: the server has said no to this mail for good."""


class NoServer(Exception):
    """Nothing can be sent at the moment, whichever mail."""


class Unheard(Exception):
    """The server was told, and its answer was not heard: it may have the mail, or not."""


class NotOurs(Exception):
    """Another worker has taken the mail over."""


class OutboxBackend(BaseEmailBackend):
    """Writes every message of the site into OUTBOX_DIR.

    `resends_are_one`: writing a message again leaves one file, so what a crash left open is simply sent again.
    """

    resends_are_one = True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return sum(self._write(message) for message in email_messages)

    def _write(self, message: EmailMessage) -> bool:
        if not message.recipients():
            return False
        built = message.message()
        try:
            outbox.write(Path(settings.OUTBOX_DIR), built["Message-ID"], built.as_bytes(linesep="\r\n"))  # type: ignore[call-arg]
        except OSError:
            if not self.fail_silently:
                raise
            return False
        return True


class _InTwoHalves:
    """Sends the text of a message, commits the hand-over, and only then the line with the dot that ends it.

    A server must throw away a message whose end it never saw (RFC 5321, 4.1.1.4). So up to the dot a crash or a dead
    line means "not sent", after the answer it means "sent", and only in between nobody can know.
    """

    hand_over: HandOver | None = None

    def data(self: Any, msg: Any) -> Any:
        hand_over, self.hand_over = self.hand_over, None
        if hand_over is None:
            return super().data(msg)  # type: ignore[misc]
        code, answer = self.docmd("data")
        if code != 354:
            return code, answer  # raising here would leave the transaction open; sendmail ends it and raises
        text = re.sub(rb"(?m)^\.", b"..", msg)
        self.send(text if text.endswith(b"\r\n") else text + b"\r\n")
        if not hand_over():
            raise NotOurs  # and deliver() hangs up
        self.send(b".\r\n")
        return self.getreply()


class PlainConnection(_InTwoHalves, smtplib.SMTP):
    pass


class TlsConnection(_InTwoHalves, smtplib.SMTP_SSL):
    pass


class SmtpBackend(EmailBackend):
    """Django's, with a way to send one mail that says exactly what became of it."""

    resends_are_one = False
    connection: Any

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return TlsConnection if self.use_ssl else PlainConnection

    def deliver(self, message: EmailMessage, hand_over: HandOver) -> None:
        """Send to the one recipient over the connection that is open, or a new one.

        Returns when the server has taken it. Raises Later, Refused, NoServer, Unheard or NotOurs, see there.
        """
        try:
            [recipient] = message.recipients()
            sender, recipient = _address(message.from_email), _address(recipient)
            content = message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]
        except ValueError as error:  # an address or a header that cannot be written down for a server
            raise Refused(f"{type(error).__name__}: {error}") from error
        self._ready()
        told = False

        def hand_over_once() -> bool:
            nonlocal told
            told = hand_over()
            return told

        self.connection.hand_over = hand_over_once
        try:
            self.connection.sendmail(sender, [recipient], content)
        except smtplib.SMTPRecipientsRefused as error:
            [(code, words)] = error.recipients.values()
            raise _refusal(code, words) from error
        except smtplib.SMTPSenderRefused as error:  # our own address: no other mail will fare better
            raise NoServer(_words(error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPDataError as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise (Unheard if told else DeadLine)(str(error) or type(error).__name__) from error
        except BaseException:  # the mail is not ours any more, or the ledger cannot be written: the dot was not sent
            self._drop()
            raise

    def _ready(self) -> None:
        if self.connection is not None and self.connection.sock is None:
            self._drop()  # the server said 421 and hung up
        try:
            if self.open():
                # The dot is a packet of its own; without this it would wait for the server's delayed acknowledgement
                # of the text before it: 40 ms with every mail.
                self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connection.ehlo_or_helo_if_needed()
        except smtplib.SMTPResponseException as error:
            self._drop()
            raise NoServer(_words(error.smtp_code, error.smtp_error)) from error
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise NoServer(str(error) or type(error).__name__) from error

    def _drop(self) -> None:
        """Hang up without a word: on a line in doubt, QUIT would wait for an answer that does not come."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def _address(written: str) -> str:
    """The bare address, with a domain that every server reads. Raises UnicodeError."""
    local, _, domain = parseaddr(written)[1].rpartition("@")
    return f"{local.encode('ascii').decode()}@{domain.encode('idna').decode()}"


def _refusal(code: int, words: bytes | str) -> Later | Refused:
    return (Refused if 500 <= code < 600 else Later)(_words(code, words))


def _words(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"
