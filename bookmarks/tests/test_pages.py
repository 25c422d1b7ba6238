import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from itertools import chain
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bookmarks.keys import Kind, ThingKey
from bookmarks.models import Bookmark
from bookmarks.tests.make import NOON, key_to, make_bookmark
from community.actions import remove_post
from community.tests.make import make_comment, make_paper, make_post
from curriculum.tests.make import make_release, make_resource
from members.models import Member
from members.tests.make import make_member

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def text(answer) -> str:
    return unescape(answer.content.decode())


def parts(page: str) -> dict[str, list[str]]:
    """The titles below each heading of the list."""
    found = {}
    for part in page.split('<h2 class="quiet-title"')[1:]:
        heading = re.search(r">([^<]+)</h2>", part)[1]
        part = part.partition("</section>")[0]
        found[heading] = [
            re.sub(r"<[^>]+>", "", each).strip()
            for each in re.findall(r"<h3[^>]*>(.*?)</h3>", part, re.DOTALL)
        ]
    return found


def titles_of(page: str) -> list[str]:
    return list(chain.from_iterable(parts(page).values()))


def press(browser: Client, key: ThingKey, wanted: str = "on", **more):
    form = {"kind": key.kind, "key": key.key, "wanted": wanted}
    return browser.post("/saved/press/", form, **more)


def test_the_list_is_divided_by_day(browser: Client, ines: Member) -> None:
    for title, days in [
        ("Later", 1),
        ("Today", 0),
        ("Overdue", -3),
        ("Undated", None),
        ("Newer", None),
    ]:
        day = None if days is None else TODAY + timedelta(days=days)
        make_bookmark(ines, key_to(make_post(title=title)), remind_on=day)

    page = text(browser.get("/saved/"))

    assert parts(page) == {
        "Today": ["Overdue", "Today"],
        "Later": ["Later"],
        "Without a date": ["Newer", "Undated"],
    }
    assert "All 5" in page
    assert "With a date 3" in page


def test_filters_show_what_they_say(browser: Client, ines: Member) -> None:
    post = make_post(title="A post")
    make_bookmark(ines, key_to(post), remind_on=TODAY)
    make_bookmark(ines, key_to(make_comment(post)))
    make_bookmark(ines, ThingKey(Kind.PAPER, make_paper(title="A paper").arxiv_id))
    resource = make_resource(title="A book")
    make_bookmark(ines, ThingKey(Kind.RESOURCE, str(resource.pk)))
    activity = make_release().outline.steps[0].activities[0]
    make_bookmark(ines, ThingKey(Kind.ACTIVITY, str(activity.key)))
    make_bookmark(ines, key_to(make_post(title="Over")), done_at=NOON)

    shown = {
        show: titles_of(text(browser.get(f"/saved/?show={show}")))
        for show in ("dated", "talk", "papers", "resources", "activities", "done")
    }

    assert shown == {
        "dated": ["A post"],
        "talk": ["A post", "A post"],
        "papers": ["A paper"],
        "resources": ["A book"],
        "activities": [activity.title],
        "done": ["Over"],
    }


def test_what_is_gone_stays_as_a_line_without_its_title(
    browser: Client, ines: Member
) -> None:
    post = make_post(title="Secret now")
    make_bookmark(ines, key_to(post), note="My own words")
    activity = ThingKey(Kind.ACTIVITY, str(uuid4()))
    Bookmark.objects.create(member=ines, saved_at=NOON, **activity._asdict())
    remove_post(post, by=post.author, now=NOON)

    page = text(browser.get("/saved/"))

    assert "Secret now" not in page
    assert page.count("This is no longer here, or you may not see it.") == 2
    assert "My own words" in page
    gone = Bookmark.objects.exclude(note="").get()
    assert "Secret now" not in text(browser.get(f"/saved/{gone.pk}/"))


