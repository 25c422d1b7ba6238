"""What one writes is kept while it is typed, and found on another machine."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Locator, Page, Response, expect

from browser_tests.people import Person, signed_in
from browser_tests.running import Site

PHONE = {"width": 390, "height": 844}
A_POST = """
from django.utils import timezone
from community import actions
from members.models import Member
noor, now = Member.objects.get(email__startswith="noor"), timezone.now()
wei = Member.objects.get(email__startswith="wei")
post = actions.write_post(
    wei, now=now, kind="question", title="Why does it overfit?", body="After two epochs."
)
actions.write_comment(post, author=wei, body="With dropout, too.", now=now)
print(post.get_absolute_url())
"""


@pytest.fixture(scope="module")
def site(demo_site: Site) -> Site:
    return demo_site


@pytest.fixture(scope="module")
def cookies(site: Site, browser: Browser) -> list[Any]:
    """Of a session of Noor: a link signs in once."""
    person = signed_in(site, browser, "Noor")
    found = person.context.cookies()
    person.leaves()
    return list(found)


def at_a_machine(site: Site, browser: Browser, cookies: list[Any]) -> Iterator[Person]:
    """A browser of its own: it stores nothing that another one stored."""
    folder = os.environ.get("PICTURES")
    person = Person(site, browser, pictures=Path(folder) if folder else None)
    person.context.add_cookies(cookies)
    person.goes("/")
    yield person
    person.leaves()


@pytest.fixture(scope="module")
def post(site: Site) -> str:
    """The path of a question of somebody else, with a comment to reply to."""
    return site.shell(A_POST).strip()


@pytest.fixture
def noor(site: Site, browser: Browser, cookies: list[Any]) -> Iterator[Person]:
    for person in at_a_machine(site, browser, cookies):
        throws_all_away(person)
        yield person


@pytest.fixture
def elsewhere(site: Site, browser: Browser, cookies: list[Any]) -> Iterator[Person]:
    """The same member at another machine."""
    yield from at_a_machine(site, browser, cookies)


def body(page: Page) -> Locator:
    return page.locator("textarea[name=body]").first


def is_kept(words: str) -> Callable[[Response], bool]:
    """Whether an answer is to a save of a text that ends with these words."""

    def matches(answer: Response) -> bool:
        if "/drafts/keep/" not in answer.url:
            return False
        [text] = sent(answer).get("body", [""])
        return text.endswith(words)

    return matches


def sent(answer: Response) -> dict[str, list[str]]:
    return parse_qs(answer.request.post_data or "", keep_blank_values=True)


def writes(page: Page, words: str) -> None:
    """Types words at the end, and waits until they are saved and the page knows it."""
    with page.expect_response(is_kept(words)) as saved:
        body(page).press("Control+End")
        page.keyboard.type(words)
    form = page.locator("form", has=body(page)).first
    [version] = sent(saved.value)["draft_version"]
    expect(form.locator("[name=draft_versions]")).to_have_value(version)
    expect(form.locator("[data-draft-state]")).to_contain_text("Draft saved")


def is_offer(answer: Response) -> bool:
    return "/drafts/offer/" in answer.url


def drafts(person: Person) -> Locator:
    person.goes("/posts/drafts/")
    return person.page.locator("#drafts > li")


def throws_all_away(person: Person) -> None:
    rows, none = drafts(person), person.page.get_by_text("No drafts")
    while person.meets(rows.first, none):
        person.clicks(rows.first.get_by_role("button", name=re.compile("^Delete")))
        person.sees("The draft was deleted.")
        person.goes("/posts/drafts/")


def test_a_post_that_is_begun_is_gone_on_with_on_another_machine(
    noor: Person, elsewhere: Person
) -> None:
    noor.goes("/posts/new/?kind=journey")
    noor.page.get_by_label("Title").fill("Forty epochs")
    writes(noor.page, "I let it run")
    noor.goes("/learn/")

    elsewhere.goes("/posts/new/")
    elsewhere.sees("You were writing here", "Forty epochs")
    elsewhere.looks("draft-offered")
    elsewhere.follows("Go on with it")
    page = elsewhere.page
    expect(page.get_by_label("Title")).to_have_value("Forty epochs")
    expect(body(page)).to_have_value("I let it run")
    expect(page.get_by_role("radio", name="Journey")).to_be_checked()
    writes(page, " overnight.")
    expect(drafts(elsewhere)).to_have_count(1)
    elsewhere.looks("drafts")
    elsewhere.follows(re.compile("^Go on"))
    elsewhere.presses("Post", "main")
    expect(page.locator("h1")).to_have_text("Forty epochs")
    expect(page.locator(".post .rich").first).to_contain_text("overnight.")
    expect(drafts(elsewhere)).to_have_count(0)
    elsewhere.sees("No drafts")


def test_two_machines_that_write_at_once_lose_no_words(
    noor: Person, elsewhere: Person
) -> None:
    noor.goes("/posts/new/")
    writes(noor.page, "Begun here.")
    elsewhere.goes("/posts/drafts/")
    elsewhere.follows(re.compile("^Go on"))
    writes(elsewhere.page, " And there.")

    body(noor.page).press("Control+End")
    noor.page.keyboard.type(" And on here.")

    noor.sees("This draft was changed on another machine.", "Both versions are kept.")
    noor.looks("draft-conflict")
    noor.follows("Show both, side by side")
    noor.sees("Begun here. And there.", "Begun here. And on here.")
    noor.looks("drafts-beside")
    noor.page.go_back()
    expect(body(noor.page)).to_have_value("Begun here. And on here.")
    expect(drafts(elsewhere)).to_have_count(2)
    noor.faults.found = [each for each in noor.faults.found if "409" not in each]


def test_only_one_of_two_versions_is_kept_if_one_says_so(
    noor: Person, elsewhere: Person
) -> None:
    noor.goes("/posts/new/")
    writes(noor.page, "Begun here.")
    elsewhere.goes("/posts/drafts/")
    elsewhere.follows(re.compile("^Go on"))
    writes(elsewhere.page, " And there.")
    body(noor.page).press("Control+End")
    noor.page.keyboard.type(" And on here.")

    noor.presses("Keep only this one")

    noor.sees("The other version was deleted.")
    writes(noor.page, " Still here.")
    rows = drafts(elsewhere)
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Still here.")
    noor.faults.found = [each for each in noor.faults.found if "409" not in each]


def test_a_comment_that_is_begun_is_offered_in_its_thread_on_a_phone(
    noor: Person, elsewhere: Person, post: str
) -> None:
    for each in (noor, elsewhere):
        each.goes(post)
        each.page.set_viewport_size(PHONE)
        expect(each.page.locator("#comment-body")).to_be_visible()
    noor.page.locator("#comment-body").focus()
    writes(noor.page, "Then label smoothing")

    elsewhere.page.locator("#comment-body").focus()
    elsewhere.sees("You were writing here", "Then label smoothing")
    elsewhere.page.reload()
    elsewhere.sees("You were writing here", "Then label smoothing")
    elsewhere.looks("draft-offered-thread")
    elsewhere.page.locator("#comment-body").focus()
    expect(elsewhere.page.get_by_text("You were writing here")).to_have_count(1)
    elsewhere.follows("Go on with it")
    expect(body(elsewhere.page)).to_have_value("Then label smoothing")
    body(elsewhere.page).press("Control+End")
    elsewhere.page.keyboard.type(" should help.")
    elsewhere.page.keyboard.press("Control+Enter")
    expect(elsewhere.page.locator("#comments .comment").last).to_contain_text(
        "Then label smoothing should help."
    )
    expect(drafts(elsewhere)).to_have_count(0)


def test_what_is_typed_while_offline_is_saved_afterwards(noor: Person) -> None:
    noor.goes("/posts/new/")
    noor.page.route("**/drafts/keep/", lambda route: route.abort())
    body(noor.page).fill("Typed in a train")
    noor.page.keyboard.type("!")
    expect(noor.page.locator("[data-draft-state]")).to_contain_text("You are offline.")
    noor.page.unroute("**/drafts/keep/")

    noor.page.evaluate("dispatchEvent(new Event('online'))")

    expect(noor.page.locator("[data-draft-state]")).to_contain_text("Draft saved")
    expect(drafts(noor)).to_contain_text("Typed in a train!")
    noor.faults.found = [each for each in noor.faults.found if "FAILED" not in each]


def test_a_page_that_is_left_at_once_is_saved_and_a_reload_goes_on(
    noor: Person,
) -> None:
    noor.goes("/posts/new/")
    body(noor.page).fill("Left at once")
    noor.page.keyboard.type(".")
    noor.page.reload()
    expect(body(noor.page)).to_have_value("Left at once.")
    writes(noor.page, " And on.")

    expect(noor.page.get_by_text("You were writing here")).to_have_count(0)
    expect(drafts(noor)).to_have_count(1)


def test_two_questions_begun_one_after_the_other_are_two_drafts(
    noor: Person, elsewhere: Person
) -> None:
    """Though each was looked for among the questions that there are."""
    titles = ["Why is my loss nan?", "Which norm do I clip by?"]
    for title, page in zip(titles, (noor.page, elsewhere.page), strict=True):
        page.goto(f"{noor.site.url}/posts/new/?kind=question")
        with page.expect_response(lambda answer: "/search/alike/" in answer.url):
            page.get_by_label("Title").press_sequentially(title)
        expect(page.locator("[data-draft-state]")).to_contain_text("Draft saved")
        page.reload()
        expect(page.get_by_label("Title")).to_have_value(title)

    page = noor.page
    page.goto(f"{noor.site.url}/posts/new/?kind=poll")
    expect(page.get_by_label("Title")).to_have_value("")
    page.get_by_label("Title").press_sequentially("Which day?")
    expect(page.locator("[data-draft-state]")).to_contain_text("Draft saved")
    page.reload()
    page.locator("textarea[name=body]").press_sequentially("Say.")
    expect(page.locator("[data-draft-state]")).to_contain_text("Draft saved")

    expect(drafts(noor)).to_have_count(3)
    for title in (*titles, "Which day?"):
        noor.sees(title)


def test_a_draft_is_offered_once_also_after_a_post(noor: Person) -> None:
    noor.goes("/posts/new/")
    writes(noor.page, "For another day")
    noor.goes("/")
    offer = noor.page.get_by_text("You were writing here")
    body(noor.page).focus()
    expect(offer).to_have_count(1)

    body(noor.page).press_sequentially("For today.")
    noor.presses("Post", "#composer")
    expect(noor.page.locator("#posts")).to_contain_text("For today.")
    expect(body(noor.page)).to_have_value("")
    noor.page.get_by_role("link", name="Home").first.focus()
    body(noor.page).focus()

    expect(offer).to_have_count(1)
    noor.looks("draft-offered-home")
    noor.presses("Delete it", "main")
    noor.sees("The draft was deleted.")
    expect(offer).to_have_count(0)
    expect(drafts(noor)).to_have_count(0)


def test_what_is_begun_in_the_thread_of_a_book_is_offered_there(noor: Person) -> None:
    noor.goes("/learn/resources/d2l/")
    writes(noor.page, "In chapter three")
    noor.goes("/")
    with noor.page.expect_response(is_offer) as offered:
        body(noor.page).focus()
    assert "In chapter three" not in offered.value.text()
    expect(noor.page.get_by_text("You were writing here")).to_have_count(0)

    noor.page.evaluate("sessionStorage.clear()")
    noor.goes("/learn/resources/d2l/")
    body(noor.page).focus()

    noor.sees("You were writing here", "In chapter three")


def test_a_reply_that_is_begun_stays_and_can_be_closed(noor: Person, post: str) -> None:
    page = noor.page
    noor.goes(post)
    reply = page.get_by_role("link", name=re.compile("^Reply to")).first
    reply.click()
    field = page.locator("[id^=reply-] textarea")
    # two seconds after the last letter, or on the way out
    with page.expect_response(is_kept("Half of it")):
        field.press_sequentially("Half of it")
        reply.click()
        expect(field).to_be_focused()
        expect(field).to_have_value("Half of it")
        page.locator("[id^=reply-]").get_by_role("link", name="Cancel").click()

    expect(field).to_have_count(0)
    expect(reply).to_be_focused()
    reply.click()
    noor.sees("You were writing here", "Half of it")


def test_an_emptied_form_is_no_draft(noor: Person) -> None:
    noor.goes("/posts/new/")
    writes(noor.page, "x")
    with noor.page.expect_response(lambda answer: "draft_empty" in sent(answer)):
        body(noor.page).press("Backspace")

    expect(drafts(noor)).to_have_count(0)


def test_a_form_is_kept_and_gone_on_with_without_javascript(noor: Person) -> None:
    same = noor.without_javascript()
    same.goes("/posts/new/")
    same.page.get_by_label("Title").fill("No script")
    body(same.page).fill("Kept by a button.")
    same.presses("Keep as draft")

    same.sees("Your draft is kept.", "No script")
    same.follows(re.compile("^Go on"))
    expect(body(same.page)).to_have_value("Kept by a button.")
    same.presses("Post")
    expect(same.page.locator("h1")).to_have_text("No script")
    same.goes("/posts/drafts/")
    same.sees("No drafts")
    same.leaves()


def test_a_preview_stands_beside_the_text_while_one_types(noor: Person) -> None:
    page = noor.page
    noor.goes("/posts/new/")
    body(page).press_sequentially("The loss is $\\sigma(z)$ and **bold**.")

    shown = page.locator("#preview .rich")
    expect(shown.locator("math")).to_have_count(1)
    expect(shown.locator("strong")).to_have_text("bold")
    text, beside = (page.locator(each).bounding_box() for each in (".form", "#preview"))
    assert text
    assert beside
    assert beside["x"] > text["x"] + text["width"]
    noor.looks("preview-beside")
    page.locator("#help summary").click()
    expect(page.locator("#help math").first).to_be_visible()
    noor.looks("formatting-help")


def test_a_preview_stands_beside_a_text_that_was_refused(noor: Person) -> None:
    noor.goes("/posts/new/?kind=question")
    noor.page.get_by_label("Title").fill("")
    body(noor.page).fill("I ran **all** of it.")
    noor.presses("Post", "main")

    expect(noor.page.locator("main [role=alert]").first).to_be_visible()
    expect(noor.page.locator("#preview strong")).to_have_text("all")


def test_buttons_and_keys_put_marks_around_what_is_selected(noor: Person) -> None:
    page = noor.page
    noor.goes("/posts/new/")
    body(page).fill("must")
    body(page).press("Control+a")
    page.get_by_role("button", name=re.compile("^Bold")).click()
    expect(body(page)).to_have_value("**must**")
    body(page).press("Control+z")
    expect(body(page)).to_have_value("must")
    body(page).press("Control+End")
    body(page).press("Control+m")
    page.keyboard.type("x")
    expect(body(page)).to_have_value("must$x$")
    body(page).press("Control+a")
    page.get_by_role("button", name=re.compile("^Quotation")).click()
    expect(body(page)).to_have_value("> must$x$")


MARK = """(text) => {
    const words = text.firstChild, range = document.createRange();
    range.setStart(words, 3);
    range.setEnd(words, 12);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
}"""


def test_a_marked_passage_is_quoted_into_the_answer_that_is_written(
    noor: Person,
) -> None:
    page = noor.page
    noor.goes("/posts/new/")
    body(page).fill("A post to be quoted.")
    noor.presses("Post", "main")
    noor.is_at(re.compile(r"/posts/\d+/"))
    page.locator("#comment-body").fill("The first comment of all.")
    page.keyboard.press("Control+Enter")
    comment = page.locator("#comments .comment").last
    expect(comment).to_contain_text("The first comment of all.")
    noor.is_answered()
    page.locator("#comment-body").fill("I wonder.")

    comment.locator(".rich p").evaluate(MARK.replace("3", "4").replace("12", "17"))
    comment.get_by_role("link", name=re.compile("^Quote")).click()

    field = page.locator("#comment-body")
    expect(field).to_have_value(
        re.compile(r"^I wonder\.\n\n> \[Noor.*\n>\n> first comment\n\n$")
    )
    expect(field).to_be_focused()
    page.locator(".deeds").get_by_role("link", name="Quote").click()
    expect(field).to_have_value(re.compile(r"> A post to be quoted\.\n\n$"))
    page.get_by_role("button", name="Preview", exact=True).click()
    expect(page.locator("#comment-form blockquote")).to_have_count(2)
    page.keyboard.press("Control+End")
    field.press("Control+Enter")
    expect(page.locator("#comments blockquote")).to_have_count(2)
    noor.looks("quoted")
    page.locator("#comments blockquote a").first.click()
    expect(page).to_have_url(re.compile(r"comment=\d+#comment-\d+$"))


def test_a_comment_is_quoted_without_javascript(noor: Person, post: str) -> None:
    same = noor.without_javascript()
    same.goes(post)
    same.follows("Quote", ".deeds")

    expect(body(same.page)).to_have_value(re.compile(r"^> \["))
    same.leaves()
