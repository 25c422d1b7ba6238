"""The marker of hostile.py in every text column, and every address as
every role: nowhere is it more than text.
"""

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils.safestring import SafeData

from config.tests.addresses import addresses
from config.tests.asking import forget
from config.tests.hostile import KEPT, MARKER, columns, poison
from config.tests.world import ROLES, STAFF, World, make_world, models_without_rows
from members.tests.spent import forget_spent

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

BROWSER = {"Accept": "text/html"}  # some pages answer programs in another form
HTMX = {"HX-Request": "true", "HX-Target": "x"}
VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}
# texts in these are never taken for elements by htmx
QUIET = {"title", "option", "textarea", "script", "style"}
LINKS = {
    "href",
    "src",
    "action",
    "formaction",
    "xlink:href",
    "data",
    "hx-get",
    "hx-post",
    "data-hx-get",
    "data-hx-post",
}


class Reader(HTMLParser):
    """What a browser would make of the markers of a page."""

    def __init__(self, *, has_htmx: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.has_htmx, self.harm, self.shown, self.stack = has_htmx, [], 0, []

    def handle_starttag(
        self, tag: str, attributes: list[tuple[str, str | None]]
    ) -> None:
        for name, value in attributes:
            if name == "q" or set(name) & set("{}'\"<%"):
                self.harm.append(
                    f"out of an attribute of <{tag}>: {self.get_starttag_text()}"
                )
            if name in LINKS and (value or "").strip().lower().startswith(
                "javascript:"
            ):
                self.harm.append(f"a link that runs: {self.get_starttag_text()}")
            if (
                name.removeprefix("data-") in ("hx-get", "hx-post")
                and self.has_htmx
                and any(off for _tag, off in self.stack)
            ):
                self.harm.append(
                    f"{name}={value} where htmx is off, so it does nothing"
                )
        if tag not in VOID:
            self.stack.append(
                (
                    tag,
                    any(
                        name in ("hx-disable", "data-hx-disable")
                        for name, _ in attributes
                    ),
                )
            )

    def handle_endtag(self, tag: str) -> None:
        if tag in (open_tag for open_tag, _ in self.stack):
            while self.stack.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "<i q>" not in data:
            return
        self.shown += 1
        if "'\"4{%" in data:
            self.harm.append("a template inside a text was filled in")
        if self.has_htmx and not any(off or tag in QUIET for tag, off in self.stack):
            self.harm.append(
                f"a text where htmx is on, in {' > '.join(tag for tag, _ in self.stack[-4:])}"
            )


def read(html: str) -> Reader:
    reader = Reader(has_htmx="htmx.min.js" in html or "<html" not in html)
    reader.feed(html)
    reader.close()
    return reader


def safe_texts(value: Any, depth: int = 0) -> Iterator[str]:
    """Texts marked as HTML inside values that a view hands to a template."""
    if isinstance(value, EmailMessage):
        parts = [
            value.subject,
            value.body,
            *(content for content, _kind in getattr(value, "alternatives", [])),
        ]
        yield from (part for part in parts if isinstance(part, SafeData))
    elif is_dataclass(value) and depth < 4:
        for field in fields(value):
            inner = getattr(value, field.name)
            if isinstance(inner, SafeData):
                yield f"{type(value).__name__}.{field.name}"
            yield from safe_texts(inner, depth + 1)
    elif isinstance(value, list | tuple) and depth < 4:
        for inner in value:
            yield from safe_texts(inner, depth + 1)


def harm_of(response: Any) -> Iterator[str]:
    # red is its answer: no worker runs in a test
    is_health = response.request["PATH_INFO"] == "/health/"
    if response.status_code >= 500 and not is_health:
        yield f"{response.status_code}"
    if response.status_code == 429:
        yield "nothing was tried: the limit was reached"
    if "html" in response.get("Content-Type", "") and not response.streaming:
        yield from read(response.content.decode()).harm
    for layer in response.context or []:
        for values in getattr(layer, "dicts", [layer]):
            for value in values.values():
                yield from (
                    f"HTML in the context: {each}" for each in safe_texts(value)
                )


@pytest.fixture
def world() -> World:
    made = make_world()
    assert poison() > 50
    forget()
    return made


def clients(world: World, roles: Iterable[str] = ROLES) -> Iterator[tuple[str, Client]]:
    for role in roles:
        client = Client(raise_request_exception=False)
        if role in world.people:
            client.force_login(world[role])
        yield role, client


def walk(
    world: World,
    roles: Iterable[str],
    method: str,
    headers: dict[str, str],
    skip: set[str],
) -> tuple[Any, int]:
    """Harm by address and role, and how many answers showed a marker."""
    found: dict[str, set[str]] = {}
    shown = 0
    for role, client in clients(world, roles):
        for address in addresses(world):
            if address.name in skip or address.name.endswith("logout"):
                continue
            if address.name.startswith("admin:") and role not in STAFF:
                continue
            forget_spent()
            response = getattr(client, method)(address.path, headers=BROWSER | headers)
            shown += (
                not response.streaming
                and "&lt;i q&gt;" in response.content.decode(errors="replace")
            )
            for harm in harm_of(response):
                found.setdefault(f"{address.name}: {harm}", set()).add(role)
    return found, shown


def test_every_model_has_a_row_to_be_poisoned() -> None:
    make_world()

    assert models_without_rows() == []


def test_the_columns_left_alone_are_there_still() -> None:
    known = {f"{model._meta.label}.{field.name}" for model, field in columns()}

    assert not known & KEPT.keys()


def test_no_page_takes_a_text_for_anything_else(world: World) -> None:
    found, shown = walk(world, ROLES, "get", {}, set())

    assert found == {}
    assert shown > 150  # the marker was there to be seen


def test_no_partial_takes_a_text_for_anything_else(world: World) -> None:
    found, _shown = walk(world, ["member"], "get", HTMX, set())

    assert found == {}


def test_no_answer_to_a_form_takes_a_text_for_anything_else(world: World) -> None:
    found, _shown = walk(
        world,
        ["member", "owner"],
        "post",
        HTMX,
        {"account_login", "members:sign_in_link"},
    )  # the second signs in as another

    assert found == {}


@pytest.mark.parametrize(
    "html",
    [
        f"<html><p>{MARKER}</p>",
        f'<html><p title="{MARKER}">x</p>',
        f"<html><p title='{MARKER}'>x</p>",
        f"<html><p title={MARKER}>x</p>",
        "<html><a href=' javascript:pwn()//'>x</a>",
        "<html>htmx.min.js<p hx-disable><a data-hx-get='/'>x</a></p>",
        "<html>htmx.min.js<p>&lt;i q>&#x27;&quot;</p>",
        "<p>&lt;i q>&#x27;&quot;</p>",
        "<html hx-disable><p>&lt;i q>&#x27;&quot;4{%x</p>",
    ],
)
def test_the_reader_would_have_noticed(html: str) -> None:
    assert read(html).harm


def test_the_reader_lets_plain_texts_pass() -> None:
    page = (
        "<html>htmx.min.js<div hx-disable><p title='&lt;i q>&#x27;&quot;'>&lt;i "
        "q>'\"{{2|add:2}}</p></div>"
    )

    reader = read(page)

    assert reader.harm == []
    assert reader.shown == 1
