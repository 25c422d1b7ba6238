"""Everybody follows every link: nothing is missing, nothing breaks, and
one page of each kind is inspected.
"""

import re
from collections import Counter, deque
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import Browser

from browser_tests.people import Person
from browser_tests.running import Site

PAGES, PAGES_OF_A_KIND = 120, 3
ELSEWHERE = {"admin"}  # they must work; test_admin.py inspects them
NOT_PAGES = {
    "mail:outbox_html",
    "mail:preview_html",
    "mail:kind_html",
    "account_logout",
}  # mails in their frames; the way out


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo's group of twelve."""
    site = Site(tmp_path_factory.mktemp("walk"))
    site.links = dict(
        re.findall(r"^  (\w+) .* (http\S+)$", site.prepare_demo(), re.MULTILINE)
    )
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="module")
def inspected() -> set[tuple[bool, str]]:
    """Kinds of pages that somebody has looked at already; visitors see
    them in another frame than members.
    """
    return set()


@pytest.mark.parametrize("role", ["owner", "curator", "member", "visitor"])
def test_every_link_leads_somewhere(
    role: str,
    site: Site,
    browser: Browser,
    pictures: Path | None,
    inspected: set[tuple[bool, str]],
) -> None:
    person = Person(site, browser, pictures=pictures)
    if role in site.links:
        person.goes(site.links[role])
        person.presses("Sign in")
        person.is_at("/")
    if role in ("owner", "curator"):
        person.sets_up_an_app("/papers/feeds/")

    walked = walk(person)
    for kind, path in walked.items():
        seen = (role == "visitor", kind)
        if seen in inspected:
            continue
        inspected.add(seen)
        person.goes(path)
        if kind.partition(":")[0] not in ELSEWHERE:
            person.looks(f"{role}-{kind.replace(':', '-')}")

    assert len(walked) > (5 if role == "visitor" else 20), sorted(walked)
    person.leaves()


def walk(person: Person) -> dict[str, str]:
    """Follow the links from home; the first page of each kind.

    Fails at what is missing or broken.
    """
    ahead, met = deque(["/"]), {"/": "the start"}
    first: dict[str, str] = {}
    count: Counter[str] = Counter()
    while ahead and sum(count.values()) < PAGES:
        path = ahead.popleft()
        kind = resolve(urlsplit(path).path).view_name
        if count[kind] >= PAGES_OF_A_KIND or kind in NOT_PAGES:
            continue
        count[kind] += 1
        answer = person.context.request.get(person.site.url + path)
        if (
            answer.status == 404
            and kind == "mail:digest"
            and met[path].startswith("/outbox/")
        ):
            continue  # a mail to somebody else, who alone may open it
        assert answer.status == 200, f"{answer.status} {path}, linked from {met[path]}"
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        first.setdefault(kind, path)
        for link in links(answer.text(), answer.url, person.site.url):
            if link not in met:
                met[link] = path
                ahead.append(link)
    return first


def links(html: str, base: str, site: str) -> list[str]:
    """The addresses on this site that a page links to, without what
    follows a #.
    """
    found: list[str] = []

    class Links(HTMLParser):
        def handle_starttag(
            self, tag: str, attributes: list[tuple[str, str | None]]
        ) -> None:
            href = dict(attributes).get("href")
            if tag == "a" and href is not None:
                assert href, f"a link to nowhere on {base}"
                whole = urldefrag(urljoin(base, href)).url
                if whole.startswith(site + "/"):
                    found.append(whole.removeprefix(site))

    Links().feed(html)
    return found
