"""A raw SMTP server with the line in its own hands: it may reset, stall or
say anything at any point of a mail.
"""

import asyncio
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

Script = Callable[[int], str]
"""From the number of the mail (1, 2, ...) to what becomes of it: one of the words
below, or an answer to the dot.

"take"; "reset in text" after 20 lines; "reset after dot" without keeping it, "keep and
reset" after keeping it; "close after dot"; "stall" after 20 lines, "speak in text" with
a 421 before the end.
"""
LINES = 20


class Sink:
    def __init__(
        self,
        script: Script = lambda number: "take",
        per_connection: int = 0,
        limit: str = "421",
    ) -> None:
        self.script, self.per_connection, self.limit = script, per_connection, limit
        self.kept: list[str] = []  # recipients
        self.message_ids: list[str] = []
        self.begun = self.connections = 0
        self.tls: ssl.SSLContext | None = None
        self.buffer = 2**22  # how much is received before it is read

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.connections += 1
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _talk(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        recipient, taken = "", 0
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            command = line[:4].upper()
            is_full = self.per_connection and taken >= self.per_connection
            if command == b"QUIT":
                writer.write(b"221 bye\r\n")
                return
            if command == b"MAIL" and is_full and self.limit == "421":
                writer.write(b"421 Too many mails on this connection\r\n")
                return
            if command == b"MAIL" and is_full and self.limit == "close":
                return
            if command == b"RCPT" and is_full and self.limit == "421 at RCPT":
                writer.write(b"421 Too many mails on this connection\r\n")
                return
            if is_full and self.limit == f"{command.decode()} for now":
                writer.write(b"452 4.5.3 Too many mails on this connection\r\n")
                continue
            if command == b"MAIL" and is_full and self.limit == "MAIL for good":
                writer.write(b"554 Too many mails on this connection\r\n")
                continue
            if command == b"RCPT":
                recipient = line.decode().partition("<")[2].partition(">")[0]
            if command != b"DATA":
                writer.write(b"250 yes\r\n")
                continue
            writer.write(b"354 go on\r\n")
            if not await self._mail(recipient, reader, writer, taken):
                return
            taken += 1

    async def _mail(
        self,
        recipient: str,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        taken: int,
    ) -> bool:
        """Whether the connection goes on."""
        self.begun += 1
        what = self.script(self.begun)
        head = [await reader.readline() for _ in range(LINES)]
        if what == "reset in text":
            _reset(writer)
            return False
        if what == "stall":
            writer.transport.pause_reading()  # type: ignore[attr-defined]
            await asyncio.sleep(1)
            return False
        if what == "speak in text":
            writer.write(b"421 Shutting down\r\n")
            return False
        while head[-1] != b".\r\n":
            head.append(await reader.readline())
            if not head[-1]:
                return False
        if what == "reset after dot":
            _reset(writer)
            return False
        if what == "close after dot":
            return False
        if (
            what == "take"
            and self.limit == "the dot for now"
            and taken >= self.per_connection
        ):
            what = "451 4.7.1 Too many mails on this connection"
        if what in ("take", "keep and reset"):
            self.kept.append(recipient)
            ids = [text for text in head if text.lower().startswith(b"message-id:")]
            self.message_ids.append(ids[0].decode().split()[1])
        if what == "keep and reset":
            _reset(writer)
            return False
        writer.write(b"250 taken\r\n" if what == "take" else what.encode() + b"\r\n")
        return True


def _reset(writer: asyncio.StreamWriter) -> None:
    """Not a close in good order: RST at once."""
    plain: socket.socket = writer.get_extra_info("socket")
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@contextmanager
def running(sink: Sink, settings: Any) -> Iterator[Sink]:
    """The site sends through it while it runs."""
    loop = asyncio.new_event_loop()
    started = threading.Event()
    found: list[int] = []

    async def main() -> None:
        listening = socket.create_server(("127.0.0.1", 0))
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, sink.buffer)
        server = await asyncio.start_server(
            sink.serve, sock=listening, limit=sink.buffer, ssl=sink.tls
        )
        found.append(server.sockets[0].getsockname()[1])
        started.set()
        async with server:
            await server.serve_forever()

    def run() -> None:
        asyncio.set_event_loop(loop)
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(main())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    started.wait(10)
    settings.EMAIL_BACKEND = "mail.backends.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT, settings.EMAIL_PORT = (
        "127.0.0.1",
        5,
        found[0],
    )
    try:
        yield sink
    finally:
        for task in asyncio.all_tasks(loop):
            loop.call_soon_threadsafe(task.cancel)
        thread.join(10)
        loop.close()
