"""What it costs to tell many: an announcement to all members, and ten answers below a
post that thousands watch.

Each begins with a fresh copy of the data. The requests are those of the web server; a
worker in a process of its own does what the tasks of the clock do, at moments that it
is told.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.measuring import Cost, Visitors, cost
from bench.ratios import middle
from bench.sites import Site
from bench.tables import Cell, table
from bench.workers import BY, Stage, Worker, talking, together

SETTLE, TIMES = 3, 8  # requests
NOT_FRESH = timedelta(minutes=11)  # then what was told is looked at by mail
ANSWERS, APART = 10, timedelta(seconds=6)
DAY = [timedelta(hours=hour) for hour in range(1, 26)]
HEAD = ("what", "app ms", "db ms", "seconds", "MB", "rows", "goal")
LIKE_A_POST, LIKE_A_COMMENT = 1.1, 1.1
WORKER_SECONDS = 60
MORE_MEGABYTES = 64  # than at the beginning


@dataclass(slots=True)
class Told:
    """Rows of a table, each with its goal and whether it was met."""

    rows: list[list[Cell]] = field(default_factory=list)

    def asked(self, what: str, costs: list[Cost], goal: str = "") -> float:
        """CPU of a request, the middle of several."""
        app, db = (
            middle([each.app for each in costs]),
            middle([each.db for each in costs]),
        )
        self.rows.append([what, app, db, None, None, None, goal])
        return app + db

    def ratio(self, what: str, one: float, other: float, goal: float) -> None:
        words = f"{one / other:.2f} ×"
        self.rows.append(
            [what, None, None, None, None, words, judged(one / other, goal)]
        )

    def worked(self, what: str, stage: Stage, rows: int | str, goal: str = "") -> None:
        megabytes = f"{stage.megabytes:.0f}"
        figures = [stage.app, stage.db, stage.seconds, megabytes]
        self.rows.append([what, *figures, rows, goal])

    def counted(self, what: str, count: int, most: int | None = None) -> None:
        goal = "" if most is None else judged(count, most)
        self.rows.append([what, None, None, None, None, count, goal])


def judged(figure: float, most: float) -> str:
    """The goal, and whether it was met."""
    verdict = "met" if figure <= most else "missed"
    return f"at most {most:,}: {verdict}"


def telling(site: Site) -> str:
    """Both tables, in Markdown."""
    parts = [f"### {site.commit}"]
    for title, measure in (
        ("an announcement to all", announcement),
        ("ten answers in a minute where many watch", answers),
    ):
        site.prepare()
        if not site.facts.get("telling"):
            return ""
        head = (title, *HEAD[1:])
        parts.append(table(head, measure(site).rows))
    return "\n\n".join(parts)


@contextmanager
def working(site: Site) -> Iterator[Worker]:
    environment = site.environment(
        site.copy, EMAIL_URL="dummymail://", PGAPPNAME=BY, LOG_LEVEL="WARNING"
    )
    argv = [site.python, "-m", "bench_site.telling"]
    with talking(argv, cwd=site.root, env=environment) as process:
        yield Worker(process)


def said(worker: Worker, command: str) -> dict[str, float]:
    worker.tell(command)
    return worker.heard()


def rows(worker: Worker, post: int) -> dict[str, int]:
    return {name: int(count) for name, count in said(worker, f"rows {post}").items()}


def at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}"


def costs(visitors: Visitors, asks: list[dict[str, Any]], settle: int) -> list[Cost]:
    """CPU of each request, but for the first ones."""
    send = visitors.send({"asks": asks})
    found = [cost(visitors.server, send, 1) for _each in asks]
    return found[settle:]


def announcement(site: Site) -> Told:
    """By the owner: what it costs beside a post, and until everybody has a turn."""
    told, facts = Told(), site.facts["telling"]
    with site.broker(), site.served() as server:
        visitors = Visitors.of(server)
        read = visitors.get(facts["feed"])
        feed = [cost(server, read, 1) for _each in range(SETTLE + TIMES)][SETTLE:]
        times = SETTLE + TIMES
        post = costs(visitors, [facts["post"]] * times, SETTLE)
        announced = costs(visitors, [facts["announcement"]] * TIMES, 1)
        feed_after = [cost(server, read, 1) for _each in range(SETTLE + TIMES)][SETTLE:]
    one = told.asked("a post: its request", post)
    other = told.asked("the announcement: its request", announced)
    told.ratio("the announcement beside a post", other, one, LIKE_A_POST)
    one = told.asked("the feed of a member before", feed)
    other = told.asked("the feed of a member after", feed_after)
    told.ratio("the feed after beside before", other, one, LIKE_A_POST)
    spread(site, told, facts["watched"])
    return told


def spread(site: Site, told: Told, watched: int) -> None:
    now = datetime.now(UTC)
    with working(site) as worker:
        before = rows(worker, watched)
        said(worker, f"leave {before['announcement']}")
        stage = together(site, [worker], f"tell {at(now)}")
        new = rows(worker, watched)["notifications"] - before["notifications"]
        told.worked("notifications.tasks.tell", stage, f"{new} notifications")
        turned = together(site, [worker], f"mail {at(now + NOT_FRESH)}")
        turns = rows(worker, watched)["turns"]
        used = (turned.app + turned.db) / 1000
        told.worked(
            "turns for everybody: send_due_bundles",
            turned,
            f"{turns} turns",
            f"{WORKER_SECONDS} s of CPU: {met(used <= WORKER_SECONDS)}",
        )
        daily = through_the_day(site, worker, now + NOT_FRESH)
        found = rows(worker, watched)
        told.worked(
            "daily mails of 24 hours: send_due_bundles",
            daily,
            f"{found['bundles']} mails",
            f"{MORE_MEGABYTES} MB more: {flat(worker, daily)}",
        )
        told.counted("daily mails to one member, at most", found["most"], 1)
        told.counted("mails at once", found["once"], 0)


def flat(worker: Worker, stage: Stage) -> str:
    return met(stage.megabytes - worker.idle_megabytes <= MORE_MEGABYTES)


def met(is_met: bool) -> str:
    return "met" if is_met else "missed"


def through_the_day(site: Site, worker: Worker, begin: datetime) -> Stage:
    """What the clock does at each hour of a day, together."""
    stages = [together(site, [worker], f"mail {at(begin + later)}") for later in DAY]
    return Stage(
        count=sum(stage.count for stage in stages),
        seconds=sum(stage.seconds for stage in stages),
        app=sum(stage.app for stage in stages),
        db=sum(stage.db for stage in stages),
        megabytes=stages[-1].megabytes,
    )


def answers(site: Site) -> Told:
    """Ten answers, and the worker after each, as it looks every few seconds."""
    told, facts = Told(), site.facts["telling"]
    watched = facts["watched"]
    with site.broker(), site.served() as server, working(site) as worker:
        visitors = Visitors.of(server)
        settle = SETTLE + TIMES
        usual = costs(visitors, facts["comments"][:settle], SETTLE)
        said(worker, "quiet 0")
        before = rows(worker, watched)
        send = visitors.send({"asks": facts["answers"][settle : settle + ANSWERS]})
        requests, stages, found = [], [], []
        for number in range(ANSWERS):
            requests.append(cost(server, send, 1))
            later = datetime.now(UTC) + timedelta(seconds=1)
            stages.append(together(site, [worker], f"tell {at(later)}"))
            if number in (0, ANSWERS - 1):
                found.append(rows(worker, watched))
        one = told.asked("a comment elsewhere: its request", usual)
        other = told.asked("an answer where many watch: its request", requests)
        told.ratio("the answer beside a comment", other, one, LIKE_A_COMMENT)
        after(site, told, worker, before, stages, found)
    return told


def after(
    site: Site,
    told: Told,
    worker: Worker,
    before: dict[str, int],
    stages: list[Stage],
    found: list[dict[str, int]],
) -> None:
    """What the worker has told, and the mails of the day that follows."""
    watched, now = site.facts["telling"]["watched"], datetime.now(UTC)
    first, last = (each["notifications"] - before["notifications"] for each in found)
    told.worked("tell after the first answer", stages[0], f"{first} new notifications")
    later = sorted(stages[1:], key=lambda stage: stage.app + stage.db)
    told.worked(
        "tell after one of the others, the middle one", later[len(later) // 2], ""
    )
    told.counted("new notifications after ten answers", last, first + 2 * ANSWERS)
    told.counted("of them unread by those who watch", found[-1]["unread"])
    turned = together(site, [worker], f"mail {at(now + NOT_FRESH)}")
    once = rows(worker, watched)["once"]
    told.worked("turns: send_due_bundles", turned, "")
    told.counted("mails at once, to those who chose it", once, 1)
    daily = through_the_day(site, worker, now + NOT_FRESH)
    counts = rows(worker, watched)
    told.worked(
        "daily mails of 24 hours: send_due_bundles",
        daily,
        f"{counts['bundles']} mails",
        f"{MORE_MEGABYTES} MB more: {flat(worker, daily)}",
    )
    told.counted("daily mails to one member, at most", counts["most"], 1)
