"""The headings in the main part of every page are its table of contents.

A heading in the navigation names the navigation; it comes before the h1.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from django.test import Client

from config.tests.addresses import addresses
from config.tests.asking import forget
from config.tests.world import World, make_world

HEADING = re.compile(r"<h([1-6])[\s>]")


def faults_of(html: str) -> Iterator[str]:
    main = html.partition("<main")[2] or html
    levels = [int(level) for level in HEADING.findall(main)]
    if levels[:1] != [1]:
        yield f"does not begin with h1: {levels[:3]}"
    if levels.count(1) > 1:
        yield "has more than one h1"
    for before, level in pairwise(levels):
        if level > before + 1:
            yield f"h{level} follows h{before}"


def pages(world: World, role: str) -> Iterator[tuple[str, str]]:
    client = Client(raise_request_exception=False)
    if role in world.people:
        client.force_login(world[role])
    for address in addresses(world):
        if address.name.startswith("admin:") or address.name.endswith("logout"):
            continue
        forget()
        response = client.get(address.path, headers={"Accept": "text/html"})
        is_html = response["Content-Type"].startswith("text/html")
        if is_html and not response.streaming:
            html = response.content.decode()
            if html.lstrip().lower().startswith("<!doctype html>"):
                yield address.name, html


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["visitor", "member", "owner"])
def test_no_page_skips_a_level_of_heading(role: str) -> None:
    world = make_world()

    wrong = {
        f"{name}: {fault}"
        for name, html in pages(world, role)
        for fault in faults_of(html)
    }

    assert wrong == set()


@pytest.mark.parametrize(
    ("html", "faults"),
    [
        ("<h1>a</h1><h2>b</h2><h3>c</h3><h2>d</h2>", []),
        ("<h2>a</h2>", ["does not begin with h1: [2]"]),
        ("<p>no heading</p>", ["does not begin with h1: []"]),
        ("<h1>a</h1><h3>b</h3>", ["h3 follows h1"]),
        ("<h1>a</h1><h2>b</h2><h1>c</h1>", ["has more than one h1"]),
    ],
)
def test_faults_of_headings_are_noticed(html: str, faults: list[str]) -> None:
    assert list(faults_of(html)) == faults
