"""Email backends: a folder on this machine, or an SMTP server to which each mail is sent in
two parts.
"""

import re
import smtplib
import socket
from collections.abc import Callable, Sequence
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from mail import outbox, wire
from mail.mime import written

CLOSING = 421  # the server is about to hang up (RFC 5321, 3.8)
RECEIVED_WITHIN = 20.0  # seconds; if EMAIL_TIMEOUT is not set
# mails in a row that a new connection did not help either; then the servers' "later" is
# taken at its word
IN_VAIN = 3

# What most addresses are: a dot-atom at a domain in ASCII (RFC 5321, 4.1.2). Any other
# is parsed, which takes longer than the rest of what is said to the server.
PLAIN_ADDRESS = re.compile(
    r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*"
    r"@(?:[a-z0-9-]{1,63}\.)*[a-z0-9-]{1,63}",
    re.ASCII | re.IGNORECASE,
)

HandOver = Callable[[], bool]
"""Commits that the server is about to be told; False when the mail is no longer ours to send."""


class Later(Exception):
    """The mail was not accepted now and can be tried again."""


class DeadLine(Later):
    """The connection was lost before the server had the whole mail."""


class MailRefused(Exception):
    """The server has refused this mail permanently."""


class NoServer(Exception):
    """No mail can be sent at the moment."""


class Unheard(Exception):
    """The whole mail was sent and no answer arrived: the server may have it or not."""


class NotOurs(Exception):
    """Another worker has claimed the mail."""


class OutboxBackend(BaseEmailBackend):
    """Writes every message of the site into OUTBOX_DIR.

    `resends_are_one`: a message that is written again is the same file, so a mail that a
    crash left unconfirmed is simply sent again.
    """

    resends_are_one = True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return sum(self._write(message) for message in email_messages)

    def _write(self, message: EmailMessage) -> bool:
        if not message.recipients():
            return False
        content = written(message)
        message_id = BytesHeaderParser().parsebytes(content)["Message-ID"]
        try:
            outbox.write(Path(settings.OUTBOX_DIR), message_id, content)
        except OSError:
            if not self.fail_silently:
                raise
            return False
        return True


class _UsedUp(Exception):
    """The server accepts no more mails over this connection, which has carried some. A
    new connection may work.
    """


class _InTwoHalves:
    """Sends the text of a message, commits the hand-over, and only then sends the line
    with the dot that ends the message.

    A server must discard a message whose end it did not receive (RFC 5321, 4.1.1.4). So
    before the dot a crash or a lost connection means "not sent", after the answer it
    means "sent", and only in between it is unknown.

    `send` returns when the text is in the buffers of this machine. So we wait until the
    server's machine has received it, and look whether the server is still there: before
    the hand-over, and once more before the dot. While the hand-over is committed, the
    server's program reads the text.
    """

    hand_over: HandOver | None = None
    text_has_begun = dot_is_sent = False

    def mail(self: Any, sender: str, options: Sequence[str] = ()) -> Any:
        if not PLAIN_ADDRESS.fullmatch(sender):
            return super().mail(sender, options)  # type: ignore[misc]
        return self.docmd("mail", " ".join([f"FROM:<{sender}>", *options]))

    def rcpt(self: Any, recip: str, options: Sequence[str] = ()) -> Any:
        if not PLAIN_ADDRESS.fullmatch(recip):
            return super().rcpt(recip, options)  # type: ignore[misc]
        return self.docmd("rcpt", " ".join([f"TO:<{recip}>", *options]))

    def data(self: Any, msg: Any) -> Any:
        hand_over, self.hand_over = self.hand_over, None
        if hand_over is None:
            return super().data(msg)  # type: ignore[misc]
        code, answer = self.docmd("data")
        if code != 354:
            # raising here would leave the transaction open; sendmail ends it and raises
            return code, answer
        self.text_has_begun = True
        text = (b"." if msg.startswith(b".") else b"") + msg.replace(b"\n.", b"\n..")
        text = text if text.endswith(b"\r\n") else text + b"\r\n"
        for piece in _in_halves(text):
            self.send(piece)
        patience = self.sock.gettimeout() or RECEIVED_WITHIN
        received_at = wire.wait_until_received(self.sock, patience)
        if not hand_over():
            raise NotOurs  # and deliver() hangs up
        wire.wait_until_read(self.sock, received_at)
        # when this raises, the end of the mail has not left this machine
        self.send(b".\r\n")
        self.dot_is_sent = True
        return self.getreply()


class PlainConnection(_InTwoHalves, smtplib.SMTP):
    pass


class TlsConnection(_InTwoHalves, smtplib.SMTP_SSL):
    pass


