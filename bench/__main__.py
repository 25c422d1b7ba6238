"""`make bench`: server CPU of the pages that members open most, as ratios to what Django itself costs in the same run.

    MEMBERS=5000 POSTS=50000 make bench

Times are process CPU of a request through the whole stack, the median of several rounds taken in turn.
"""

import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.test_settings")
ROUNDS = int(os.environ.get("ROUNDS", "25"))


def main() -> int:
    members, posts = int(os.environ.get("MEMBERS", "2000")), int(os.environ.get("POSTS", "20000"))
    import django

    django.setup()
    from bench import fill

    _database()
    started = time.monotonic()
    fill.fill(members=members, posts=posts, comments=posts * 2)
    print(
        f"{members} members, {posts} posts, {posts * 2} comments on {_vendor()}, "
        f"filled in {time.monotonic() - started:.0f} s\n"
    )
    gc.collect()
    gc.freeze()  # as config/wsgi.py does
    _pages()
    return subprocess.run(
        [sys.executable, "bench/digest.py", "--members", os.environ.get("DIGESTS", "1000")]
    ).returncode


def _database() -> None:
    """A database of its own: PostgreSQL where TEST_DATABASE_URL names one, a SQLite file otherwise."""
    from django.db import connection

    connection.settings_dict["TEST"]["NAME"] = (
        os.path.join(tempfile.mkdtemp(prefix="minibatch-bench-"), "bench.sqlite3") if _vendor() == "sqlite" else None
    )
    connection.creation.create_test_db(verbosity=0, autoclobber=True)


def _vendor() -> str:
    from django.db import connection

    return connection.vendor


def _pages() -> None:
    from django.test import Client, override_settings

    from bench.cases import cases

    client = Client()
    measured = {}
    with override_settings(ROOT_URLCONF="bench.floor", MIDDLEWARE=[]):
        floor = {
            name: _measure(lambda a=address: Client().get(a)) for name, address in (("F0", "/f0/"), ("F1", "/f1/"))
        }
    for name, goal, ask in cases(client):
        measured[name] = (goal, _measure(ask), *_facts(ask))
    f1 = floor["F1"]
    print(f"{'page':<34}{'ms':>8}{'× F1':>8}{'goal':>8}{'queries':>9}{'KB':>7}{'gzip':>7}")
    for name, ms in floor.items():
        print(f"{name:<34}{ms:>8.1f}{ms / f1:>8.2f}")
    for name, (goal, ms, queries, size, zipped) in measured.items():
        print(f"{name:<34}{ms:>8.1f}{ms / f1:>8.2f}{goal:>8}{queries:>9}{size:>7.0f}{zipped:>7.1f}")
    print()


def _measure(ask: Callable[[], object]) -> float:
    """Median CPU of one request in milliseconds, after two to warm up."""
    for _ in range(2):
        ask()
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        ask()
        times.append(time.process_time() - start)
    return statistics.median(times) * 1000


def _facts(ask: Callable[[], object]) -> tuple[int, float, float]:
    """Queries, size in KB and size compressed of one answer."""
    import gzip

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        answer = ask()
    content = answer.content  # type: ignore[attr-defined]
    assert answer.status_code in (200, 204), (answer.status_code, content[:500])  # type: ignore[attr-defined]
    return len(captured), len(content) / 1000, len(gzip.compress(content, 6)) / 1000


if __name__ == "__main__":
    sys.exit(main())
