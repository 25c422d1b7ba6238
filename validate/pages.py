"""Every page of the site as each role sees it, written into a
folder to be checked.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from django.http import HttpResponse
from django.test import Client

from config.tests.addresses import addresses
from config.tests.asking import taken_back
from config.tests.world import ROLES, World

BROWSER = {"Accept": "text/html"}  # some pages answer programs in another form
# What a page answers to a form that is empty or wrong is a page, too.
METHODS = ("get", "post")


def write_pages(world: World, folder: Path) -> int:
    """Write each page once; return how many there are.

    A page that differs only in its tokens, numbers or dates is the
    same page.
    """
    written = set()
    for name, html in _pages(world):
        shape = re.sub(r"[\w-]{20,}|\d+", "", html)
        if shape in written:
            continue
        written.add(shape)
        (folder / f"{len(written):04d}-{name}.html").write_text(html)
    return len(written)


def _pages(world: World) -> Iterator[tuple[str, str]]:
    for role in ROLES:
        client = Client(raise_request_exception=False)
        if role in world.people:
            client.force_login(world[role])
        for address in addresses(world):
            if address.name.startswith("admin:"):  # a library's HTML
                continue
            for method in METHODS:
                with taken_back(client):
                    response = getattr(client, method)(address.path, headers=BROWSER)
                if _is_page(response):
                    name = re.sub(r"\W+", "-", f"{role}-{method}-{address.name}")
                    yield name, response.content.decode()


def _is_page(response: HttpResponse) -> bool:
    if response.streaming or not response["Content-Type"].startswith("text/html"):
        return False
    return response.content.lstrip()[:15].lower() == b"<!doctype html>"
