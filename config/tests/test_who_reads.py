"""Who reads which of a member's texts: docs/privacy.md says it in words,
this asks every address as everybody.
"""

from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.db import models

from config.tests.addresses import addresses
from config.tests.asking import forget, make_busy_world
from config.tests.columns import browser_of
from config.tests.hostile import columns, poisoned
from config.tests.test_neighbours import BY_LINK, OWN
from config.tests.world import World
from members.models import Member
from operate import health

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

# For each text that is a member's: the columns of columns.py that find it
# on some page. A new one needs a line here.
READ_BY = {
    "account.EmailAddress.email": "mem",
    "community.Draft.address": "",
    "community.Draft.beginning": "mem",
    "community.Draft.fields": "mem",
    "community.Draft.kind": "",
    "community.Draft.sent_versions": "",
    "community.Draft.title": "mem",
    "bookmarks.Bookmark.key": "",
    "bookmarks.Bookmark.note": "mem",
    "mail.Delivery.content": "mem",  # the owner sees stand-ins
    "mail.Delivery.error": "own",
    "mail.Delivery.key": "own",  # the week or day of a run
    "members.KeptWords.fields": "mem",
    "members.Member.email": "own mem",
    "members.Member.goal_words": "mem",
    "members.Member.name": "oth cur mod own mem",
    "notifications.Reach.group": "",
    "notifications.ReadAnnouncements.posts": "",
    "pictures.Upload.media_type": "",
    "pictures.Upload.name": "mem",
    "progress.Enrollment.carried": "",
    "progress.Record.skip_reason": "mem",
    "search.RecentSearch.typed": "mem",
    # that of a session which is over is nobody's to read
    "usersessions.UserSession.user_agent": "",
}
# the member comes last: opening some pages deletes what they show
READERS = "vis oth cur mod own mem"
BROWSER = {"Accept": "text/html"}


def texts_of_members() -> list[tuple[type[models.Model], Any]]:
    return [
        (model, field)
        for model, field in columns()
        if model is Member or model._meta.label in OWN
    ]


def mark(world: World) -> dict[str, str]:
    """Write a word of its own into each text of the member; the
    column by its word.
    """
    words = {}
    for number, (model, field) in enumerate(texts_of_members()):
        word = f"zq{number}zq"
        path = "pk" if model is Member else OWN[model._meta.label]
        for row in model._default_manager.filter(**{path: world["member"].pk}):
            value = poisoned(field, getattr(row, field.attname), row.pk, [word])
            model._default_manager.filter(pk=row.pk).update(**{field.attname: value})
            words[word] = f"{model._meta.label}.{field.name}"
    return words


def test_everybody_reads_what_the_table_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "problems", list)
    world = make_busy_world()
    UserSession.objects.update(user=world["member"])
    words = mark(world)
    paths = [
        each.path
        for each in addresses(world)
        if each.name not in BY_LINK and "logout" not in each.name
    ]
    paths.append("/learn/way-up/encounter/")  # with activities done and skipped
    found: dict[str, list[str]] = {name: [] for name in words.values()}

    for column in READERS.split():
        client = browser_of(column, world)
        shown = ""
        for path in paths:
            answer = client.get(path, headers=BROWSER)
            shown += "" if answer.streaming else answer.content.decode(errors="replace")
            forget()
        for word, name in words.items():
            if word in shown:
                found[name].append(column)

    assert {name: " ".join(readers) for name, readers in found.items()} == {
        name: readers for name, readers in READ_BY.items() if name in found
    }
    assert {
        f"{model._meta.label}.{field.name}" for model, field in texts_of_members()
    } == READ_BY.keys()
