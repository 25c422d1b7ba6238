"""A mail server in a process of its own that says yes to
everything and counts.

Prints its port, and for every line that comes in how many mails it has
taken and how many bytes they had.
"""

import asyncio
import sys
from dataclasses import dataclass

LONGEST = 2**22


@dataclass(slots=True)
class Sink:
    mails: int = 0
    size: int = 0

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            command = line[:4].upper()
            if command == b"DATA":
                writer.write(b"354 go on\r\n")
                mail = await reader.readuntil(b"\r\n.\r\n")
                self.mails += 1
                self.size += len(mail)
            if command == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            writer.write(b"250 yes\r\n")
        writer.close()


async def main() -> None:
    sink = Sink()
    server = await asyncio.start_server(sink.serve, "127.0.0.1", 0, limit=LONGEST)
    print(server.sockets[0].getsockname()[1], flush=True)
    loop = asyncio.get_running_loop()
    async with server:
        while await loop.run_in_executor(None, sys.stdin.readline):
            print(sink.mails, sink.size, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
