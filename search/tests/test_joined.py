"""Pages of questions that are joined, and what searches show of them."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from community import actions as community
from community.models import Post
from members.models import Member
from members.tests.make import make_member
from search.similar import similar

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
FIRST, AGAIN = "Why does a zebra overfit?", "My zebra memorises its stripes"


@pytest.fixture
def reader() -> Member:
    return make_member("Ines Duarte")


@pytest.fixture
def client(reader: Member) -> Client:
    client = Client()
    client.force_login(reader)
    return client


def ask(by: Member, title: str) -> Post:
    return community.write_post(by, kind="question", title=title, body="…", now=NOW)


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_form_offers_what_is_alike_and_joins(
    client: Client, reader: Member
) -> None:
    first, again = ask(make_member("Wei"), FIRST), ask(reader, AGAIN)
    community.write_comment(again, author=reader, body="An old answer", now=NOW)
    address = f"/posts/{again.pk}/join/"

    assert FIRST in page(client, address)
    answer = client.post(address, {"to": str(first.pk)})

    assert answer["Location"] == f"/posts/{first.pk}/"
    shown = page(client, f"/posts/{again.pk}/")
    assert f'href="/posts/{first.pk}/"' in shown
    assert "An old answer" in shown
    assert "Not asked before" in shown

    client.post(f"/posts/{again.pk}/separate/")
    assert "This was asked before" not in page(client, f"/posts/{again.pk}/")


def test_the_question_lists_what_is_joined_to_it(
    client: Client, reader: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    wei = make_member("Wei")
    first, *others = (ask(wei, title) for title in (FIRST, AGAIN, "Gone?", "Alone?"))
    address = f"/posts/{first.pk}/"
    assert "Asked again" not in page(client, address)
    for other in others[:2]:
        community.join_question(other, first, by=wei, now=NOW)
    community.remove_post(others[1], by=wei, now=NOW)

    alone = f"/posts/{others[2].pk}/"
    page(client, alone)
    with CaptureQueriesContext(connection) as few:
        page(client, alone)
    with django_assert_num_queries(len(few) + 1):
        shown = page(client, address)

    [listed] = re.findall(r'<div[^>]*id="joined".*?</div>', shown, re.DOTALL)
    assert "Asked again, and joined to this question" in listed
    assert re.findall(r"/posts/(\d+)/", listed) == [str(others[0].pk)]
    assert AGAIN in listed


def test_another_question_by_its_address(client: Client, reader: Member) -> None:
    first, again = ask(make_member("Wei"), "Which book?"), ask(reader, AGAIN)

    client.post(
        f"/posts/{again.pk}/join/",
        {"address": f"https://example.org/posts/{first.pk}/?comment=3#comment-3"},
    )

    again.refresh_from_db()
    assert again.joined_to == first


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ({}, "Choose a question, or paste its address."),
        ({"address": "nowhere"}, "There is no question at this address."),
        ({"address": "http://[x/posts/1/"}, "There is no question at this address."),
        ({"address": "/posts/99999999999999999999/"}, "There is no question"),
        ({"to": "99"}, "Select a valid choice"),
    ],
)
def test_what_is_no_question_is_refused(
    client: Client, reader: Member, typed: dict[str, str], refusal: str
) -> None:
    again = ask(reader, AGAIN)

    shown = client.post(f"/posts/{again.pk}/join/", typed).content.decode()

    assert refusal in shown


def test_a_refusal_of_the_action_is_said(client: Client, reader: Member) -> None:
    again = ask(reader, AGAIN)
    talk = community.write_post(reader, body="Hello", now=NOW)

    for number in (again.pk, talk.pk):
        typed = {"address": f"/posts/{number}/"}
        shown = client.post(f"/posts/{again.pk}/join/", typed).content.decode()
        assert 'role="alert"' in shown


def test_only_for_the_author_and_moderators(client: Client, reader: Member) -> None:
    question = ask(make_member("Wei"), FIRST)

    assert client.get(f"/posts/{question.pk}/join/").status_code == 404
    assert client.post(f"/posts/{question.pk}/separate/").status_code == 404
    assert "Asked before" not in page(client, f"/posts/{question.pk}/")


def test_searches_show_the_one_where_it_is_answered(
    client: Client, reader: Member
) -> None:
    first, again = ask(make_member("Wei"), FIRST), ask(reader, AGAIN)
    community.join_question(again, first, by=reader, now=NOW)

    found = page(client, "/search/?q=stripes")
    assert f'href="/posts/{first.pk}/"' in found
    assert f"also asked as “{AGAIN}”" in found
    assert page(client, "/search/?q=zebra").count('class="hit"') == 1
    assert [each.post for each in similar(reader, "my zebra has stripes", "")] == [
        first
    ]


def test_a_question_whose_end_was_removed_stands_for_itself(
    client: Client, reader: Member
) -> None:
    wei = make_member("Wei")
    first, again = ask(wei, FIRST), ask(reader, AGAIN)
    community.join_question(again, first, by=reader, now=NOW)
    community.remove_post(first, by=wei, now=NOW)

    assert f'href="/posts/{again.pk}/"' in page(client, "/search/?q=stripes")
    assert "This was asked before" not in page(client, f"/posts/{again.pk}/")
    assert [each.post for each in similar(reader, "my zebra has stripes", "")] == [
        again
    ]