class SmtpBackend(EmailBackend):
    """Django's SMTP backend, with `deliver`, which reports the result of a single mail."""

    resends_are_one = False
    connection: Any
    _carried = 0  # mails that the server has taken over this connection
    _in_vain = 0

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return TlsConnection if self.use_ssl else PlainConnection

    def deliver(self, message: EmailMessage, hand_over: HandOver) -> None:
        """Send to the one recipient over the open connection or a new one.

        Returns when the server has accepted the mail. Raises Later, MailRefused,
        NoServer, Unheard or NotOurs.
        """
        try:
            [recipient] = message.recipients()
            sender, recipient = _address(message.from_email), _address(recipient)
            content = written(message)
        except (
            ValueError
        ) as error:  # an address or a header that cannot be written down for a server
            raise MailRefused(f"{type(error).__name__}: {error}") from error
        try:
            self._deliver(sender, recipient, content, hand_over)
        except _UsedUp:
            self._drop()
            self._deliver_anew(sender, recipient, content, hand_over)

    def _deliver_anew(
        self, sender: str, recipient: str, content: bytes, hand_over: HandOver
    ) -> None:
        try:
            self._deliver(sender, recipient, content, hand_over)
        except Later:
            self._in_vain += 1
            raise
        self._in_vain = 0

    def _deliver(
        self, sender: str, recipient: str, content: bytes, hand_over: HandOver
    ) -> None:
        """Raises _UsedUp, on a connection that has carried a mail before, when it
        carries no more.
        """
        is_new = self._ready()
        connection = self.connection
        connection.hand_over = hand_over
        connection.text_has_begun = connection.dot_is_sent = False
        try:
            connection.sendmail(sender, [recipient], content)
        except smtplib.SMTPRecipientsRefused as error:
            [(code, words)] = error.recipients.values()
            if self._may_be_used_up(code, is_new):
                raise _UsedUp from error
            raise _refusal(code, words) from error
        except smtplib.SMTPSenderRefused as error:
            if not is_new:
                raise _UsedUp from error
            # The refused address is the site's own, so other mails would fail too.
            raise NoServer(_words(error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPDataError as error:
            if self._may_be_used_up(error.smtp_code, is_new):
                raise _UsedUp from error
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except wire.SpokeEarly as error:
            # It did not wait for the end of the mail, so it has not accepted it.
            self._drop()
            raise _said_early(error.args[0]) from error
        except (smtplib.SMTPException, OSError) as error:
            if not is_new and not connection.text_has_begun:
                raise _UsedUp from error
            self._drop()
            raise (Unheard if connection.dot_is_sent else DeadLine)(
                str(error) or type(error).__name__
            ) from error
        except BaseException:
            # Another worker has the mail now, or the ledger cannot be
            # written. The final dot was not sent.
            self._drop()
            raise
        self._carried += 1

    def _may_be_used_up(self, code: int, is_new: bool) -> bool:
        """Whether "later" may be about the connection and not about this mail.

        At their limit of mails for one connection, servers answer with any temporary
        error, at any point.
        """
        if code == CLOSING:
            return not is_new
        return 400 <= code < 500 and self._carried > 0 and self._in_vain < IN_VAIN

    def _ready(self) -> bool:
        """Whether the connection is a new one. Raises NoServer."""
        if self.connection is not None and self.connection.sock is None:
            self._drop()  # the server said 421 and hung up
        try:
            is_new = bool(self.open())
            if is_new:
                self._carried = 0
                # The dot is a packet of its own; without this it would wait for the
                # server's delayed acknowledgement of the text before it: 40 ms with
                # every mail.
                self.connection.sock.setsockopt(
                    socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
                )
            self.connection.ehlo_or_helo_if_needed()
        except smtplib.SMTPResponseException as error:
            self._drop()
            raise NoServer(_words(error.smtp_code, error.smtp_error)) from error
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise NoServer(str(error) or type(error).__name__) from error
        return is_new

    def _drop(self) -> None:
        """Close the connection without QUIT, which might wait for an answer that does not
        come.
        """
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def _in_halves(text: bytes) -> tuple[bytes, bytes]:
    """Two packets or more, so that a server's machine acknowledges at once.

    Many systems wait 40 ms with the acknowledgement of a single packet; they do not
    when a second one of that size comes, and without this every mail would wait.
    """
    middle = (len(text) + 1) // 2
    return text[:middle], text[middle:]


@lru_cache(maxsize=100)
def _address(written: str) -> str:
    """The bare address, with a domain that every server reads. Raises UnicodeError."""
    if PLAIN_ADDRESS.fullmatch(written):
        return written
    local, _, domain = parseaddr(written)[1].rpartition("@")
    return f"{local.encode('ascii').decode()}@{domain.encode('idna').decode()}"


def _refusal(code: int, words: bytes | str) -> Later | MailRefused:
    return (MailRefused if 500 <= code < 600 else Later)(_words(code, words))


def _said_early(answer: bytes) -> Later | MailRefused:
    """The error for an answer that came before the end of the mail. Bytes that are not an
    SMTP answer count as "later".
    """
    code = int(answer[:3]) if answer[:3].isdigit() else CLOSING
    return _refusal(code, answer[4:])


def _words(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"
