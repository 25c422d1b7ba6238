"""The page of settings in two windows of one member: neither takes back
what the other saved.
"""

from datetime import UTC, datetime

import pytest
from django.test import Client

from members.models import Member
from members.tests.joining import opened_settings
from members.tests.make import make_group, make_member

NOW = datetime(2026, 5, 4, tzinfo=UTC)
BEFORE = {
    "name": "Ines Duarte",
    "goal": "problem",
    "goal_words": "Before",
    "hours_per_week": 5,
    "study_days": [0, 2],
    "time_zone": "Europe/Lisbon",
    "shows_step": True,
}
ELSEWHERE = {
    "name": "Ines D.",
    "goal": "research",
    "goal_words": "Elsewhere",
    "hours_per_week": 9,
    "study_days": [1],
    "time_zone": "Asia/Amman",
    "shows_step": False,
}
HERE = {
    "name": "I. Duarte",
    "goal": "career",
    "goal_words": "Here",
    "hours_per_week": 3,
    "study_days": [6],
    "time_zone": "UTC",
}
pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client: Client) -> Member:
    make_group()
    member = make_member(**BEFORE)
    client.force_login(member)
    return member


def stored(member: Member) -> dict[str, object]:
    return Member.objects.values(*BEFORE).get(pk=member.pk)


@pytest.mark.parametrize("name", BEFORE)
def test_a_window_that_is_out_of_date_takes_nothing_back(
    client: Client, member: Member, name: str
) -> None:
    old = opened_settings(client)
    Member.objects.filter(pk=member.pk).update(**{name: ELSEWHERE[name]})
    other, value = ("goal_words", "Here") if name == "name" else ("name", "I. Duarte")

    answer = client.post("/settings/", {**old, other: value}, follow=True)

    assert stored(member) == {**BEFORE, name: ELSEWHERE[name], other: value}
    assert "What you changed elsewhere stands" in answer.content.decode()


@pytest.mark.parametrize("name", HERE)
def test_what_was_changed_in_both_is_asked_about_and_saved_on_the_second_press(
    client: Client, member: Member, name: str
) -> None:
    old = opened_settings(client)
    Member.objects.filter(pk=member.pk).update(**{name: ELSEWHERE[name]})

    answer = client.post("/settings/", {**old, name: HERE[name]})

    assert answer.status_code == 200
    assert stored(member) == {**BEFORE, name: ELSEWHERE[name]}
    form = answer.context["form"]
    [words] = form.errors[name]
    assert words.startswith("You changed this elsewhere")
    assert "Tue" in words or str(ELSEWHERE[name]).lower() in words.lower()

    client.post(
        "/settings/", {**old, name: HERE[name], "opened": form["opened"].value()}
    )

    assert stored(member) == {**BEFORE, name: HERE[name]}


def test_a_form_that_does_not_say_what_it_saw_takes_nothing_back(
    client: Client, member: Member
) -> None:
    answer = client.post("/settings/", {**ELSEWHERE, "shows_step": ""})

    assert answer.status_code == 200
    assert stored(member) == BEFORE
    assert "Saved is: on." in " ".join(answer.context["form"].errors["shows_step"])


def test_settings_write_nothing_but_their_own_columns(
    client: Client, member: Member, monkeypatch
) -> None:
    """A role that is given while the page is being saved stays."""
    form = opened_settings(client)
    note = "members.views.settings.note_finished_steps"
    monkeypatch.setattr(
        note,
        lambda member, **_: Member.objects.filter(pk=member.pk).update(
            curator_since=NOW
        ),
    )

    client.post("/settings/", {**form, "name": "Ines D."})

    member.refresh_from_db()
    assert (member.name, member.curator_since) == ("Ines D.", NOW)
