"""Two browsers side by side: one writes, and the page that the other has open follows."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from browser_tests.people import Person, signed_in
from browser_tests.running import Site

PHONE = {"width": 390, "height": 844}
PARAGRAPH = "A line that is long enough to be read for a while, and then one more. " * 4
# A discussion that is longer than a window.
WRITE = f"""
from django.utils import timezone
from community import actions
from members.models import Member
authors = list(Member.objects.order_by("pk")[2:6])
now = timezone.now()
post = actions.write_post(
    authors[0], title="A long discussion", body={PARAGRAPH!r}, now=now
)
for number in range(8):
    body = f"Number {{number}}. " + {PARAGRAPH!r}
    actions.write_comment(post, author=authors[number % 4], body=body, now=now)
print(f"post={{post.pk}}")
"""
# What the page asks for is noted, and answered at once with nothing new: an hour that is
# run through in a moment waits for no server, and nothing that is told meanwhile counts.
NOTE = """() => {
  window.asked = [];
  window.fetch = (address) => {
    window.asked.push(address);
    return Promise.resolve(new Response(null, { status: 204 }));
  };
}"""
# Where an element stands in the window.
TOP = "(element) => element.getBoundingClientRect().top"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("open-pages"))
    site.prepare_demo()
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="module")
def people(site: Site, browser: Browser) -> Iterator[tuple[Person, Person]]:
    """Who has the page open, and who writes."""
    others = [each for each in site.links if each != "Noor"]
    both = [signed_in(site, browser, name) for name in ("Noor", others[0])]
    yield both[0], both[1]
    for person in both:
        person.leaves()


@pytest.fixture(scope="module")
def address(site: Site) -> str:
    made = re.search(r"post=(\d+)", site.shell(WRITE))
    assert made
    return f"/posts/{made[1]}/"


def opens(person: Person, address: str) -> Page:
    """The page in a new tab, whose time can be moved on."""
    person.page.close()
    person.page = person.context.new_page()
    person.page.clock.install()
    person.goes(address)
    return person.page


def waits(page: Page, seconds: int = 25) -> None:
    """Until the page has asked again."""
    page.clock.run_for(seconds * 1000)


def writes(person: Person, words: str) -> None:
    person.page.locator("#comment-body").fill(words)
    person.page.locator("#comment-post").click()
    expect(person.page.locator("#comments")).to_contain_text(words)


def test_what_another_writes_waits_until_it_is_asked_for(
    people: tuple[Person, Person], address: str
) -> None:
    reader, writer = people
    page = opens(reader, address)
    writer.goes(address)
    fourth = page.locator("#comments > .comment").nth(3)
    reply_to = fourth.get_by_role("link", name=re.compile("^Reply")).first
    reply_to.click()
    reply = fourth.locator("textarea")
    reply.fill("A reply that I have not")
    page.locator("#comment-body").fill("Half a comment")
    page.locator("#comment-body").blur()
    text = page.locator("#comments > .comment").nth(4).locator(".rich").first
    text.evaluate("(element) => element.scrollIntoView({block: 'start'})")
    before = text.evaluate(TOP)
    count = page.locator("#comments .comment").count()

    writes(writer, "First of the new ones.")
    second = writer.page.locator("#comments > .comment").nth(1)
    second.get_by_role("link", name=re.compile("^Reply")).first.click()
    second.locator("textarea").fill("A reply further up.\n\n" * 6)
    second.get_by_role("button", name="Post reply").click()
    expect(second.locator("ol")).to_contain_text("A reply further up.")
    waits(page)

    # nothing has moved, and nothing is there but the line
    line = page.get_by_role("status").get_by_role("link")
    expect(line).to_have_text("2 new comments: show")
    assert abs(text.evaluate(TOP) - before) <= 1
    expect(page.locator("#comments")).not_to_contain_text("First of the new ones.")
    expect(line).to_be_in_viewport()

    line.click()

    comments = page.locator("#comments > .comment")
    expect(comments.last).to_contain_text("First of the new ones.")
    expect(comments.nth(1).locator("ol")).to_contain_text("A reply further up.")
    assert abs(text.evaluate(TOP) - before) <= 2
    expect(line).to_have_count(0)
    expect(page.locator("#comment-body")).to_have_value("Half a comment")
    expect(reply).to_have_value("A reply that I have not")
    expect(page.locator("#comment-count")).to_have_text(f"{count + 2} comments")
    assert page.url.endswith(address)

    # what came works as what was there
    comments.last.get_by_role("link", name=re.compile("^Reply")).click()
    expect(comments.last.locator("textarea")).to_be_focused()


def test_the_field_that_is_typed_into_stays_where_it_is(
    people: tuple[Person, Person], address: str
) -> None:
    reader, writer = people
    page = opens(reader, address)
    writer.goes(address)
    field = page.locator("#comment-body")
    field.click()
    page.keyboard.type("Half a comm")
    writes(writer, "Above your field.")
    waits(page)
    line = page.get_by_role("status").get_by_role("link", name="1 new comment: show")
    expect(line).to_be_visible()
    before = field.evaluate(TOP)

    line.click()

    expect(page.locator("#comments")).to_contain_text("Above your field.")
    assert abs(field.evaluate(TOP) - before) <= 2
    expect(field).to_be_focused()
    page.keyboard.type("ent")
    expect(field).to_have_value("Half a comment")
    # one's own comment is no news, in no other tab either
    other = reader.context.new_page()
    other.clock.install()
    other.goto(page.url)
    page.locator("#comment-post").click()
    expect(page.locator("#comments")).to_contain_text("Half a comment")
    with other.expect_response(re.compile("/bell/")) as answered:
        waits(other)
    answer = answered.value
    assert answer.status == 204 or "new comment" not in answer.text()
    expect(other.locator("#newer a")).to_have_count(0)
    other.close()


def test_the_line_is_a_link_and_answers_to_the_keyboard(
    people: tuple[Person, Person], address: str
) -> None:
    reader, writer = people
    page = opens(reader, address)
    page.set_viewport_size(PHONE)
    writer.goes(address)
    writes(writer, "Seen on a phone.")
    waits(page)
    line = page.get_by_role("status").get_by_role("link", name="1 new comment: show")
    expect(line).to_be_visible()
    reader.looks("newer")
    page.set_viewport_size(PHONE)
    href = line.get_attribute("href") or ""

    line.focus()
    page.keyboard.press("Enter")

    new = page.locator("#comments > .comment").last
    expect(new).to_contain_text("Seen on a phone.")
    expect(new).to_be_focused()
    page.goto(reader.site.url + href)
    expect(page.locator("#comments > .comment").last).to_be_in_viewport()


def test_a_tab_asks_seldom_and_a_hidden_one_never(
    people: tuple[Person, Person], address: str
) -> None:
    reader, _writer = people
    page = opens(reader, address)
    page.evaluate(NOTE)

    page.clock.run_for(3_600_000)

    asked = page.evaluate("window.asked")
    # after 20 seconds, then each time half as long again up to five minutes
    assert 12 <= len(asked) <= 17, asked
    post = f"post={address.split('/')[2]}"
    assert all("/bell/" in each and post in each for each in asked)
    page.evaluate(
        """() => Object.defineProperty(document, "hidden", {get: () => true})"""
    )
    page.evaluate("window.asked = []")
    page.clock.run_for(3_600_000)
    assert page.evaluate("window.asked") == []
