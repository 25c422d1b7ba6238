"""Fill an empty database with a study group: `python -m
bench_site.build large`.

The same size and seed give the same group. Everything ends at the moment
of building.
"""

import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from bench_site.documents import Documents
from bench_site.group import Group
from bench_site.loading import reset_sequences, unchecked
from bench_site.members import Members
from bench_site.notifying import Notifying
from bench_site.papers import Papers
from bench_site.polling import Polls
from bench_site.reactions import Reactions
from bench_site.sizes import SIZES, Size
from bench_site.studying import Studying
from bench_site.talking import Talking

REFERRED = (
    *("members.Member", "papers.Paper", "papers.Batch"),
    *("community.Thread", "community.Post", "community.Comment"),
    *("community.PollOption", "community.Ballot", "community.BallotChoice"),
)


def everything(group: Group) -> None:
    begun = time.monotonic()
    studying, papers = Studying(group), Papers(group)
    steps: Sequence[tuple[str, Callable[[], None]]] = (
        ("members", Members(group).members),
        ("enrolments", studying.enrolments),
        ("records", studying.records),
        ("minutes", studying.minutes),
        ("study events", studying.events),
        ("papers", papers.papers),
        ("kept papers", papers.readings),
        ("posts and comments", Talking(group).talk),
        ("reactions", Reactions(group).reactions),
        ("polls", Polls(group).polls),
        ("notifications", Notifying(group).notify),
        ("documents", Documents(group).documents),
    )
    for what, step in steps:
        step()
        print(f"{time.monotonic() - begun:6.0f} s  {what}", flush=True)


def build(size: Size, now: datetime) -> None:
    """Fill the database, which holds the built-in curricula and
    nothing else.
    """
    from django.db import transaction

    with transaction.atomic(), unchecked():
        everything(Group(size, now))
        reset_sequences(REFERRED)


def choose_papers() -> None:
    """What the worker does after each visit to arXiv, in versions that do it."""
    try:
        from papers.harvest import rank_newest_day
    except ImportError:
        return
    rank_newest_day()


def settle() -> None:
    """Let the database look at what it has got, as it would by
    itself with time.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM (FREEZE, ANALYZE)")


def main(argv: Iterable[str]) -> int:
    [name] = argv
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command

    call_command("prepare", verbosity=0)
    build(SIZES[name], datetime.now(UTC))
    choose_papers()
    settle()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
