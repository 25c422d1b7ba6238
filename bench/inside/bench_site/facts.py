"""What to ask of a site that `build` has filled: `python -m
bench_site.facts large`.

Prints JSON: the addresses of pages and the forms of deeds, with
sessions of members who are signed in. Before that, what must be of
this hour is brought up to date, so that nobody is due for a mail
and no feed for a visit.
"""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from bench_site.group import QUIET_SHARE, Group, moment
from bench_site.loading import load, unchecked
from bench_site.notifying import WATCHED, is_busy
from bench_site.polling import Polls
from bench_site.reactions import LOVED
from bench_site.sizes import SIZES, Size
from bench_site.talking import COMMENTED, LONG_THREAD, REACTED, THREAD_OF_20

READER = 44
OWNER = 1
PEOPLE = 400
LAST_ROWS = 29  # of notifications: a page, with room for an announcement
ALIKE = "Why does the loss of my large model not move with this learning rate?"
NUMBER = "NUMBER"  # what another number takes the place of
CSRF = "benchbenchbenchbenchbenchbench32"
OPEN_TAB = 0.8  # a goal, as those below
PAGE, PUBLIC, SMALL_DEED, WRITING = 2.0, 1.5, 1.4, 1.9  # goals, as ratios to the floor
COMMENT = "Bench {n}: the **last layer** first, I think.\n\n```python\nprint(loss)\n```"


def address(names: Sequence[str], *args: object) -> str | None:
    """The address of the first of these pages that the checkout has."""
    from django.urls import NoReverseMatch, reverse

    for name in names:
        try:
            return reverse(name, args=args)
        except NoReverseMatch:
            continue
    return None


