import re

from django.test import Client

from members.tests.make import make_member

HTMX = {"HX-Request": "true"}


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def posts_on(page: str) -> list[int]:
    return [
        int(pk) for pk in re.findall(r'<article class="[^"]*" id="post-(\d+)"', page)
    ]


def comments_on(page: str) -> list[int]:
    return [
        int(pk)
        for pk in re.findall(r'<article class="comment[^"]*" id="comment-(\d+)"', page)
    ]


def client_of(name: str, **fields: object) -> Client:
    client = Client()
    client.force_login(make_member(name, **fields))
    return client
