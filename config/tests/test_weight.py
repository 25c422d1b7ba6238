"""What the pages load: little, and what they use."""

import gzip
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from config.tests.addresses import addresses
from config.tests.asking import taken_back
from config.tests.world import make_world
from operate.lighter import lighter

# Bytes of a page, compressed.
STYLES_MOST = 14_000
SCRIPTS_MOST = 25_000
ROLES = ("visitor", "member", "curator", "owner")
STYLES = re.compile(r'<link rel="stylesheet" href="/static/([^"]+)"')
SCRIPTS = re.compile(r'<script\s+src="/static/([^"]+)"')
CLASSES = re.compile(r'\sclass="([^"]*)"')
CLASS = re.compile(r"\.([a-z][\w-]*)")
COMMON = "css/minibatch.css"
SOME = {
    f"css/{name}.css"
    for name in ("learn", "study", "talk", "settings", "landing", "curate")
}


@cache
def weight(name: str) -> int:
    path = finders.find(name)
    assert path, name
    text = lighter(name, Path(path).read_text())
    return len(gzip.compress(text.encode(), 9))


@pytest.fixture
def pages(db: None) -> Iterator[tuple[str, str]]:
    return _pages()


def _pages() -> Iterator[tuple[str, str]]:
    """Who opens what, and its HTML."""
    world = make_world()
    for role in ROLES:
        client = Client()
        if role in world.people:
            client.force_login(world[role])
        for address in addresses(world):
            if address.name.startswith("admin:") or address.name.endswith("logout"):
                continue
            with taken_back(client):
                answer = client.get(address.path, headers={"Accept": "text/html"})
            if not answer.streaming and b"</html>" in answer.content:
                yield f"{role} {address.name}", answer.content.decode()


def classes_of(name: str) -> set[str]:
    css = re.sub(r"/\*.*?\*/", "", (settings.BASE_DIR / "static" / name).read_text())
    return set(CLASS.findall(css))


def test_a_page_is_light_and_has_the_styles_of_what_it_holds(
    pages: Iterator[tuple[str, str]],
) -> None:
    common = classes_of(COMMON)
    of_some = {name: classes_of(name) - common for name in SOME}
    heavy, bare = {}, {}
    number = 0
    for who, html in pages:
        number += 1
        styles, scripts = STYLES.findall(html), SCRIPTS.findall(html)
        sums = sum(map(weight, styles)), sum(map(weight, scripts))
        if sums[0] > STYLES_MOST or sums[1] > SCRIPTS_MOST:
            heavy[who] = sums
        used = {each for one in CLASSES.findall(html) for each in one.split()}
        for name in SOME - set(styles):
            if lacks := used & of_some[name]:
                bare[who, name] = lacks

    assert number > 200
    assert heavy == {}
    assert bare == {}


def test_the_feed_of_a_member_is_lighter_still(db: None) -> None:
    world = make_world()
    client = Client()
    client.force_login(world["member"])

    html = client.get("/").content.decode()

    styles, scripts = STYLES.findall(html), SCRIPTS.findall(html)
    assert styles == [COMMON, "css/talk.css"]
    assert set(scripts) == {"js/htmx.min.js", "js/minibatch.js"}
    assert 8_000 < sum(map(weight, styles)) < STYLES_MOST
    assert 18_000 < sum(map(weight, scripts)) < 22_000