class Facts:
    def __init__(self, size: Size, now: datetime) -> None:
        from django.apps import apps

        self.size = size
        self.now = now
        self.group = Group(size, now)
        self.posts = apps.get_model("community.Post").objects
        self.comments = apps.get_model("community.Comment").objects
        self.people = people(size)
        self.polls = Polls(self.group)
        self.course = self.group.course_of(READER)
        self.step = self.course.steps[self.group.step_of(READER)]

    def post(self, back: int) -> int:
        return self.size.posts - back + 1

    def pages(self) -> list[dict[str, Any]]:
        course, step = self.course, self.step
        thread = ["community:post"]
        middle = self.comments.filter(post_id=self.post(LONG_THREAD)).order_by("pk")
        middle_pk = middle.values_list("pk", flat=True)[self.size.long_thread // 2]
        long_thread = address(thread, self.post(LONG_THREAD))
        slug = self.resource()
        found = (
            ("feed", address(["home"])),
            ("feed, deep", self.deep_feed()),
            ("thread of 20", address(thread, self.post(THREAD_OF_20))),
            ("thread of 500", long_thread),
            ("thread of 500, its middle", f"{long_thread}?comment={middle_pk}"),
            ("post with most reactions", address(thread, self.post(LOVED))),
            ("poll with most votes", address(thread, self.polls.busy)),
            ("curriculum", address(["curriculum:curriculum"], course.slug)),
            ("step", address(["curriculum:step"], course.slug, step.slug)),
            ("papers of the day", address(["papers:today"])),
            ("paper", address(["papers:paper"], self.paper())),
            ("reading list", address(["papers:list"])),
            ("progress", address(["progress:overview"])),
            ("library", address(["curriculum:resources"])),
            ("resource", address(["curriculum:resource"], slug)),
            ("learn list", address(["curriculum:list"])),
            ("settings", address(["members:settings"])),
            ("mail preferences", address(["mail:preferences"])),
        )
        public = (
            ("visitor: landing page", address(["home"])),
            ("visitor: step", address(["curriculum:step"], course.slug, step.slug)),
            ("visitor: curriculum", address(["curriculum:curriculum"], course.slug)),
        )
        busy = self.people.index(self.busy)
        told = self.told_pages()
        return [
            *(page(name, path, PAGE, 0) for name, path in found if path),
            *(page(name, path, PAGE, busy) for name, path in told),
            *(page(name, path, PUBLIC, None) for name, path in public if path),
            *(page(name, path, OPEN_TAB, 0) for name, path in self.open_tabs(READER)),
            *(
                page(f"{name}, much unread", path, OPEN_TAB, busy)
                for name, path in self.open_tabs(self.busy)
            ),
        ]

    @cached_property
    def busy(self) -> int:
        """A member who was told of most and has much unread."""
        return next(n for n in self.people if is_busy(n))

    def told_pages(self) -> list[tuple[str, str]]:
        """The pages of notifications of the busy member, and what much that is unread
        costs other pages.
        """
        start = address(["notifications:notifications"])
        if not start:
            return []
        thread = address(["community:post"], self.post(THREAD_OF_20))
        found = (
            ("notifications", start),
            ("notifications, deepest", f"{start}?before={self.deepest_told()}"),
            ("notifications, unread", f"{start}?show=unread"),
            ("notifications, mentions", f"{start}?show=mentions"),
            ("menu of the bell", address(["notifications:menu"])),
            ("feed, much unread", address(["home"])),
            ("thread of 20, much unread", thread),
        )
        return [(name, path) for name, path in found if path]

    def deepest_told(self) -> str:
        """Where the last page begins of all that the busy member was told of."""
        from django.apps import apps

        from bench_site import checkout

        rows = apps.get_model("notifications.Notification").objects
        rows = rows.filter(member=self.busy).order_by("happened_at", "pk")
        return checkout.cursor(*rows.values_list("happened_at", "pk")[LAST_ROWS])

    def open_tabs(self, who: int) -> list[tuple[str, str]]:
        """What an open page asks while nothing is new to its reader `who`."""
        from importlib import import_module

        from django.apps import apps

        bell = address(["notifications:bell"])
        if not bell:
            return []
        reader = apps.get_model("members.Member").objects.get(pk=who)
        count = import_module("notifications.unread").read(reader)
        post = self.post(THREAD_OF_20)
        newest = self.comments.filter(post_id=post).order_by("pk").last()
        asked = {"unread": count.total(reader, self.now)}
        below = {**asked, "post": post, "newest": newest.pk, "shown": 0}
        return [
            ("open tab, nothing new", f"{bell}?{urlencode(asked)}"),
            ("open post, nothing new", f"{bell}?{urlencode(below)}"),
        ]

    def searches(self) -> list[dict[str, Any]]:
        """Kinds of searches; of each some addresses, told apart by a word that no text
        holds and that must not be there.
        """
        start = address(["search:search"])
        if not start:
            return []
        found: tuple[tuple[str, list[dict[str, str]]], ...] = (
            ("a word of one comment in 20,000", [{"q": "wombat"}]),
            ("a word of one comment in 2,000", [{"q": "quokka"}]),
            ("a word of one comment in 200", [{"q": "numbat"}]),
            (
                "a word of one text in eight",
                [{"q": word} for word in ("loss", "layer", "class")],
            ),
            ("two such words", [{"q": "loss rate"}, {"q": "training validation"}]),
            ("a beginning", [{"q": "tra*"}, {"q": "deri*"}, {"q": "gra*"}]),
            (
                "a phrase of such words",
                [{"q": '"training set"'}, {"q": '"last layer"'}],
            ),
            (
                "a phrase that nobody wrote",
                [{"q": '"layer loss"'}, {"q": '"set training"'}],
            ),
            ("of the past week", [{"q": "loss", "when": "week"}]),
            ("of the past year", [{"q": "loss", "when": "year"}]),
            ("of one step", [{"q": "loss", "step": key} for key in self.step_keys()]),
            ("still open", [{"q": "loss", "answered": "no"}]),
            (
                "written by somebody",
                [{"q": "loss", "by": "Ada Berg"}, {"q": "loss", "by": "Olu"}],
            ),
            ("a typo", [{"q": "numbet"}, {"q": "traning"}, {"q": "valdation"}]),
            ("the name of many", [{"q": "Ada"}, {"q": "Kofi Ito"}]),
        )
        kinds = [
            {"name": name, "paths": [f"{start}?{searched(asked)}" for asked in each]}
            for name, each in found
        ]
        if alike := address(["search:alike"]):
            typed = urlencode({"title": ALIKE, "body": COMMENT.replace("{n}", NUMBER)})
            kinds.append({"name": "questions alike", "paths": [f"{alike}?{typed}"]})
        return kinds

    def step_keys(self) -> list[str]:
        return [str(UUID(step.key)) for step in self.course.steps][:5]

    def deep_feed(self) -> str:
        from bench_site import checkout

        down = self.posts.order_by("-active_at", "-pk").values_list("active_at", "pk")
        at, pk = down[self.size.posts * 99 // 100]
        return f"{address(['home'])}?before={checkout.cursor(at, pk)}"

    def paper(self) -> str:
        from django.apps import apps

        papers = apps.get_model("papers.Paper").objects
        return str(papers.order_by("-pk").values_list("arxiv_id", flat=True)[3])

    def resource(self) -> str:
        from django.apps import apps

        resources = apps.get_model("curriculum.Resource").objects
        used = resources.filter(activities__isnull=False, sections__isnull=False)
        return str(used.order_by("slug").values_list("slug", flat=True)[0])

    def deeds(self) -> list[dict[str, Any]]:
        numbered = list(enumerate(self.people))
        marks = [one for who, n in numbered for one in self.mark(who, n)]
        react = [
            one
            for who, _n in numbered
            for one in self.react(who, self.post(REACTED + who % 30))
        ]
        loved = [
            one for who, _n in numbered for one in self.react(who, self.post(LOVED))
        ]
        comment = [
            ask(
                who,
                address(["community:comment"], self.post(COMMENTED + who % 30)),
                body=COMMENT,
            )
            for who, _n in numbered
        ]
        new = address(["community:new_post"])
        post = [
            ask(who, new, kind="discussion", title="", body=COMMENT)
            for who, _n in numbered
        ]
        return [
            deed("mark done or undo", marks, SMALL_DEED),
            deed("react", react, SMALL_DEED),
            deed("react, post with most", loved, SMALL_DEED),
            deed("vote", self.votes(), SMALL_DEED),
            deed("comment", comment, WRITING, counts="community.Comment"),
            deed("post", post, WRITING, counts="community.Post"),
        ]

    def telling(self) -> dict[str, Any] | None:
        """What many members are told of: posts and an announcement by the owner, and
        comments below a post that many watch and below others.
        """
        from django.apps import apps

        if not apps.is_installed("notifications"):
            return None
        new, owner = address(["community:new_post"]), len(self.people)
        watched = self.post(WATCHED)
        answers = address(["community:comment"], watched)
        # of people who have not commented in the parts before
        writers = range(len(self.people) // 2)
        return {
            "post": ask(owner, new, kind="discussion", title="", body=COMMENT),
            "announcement": ask(
                owner, new, kind="announcement", title="Bench {n}", body=COMMENT
            ),
            "feed": page("feed", str(address(["home"])), PAGE, 0),
            "watched": watched,
            "answers": [ask(who, answers, body=COMMENT) for who in writers],
            "comments": [
                ask(
                    who,
                    address(["community:comment"], self.post(COMMENTED + who % 30)),
                    body=COMMENT,
                )
                for who in writers
            ],
        }

    def votes(self) -> list[dict[str, Any]]:
        """Each person votes in a poll, and then changes the vote."""
        polls = self.polls.posts[-30:]
        found = []
        for who in range(len(self.people)):
            poll = polls[who % len(polls)]
            path = address(["community:vote"], poll)
            for nth in (who % 4, (who + 1) % 4):
                found.append(ask(who, path, option=self.polls.option(poll, nth)))
        return found

    def mark(self, who: int, n: int) -> list[dict[str, Any]]:
        course = self.group.course_of(n)
        step = course.steps[self.group.step_of(n)]
        if not step.activities:
            return []
        key, _aspect = step.activities[-1]
        path = address(["progress:mark"], UUID(key))
        if path is None:
            return []
        where = {"in": course.slug, "step": step.slug}
        return [ask(who, path, done="1", **where), ask(who, path, undo="done", **where)]

    def react(self, who: int, post: int) -> list[dict[str, Any]]:
        path = address(["community:react"], post)
        kind = ("same", "thanks", "helped")[who % 3]
        return [ask(who, path, **{kind: "on"}), ask(who, path, **{kind: "off"})]


def people(size: Size) -> list[int]:
    """Members who are here these days, the reader first."""
    here = [n for n in range(READER, size.members + 1) if n % 100 >= QUIET_SHARE]
    return here[:PEOPLE]


def searched(asked: dict[str, str]) -> str:
    return urlencode({**asked, "q": f"{asked['q']} -nobody{NUMBER}"})


def page(name: str, path: str, goal: float, who: int | None) -> dict[str, Any]:
    return {"name": name, "path": path, "goal": goal, "who": who}


def deed(
    name: str, asks: list[dict[str, Any]], goal: float, counts: str = ""
) -> dict[str, Any]:
    return {"name": name, "asks": asks, "goal": goal, "table": table_of(counts)}


def ask(who: int, path: str | None, **fields: str) -> dict[str, Any]:
    return {"who": who, "path": path, "fields": fields}


def table_of(label: str) -> str:
    from django.apps import apps

    return apps.get_model(label)._meta.db_table if label else ""


def sessions(numbers: Iterable[int]) -> list[str]:
    """A session for each member, as signing in makes it: with the row that
    says whose it is.
    """
    from importlib import import_module

    from allauth.account.internal.flows.login import record_authentication
    from allauth.usersessions.models import UserSession
    from django.conf import settings
    from django.contrib.auth import (
        BACKEND_SESSION_KEY,
        HASH_SESSION_KEY,
        SESSION_KEY,
        get_user_model,
    )

    store = import_module(settings.SESSION_ENGINE).SessionStore
    wanted = list(numbers)
    members = get_user_model()._default_manager.in_bulk(wanted)
    keys = []
    for number in wanted:
        member = members[number]
        session = store()
        session[SESSION_KEY] = str(member.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = member.get_session_auth_hash()
        if number == OWNER:  # with a second factor: else they act as any member
            record_authentication(SimpleNamespace(session=session), member, "mfa")
        session.save()
        keys.append(str(session.session_key))
        UserSession.objects.create(
            user=member, session_key=keys[-1], ip="127.0.0.1", user_agent="bench"
        )
    return keys


def freshen(size: Size, now: datetime) -> None:
    """Everybody's last two digests and reminders are sent; feeds
    were visited.
    """
    from django.apps import apps

    group = Group(size, now)
    with unchecked():
        load("mail.Delivery", DELIVERY, delivered(group), size.members)
    feeds = apps.get_model("papers.Feed").objects
    for category in ("cs.LG", "cs.CL", "cs.CV", "stat.ML"):
        visited = {
            "checked_at": now,
            "ok_at": now,
            "next_try_at": now + timedelta(hours=20),
        }
        feeds.update_or_create(category=category, defaults=visited)


DELIVERY = (
    *("member_id", "kind", "key", "number", "content"),
    *("written_at", "not_before", "sent_at"),
)


def delivered(group: Group) -> Iterable[tuple[str | None, ...]]:
    content = json.dumps(CONTENT)
    for weeks in (1, 0):
        sunday = last_sunday(group.now) - timedelta(weeks=weeks)
        year, week, _day = sunday.isocalendar()
        at = moment(sunday)
        for n in range(1, group.size.members + 1):
            key = f"{year}-W{week:02d}"
            yield str(n), "digest", key, str(2 - weeks), content, at, at, at
    at = moment(group.now - timedelta(days=3))
    for n in range(1, group.size.members + 1):
        if n % 100 < QUIET_SHARE:
            key = str(group.last_here(n).date())
            yield str(n), "inactivity", key, "1", "{}", at, at, at


def last_sunday(now: datetime) -> datetime:
    """18 o'clock on the last Sunday that is over everywhere."""
    day = now - timedelta(days=1)
    sunday = day - timedelta(days=(day.weekday() + 1) % 7)
    return sunday.replace(hour=18, minute=0, second=0, microsecond=0)


CONTENT = {
    "week": {
        "monday": "2026-11-16",
        "minutes": {"run": 60, "hack": 45, "math": 30},
        "target": 360,
        "shares": {"run": 44, "hack": 33, "math": 23},
        "active_days": 3,
        "activities_done": 4,
    },
    "next": None,
    "curriculum": "",
    "step": None,
    "questions": [1, 2, 3],
    "posts": [4, 5, 6, 7],
    "papers": [{"id": number, "words": "attention, loss"} for number in range(1, 6)],
    "papers_announced": 300,
    "releases": [],
}


def facts(size: Size, now: datetime) -> dict[str, Any]:
    from django.conf import settings

    found = Facts(size, now)
    return {
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "csrf": CSRF,
        "sessions": sessions([*found.people, OWNER]),
        "pages": found.pages(),
        "searches": found.searches(),
        "telling": found.telling(),
        "deeds": [
            deed for deed in found.deeds() if deed["asks"] and deed["asks"][0]["path"]
        ],
    }


def main(argv: Sequence[str]) -> int:
    [name] = argv
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import transaction

    now = datetime.now(UTC)
    with transaction.atomic():
        freshen(SIZES[name], now)
        print(json.dumps(facts(SIZES[name], now)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
