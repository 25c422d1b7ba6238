"""The page of notifications, the bell, and what marks as read."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from community import actions as community
from community.models import Post
from community.tests.make import make_moderator
from lists.cache import forget_all
from members.models import Member
from members.tests.make import make_group, make_member
from notifications import actions
from notifications.models import Notification, WatchLevel
from notifications.tests.make import ask, comment, tell, told

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> object:
    with time_machine.travel(NOW, tick=False) as now:
        yield now


@pytest.fixture
def reader() -> Member:
    make_group()
    return make_member("Ines Duarte", joined_at=NOW - timedelta(days=200))


@pytest.fixture
def writer() -> Member:
    return make_member("Yuki Arai")


@pytest.fixture
def client(reader: Member) -> Client:
    client = Client()
    client.force_login(reader)
    return client


def words(client: Client, address: str = "/notifications/", **given: str) -> str:
    response = client.get(address, given)
    assert response.status_code == 200
    return unescape(response.content.decode())


def title_of(page: str) -> str:
    return page.partition("<title>")[2].partition("</title>")[0]


def announce(title: str = "We meet", *, days_ago: int = 0) -> Post:
    return community.write_post(
        make_moderator(),
        kind="announcement",
        title=title,
        body="On Sunday.",
        now=NOW - timedelta(days=days_ago, minutes=1),
    )


def read(client: Client, **given: str) -> None:
    response = client.post("/notifications/read/", given)
    assert response.status_code == 302


def test_a_page_without_anything_says_what_will_be_on_it(client: Client) -> None:
    page = words(client)

    assert "Nothing yet" in page
    assert "Mark all read" not in page
    assert title_of(page).startswith("Notifications")


def test_an_answer_is_counted_on_every_page_and_shown(
    client: Client, reader: Member, writer: Member
) -> None:
    question = ask(reader, now=NOW)
    answer = comment(
        question, writer, "It is $\\ln 10$, **the** uniform guess.", now=NOW
    )
    tell(NOW)

    home = words(client, "/")
    page = words(client)

    assert title_of(home).startswith("(1) ")
    assert '<data value="1">1</data>' in home
    assert title_of(page).startswith("(1) Notifications")
    assert "<b><bdi>Yuki Arai</bdi></b> answered" in page
    assert f"/posts/{question.pk}/?comment={answer.pk}#comment-{answer.pk}" in page
    assert "It is ln 10, the uniform guess." in page
    assert "Your question" in page
    assert "Unread:" in page


def test_opening_the_post_reads_it(
    client: Client, reader: Member, writer: Member
) -> None:
    question = ask(reader, now=NOW)
    comment(question, writer, now=NOW)
    tell(NOW)

    assert client.head(f"/posts/{question.pk}/").status_code == 200
    assert told(reader)[0][2]
    page = words(client, f"/posts/{question.pk}/")

    assert not title_of(page).startswith("(")
    assert not title_of(words(client)).startswith("(")
    assert "Yuki Arai" in words(client)  # and it stays in the list


def test_a_post_without_news_is_opened_by_as_many_queries_as_before(
    client: Client, writer: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    question = ask(writer, now=NOW)
    words(client, f"/posts/{question.pk}/")

    with django_assert_num_queries(4):  # session, post, comments, what is saved
        words(client, f"/posts/{question.pk}/")


@pytest.mark.parametrize("posts", [1, 3])
def test_the_page_asks_as_much_for_many_as_for_one(
    client: Client,
    reader: Member,
    writer: Member,
    django_assert_num_queries: DjangoAssertNumQueries,
    posts: int,
) -> None:
    for number in range(posts):
        question = ask(reader, f"Question {number}", now=NOW)
        comment(question, writer, now=NOW)
        announce(f"Notice {number}")
    tell(NOW)
    words(client)

    # session, rows, announcements
    with django_assert_num_queries(3):
        words(client)


def test_lines_of_one_post_stand_together_by_day(
    client: Client, reader: Member, writer: Member
) -> None:
    question = ask(reader, now=NOW - timedelta(days=1))
    comment(question, writer, "Yesterday's", now=NOW - timedelta(days=1))
    other = ask(reader, "Another one?", now=NOW - timedelta(minutes=3))
    comment(question, writer, "First", now=NOW - timedelta(minutes=2))
    comment(other, writer, "Between", now=NOW - timedelta(minutes=1))
    community.react(question, by=writer, kind="same", now=NOW)
    tell(NOW)

    page = words(client)

    order = [
        "Today",
        "1 person</b> said “Same here”",
        "First",
        "Another one?",
        "Between",
        "Yesterday",
    ]
    places = [page.index(each) for each in [*order, "Yesterday's"]]
    assert places == sorted(places)
    assert page.count('class="note"') == 3


def test_a_watched_post_says_how_much_is_new(
    client: Client, reader: Member, writer: Member
) -> None:
    post = community.write_post(writer, body="Hello", title="Saturday", now=NOW)
    comment(post, reader, "I am in", now=NOW)
    for number in range(3):
        comment(post, writer, f"Number {number}", now=NOW)
    tell(NOW)

    page = words(client)

    assert "<b>New: 3 comments</b>, the first by <b><bdi>Yuki Arai</bdi></b>" in page
    assert "Number 0" in page
    assert "You watch it" in page


def test_what_was_removed_is_neither_shown_nor_counted(
    client: Client, reader: Member, writer: Member
) -> None:
    question = ask(reader, now=NOW)
    answer = comment(question, writer, "A bad one", now=NOW)
    tell(NOW)
    assert title_of(words(client)).startswith("(1)")

    community.remove_comment(answer, by=writer, now=NOW)

    page = words(client)
    assert not title_of(page).startswith("(")
    assert "A bad one" not in page


def test_mark_all_read_leaves_what_came_since(
    client: Client, reader: Member, writer: Member, clock: Any
) -> None:
    question = ask(reader, now=NOW)
    comment(question, writer, "One", now=NOW)
    tell(NOW)
    announce()
    page = words(client)
    until = page.partition('name="until" value="')[2].partition('"')[0]
    clock.shift(timedelta(minutes=1))
    later = NOW + timedelta(minutes=1)
    comment(question, writer, "Two", now=later)
    tell(later)

    read(client, until=until)

    assert [unread for _kind, _comment, unread in told(reader)] == [False, True]
    assert title_of(words(client)).startswith("(1)")
    assert "2 marked as read." not in words(client)  # it was said once


def test_mark_all_read_on_a_page_of_a_kind_reads_that_kind(
    client: Client, reader: Member, writer: Member
) -> None:
    question = ask(reader, now=NOW)
    comment(question, writer, now=NOW)
    community.react(question, by=writer, kind="same", now=NOW)
    tell(NOW)
    announce()
    until = words(client).partition('name="until" value="')[2].partition('"')[0]

    read(client, until=until, show="answers")

    kinds = {kind: unread for kind, _comment, unread in told(reader)}
    assert kinds == {"answer": False, "same": True}
    assert title_of(words(client)).startswith("(2)")


@pytest.mark.parametrize("until", ["", "x", "9" * 30, "-1", "\0", "1-"])
def test_a_moment_that_is_none_marks_nothing(
    client: Client, reader: Member, writer: Member, until: str
) -> None:
    comment(ask(reader, now=NOW), writer, now=NOW)
    tell(NOW)

    read(client, until=until)

    assert title_of(words(client)).startswith("(1)")


def test_one_post_is_marked_as_read(
    client: Client, reader: Member, writer: Member
) -> None:
    first, second = ask(reader, "First?", now=NOW), ask(reader, "Second?", now=NOW)
    for question in (first, second):
        comment(question, writer, now=NOW)
    tell(NOW)

    response = client.post(
        "/notifications/read/",
        {"post": str(first.pk)},
        headers={"Referer": "http://testserver/notifications/?show=unread"},
    )

    assert response.url == "http://testserver/notifications/?show=unread"
    page = words(client, show="unread")
    assert "Second?" in page
    assert "First?" not in page


def test_a_post_that_may_not_be_seen_cannot_be_marked(
    client: Client, reader: Member
) -> None:
    question = ask(reader, now=NOW)
    community.remove_post(question, by=reader, now=NOW)

    for pk in (question.pk, 10**30):
        answer = client.post("/notifications/read/", {"post": str(pk)})
        assert answer.status_code in (302, 404)


# Announcements


def test_an_announcement_is_one_row_that_everybody_reads(
    client: Client, writer: Member
) -> None:
    notice = announce("Circles close on Sunday")
    forget_all()

    page = words(client)
    assert title_of(page).startswith("(1)")
    assert "<b><bdi>Ilse Brandt</bdi></b> announced" in page

    words(client, f"/posts/{notice.pk}/")

    assert not title_of(words(client)).startswith("(")
    assert "Circles close on Sunday" in words(client)
    other = Client()
    other.force_login(writer)
    assert "Circles close on Sunday" in words(other)
    assert not Notification.objects.exists()


def test_reading_the_newest_announcement_leaves_an_older_one(client: Client) -> None:
    older, newer = announce("Older", days_ago=2), announce("Newer")

    words(client, f"/posts/{newer.pk}/")
    assert title_of(words(client)).startswith("(1)")
    assert "Older" in words(client, show="unread")

    words(client, f"/posts/{older.pk}/")
    assert not title_of(words(client)).startswith("(")


def test_announcements_from_before_a_member_joined_count_as_read(
    client: Client, reader: Member
) -> None:
    announce("Long ago", days_ago=3)
    Member.objects.filter(pk=reader.pk).update(joined_at=NOW - timedelta(days=1))

    page = words(client)

    assert not title_of(page).startswith("(")
    assert "Long ago" in page


def test_announcements_are_kept_for_90_days(client: Client) -> None:
    announce("Last season", days_ago=91)

    page = words(client)

    assert "Last season" not in page
    assert not title_of(page).startswith("(")


def test_a_removed_announcement_is_not_counted(client: Client, writer: Member) -> None:
    notice = announce("A mistake")
    community.remove_post(notice, by=notice.author, now=NOW)
    forget_all()

    page = words(client)

    assert not title_of(page).startswith("(")
    assert "A mistake" not in page


def test_all_announcements_are_marked_as_read(client: Client) -> None:
    for number in range(3):
        announce(f"Notice {number}", days_ago=number)
    until = words(client).partition('name="until" value="')[2].partition('"')[0]

    read(client, until=until, show="announcements")

    assert not title_of(words(client)).startswith("(")


# Pages


def walk(client: Client, **given: str) -> list[str]:
    """The words of all pages."""
    pages, address = [words(client, **given)], ""
    while "Older</a>" in pages[-1]:
        address = pages[-1].rpartition('">Older</a>')[0].rpartition('href="')[2]
        pages.append(words(client, address))
    return pages


def test_every_row_is_on_one_page(
    client: Client, reader: Member, writer: Member
) -> None:
    for number in range(45):
        now = NOW - timedelta(hours=number)
        question = ask(reader, f"Question {number:03}", now=now)
        # at one moment each third time: then the key decides
        comment(question, writer, now=NOW - timedelta(hours=number - number % 3))
        if number % 9 == 0:
            announce(f"Notice {number:03}", days_ago=number // 9)
    tell(NOW)

    pages = walk(client)

    shown = "".join(pages)
    assert len(pages) == 2
    for number in range(45):
        assert shown.count(f">Question {number:03}</a>") == 1
    for number in range(0, 45, 9):
        assert shown.count(f">Notice {number:03}</a>") == 1


def test_a_cursor_that_is_none_shows_the_newest(
    client: Client, reader: Member, writer: Member
) -> None:
    comment(ask(reader, now=NOW), writer, now=NOW)
    tell(NOW)

    for before in ("x", "-", "9" * 40, "1-1-1"):
        assert "Why 2.303?" in words(client, before=before)
    assert "Nothing older" in words(client, before="1-1")
    assert "Why 2.303?" in words(client, show="nonsense")


@pytest.mark.parametrize("show", ["unread", "answers", "mentions", "announcements"])
def test_an_empty_choice_says_so(client: Client, show: str) -> None:
    page = words(client, show=show)

    assert ("All read" if show == "unread" else "Nothing here") in page


def test_more_than_99_are_not_counted(
    client: Client, reader: Member, writer: Member
) -> None:
    question = ask(reader, now=NOW)
    Notification.objects.bulk_create(
        Notification(
            member=reader, post=question, kind="mention", target=n, happened_at=NOW
        )
        for n in range(120)
    )

    page = words(client)

    assert title_of(page).startswith("(99+)")
    assert '<data value="100">99+</data>' in page


def test_a_session_without_a_note_counts_too(
    client: Client, reader: Member, writer: Member
) -> None:
    from allauth.usersessions.models import UserSession

    comment(ask(reader, now=NOW), writer, now=NOW)
    tell(NOW)
    announce()
    UserSession.objects.all().delete()

    assert title_of(words(client)).startswith("(2)")
    actions.read_post(reader, Post.objects.first().pk, now=NOW)
    assert title_of(words(client)).startswith("(1)")


# The bell of an open page


def test_the_bell_is_asked_by_one_query_and_says_only_what_is_new(
    client: Client,
    reader: Member,
    writer: Member,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):  # session
        assert client.get("/notifications/bell/?unread=0").status_code == 204
    comment(ask(reader, now=NOW), writer, now=NOW)
    tell(NOW)

    with django_assert_num_queries(1):
        page = words(client, "/notifications/bell/", unread="0")

    assert 'data-unread="1"' in page
    assert client.get("/notifications/bell/?unread=1").status_code == 204
    for unread in ("", "x", "-1", "9" * 40):
        assert 'data-unread="1"' in words(client, "/notifications/bell/", unread=unread)


# The menu of the bell


@pytest.mark.parametrize("posts", [1, 3])
def test_the_menu_shows_the_newest_by_a_fixed_number_of_queries(
    client: Client,
    reader: Member,
    writer: Member,
    django_assert_num_queries: DjangoAssertNumQueries,
    posts: int,
) -> None:
    for number in range(posts):
        now = NOW - timedelta(minutes=number)
        question = ask(reader, f"Question {number}", now=now)
        answer = comment(question, writer, now=now)
        community.react(question, by=writer, kind="same", now=now)
    tell(NOW)
    announce("We meet")
    words(client, "/notifications/bell/menu/")

    # session, rows, announcements
    with django_assert_num_queries(3):
        page = words(client, "/notifications/bell/menu/")

    assert page.count('class="note"') == min(5, 2 * posts + 1)
    assert page.index("Question 0") < page.index("Ilse Brandt</bdi></b> announced")
    assert f"{2 * posts + 1} unread" in page
    if posts == 1:
        assert f"?comment={answer.pk}#comment-{answer.pk}" in page


def test_opening_the_menu_reads_nothing_and_its_links_do(
    client: Client, reader: Member, writer: Member
) -> None:
    question = ask(reader, now=NOW)
    comment(question, writer, "<b>Bold</b>", now=NOW)
    tell(NOW)

    page = words(client, "/notifications/bell/menu/")
    again = words(client, "/notifications/bell/menu/")

    assert page == again
    assert "Unread:" in page
    address = page.partition('href="')[2].partition('"')[0]
    words(client, address)
    read_now = words(client, "/notifications/bell/menu/")
    assert "All read" in read_now
    assert "Unread:" not in read_now
    assert "Yuki Arai" in read_now


def test_the_menu_of_who_was_told_nothing_says_what_will_be_there(
    client: Client,
) -> None:
    page = words(client, "/notifications/bell/menu/")

    assert "Nothing yet" in page
    assert 'href="/notifications/"' in page


def test_the_menu_shows_nothing_that_was_removed(
    client: Client, reader: Member, writer: Member
) -> None:
    question = ask(reader, now=NOW)
    answer = comment(question, writer, now=NOW)
    tell(NOW)
    community.remove_comment(answer, by=writer, now=NOW)

    assert "Nothing yet" in words(client, "/notifications/bell/menu/")


def test_what_a_member_may_see_is_looked_up_for_each_row_and_not_for_the_group(
    reader: Member,
) -> None:
    told = Notification.objects.visible_to(reader)

    assert "hashed" not in told.explain()


@pytest.mark.parametrize("level", [*WatchLevel])
def test_the_page_of_a_post_says_its_level(
    client: Client, reader: Member, writer: Member, level: WatchLevel
) -> None:
    post = ask(writer)
    if level != WatchLevel.NORMAL:
        actions.watch(reader, post, level, now=NOW)
    actions.watch(writer, post, "watching", now=NOW)

    page = client.get(f"/posts/{post.pk}/").content.decode()

    [link] = re.findall(r'<a[^>]*id="watch-.*?</a>', page, re.DOTALL)
    assert strip_tags(link).strip() == f"What you hear: {level.label}"
    assert f'#i-{"mute" if level == "muted" else "bell"}"' in link