@pytest.mark.parametrize("show", ["", "done"])
def test_pages_go_on_where_the_last_one_ended(
    browser: Client, ines: Member, show: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bookmarks.listing.listing.__kwdefaults__", {"size": 2})
    titles = []
    for number in range(7):
        day = TODAY + timedelta(days=number // 2) if number < 4 else None
        post = make_post(title=f"Post {number}")
        done_at = NOON - timedelta(hours=number // 2) if show else None
        make_bookmark(ines, key_to(post), remind_on=day, done_at=done_at)

    address: str | None = f"/saved/?show={show}"
    while address:
        page = text(browser.get(address))
        titles += titles_of(page)
        more = re.search(r'href="(/saved/\?[^"]*after=[^"]*)"', page)
        address = more[1] if more else None

    numbers = [int(title.split()[1]) for title in titles]
    assert numbers == ([1, 0, 3, 2, 5, 4, 6] if show else [1, 0, 3, 2, 6, 5, 4])


@pytest.mark.parametrize(
    "after",
    ["x", "0.0", "9999999999.1", "99999999999999999999.1", "5-", "1-1-1", "\x00"],
)
@pytest.mark.parametrize("show", ["", "done", "nonsense"])
def test_any_cursor_gives_a_page(browser: Client, show: str, after: str) -> None:
    answer = browser.get("/saved/", {"show": show, "after": after, "undo": after})

    assert answer.status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_a_fixed_number_of_queries(
    browser: Client,
    ines: Member,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    activities = make_release().outline.steps[0].activities
    for number in range(count):
        post, paper = make_post(), make_paper(f"1706.0{number:04}")
        resource = make_resource(f"book-{number}")
        for key in (
            key_to(post),
            key_to(make_comment(post)),
            ThingKey(Kind.PAPER, paper.arxiv_id),
            ThingKey(Kind.RESOURCE, str(resource.pk)),
            ThingKey(Kind.ACTIVITY, str(activities[number % 2].key)),
            ThingKey(Kind.ACTIVITY, str(uuid4())),
        ):
            Bookmark.objects.update_or_create(
                member=ines, **key._asdict(), defaults={"saved_at": NOON}
            )
    browser.get("/saved/")

    # session with member and enrolment, counts, bookmarks; posts, comments, papers,
    # resources; the member's releases for activities that the newest ones lack; when
    # they get mail
    with django_assert_num_queries(9):
        browser.get("/saved/")


def test_an_empty_list_says_how_to_fill_it(browser: Client) -> None:
    assert "Nothing saved yet" in text(browser.get("/saved/"))
    assert "Nothing of this kind" not in text(browser.get("/saved/?show=papers"))


def test_one_press_saves_and_another_takes_it_off(
    browser: Client, ines: Member
) -> None:
    post = make_post()

    answer = press(
        browser, key_to(post), headers={"Referer": "http://testserver/?show=x"}
    )

    assert answer["Location"] == f"http://testserver/?show=x#post-{post.pk}"
    assert Bookmark.objects.of(ines).open().get().key == str(post.pk)
    page = text(browser.get(post.get_absolute_url()))
    assert re.search(rf'id="save-post-{post.pk}"[^>]*aria-pressed="true"', page)
    assert "Saved. You find it under your account." in page

    again = press(browser, key_to(post), "off")
    assert again["Location"] == "/saved/"
    assert not Bookmark.objects.open().exists()


def test_a_press_in_place_shows_the_button_again(browser: Client) -> None:
    post = make_post()

    saved = text(press(browser, key_to(post), headers=HTMX))
    taken = text(press(browser, key_to(post), "off", headers=HTMX))

    assert 'aria-pressed="true"' in saved
    assert f'href="/saved/{Bookmark.objects.get().pk}/"' in saved
    assert 'aria-pressed="false"' in taken
    assert "No longer saved." in taken


def test_what_cannot_be_saved_is_refused_in_words(browser: Client) -> None:
    post = make_post()
    remove_post(post, by=post.author, now=NOON)

    in_place = text(press(browser, key_to(post), headers=HTMX))
    press(browser, key_to(post))

    assert "This is no longer here, so it cannot be saved." in in_place
    assert 'aria-pressed="false"' in in_place
    assert "so it cannot be saved." in text(browser.get("/saved/"))
    assert press(browser, ThingKey("member", "1")).status_code == 404
    assert press(browser, ThingKey("post", "x")).status_code == 404


@pytest.mark.parametrize(
    ("form", "day"),
    [
        ({"date": "tomorrow"}, date(2026, 3, 5)),
        ({"date": "week"}, date(2026, 3, 11)),
        ({"date": "month"}, date(2026, 4, 4)),
        ({"day": "2026-03-04"}, date(2026, 3, 4)),
        ({"date": "none"}, None),
    ],
)
def test_a_day_is_set_by_a_press_or_a_field(
    browser: Client, ines: Member, form: dict[str, str], day: date | None
) -> None:
    bookmark = make_bookmark(ines, key_to(make_post()), remind_on=date(2026, 9, 9))

    answer = browser.post(f"/saved/{bookmark.pk}/", {**form, "show": "dated"})

    assert answer["Location"] == f"/saved/?show=dated#bookmark-{bookmark.pk}"
    assert Bookmark.objects.get().remind_on == day


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("2026-03-03", "This day is over. Choose today or a later one."),
        ("the 5th", "This is not a date. Write it as 2026-12-24."),
        ("99999-01-01", "This is not a date. Write it as 2026-12-24."),
        ("", "Choose a day."),
    ],
)
def test_another_day_is_refused_and_stays_as_it_was_typed(
    browser: Client, ines: Member, typed: str, words: str
) -> None:
    bookmark = make_bookmark(ines, key_to(make_post()), remind_on=date(2026, 9, 9))

    answer = browser.post(f"/saved/{bookmark.pk}/", {"day": typed})

    assert answer.status_code == 422
    assert words in text(answer)
    assert f'value="{typed}"' in text(answer)
    assert answer.content.count(b" autofocus") == 1
    assert Bookmark.objects.get().remind_on == date(2026, 9, 9)


def test_tomorrow_is_the_next_day_where_the_member_is(
    browser: Client, ines: Member
) -> None:
    """Half past ten in the evening in UTC is after midnight in Berlin, where the day
    that begins has 23 hours.
    """
    Member.objects.filter(pk=ines.pk).update(time_zone="Europe/Berlin")
    bookmark = make_bookmark(ines, key_to(make_post()))

    with time_machine.travel(datetime(2026, 3, 28, 23, 30, tzinfo=UTC), tick=False):
        browser.post(f"/saved/{bookmark.pk}/", {"date": "tomorrow"})
        today = parts(text(browser.get("/saved/")))
    with time_machine.travel(datetime(2026, 3, 29, 21, 59, tzinfo=UTC), tick=False):
        still = parts(text(browser.get("/saved/")))
    with time_machine.travel(datetime(2026, 3, 29, 22, 1, tzinfo=UTC), tick=False):
        then = parts(text(browser.get("/saved/")))

    assert Bookmark.objects.get().remind_on == date(2026, 3, 30)
    assert [list(each) for each in (today, still, then)] == [
        ["Later"],
        ["Later"],
        ["Today"],
    ]


def test_a_note_is_kept_and_one_that_is_too_long_is_refused(
    browser: Client, ines: Member
) -> None:
    bookmark = make_bookmark(ines, key_to(make_post()))
    address = f"/saved/{bookmark.pk}/"

    browser.post(address, {"note": "<b>Once more</b>"})
    refused = browser.post(address, {"note": "x" * 301})

    assert "<b>Once more</b>" in text(browser.get("/saved/"))
    assert "&lt;b&gt;Once more" in browser.get("/saved/").content.decode()
    assert refused.status_code == 422
    assert "x" * 301 in text(refused)
    assert Bookmark.objects.get().note == "<b>Once more</b>"


@pytest.mark.parametrize(
    ("deed", "words"), [("done", "Marked done."), ("remove", "Removed.")]
)
def test_done_and_remove_can_be_undone(
    browser: Client, ines: Member, deed: str, words: str
) -> None:
    bookmark = make_bookmark(ines, key_to(make_post(title="Once")), remind_on=TODAY)
    address = f"/saved/{bookmark.pk}/"

    in_place = text(browser.post(address, {deed: "1"}, headers=HTMX))
    assert words in in_place
    assert f'<span role="status">{words}</span>' in in_place
    assert "Once" not in in_place
    assert "<html" not in in_place

    browser.post(address, {"undo": deed}, headers=HTMX)
    assert parts(text(browser.get("/saved/"))) == {"Today": ["Once"]}

    sent = browser.post(address, {deed: "1", "show": "dated"})
    assert sent["Location"] == f"/saved/?show=dated&undo={deed}.{bookmark.pk}"
    page = text(browser.get(sent["Location"]))
    assert words in page
    assert f'name="undo" value="{deed}"' in page


def test_the_menu_of_a_day_is_a_part_or_a_page(browser: Client, ines: Member) -> None:
    bookmark = make_bookmark(ines, key_to(make_post(title="Once")))
    address = f"/saved/{bookmark.pk}/?show=talk"

    part, page = text(browser.get(address, headers=HTMX)), text(browser.get(address))

    for each in (part, page):
        assert "Tomorrow" in each
        assert 'name="day"' in each
        assert '<input type="hidden" name="show" value="talk">' in each
        assert "No reminder" not in each
    assert "<html" not in part
    assert "<h1" in page


def test_the_bookmark_of_another_is_not_there(browser: Client) -> None:
    of_another = make_bookmark(make_member("Wei"), key_to(make_post()))

    for pk in (of_another.pk, 999_999, 2**63):
        assert browser.get(f"/saved/{pk}/").status_code == 404
        assert browser.post(f"/saved/{pk}/", {"remove": "1"}).status_code == 404
    assert Bookmark.objects.open().exists()


def test_an_unknown_press_is_refused(browser: Client, ines: Member) -> None:
    bookmark = make_bookmark(ines, key_to(make_post()))

    assert browser.post(f"/saved/{bookmark.pk}/", {"x": "1"}).status_code == 400


def test_a_visitor_is_asked_to_sign_in(client: Client, ines: Member) -> None:
    assert client.get("/saved/").status_code == 302
    assert press(client, key_to(make_post())).status_code == 302
    assert not Bookmark.objects.exists()


def test_a_stored_key_that_names_nothing_is_a_thing_that_is_gone(
    browser: Client, ines: Member
) -> None:
    for kind in Kind.values:
        Bookmark.objects.create(member=ines, kind=kind, key="<i>", saved_at=NOON)

    page = text(browser.get("/saved/"))

    assert page.count("This is no longer here, or you may not see it.") == 5
