"""Every form that a browser may send twice: the same words are one entry,
other words are another one.

A page that the browser brings back from its history still carries the
token of the entry before.
"""

import re
from html.parser import HTMLParser
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from community.models import Comment, Post
from community.tests.make import make_post
from members.tests.make import make_group, make_member
from progress.models import LoggedTime
from progress.tests.make import activity, key, make_curriculum, make_enrollment, step

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name=\\?"press_id\\?"')


class Forms(HTMLParser):
    """The address and the hidden fields of every form of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((values.get("action", ""), {}))
        elif tag == "input" and values.get("type") == "hidden" and self.found:
            self.found[-1][1][values.get("name", "")] = values.get("value", "")


@pytest.fixture
def browser(client: Client) -> Client:
    make_group()
    member = make_member("Ines Duarte")
    make_enrollment(
        member, make_curriculum(step("start", activity("A"), activity("B", "hack")))
    )
    client.force_login(member)
    return client


def forms_with_a_token(browser: Client, page: str) -> list[tuple[str, dict[str, str]]]:
    return [
        form
        for form in Forms(browser.get(page).content.decode()).found
        if "press_id" in form[1]
    ]


MENU = f"/progress/menu/way-up/start/{key('A')}/"


@pytest.mark.parametrize("page", ["/learn/way-up/start/", "/progress/", MENU])
def test_a_token_counts_for_the_words_that_it_was_sent_with(browser, page):
    found = forms_with_a_token(browser, page)
    assert found

    for address, hidden in found:
        LoggedTime.objects.all().delete()
        for minutes in ("30", "30", "15", "15", "30"):
            words = {**hidden, "aspect": "run", "minutes": minutes, "studied_on": ""}
            response = browser.post(address, words, follow=True)
        logged = sorted(LoggedTime.objects.counted().values_list("minutes", flat=True))

        assert logged == [15, 30], address
        assert response.status_code == 200


def test_every_form_that_carries_a_token_is_on_a_page_of_this_test(browser):
    """A new form with a token has to be walked above."""
    folders = [
        Path(settings.BASE_DIR) / "templates",
        Path(settings.BASE_DIR) / "django_templates",
    ]
    files = [
        path
        for folder in folders
        for path in folder.rglob("*.*")
        if path.suffix in (".html", ".py")
    ]
    with_token = {path.name for path in files if TOKEN.search(path.read_text())}

    assert with_token == {"_minutes_form.html", "_row_forms.html"}


def test_an_entry_that_was_taken_back_can_be_logged_again_from_the_same_page(browser):
    (address, hidden), *_others = forms_with_a_token(browser, "/progress/")
    words = {**hidden, "aspect": "run", "minutes": "30", "studied_on": ""}
    browser.post(address, words)
    browser.post(f"/progress/minutes/{LoggedTime.objects.get().pk}/undo/")

    page = browser.post(address, words, follow=True).content.decode()
    browser.post(address, words)

    assert "Logged 30 min." in page
    assert LoggedTime.objects.counted().count() == 1
    assert LoggedTime.objects.count() == 2


def test_the_same_minutes_on_another_day_are_another_entry(browser):
    (address, hidden), *_others = forms_with_a_token(browser, "/progress/")
    for day in ("2026-01-05", "2026-01-06", "2026-01-06"):
        browser.post(
            address, {**hidden, "aspect": "run", "minutes": "30", "studied_on": day}
        )

    assert LoggedTime.objects.count() == 2


def test_words_for_the_group_sent_twice_are_one_and_other_words_another(browser):
    on = make_post()
    Post.objects.exclude(pk=on.pk).delete()
    for body in ("Once.", "Once.", "Twice."):
        browser.post("/posts/new/", {"body": body, "kind": "discussion"})
        browser.post(f"/posts/{on.pk}/comment/", {"body": body})

    assert sorted(Post.objects.exclude(pk=on.pk).values_list("body", flat=True)) == [
        "Once.",
        "Twice.",
    ]
    assert sorted(Comment.objects.values_list("body", flat=True)) == ["Once.", "Twice."]


def test_a_token_is_a_uuid_and_new_on_every_page(browser):
    seen = [
        forms_with_a_token(browser, "/progress/")[0][1]["press_id"] for _ in range(2)
    ]

    assert len({UUID(press_id) for press_id in seen}) == 2
