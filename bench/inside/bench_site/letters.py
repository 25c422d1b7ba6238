"""Write and send digests, as a worker does: reads one command a line,
prints JSON.

only 3000 nobody but the first 3,000 members wants digests write 2026-11-22
compose and write what is due on the evening of that day send 2026-11-22
send what waits
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import django


def only(count: str) -> int:
    """Stop the digests of all other members."""
    from django.apps import apps

    from bench_site.group import moment
    from bench_site.loading import load

    preferences = apps.get_model("mail.Preference").objects
    preferences.filter(member_id__gt=int(count)).delete()
    members = apps.get_model("members.Member").objects.filter(pk__gt=int(count))
    stopped = moment(datetime.now(UTC))
    rows = [
        (str(pk), "6", "18", "0", "0", stopped)
        for pk in members.values_list("pk", flat=True)
    ]
    columns = (
        *("member_id", "digest_weekday", "digest_hour", "version"),
        *("links_version", "digest_stopped_at"),
    )
    few = 1  # the indexes stay on
    load("mail.Preference", columns, rows, few)
    # A run looks at each member once a week. These are looked at in other hours.
    members.update(digest_look_at=datetime.now(UTC) + timedelta(days=14))
    return len(rows)


def evening(day: str) -> datetime:
    """When 18 o'clock is over in every zone that members live in."""
    return datetime.fromisoformat(day).replace(hour=23, minute=59, tzinfo=UTC)


def write(day: str) -> int:
    from bench_site import checkout

    return checkout.write_digests(evening(day))


def send(day: str) -> int:
    from bench_site import checkout

    return checkout.send_waiting(lambda: evening(day))


COMMANDS: dict[str, Callable[[str], int]] = {"only": only, "write": write, "send": send}


def main() -> int:
    django.setup()
    from bench_site import checkout

    checkout.load_as_a_worker()
    print(json.dumps(after(0, 0.0)), flush=True)
    for line in sys.stdin:
        name, value = line.split()
        begun = time.perf_counter()
        count = COMMANDS[name](value)
        print(json.dumps(after(count, time.perf_counter() - begun)), flush=True)
    return 0


def after(count: int, seconds: float) -> dict[str, float]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"count": count, "seconds": seconds, "megabytes": peak}


if __name__ == "__main__":
    sys.exit(main())
