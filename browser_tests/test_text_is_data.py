"""What a member types cannot act for whoever reads it: an owner's browser,
with our scripts and policy as they are.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from browser_tests.people import Person
from browser_tests.running import Site

OPEN_THE_GROUP = """
from django.utils import timezone
from members.actions import make_sign_in_link, set_up_group
from members.models import Member
now = timezone.now()
mira = set_up_group(
    group_name="Tuesday Gradients",
    tagline="",
    name="Mira Okafor",
    email="mira@example.org",
    password="a long one indeed",
    time_zone="UTC",
    now=now,
)
eve = Member.objects.create_user("eve@example.org", name="EVEMARK", onboarded_at=now)
for member in (mira, eve):
    print(member.email, make_sign_in_link(member, now=now))
"""
ALL_ADDRESSES = """
from allauth.account.models import EmailAddress
print(*EmailAddress.objects.values_list("email", flat=True))
"""
ATTACK = (
    "<a hx-post=/admin/account/emailaddress/add/ hx-trigger=load"
    """ hx-vals='{"user":1,"email":"e\\u0040e.io","verified":1}'>"""
)
WHERE_HTMX_IS_ON = """() => [...document.querySelectorAll(".injected")]
    .filter((element) => !element.closest("[hx-disable], [data-hx-disable]"))
    .map((element) => element.parentElement.outerHTML)"""
INJECTED_ADDRESS = re.compile(r"/injected/")
INJECTED = (
    "<a class=injected hx-{verb}=/injected/ hx-trigger=load hx-include=input>x</a>"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("data"))
    site.prepare()
    site.start()
    found = re.findall(
        r"^(\w+)@example.org (\S+)$", site.shell(OPEN_THE_GROUP), re.MULTILINE
    )
    site.links = {name: f"{site.url}/sign-in/{token}/" for name, token in found}
    yield site
    site.stop()


@pytest.fixture(scope="module")
def eve(site: Site, browser: Browser) -> Iterator[Person]:
    yield from signed_in("eve", site, browser)


@pytest.fixture(scope="module")
def mira(site: Site, browser: Browser) -> Iterator[Person]:
    yield from signed_in("mira", site, browser)


def signed_in(name: str, site: Site, browser: Browser) -> Iterator[Person]:
    person = Person(site, browser, f"{name}@example.org")
    person.goes(site.links[name])
    person.presses("Sign in")
    person.is_at("/")
    yield person
    person.context.close()


def test_a_title_does_not_make_a_member_an_owner(
    site: Site, eve: Person, mira: Person
) -> None:
    eve.goes("/posts/new/?kind=question")
    eve.page.locator("main [name=title]").fill(ATTACK)
    eve.page.locator("main [name=body]").fill("Who can say?")
    eve.presses("Post", "main")
    eve.sees("<a hx-post=/admin/account/emailaddress/add/ hx-trigger=load")

    mira.sets_up_an_app("/mail/runs/")
    asked: list[str] = []
    mira.page.on(
        "request", lambda request: asked.append(f"{request.method} {request.url}")
    )
    mira.presses("Send me a test")
    mira.sees("A test is on its way")
    mira.goes("/mail/runs/1/")
    mira.page.wait_for_load_state("networkidle")

    expect(mira.page.locator(".mail-text")).to_contain_text(
        "hx-post=/admin/account/emailaddress/add/"
    )
    assert mira.page.locator("[hx-post*=admin], [data-hx-post*=admin]").count() == 0
    assert not [each for each in asked if "/admin/" in each]
    addresses = site.shell(ALL_ADDRESSES)
    assert "e.io" not in addresses


def loads_with(page: Page, url: str, marks: dict[str, str]) -> list[str]:
    """Open the page as if the server had let these texts through as HTML;
    the requests that they made.
    """
    asked: list[str] = []

    def answer(route: Route) -> None:
        response = route.fetch()
        body = response.text()
        for mark, injected in marks.items():
            body = body.replace(mark, injected)
        route.fulfill(response=response, body=body)

    def note(route: Route) -> None:
        asked.append(route.request.method)
        route.fulfill(status=200, body="")

    page.route(INJECTED_ADDRESS, note)
    page.route(url, answer)
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    page.unroute(url)
    page.unroute(INJECTED_ADDRESS)
    return asked


@pytest.mark.parametrize("verb", ["get", "post", "delete"])
def test_an_element_inside_a_text_asks_for_nothing(
    site: Site, eve: Person, mira: Person, verb: str
) -> None:
    if verb == "get":
        eve.goes("/posts/new/?kind=discussion")
        eve.page.locator("main [name=title]").fill("TITLEMARK")
        eve.page.locator("main [name=body]").fill("BODYMARK")
        eve.presses("Post", "main")
        eve.sees("TITLEMARK")
        eve.page.locator("[id^=comment-form] textarea").fill("COMMENTMARK")
        eve.presses("Post comment", "[id^=comment-form]")
        eve.sees("COMMENTMARK")
    injected = INJECTED.format(verb=verb)
    marks = dict.fromkeys(("EVEMARK", "TITLEMARK", "BODYMARK", "COMMENTMARK"), injected)

    for path in ("/", "/posts/2/", "/posts/2/comment/"):
        asked = loads_with(mira.page, site.url + path, marks)
        assert mira.page.evaluate(WHERE_HTMX_IS_ON) == [], path
        assert asked == [], path
        assert mira.page.locator(".injected").count() > 0, path


def test_outside_of_texts_it_could_ask_but_not_change(site: Site, mira: Person) -> None:
    """What shows that the test above can fail, and that htmx sends nothing
    which nobody pressed.
    """
    home = f"{site.url}/"
    before = '<div class="shell">'

    assert loads_with(
        mira.page, home, {before: INJECTED.format(verb="get") + before}
    ) == ["GET"]
    assert (
        loads_with(mira.page, home, {before: INJECTED.format(verb="post") + before})
        == []
    )
    assert (
        loads_with(mira.page, home, {before: INJECTED.format(verb="delete") + before})
        == []
    )


def test_what_is_ours_still_works(mira: Person) -> None:
    mira.goes("/posts/2/")
    button = mira.page.locator("article.post .reactions button").first

    with mira.page.expect_response("**/react/") as answered:
        button.click()

    assert answered.value.request.headers["hx-request"] == "true"
    assert answered.value.status == 200
