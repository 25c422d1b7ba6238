"""A real SMTP server on this machine that behaves as it is told."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

# aiosmtpd's own, by chance under our name
logging.getLogger("mail.log").setLevel(logging.WARNING)

Answer = Callable[[str], str | None]
"""From the recipient to an SMTP answer, "drop", or None for "accept"."""


class Handler:
    def __init__(self) -> None:
        self.accepted: list[tuple[str, Message]] = []
        self.sessions = 0
        self.at_sender: Answer = lambda sender: None
        self.at_recipient: Answer = lambda recipient: None
        self.at_data_command: Answer = lambda recipient: None
        self.at_data: Answer = lambda recipient: None
        # it has kept the mail, and then says this
        self.after_data: Answer = lambda recipient: None

    async def handle_EHLO(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: Any,
    ) -> str:
        if answer := self._say(server, self.at_sender(address)):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: Any,
    ) -> str:
        if answer := self._say(server, self.at_recipient(address)):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        [recipient] = envelope.rcpt_tos
        if answer := self._say(server, self.at_data(recipient)):
            return answer
        assert isinstance(envelope.content, bytes)
        self.accepted.append((recipient, message_from_bytes(envelope.content)))
        await asyncio.sleep(0)
        return self._say(server, self.after_data(recipient)) or "250 Taken"

    def _say(self, server: SMTP, answer: str | None) -> str | None:
        if answer == "drop":
            server.transport.abort()
            return "421 Dropped"
        return answer

    @property
    def recipients(self) -> list[str]:
        return [recipient for recipient, _message in self.accepted]


class Server(SMTP):
    async def smtp_DATA(self, arg: str) -> None:
        [recipient] = self.envelope.rcpt_tos
        if answer := self.event_handler.at_data_command(recipient):
            await self.push(answer)
        else:
            await super().smtp_DATA(arg)


class AnyPort(Controller):
    def factory(self) -> Server:
        return Server(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        # the one that the system chose
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def smtp_server(settings: Any) -> Iterator[Handler]:
    """The site sends through it while it runs."""
    handler = Handler()
    controller = AnyPort(handler, hostname="127.0.0.1", port=0)
    controller.start()
    settings.EMAIL_BACKEND = "mail.backends.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 5
    settings.EMAIL_PORT = controller.port
    # mail with links to this machine is held
    settings.SITE_URL = "https://study.example.org"
    try:
        yield handler
    finally:
        controller.stop()
