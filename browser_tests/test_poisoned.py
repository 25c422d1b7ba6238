"""A group in which every text was written by an attacker: with the policy
for scripts switched off, none of it acts.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from browser_tests.running import Site
from browser_tests.sessions import SESSION
from config.tests.asking import EXPECTED

# Out of a text area or a title, out of an attribute of either quote, then
# what acts by itself. The first that fits.
MARKERS = (
    "</textarea></title>'\"><svg q onload=pwn()><img q src=//evil.test/x>",
    "'\"><svg q onload=pwn()>",
)
MAKE = """
import json
from config.tests.addresses import addresses
from config.tests.hostile import poison
from config.tests.world import make_world
from mail import tokens
world = make_world()
poison(*MARKERS)
member = world["member"]
member.refresh_from_db()  # links in mails hold a mark of the member's address
links = {
    "mail:preferences_by_link": tokens.preferences_token(member),
    "mail:unsubscribe": tokens.unsubscribe_token(member, "digest"),
}
for name, token in links.items():
    world.parameters[name] = {"token": token}
people = {role: SESSION(world[role]) for role in ("member", "curator", "owner")}
print("made", json.dumps([people, {each.name: each.path for each in addresses(world)}]))
"""
FILES = {"curriculum:release_file", "admin:curriculum_curriculum_export", "manifest"}
ACTS = (
    "[q], [href^='javascript:' i], [src^='javascript:' i], "
    "[action^='javascript:' i], [formaction^='javascript:' i]"
)


@dataclass
class Harm:
    """What happened in a browser that no text may cause."""

    site: str
    found: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        context.expose_binding(
            "pwn",
            lambda source: self.found.append(f"a script ran on {source['page'].url}"),
        )
        context.on(
            "dialog",
            lambda dialog: (
                self.found.append(f"a dialog: {dialog.message}"),
                dialog.dismiss(),
            ),
        )
        context.on("request", self._request)
        context.route("**://evil.test/**", lambda route: route.abort())

    def _request(self, request: object) -> None:
        url = request.url  # type: ignore[attr-defined]
        if not url.startswith((self.site, "data:", "about:", "blob:")):
            self.found.append(f"a request to {url}")

    def look(self, page: Page) -> None:
        """What is in a page that is whole, and in its frames."""
        for frame in page.frames:
            frame.wait_for_load_state()
            marks = "(all) => all.length"
            if count := frame.locator(ACTS).evaluate_all(marks):
                self.found.append(f"{count} elements out of texts on {frame.url}")


@dataclass
class Group:
    site: Site
    sessions: dict[str, str]
    paths: dict[str, str]


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Group]:
    site = Site(tmp_path_factory.mktemp("poisoned"), PAGES_PER_MINUTE="0")
    site.manage("migrate")
    site.manage("createcachetable")
    told = site.shell(SESSION + f"MARKERS = {MARKERS!r}\n" + MAKE)
    sessions, paths = json.loads(told.partition("made ")[2])
    site.start()
    yield Group(site, sessions, paths)
    site.stop()


def pages_of(group: Group, role: str) -> list[str]:
    """The pages that the role may open: all for a member, those of staff for
    staff, and the owner's own for the owner.
    """
    column, below = {
        "member": ("mem", ()),
        "curator": ("cur", ("mem",)),
        "owner": ("own", ("cur", "mem")),
    }[role]
    names = [
        name
        for name in group.paths
        if name not in FILES
        and _opens(name, column)
        and (
            not any(_opens(name, each) for each in below)
            or (role == "owner" and not name.startswith("admin:"))
        )
    ]
    return [group.paths[name] for name in names]


def _opens(name: str, column: str) -> bool:
    return EXPECTED["GET", name][column].startswith("200")


def opened(group: Group, browser: Browser, role: str) -> tuple[Page, Harm]:
    """A browser without the policy, signed in."""
    context = browser.new_context(
        bypass_csp=True, viewport={"width": 1280, "height": 900}
    )
    value, name = group.sessions[role].split(" ")
    context.add_cookies([{"name": name, "value": value, "url": group.site.url}])
    harm = Harm(group.site.url)
    harm.watch(context)
    return context.new_page(), harm


@pytest.mark.parametrize("role", ["member", "curator", "owner"])
def test_no_text_acts_on_any_page(group: Group, browser: Browser, role: str) -> None:
    page, harm = opened(group, browser, role)
    paths = pages_of(group, role)

    shown = 0
    for path in paths:
        answer = page.goto(group.site.url + path)
        assert answer
        assert answer.status == 200, f"{answer.status} {path}"
        harm.look(page)
        shown += "onload=pwn()" in page.content()

    assert harm.found == []
    assert len(paths) > 40
    assert shown > len(paths) / 3
    page.context.close()


def test_what_a_text_does_is_noticed(group: Group, browser: Browser) -> None:
    """What shows that the test above can fail: the same page, had its
    texts been let through as HTML.
    """
    page, harm = opened(group, browser, "member")
    url = group.site.url + group.paths["community:post"]
    page.route(url, _let_through)

    with page.expect_request("http://evil.test/x"):
        page.goto(url)
    harm.look(page)

    for kind in (
        "a script ran on",
        "a request to http://evil.test/x",
        "elements out of texts on",
    ):
        assert any(kind in each for each in harm.found), harm.found
    page.context.close()


def _let_through(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=unescape(answer.text()))
