"""The weekly digest at size: composed, built and sent to a local SMTP server that takes everything.

    python bench/digest.py --members 2000

Prints mails a second for writing and for sending, what one mail costs and weighs, and the peak of memory. The server is
a process of its own. The database is a SQLite file, or the PostgreSQL that TEST_DATABASE_URL names.
"""

import argparse
import asyncio
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.test_settings")

GOAL = 200  # mails a second, composed, built and sent
SUNDAY = datetime(2026, 11, 22, 18, tzinfo=UTC)


def sink(port: Any, taken: Any) -> None:
    """Say yes to every command; count the mails and their bytes."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            command = line[:4].upper()
            if command == b"DATA":
                writer.write(b"354 go on\r\n")
                mail = await reader.readuntil(b"\r\n.\r\n")
                taken[0] += 1
                taken[1] += len(mail)
            writer.write(b"221 bye\r\n" if command == b"QUIT" else b"250 yes\r\n")
            if command == b"QUIT":
                break
        writer.close()

    async def main() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=2**22)
        port.value = server.sockets[0].getsockname()[1]
        await server.serve_forever()

    asyncio.run(main())


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fill(members: int) -> None:
    from django.db import connection

    from bench import fill
    from members.models import Member

    name = os.path.join(tempfile.mkdtemp(prefix="minibatch-bench-"), "digest.sqlite3")
    connection.settings_dict["TEST"]["NAME"] = name if connection.vendor == "sqlite" else "bench_digest"
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    fill.fill(members=members, posts=2000, comments=4000)
    Member.objects.update(joined_at=SUNDAY - timedelta(days=90))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=2000)
    members = parser.parse_args().members
    port, taken = multiprocessing.Value("i", 0), multiprocessing.Array("q", 2)
    server = multiprocessing.Process(target=sink, args=(port, taken), daemon=True)
    server.start()

    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from mail import actions
    from mail.models import Delivery

    fill(members)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "mail.backends.SmtpBackend", "127.0.0.1"
    settings.EMAIL_PORT = port.value
    before, start, cpu = megabytes(), time.perf_counter(), [time.process_time()]
    due = actions.write_due_digests(SUNDAY)
    written, written_at = megabytes(), time.perf_counter()
    cpu.append(time.process_time())
    run = actions.send_waiting(lambda: SUNDAY)
    end = time.perf_counter()
    cpu.append(time.process_time())

    whole = run.sent / (end - start)
    costs = [1000 * (after - earlier) / due for earlier, after in pairwise(cpu)]
    print(f"digests of {members} members on {connection.vendor}: {due} due, {run.sent} sent, {taken[0]} arrived")
    print(f"  written      {due / (written_at - start):8.0f} a second, {costs[0]:.2f} ms of CPU each")
    print(f"  built, sent  {due / (end - written_at):8.0f} a second, {costs[1]:.2f} ms of CPU each")
    print(f"  together     {whole:8.0f} mails a second (goal {GOAL}); 100,000 in {100_000 / whole / 60:.1f} minutes")
    print(f"  one mail     {taken[1] / taken[0] / 1000:8.1f} KB")
    print(f"  memory       {before:8.0f} MB before, {written:.0f} MB when written, {megabytes():.0f} MB at the end")
    server.terminate()
    once = run.sent == due == taken[0] == Delivery.objects.filter(sent_at__isnull=False).count()
    connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
    return 0 if once and due else 1


if __name__ == "__main__":
    sys.exit(main())
