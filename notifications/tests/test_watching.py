"""How much one hears of a post is chosen by one press."""

import pytest
from django.test import Client

from community import actions as community
from community.tests.make import NOON
from members.models import Member
from members.tests.make import make_group, make_member
from notifications import actions
from notifications.models import Watch
from notifications.tests.make import ask, comment, tell, told

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def reader() -> Member:
    make_group()
    return make_member("Ines Duarte")


@pytest.fixture
def client(reader: Member) -> Client:
    client = Client()
    client.force_login(reader)
    return client


def pressed(page: str) -> list[str]:
    buttons = page.split("<button")[1:]
    return [
        each.partition('value="')[2].partition('"')[0]
        for each in buttons
        if 'name="level"' in each and 'aria-pressed="true"' in each
    ]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_menu_shows_the_level(
    client: Client, reader: Member, headers: dict[str, str]
) -> None:
    question = ask(make_member("Yuki Arai"))
    address = f"/notifications/watch/{question.pk}/"

    assert pressed(client.get(address, headers=headers).content.decode()) == ["normal"]
    comment(question, reader)
    tell()
    page = client.get(address, headers=headers).content.decode()

    assert pressed(page) == ["watching"]
    assert ("<!doctype html>" in page) == (not headers)


def test_a_press_chooses_and_says_so(client: Client, reader: Member) -> None:
    question = ask(make_member("Yuki Arai"))
    address = f"/notifications/watch/{question.pk}/"

    plain = client.post(address, {"level": "watching"})
    assert plain.url == question.get_absolute_url()
    assert Watch.objects.get(member=reader).level == "watching"

    page = client.post(address, {"level": "muted"}, headers=HTMX).content.decode()
    assert "You hear nothing of this post." in page
    assert Watch.objects.get(member=reader).level == "muted"


def test_what_is_muted_counts_as_read(client: Client, reader: Member) -> None:
    question = ask(reader)
    answer = comment(question, make_member("Yuki Arai"))
    tell()

    actions.watch(reader, question, "muted", now=NOON)

    assert told(reader) == [("answer", answer.pk, False)]


@pytest.mark.parametrize("level", ["", "x", "\0", "WATCHING"])
def test_a_level_that_is_none_is_refused(client: Client, level: str) -> None:
    question = ask(make_member("Yuki Arai"))

    answer = client.post(f"/notifications/watch/{question.pk}/", {"level": level})

    assert answer.status_code == 404
    assert not Watch.objects.exists()


def test_a_removed_post_has_no_menu(client: Client, reader: Member) -> None:
    question = ask(reader)
    community.remove_post(question, by=reader, now=NOON)

    assert client.get(f"/notifications/watch/{question.pk}/").status_code == 404
    assert client.post(f"/notifications/watch/{10**25}/").status_code == 404
