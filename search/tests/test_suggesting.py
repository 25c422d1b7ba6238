"""What the box of the search offers while somebody types."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from community import actions as community
from community.models import Post
from members.models import Member
from members.tests.make import make_member
from search import actions
from search.suggesting import MOST, SearchSuggestion, suggestions

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines() -> Member:
    return make_member("Ines Duarte")


@pytest.fixture
def wei() -> Member:
    return make_member("Wei Tan")


def ask(author: Member, title: str, *, days: int = 0) -> Post:
    now = NOW + timedelta(days=days)
    return community.write_post(
        author, kind="question", title=title, body="Softmax is in the text.", now=now
    )


def titles(found: list[SearchSuggestion]) -> list[str]:
    return [each.title_html for each in found]


def test_a_title_that_holds_the_words_is_offered_before_the_last_is_typed(ines, wei):
    post = ask(wei, "Does warmup help?")
    ask(wei, "Another question", days=1)

    [found] = suggestions(ines, "help warm", [])

    assert found.title_html == "Does <mark>warmup help</mark>?"
    assert found.url == reverse("community:post", args=[post.pk])
    assert found.label == "Question"


def test_a_word_of_the_text_alone_is_not_offered(ines, wei):
    ask(wei, "Does warmup help?")

    assert suggestions(ines, "softmax", []) == []


def test_people_are_offered_by_name(ines, wei):
    [found] = suggestions(ines, "wei", [])

    assert found.title_html == "<mark>Wei</mark> Tan"
    assert found.url


def test_own_searches_that_go_on_come_first(ines, wei):
    ask(wei, "Warmup or not?")
    actions.remember(ines, "warmup schedule", now=NOW)
    actions.remember(ines, "warm", now=NOW)
    actions.remember(wei, "warmup of others", now=NOW)

    found = suggestions(ines, "warm", [])

    assert titles(found) == ["warmup schedule", "<mark>Warmup</mark> or not?"]
    assert found[0].url == "/search/?q=warmup+schedule"


def test_markup_of_a_search_is_text(ines):
    actions.remember(ines, "<b>bold</b>", now=NOW)

    [found] = suggestions(ines, "<b", [])

    assert found.title_html == "&lt;b&gt;bold&lt;/b&gt;"


def test_at_most_eight_are_offered(ines, wei):
    for number in range(MOST + 2):
        ask(wei, f"Warmup {number}", days=number)

    assert len(suggestions(ines, "warmup", [])) == MOST


def test_what_was_removed_is_not_offered(ines, wei):
    post = ask(wei, "Does warmup help?")
    community.remove_post(post, by=wei, now=NOW)

    assert suggestions(ines, "warmup", []) == []


@pytest.mark.parametrize("typed", ["", " ", "w", '"', "-", "-warm", "\0\0", "?" * 5000])
def test_what_says_nothing_offers_nothing(ines, wei, typed):
    ask(wei, "Does warmup help?")

    assert suggestions(ines, typed, []) == []


def test_the_number_of_queries_does_not_grow(ines, wei, django_assert_max_num_queries):
    for number in range(6):
        ask(wei, f"Wei asks {number}", days=number)
    client = Client()
    client.force_login(ines)
    client.get("/search/suggest/?q=wei")

    with django_assert_max_num_queries(9):
        answer = client.get("/search/suggest/?q=wei")

    assert answer.content.decode().count('role="option"') == 7
