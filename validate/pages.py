"""Every page of the site as each role sees it, written into a
folder to be checked: the page of each address and of each thing that a page leads to,
what links and forms with a question lead to, what forms are answered, also in place,
and the parts of pages that htmx fetches.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from config.tests.addresses import addresses
from config.tests.asking import taken_back
from config.tests.filled import TYPED
from config.tests.forms import Form, Reader, Sent
from config.tests.world import ROLES, World
from validate.content import fill
from validate.fragments import as_page

BROWSER = {"Accept": "text/html"}  # some pages answer programs in another form
# What a page answers to a form that is empty or wrong is a page, too.
METHODS = ("get", "post")
IN_PLACE = {**BROWSER, "X-In-Place": "1"}
BY_HTMX = {**BROWSER, "HX-Request": "true"}
PLAIN_LINK = re.compile(r'<a\b[^>]*?\shref="(/[^"?#]*)')
LINK = re.compile(r'<a\b[^>]*?\shref="([^"]*\?[^"]*)"')
# One that is found, one that is mistyped, one that is nowhere, and none.
SEARCHED = ("layers", "layerss", "zzzzzz", "?!")
TOO_LONG = "é" * 100_000

Named = tuple[str, str]  # name of the page, its HTML


@dataclass(slots=True)
class Folder:
    """The pages that are to be checked.

    A page that differs only in its tokens, numbers or dates is the
    same page.
    """

    path: Path
    shapes: set[str] = field(default_factory=set)

    def write(self, name: str, html: str) -> None:
        shape = re.sub(r"[\w-]{20,}|\d+", "", html)
        if shape in self.shapes:
            return
        self.shapes.add(shape)
        name = re.sub(r"\W+", "-", name)[:80]
        (self.path / f"{len(self.shapes):04d}-{name}.html").write_text(html)


def write_pages(world: World, path: Path) -> dict[str, int]:
    """Write each page once; return how many there are of each sort."""
    fill(world)
    folder, numbers = Folder(path), {}
    for sort in (_asked, _linked, _questions, _forms_sent, _fragments):
        before = len(folder.shapes)
        for role in ROLES:
            for name, html in sort(_browser(role, world), world):
                folder.write(f"{role}-{name}", html)
        numbers[sort.__name__.strip("_")] = len(folder.shapes) - before
    return numbers


def _browser(role: str, world: World) -> Client:
    client = Client(raise_request_exception=False)
    if role in world.people:
        client.force_login(world[role])
    return client


def _asked(client: Client, world: World) -> Iterator[Named]:
    for name, path in _addresses(world):
        for method in METHODS:
            yield from _answer(client, method, path, f"{method}-{name}")


def _linked(client: Client, world: World) -> Iterator[Named]:
    """What the pages lead to beside them: other posts, papers, people, steps, mails."""
    known = {path for _name, path in _addresses(world)}
    ahead = [html for _path, html in _pages(client, world)]
    for html in ahead:
        for path in map(unescape, PLAIN_LINK.findall(html)):
            if path in known or not _is_ours(path):
                continue
            known.add(path)
            for name, page in _answer(client, "get", path, f"at-{path}"):
                ahead.append(page)  # and what that one leads to
                yield name, page


def _questions(client: Client, world: World) -> Iterator[Named]:
    """What links and forms with a question lead to: searches, filters, older pages."""
    asked = set()
    for page, html in _pages(client, world):
        for path, fields in _links(page, html):
            kind = (path, *sorted(fields))
            if kind not in asked:
                asked.add(kind)
                query = urlencode(fields, doseq=True)
                yield from _answer(client, "get", f"{path}?{query}", f"link-{path}")
        for path, form in _forms(page, html, "get"):
            for words in SEARCHED:
                typed = {**form.fields, **{key: [words] for key in form.typed}}
                kind = (path, words, *sorted(typed))
                if kind not in asked:
                    asked.add(kind)
                    query = urlencode(typed, doseq=True)
                    yield from _answer(client, "get", f"{path}?{query}", f"q-{path}")


def _forms_sent(client: Client, world: World) -> Iterator[Named]:
    """What is answered to forms, mostly refused: in place of their page
    (config.middleware), and to htmx.
    """
    asked = set()
    for page, html in _pages(client, world):
        for path, form in _forms(page, html, "post"):
            kind = (resolve(path).view_name, *sorted(form.fields))
            if kind in asked:
                continue
            asked.add(kind)
            for what, fields in _sent(form, kind[0], world):
                for headers in (IN_PLACE, BY_HTMX):
                    name = f"{what}-{path}"
                    yield from _answer(client, "post", path, name, fields, headers)


def _sent(form: Form, route: str, world: World) -> Iterator[tuple[str, Sent]]:
    """A form as it stands, as somebody fills it in, and with mistakes."""
    typed = TYPED.get(route, {})
    filled = typed(world) if callable(typed) else typed
    yield "same", form.fields
    yield "filled", {**form.fields, **{key: [str(filled[key])] for key in filled}}
    yield "empty", {**form.fields, **{key: [""] for key in form.typed}}
    yield "long", {**form.fields, **{key: [TOO_LONG] for key in form.typed}}
    yield "wrong", {key: ["x"] for key in form.fields}


def _fragments(client: Client, world: World) -> Iterator[Named]:
    """The parts of pages that htmx fetches: menus, rows, lists that go on."""
    for name, path in _addresses(world):
        yield from _answer(client, "get", path, f"htmx-{name}", headers=BY_HTMX)


def _addresses(world: World) -> Iterator[Named]:
    for address in addresses(world):
        if not address.name.startswith("admin:"):  # a library's HTML
            yield address.name, address.path


def _pages(client: Client, world: World) -> Iterator[tuple[str, str]]:
    """Path and HTML of each page that answers."""
    for _name, path in _addresses(world):
        for _same, html in _answer(client, "get", path, path):
            yield path, html


def _links(page: str, html: str) -> Iterator[tuple[str, Sent]]:
    for address in LINK.findall(html):
        link = urlsplit(urljoin(page, unescape(address)))
        if not link.netloc and _is_ours(link.path):
            yield link.path, parse_qs(link.query, keep_blank_values=True)


def _forms(page: str, html: str, method: str) -> Iterator[tuple[str, Form]]:
    reader = Reader()
    reader.feed(html)
    for form in reader.forms:
        path = urlsplit(urljoin(page, form.action)).path
        if form.method == method and _is_ours(path):
            yield path, form


def _is_ours(path: str) -> bool:
    try:
        return not resolve(path).view_name.startswith("admin:")
    except Resolver404:
        return False


def _answer(
    client: Client,
    method: str,
    path: str,
    name: str,
    fields: Sent | None = None,
    headers: dict[str, str] = BROWSER,
) -> Iterator[Named]:
    """The page, or part of a page, that is answered; nothing where it is neither."""
    with taken_back(client):
        response = getattr(client, method)(path, fields or {}, headers=headers)
    if _is_html(response):
        yield name, as_page(response.content.decode())


def _is_html(response: HttpResponse) -> bool:
    kind = response.get("Content-Type", "")
    return not response.streaming and kind.startswith("text/html")
