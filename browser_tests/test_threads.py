"""Every step, activity, resource and paper has a thread, which is written in from its
page: with a mouse, on a phone, and without JavaScript.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from browser_tests.people import Person, signed_in
from browser_tests.running import Site
from browser_tests.test_search import PHONE

STEP = "/learn/learning-to-learn/know-your-why/"
EXERCISE = "Write down your purpose: to apply or to research"


@pytest.fixture(scope="module")
def site(demo_site: Site) -> Site:
    return demo_site


@pytest.fixture(scope="module")
def noor(site: Site, browser: Browser) -> Iterator[Person]:
    person = signed_in(site, browser, "Noor")
    yield person
    person.leaves()


def write(person: Person, words: str) -> None:
    """Write in the thread of the page, by its short form."""
    page = person.page
    page.locator("#composer-body").fill(words)
    page.locator("#composer-post").click()
    expect(page.locator("#posts, .post-page").get_by_text(words)).to_be_visible()


def test_an_activity_has_a_thread_that_its_row_leads_to(noor: Person) -> None:
    page = noor.page
    noor.goes(STEP)
    row = page.locator("#resources li", has_text=EXERCISE).first
    row.locator("a.row-menu").click()
    row.get_by_role("link", name="Discussion").click()
    expect(page.get_by_role("heading", level=1, name=EXERCISE)).to_be_visible()
    assert page.url.endswith("#discussion")

    write(noor, "Half an hour was enough for me.")

    page.reload()
    post = page.locator("#posts article", has_text="Half an hour was enough")
    post.get_by_role("link", name="Comment").click()
    crumbs = page.get_by_role("navigation", name="Breadcrumb")
    crumbs.get_by_role("link", name=EXERCISE).click()
    expect(page).to_have_url(re.compile(r"/menu/[\w-]+/[\w-]+/[\w-]+/([?#].*)?$"))
    expect(page.get_by_role("heading", level=1, name=EXERCISE)).to_be_visible()


FORGET_MARKS = "from progress.models import Record; Record.objects.all().delete()"


def test_an_activity_is_marked_on_its_page(site: Site, noor: Person) -> None:
    site.shell(FORGET_MARKS)  # what the demo's members did depends on the day
    page = noor.page
    noor.goes(STEP)
    row = page.locator("#resources li", has_text=EXERCISE).first
    noor.goes(str(row.locator("a.row-menu").get_attribute("href")))

    page.get_by_role("button", name="Started", exact=True).click()

    marked = page.locator("#resources li[data-mark=started]")
    expect(marked).to_contain_text(EXERCISE)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_resource_has_a_thread(noor: Person, *, javascript: bool) -> None:
    reader = noor if javascript else noor.without_javascript()
    page = reader.page
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    reader.goes("/learn/resources/")
    page.locator("main a[href^='/learn/resources/']").first.click()
    expect(page.get_by_role("heading", name="Discussion")).to_be_visible()
    title = page.get_by_role("heading", level=1).inner_text()

    write(reader, f"Worth a second reading, {'' if javascript else 'no '}script.")

    reader.goes("/")
    post = page.locator(".post", has_text="Worth a second reading").first
    expect(post.get_by_role("link", name=title)).to_be_visible()
    if not javascript:
        reader.leaves()


def test_a_step_and_a_paper_have_a_thread(site: Site, noor: Person) -> None:
    noor.goes(STEP)
    write(noor, "About this step.")

    newest = "Paper.objects.order_by('-announced_on').first().arxiv_id"
    arxiv_id = site.shell(f"from papers.models import Paper; print({newest})")
    noor.goes(f"/papers/{arxiv_id.strip()}/")
    write(noor, "About this paper.")


def test_the_page_of_an_activity_and_of_a_resource_stand_inspection(
    noor: Person,
) -> None:
    noor.goes(STEP)
    row = noor.page.locator("#resources li", has_text=EXERCISE).first
    noor.goes(str(row.locator("a.row-menu").get_attribute("href")))
    noor.looks("activity")
    noor.goes("/learn/resources/")
    noor.page.locator("main a[href^='/learn/resources/']").first.click()
    expect(noor.page.get_by_role("heading", name="Discussion")).to_be_visible()
    noor.looks("resource")


FOLDING = "Plan a week that you would keep in a bad month"
SECRET = "Everything is a purple tensor."


def solve(person: Person, title: str) -> str:
    """Write a solution in the thread of the exercise; the address of the post."""
    page = person.page
    person.goes(STEP)
    row = page.locator("#resources li", has_text=FOLDING).first
    person.goes(str(row.locator("a.row-menu").get_attribute("href")))
    named = page.locator("#composer [name=activity]").input_value()
    person.goes(f"/posts/new/?activity={named}")
    page.locator("label", has_text="Discussion").first.click()
    page.get_by_label("Title").fill(title)
    page.locator("textarea[name=body]").fill(SECRET)
    page.get_by_role("button", name=re.compile("^(Ask|Post)$")).click()
    # the preview beside the form holds the title too
    expect(page).to_have_url(re.compile(r"/posts/\d+/([?#].*)?$"))
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    return page.url.removeprefix(person.site.url)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_solution_is_folded_until_another_asks_or_has_tried(
    site: Site, browser: Browser, noor: Person, *, javascript: bool
) -> None:
    site.shell(FORGET_MARKS)
    titles = [f"My week {javascript}, {number}" for number in (1, 2)]
    addresses = [solve(noor, title) for title in titles]
    expect(noor.page.get_by_text(SECRET)).to_be_visible()
    others = [name for name in site.links if name not in ("Noor", "owner")]
    signed = signed_in(site, browser, others[0 if javascript else 1])
    reader = signed if javascript else signed.without_javascript()
    page = reader.page

    reader.goes("/")
    post = page.locator(".post", has_text=titles[1])
    expect(post.locator(".folded")).to_contain_text(f"have tried “{FOLDING}”")
    assert SECRET not in page.content()
    reader.goes(f"/search/?q=purple+{titles[1].split()[-1]}")
    assert SECRET not in page.content()

    reader.goes(addresses[1])
    if javascript:
        reader.looks("folded")
    page.get_by_role("button", name="Show it now").click()
    expect(page.get_by_text(SECRET)).to_be_visible()
    reader.goes("/")
    expect(page.locator(".post", has_text=titles[1])).to_contain_text(SECRET)
    expect(page.locator(".post", has_text=titles[0])).not_to_contain_text(SECRET)

    reader.goes(addresses[0])
    page.get_by_role("link", name="Try it first").click()
    page.get_by_role("button", name="Started", exact=True).click()
    marked = page.locator("#resources li[data-mark=started]")
    expect(marked).to_contain_text(FOLDING)
    reader.goes(addresses[0])
    expect(page.get_by_text(SECRET)).to_be_visible()
    reader.goes("/")
    expect(page.locator(".post", has_text=titles[0])).to_contain_text(SECRET)
    signed.leaves()
    if not javascript:
        reader.leaves()
