"""Nothing on a page moves once it is shown, whenever its fonts come."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from browser_tests.looking import WIDTHS
from browser_tests.people import Person, signed_in
from browser_tests.running import Site

MOST = 0.02  # of a layout shift, cumulated as browsers report it
WATCH = """
window.shifts = [];
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
        const moved = entry.sources.map(({node, previousRect: from, currentRect: to}) =>
            `${node?.nodeName} ${node?.className} ${from.x},${from.y} ${from.width}x${from.height}`
            + ` to ${to.x},${to.y} ${to.width}x${to.height}`);
        if (!entry.hadRecentInput) window.shifts.push([entry.value, moved]);
    }
}).observe({type: "layout-shift", buffered: true});
"""
SETTLED = 900  # milliseconds after which nothing more comes


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo's group of twelve."""
    site = Site(tmp_path_factory.mktemp("shifts"))
    listed = site.prepare_demo()
    site.links = dict(re.findall(r"^  (\w+) .* (http\S+)$", listed, re.MULTILINE))
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="module")
def member(site: Site, browser: Browser) -> Iterator[Person]:
    person = signed_in(site, browser, "member")
    yield person
    person.leaves()


@pytest.fixture(scope="module")
def paths(member: Person) -> dict[str, str]:
    """A page of each kind."""
    member.goes("/")  # read to its end
    page = member.page
    hrefs = page.locator("a").evaluate_all(
        "all => all.map(a => a.getAttribute('href') || '')"
    )
    first = {
        kind: next(href for href in hrefs if re.fullmatch(shape, href))
        for kind, shape in (
            ("thread", r"/posts/\d+/"),
            ("step", r"/learn/[\w-]+/[\w-]+/"),
        )
    }
    return {"feed": "/", "landing": "/", **first}


def shifts(page: Page, address: str, *, has_late_fonts: bool) -> list[list[object]]:
    """Opens the page with nothing in the browser's cache. What moved on it, and how much."""
    held: list[Route] = []
    page.context.new_cdp_session(page).send(
        "Network.setCacheDisabled", {"cacheDisabled": True}
    )
    page.add_init_script(WATCH)
    if has_late_fonts:
        page.route("**/*.woff2", lambda route: held.append(route))
    page.goto(address, wait_until="domcontentloaded")
    page.wait_for_timeout(SETTLED)
    for route in held:
        route.continue_()
    page.wait_for_timeout(SETTLED)
    found: list[list[object]] = page.evaluate("window.shifts")
    return found


@pytest.mark.parametrize("has_late_fonts", [False, True])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", ["feed", "thread", "step", "landing"])
def test_nothing_moves(
    member: Person, paths: dict[str, str], kind: str, width: int, has_late_fonts: bool
) -> None:
    state = None
    if kind != "landing":
        state = member.context.storage_state()
    context = member.browser.new_context(storage_state=state)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})

    moved = shifts(
        page,
        member.site.url + paths[kind],
        has_late_fonts=has_late_fonts,
    )
    context.close()

    assert sum(value for value, _nodes in moved) < MOST, moved
