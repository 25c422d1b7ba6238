"""A member's own rows stay private: others request every URL that takes an id, and
send every form.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import models
from django.test import Client
from django.urls import NoReverseMatch, reverse

from config.tests.addresses import patterns
from config.tests.asking import EXPECTED, Asked, Line, forget, make_busy_world
from config.tests.columns import browser_of
from config.tests.hostile import models_in_use
from config.tests.world import World
from members.models import Member
from operate import health

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

# Models whose rows belong to one member, and the path to that member. A new model that
# leads to a member must be listed here, or below.
OWN = {
    "account.EmailAddress": "user",
    "account.EmailConfirmation": "email_address__user",
    "bookmarks.Bookmark": "member",
    "community.Draft": "member",
    "community.Ballot": "member",
    "community.BallotChoice": "ballot__member",
    "community.PutAwayNotice": "member",
    "community.ReadMark": "member",
    "community.Unfolding": "member",
    "mail.Delivery": "member",
    "mail.Preference": "member",
    "members.KeptWords": "member",
    "members.SignInLink": "member",
    "mfa.Authenticator": "user",
    "mail.MailTurn": "member",
    "notifications.Notification": "member",
    "notifications.Reach": "member",
    "notifications.ReadAnnouncements": "member",
    "notifications.Watch": "member",
    "papers.Reading": "member",
    "pictures.Upload": "owner",
    "progress.Enrollment": "member",
    "progress.LoggedTime": "member",
    "progress.Record": "member",
    "progress.RouteChoice": "enrollment__member",
    "progress.StudyEvent": "member",
    "search.RecentSearch": "member",
    "usersessions.UserSession": "user",
}
EVERYBODYS = {
    "admin.LogEntry": "what staff did on the desk, for staff",
    "community.Comment": "the group reads it",
    "community.PollOption": "the group reads it",
    "community.Holding": "whoever sees the text sees what it shows",
    "community.Mention": "the group reads it in the text",
    "community.Post": "the group reads it",
    "community.Reaction": "the group sees who reacted",
    "members.Handle": "the group mentions them by it",
    "curriculum.Release": "its curator is told with it",
}
# Columns of these models that name a thing of the group.
SHARED_KEYS = {"activity_key", "step_key", "route_key"}
# Whoever has a link from the member's mail or from the host may act as the member.
BY_LINK = {"members:sign_in_link", "mail:preferences_by_link", "mail:unsubscribe"}
# Pages that say the same whatever the address names.
SAY_NOTHING = {
    "GET members:sign_in_link": "a button, which looks at nothing before it is pressed",
    "GET account_reset_password_from_key": "the link is too old",
    "POST account_reset_password_from_key": "the link is too old",
    "POST progress:clear_revisit": "takes an activity off the reader's own list",
}


def own_models() -> list[type[models.Model]]:
    return [model for model in models_in_use() if model._meta.label in OWN]


def rows_of(member: Member) -> dict[str, list[dict[str, Any]]]:
    """All rows of the member, as they are stored."""
    return {
        model._meta.label: list(
            model._default_manager.filter(**{OWN[model._meta.label]: member})
            .order_by("pk")
            .values()
        )
        for model in own_models()
    }


def give_numbers(member: Member) -> dict[str, list[str]]:
    """Give the member's rows ids that no other row has, so that a URL with one can mean
    nothing else. Return an id of each model.
    """
    given = {}
    for n, model in enumerate(own_models(), 1):
        mine = model._default_manager.filter(**{OWN[model._meta.label]: member})
        numbers = {pk: n * 100_000 + pk for pk in mine.values_list("pk", flat=True)}
        for pk, number in numbers.items():
            _renumber(model, pk, number)
        own = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, models.UUIDField)
        ]
        keys = {
            str(row[name])
            for row in mine.values()
            for name in own
            if name not in SHARED_KEYS and row[name]
        }
        given[model._meta.label] = [
            *map(str, list(numbers.values())[:1]),
            *sorted(keys)[:1],
        ]
    return given


def _renumber(model: type[models.Model], pk: int, number: int) -> None:
    model._base_manager.filter(pk=pk).update(**{model._meta.pk.attname: number})
    for relation in model._meta.related_objects:
        name = relation.field.attname
        relation.related_model._base_manager.filter(**{name: pk}).update(
            **{name: number}
        )


def addresses_with(
    given: dict[str, list[str]], world: World
) -> Iterator[tuple[str, str]]:
    """Every address that takes an id, with each of these in each place
    that can hold it.
    """
    for name, wanted in patterns():
        known = world.parameters[""] | world.parameters.get(name, {})
        others = {each: known.get(each, "1") for each in wanted}
        for parameter in wanted - {"day"}:  # which takes a date and nothing else
            for each in _ids_for(name, given):
                try:
                    yield (
                        name,
                        reverse(name, kwargs={**others, parameter: _as_asked(each)}),
                    )
                except NoReverseMatch:
                    continue


def _ids_for(name: str, given: dict[str, list[str]]) -> list[str]:
    """A page of the desk looks for rows of its own model only."""
    if not name.startswith("admin:"):
        return [each for ids in given.values() for each in ids]
    label, _, model = name.removeprefix("admin:").rpartition("_")[0].partition("_")
    return next(
        (ids for each, ids in given.items() if each.lower() == f"{label}.{model}"), []
    )


def _as_asked(given: str) -> Any:
    return UUID(given) if "-" in given else given


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(health, "problems", list)
    return make_busy_world()


def answered(world: World, column: str, given: dict[str, list[str]]) -> dict[str, int]:
    """The status by method and path."""
    client: Client = browser_of(column, world)
    statuses: dict[str, int] = {}
    for name, path in addresses_with(given, world):
        for method in ("GET", "POST"):
            if f"{method} {name}" in SAY_NOTHING:
                continue
            statuses[f"{method} {path}"] = getattr(client, method.lower())(
                path
            ).status_code
        forget()
    return statuses


def test_every_model_that_leads_to_a_member_is_private_or_everybodys() -> None:
    # a row may have rows of its own, such as the routes of an enrolment
    through = {Member._meta.label} | OWN.keys()
    leading = {
        model._meta.label
        for model in models_in_use()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model._meta.label in through
    }

    assert leading == OWN.keys() | EVERYBODYS.keys()


def test_each_private_row_is_there_to_be_asked_for(world: World) -> None:
    there = rows_of(world["member"])
    there |= {
        label: rows
        for label, rows in rows_of(world["other"]).items()
        if not there[label]
    }

    assert [label for label, rows in there.items() if not rows] == []


@pytest.mark.parametrize(
    ("role", "column"),
    [("member", "oth"), ("member", "cur"), ("other", "mem"), ("other", "mod")],
)
def test_nobody_gets_to_a_row_of_another_by_its_id(
    world: World, role: str, column: str
) -> None:
    given = give_numbers(world[role])
    before = rows_of(world[role])

    statuses = answered(world, column, given)

    assert len(statuses) > 200
    assert {
        asked: status
        for asked, status in statuses.items()
        if status not in (403, 404, 405)
    } == {}
    assert rows_of(world[role]) == before


def test_the_member_gets_to_them(world: World) -> None:
    """What shows that the ids of the test above are taken."""
    given = give_numbers(world["member"])

    statuses = answered(
        world,
        "mem",
        {each: given[each] for each in ("mail.Delivery", "progress.LoggedTime")},
    )

    got_in = {
        asked.rstrip("0123456789/undo")
        for asked, status in statuses.items()
        if status in (200, 302)
    }
    assert {"GET /mail/digest", "POST /progress/minutes"} <= got_in


def changing(column: str) -> list[Line]:
    """The forms by which a person changes something; the table proves that
    the others change nothing.
    """
    return [
        line
        for line, cells in EXPECTED.items()
        if line[0] == "POST" and cells[column].endswith("+")
    ]


@pytest.mark.parametrize("column", ["oth", "cur", "mod"])
def test_no_form_of_another_changes_private_rows(world: World, column: str) -> None:
    asked, member = Asked(world), world["member"]
    before = rows_of(member)

    changed = [
        line
        for line in changing(column)
        for answer in asked.answers(line, column, lambda: rows_of(member))
        if answer.seen != before and line[1] not in BY_LINK
    ]

    assert changed == []


def test_the_members_own_forms_change_it(world: World) -> None:
    """What shows that the forms of the test above are filled in."""
    asked, member = Asked(world), world["member"]
    before = rows_of(member)

    changed = {
        line[1]
        for line in changing("mem")
        for answer in asked.answers(line, "mem", lambda: rows_of(member))
        if answer.seen != before
    }

    assert {
        "progress:mark",
        "progress:undo_minutes",
        "papers:keep",
        "mail:preferences",
    } | BY_LINK <= changed
