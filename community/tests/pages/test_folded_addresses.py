"""No address tells a member what is folded for them."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from bookmarks import urls as bookmarks
from community import actions, threads, urls
from community.models import Ballot
from community.tests.make import NOON, make_comment, make_post, options_of
from members import budget
from members.models import Member
from members.tests.make import make_group, make_member
from notifications import urls as notifications
from progress.tests.make import activity, key, make_curriculum, step
from search import urls as search

pytestmark = pytest.mark.django_db
SECRET = "ln(10)"
HTMX = {"HX-Request": "true"}
OPENS = {"show"}  # asks to see it


@pytest.fixture
def reader() -> Member:
    make_group()
    make_curriculum(step("start", activity("Derive it", do="exercise")))
    return make_member("Ines Duarte")


@pytest.fixture
def client(reader: Member) -> Client:
    client = Client()
    client.force_login(reader)
    return client


def addresses(post: int, comment: int) -> Iterator[str]:
    """Of all pages and deeds that name a post or a comment by its id."""
    for app in (urls, notifications, search, bookmarks):
        for page in app.urlpatterns:
            pattern = str(page.pattern)
            if "<int:pk>" in pattern and page.name not in OPENS:
                pk = comment if pattern.startswith("comments/") else post
                yield reverse(f"{app.app_name}:{page.name}", args=[pk])


def asked(client: Client, address: str, option: int, comment: int) -> Iterator[str]:
    """The answers to whatever can be asked there without writing a text."""
    budget.COUNTS.clear()  # or the last of many forms are refused
    typed = {"option": option, "answer": "", "body": "", "parent": comment}
    for more in ({}, {"preview": "1"}, {"back": "1"}, {"level": "watching"}):
        for headers in ({}, HTMX):
            answer = client.post(address, {**typed, **more}, headers=headers)
            yield answer.content.decode()
    for query in ("", "?results=1", f"?parent={comment}", f"?quote={comment}"):
        for headers in ({}, HTMX):
            yield client.get(f"{address}{query}", headers=headers).content.decode()


def test_no_address_tells_what_is_folded(client: Client) -> None:
    author = make_member("Kofi")
    thread = threads.of("activity", key("Derive it"))
    details = {"option1": SECRET, "option2": f"-{SECRET}", "results": "before"}
    poll = actions.write_post(
        author,
        kind="poll",
        title="Which is right?",
        body=SECRET,
        now=NOON,
        thread=thread,
        details={**details, "may_add": True, "is_named": True},
    )
    comment = make_comment(poll, author, SECRET)
    option = options_of(poll)[SECRET]

    for address in addresses(poll.pk, comment.pk):
        for page in asked(client, address, option, comment.pk):
            assert SECRET not in page, address
            assert "faster than" not in page

    assert not Ballot.objects.exists()


def test_no_address_tells_the_answer_to_a_mistake(client: Client) -> None:
    author = make_member("Kofi")
    post = make_post(author, "ln 100 is 10", kind="mistake", title="Spot it")
    answer = make_comment(post, author, SECRET)

    for address in addresses(post.pk, answer.pk):
        for page in asked(client, address, 0, answer.pk):
            assert SECRET not in page, address
