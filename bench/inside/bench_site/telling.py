"""Tell members, as a worker does: reads one command a line, prints JSON.

tell 2026-11-22T12:00 what is new to tell at that moment
mail 2026-11-22T12:00 turns, daily mails and mails at once that are due then
rows 123 how much there is of everything that telling writes, of the post 123
leave 123 nothing is announced but by the post 123
quiet 0 nobody is told of the comments that were written until now
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import django


def tell(moment: str) -> int:
    from bench_site import checkout

    return checkout.tell(parsed(moment))


def mail(moment: str) -> int:
    from bench_site import checkout

    return checkout.write_bundles(parsed(moment))


def parsed(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


def leave(post: str) -> int:
    from django.apps import apps

    posts = apps.get_model("community.Post").objects.filter(kind="announcement")
    now = datetime.now(UTC)
    others = posts.filter(posted_at__gt=now - timedelta(days=1)).exclude(pk=int(post))
    return int(others.update(removed_at=now))


def quiet(_value: str) -> int:
    from django.apps import apps

    comments = apps.get_model("community.Comment").objects
    return int(comments.filter(to_tell=True).update(to_tell=False))


def rows(post: str) -> dict[str, int]:
    """How many notifications and mails there are, and of the newest announcement the id."""
    from django.apps import apps
    from django.db.models import Count

    told = apps.get_model("notifications.Notification").objects.order_by()
    mails = apps.get_model("mail.Delivery").objects.order_by()
    bundles = mails.filter(kind="bundle").values_list("member")
    most = bundles.annotate(mails=Count("pk")).order_by("-mails").first()
    posts = apps.get_model("community.Post").objects.filter(kind="announcement")
    turns = apps.get_model("mail.MailTurn").objects
    return {
        "notifications": told.count(),
        "watched": told.filter(post=int(post), kind="watched").count(),
        "unread": told.filter(post=int(post), kind="watched", read_at=None).count(),
        "turns": turns.filter(bundle_at__isnull=False).count(),
        "bundles": mails.filter(kind="bundle").count(),
        "most": most[1] if most else 0,
        "once": mails.filter(kind="once").count(),
        "announcement": posts.order_by("-pk").values_list("pk", flat=True)[0],
    }


COMMANDS: dict[str, Callable[[str], int]] = {
    "tell": tell,
    "mail": mail,
    "leave": leave,
    "quiet": quiet,
}


def main() -> int:
    django.setup()
    from bench_site import checkout
    from bench_site.letters import after

    checkout.load_as_a_worker()
    print(json.dumps(after(0, 0.0)), flush=True)
    for line in sys.stdin:
        name, value = line.split()
        if name == "rows":
            print(json.dumps(rows(value)), flush=True)
            continue
        begun = time.perf_counter()
        count = COMMANDS[name](value)
        print(json.dumps(after(count, time.perf_counter() - begun)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
