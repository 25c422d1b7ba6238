"""A raw SMTP server that misbehaves as it is told, and notes what
it has kept.
"""

import asyncio
import re
import threading
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes

LINES_BEFORE_RESET = 5
STALL_SECONDS = 3
MAILS_A_CONNECTION = 20

FAULTS = (
    "451 to every third",
    "452 to every third",
    "421 to every third",
    "greylist",
    "550 to every third",
    "away",
    "reset before the dot",
    "lost after the dot",
    "kept, reset after the dot",
    "stall after the dot",
    "20 mails a connection",
)


@dataclass
class Sink:
    """Listens on 127.0.0.1.

    `fault` may be changed at any moment; "" is a server without faults.
    """

    fault: str = ""
    port: int = 0
    # recipient and Message-ID
    kept: list[tuple[str, str]] = field(default_factory=list)
    _mails: int = 0
    _seen: Counter[str] = field(default_factory=Counter)

    def start(self) -> None:
        ready = threading.Event()

        def run() -> None:
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
            server = self._loop.run_until_complete(
                asyncio.start_server(self._session, "127.0.0.1", 0)
            )
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            self._loop.run_forever()

        threading.Thread(target=run, daemon=True).start()
        ready.wait(10)

    def reset(self) -> None:
        self.fault = ""
        self.kept.clear()
        self._seen.clear()
        self._mails = 0

    async def _session(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _talk(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if self.fault == "away":
            writer.transport.abort()
            return
        writer.write(b"220 sink\r\n")
        recipient, mails = "", 0
        while line := await reader.readline():
            word = line[:4].upper()
            if word in (b"EHLO", b"HELO"):
                writer.write(b"250-sink\r\n250 8BITMIME\r\n")
            elif word == b"MAIL":
                mails += 1
                self._mails += 1
                full = (
                    self.fault == "20 mails a connection" and mails > MAILS_A_CONNECTION
                )
                if full or (self.fault == "421 to every third" and self._third()):
                    writer.write(b"421 closing\r\n")
                    return
                busy = self.fault == "452 to every third" and self._third()
                writer.write(b"452 no room\r\n" if busy else b"250 ok\r\n")
            elif word == b"RCPT":
                recipient = re.findall(rb"<([^>]*)>", line)[0].decode()
                writer.write(self._to(recipient))
            elif word == b"DATA":
                writer.write(b"354 go on\r\n")
                if not await self._data(recipient, reader, writer):
                    writer.transport.abort()
                    return
            elif word == b"QUIT":
                writer.write(b"221 bye\r\n")
                return
            else:
                writer.write(b"250 ok\r\n")
            await writer.drain()

    def _third(self) -> bool:
        return self._mails % 3 == 0

    def _to(self, recipient: str) -> bytes:
        self._seen[recipient] += 1
        if (
            self.fault == "550 to every third"
            and int(re.sub(r"\D", "", recipient) or 0) % 3 == 0
        ):
            return b"550 no such address\r\n"
        if self.fault == "greylist" and self._seen[recipient] == 1:
            return b"451 greylisted\r\n"
        if self.fault == "451 to every third" and self._third():
            return b"451 later\r\n"
        return b"250 ok\r\n"

    async def _data(
        self, recipient: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Read the text; whether the connection goes on."""
        lines: list[bytes] = []
        while (line := await reader.readline()) not in (b".\r\n", b""):
            lines.append(line)
            if (
                self.fault == "reset before the dot"
                and self._third()
                and len(lines) == LINES_BEFORE_RESET
            ):
                return False
        if line == b"":
            return False
        if self.fault == "lost after the dot" and self._third():
            return False
        self.kept.append(
            (recipient, str(message_from_bytes(b"".join(lines))["Message-ID"]))
        )
        if self.fault == "kept, reset after the dot" and self._third():
            return False
        if self.fault == "stall after the dot" and self._mails % 50 == 0:
            await asyncio.sleep(STALL_SECONDS)
            return False
        writer.write(b"250 taken\r\n")
        return True
