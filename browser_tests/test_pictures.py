"""One member pastes, drops or chooses a picture where they write; another sees it, and
nobody who is not signed in does.
"""

import base64
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from browser_tests.people import Person, signed_in
from browser_tests.running import Site
from pictures.tests.bad_pictures import picture

PHONE = {"width": 390, "height": 844}
PLOT = picture(size=(1000, 400))
PASTE = """([selector, kind, name, data]) => {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  const given = new DataTransfer();
  given.items.add(new File([bytes], name, { type: "image/png" }));
  const place = document.querySelector(selector);
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: given, bubbles: true, cancelable: true })
    : new DragEvent("drop", { dataTransfer: given, bubbles: true, cancelable: true });
  place.dispatchEvent(event);
}"""


@pytest.fixture(scope="module")
def site(demo_site: Site) -> Site:
    return demo_site


@pytest.fixture(scope="module")
def noor(site: Site, browser: Browser) -> Iterator[Person]:
    person = signed_in(site, browser, "Noor")
    yield person
    person.leaves()


@pytest.fixture(scope="module")
def other(site: Site, browser: Browser) -> Iterator[Person]:
    name = next(name for name in site.links if name != "Noor")
    person = signed_in(site, browser, name)
    yield person
    person.leaves()


def give(page: Page, selector: str, kind: str, name: str = "loss.png") -> None:
    data = base64.b64encode(PLOT).decode()
    page.evaluate("helpWriting()")  # its scripts are fetched when a field is first used
    page.evaluate(PASTE, [selector, kind, name, data])


def test_a_pasted_picture_is_posted_and_another_member_sees_it(
    noor: Person, other: Person, browser: Browser
) -> None:
    page = noor.page
    noor.goes("/")
    page.locator("#composer-body").fill("The loss of last night")
    give(page, "#composer-body", "paste")
    line = page.locator("#composer .upload")
    said = line.get_by_label("What does it show")
    expect(said).to_have_css("border-top-width", "1px")
    said.fill("The loss falls and rises [again]")
    expect(page.locator("#composer-body")).to_have_value(
        re.compile(r"!\[The loss falls and rises \(again\)\]\(picture:")
    )
    page.locator("#composer-post").click()

    shown = page.locator("#posts .picture img").first
    expect(shown).to_have_attribute("alt", "The loss falls and rises (again)")
    expect(page.locator("#composer .upload")).to_have_count(0)
    other.goes("/")
    seen = other.page.locator("#posts .picture img").first
    expect(seen).to_have_attribute("width", "800")
    expect(seen).to_have_attribute("height", "320")
    seen.scroll_into_view_if_needed()
    other.page.wait_for_function(
        "(img) => img.naturalWidth === 800", arg=seen.element_handle()
    )

    address = other.page.locator("#posts .picture").first.get_attribute("href") or ""
    seen.click()
    other.is_at(address)
    other.page.wait_for_function("document.images[0]?.naturalWidth === 1000")
    stranger = Person(noor.site, browser)
    answer = stranger.page.request.get(noor.site.url + address, max_redirects=0)
    assert answer.status == 302
    stranger.context.close()


def test_a_chosen_picture_goes_into_a_comment_once_it_is_described(
    noor: Person,
) -> None:
    page = noor.page
    noor.goes("/")
    page.locator("#posts .picture").first.wait_for()
    page.locator("#posts article a.react").first.click()
    page.locator("#comment-body").fill("Mine looks like this")
    page.locator("#comment-form input[type=file]").set_input_files(
        [
            {"name": "mine.png", "mimeType": "image/png", "buffer": PLOT},
            {"name": "plot.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"},
            {"name": "run.log", "mimeType": "text/plain", "buffer": b"epoch 1"},
        ]
    )
    lines = page.locator("#comment-form .upload")
    expect(lines).to_have_count(3)
    expect(lines.filter(has_text="plot.svg")).to_contain_text("savefig")
    lines.filter(has_text="plot.svg").get_by_role("button", name="Remove").click()
    expect(lines).to_have_count(2)
    expect(lines.locator("progress")).to_have_count(0)

    page.locator("#comment-body").press("Control+Enter")
    expect(page.locator("#comment-form .error").last).to_contain_text(
        "Say in a sentence"
    )
    expect(page.locator("#comment-body")).to_have_value(re.compile("^Mine looks like"))
    page.locator("#comment-form").get_by_label("It is decoration").check()
    page.locator("#comment-post").click()

    comment = page.locator("#comments .comment", has_text="Mine looks like this")
    expect(comment.locator("img")).to_have_attribute("alt", "")
    with page.expect_download() as download:
        comment.get_by_role("link", name="run.log").click()
    assert download.value.suggested_filename == "run.log"


def test_a_dropped_picture_is_taken_out_again(noor: Person) -> None:
    page = noor.page
    noor.goes("/posts/new/?kind=discussion")
    body = page.locator("textarea[name=body]")
    body.fill("Before.")
    give(page, "textarea[name=body]", "drop", "dropped.png")
    expect(page.locator(".upload")).to_contain_text("dropped.png")
    expect(body).to_have_value(re.compile(r"^Before\.\n\n!\[\]\(picture:"))

    page.get_by_role("button", name="Remove dropped.png").click()

    expect(body).to_have_value(re.compile(r"^Before\.\s*$"))
    expect(page.locator(".upload")).to_have_count(0)
    expect(body).to_be_focused()


def test_without_javascript_and_on_a_phone(noor: Person) -> None:
    plain = noor.without_javascript()
    page = plain.page
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    plain.goes("/posts/new/?kind=discussion")
    page.get_by_label("Title").fill("By hand")
    page.locator("textarea[name=body]").fill("Look at this")
    page.get_by_label("Add pictures or files").set_input_files(
        {"name": "hand.png", "mimeType": "image/png", "buffer": PLOT}
    )
    page.get_by_role("button", name="Post", exact=True).click()

    expect(page.locator("main [role=alert]").first).to_contain_text(
        "Nothing was sent yet"
    )
    expect(page.get_by_label("Title")).to_have_value("By hand")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.get_by_label("What does it show").fill("A ramp from black to white")
    page.get_by_role("button", name="Post", exact=True).click()

    expect(page.get_by_role("heading", name="By hand")).to_be_visible()
    expect(page.get_by_alt_text("A ramp from black to white")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    plain.leaves()


def test_what_is_in_no_text_is_deleted_on_ones_own_page(noor: Person) -> None:
    noor.goes("/pictures/")
    line = noor.page.locator("#uploads .upload", has_text="dropped.png")
    line.get_by_role("button", name="Delete dropped.png").click()

    noor.sees("dropped.png was deleted.")
    expect(line).to_have_count(0)
    noor.looks("pictures")


def test_pages_with_pictures_are_as_they_should_be(noor: Person) -> None:
    noor.goes("/")
    noor.looks("home-with-pictures")
    noor.goes("/posts/new/?kind=discussion")
    give(noor.page, "textarea[name=body]", "paste")
    expect(noor.page.locator(".upload img")).to_be_visible()
    noor.looks("new-post-with-a-picture")
