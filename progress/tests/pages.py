"""What tests press on the step page, and what they read on a page."""

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from progress.tests.make import key

START = "/learn/way-up/start/"
DEEP = "/learn/way-up/deep/"


def mark_url(name: str) -> str:
    return reverse("progress:mark", args=[key(name)])


def press(
    browser: Client, name: str, *, at: str = "start", htmx: bool = False, **data: str
) -> Any:
    headers = {}
    if htmx:
        headers = {"HX-Request": "true", "HX-Target": f"activity-{key(name)}"}
    return browser.post(
        mark_url(name), {"in": "way-up", "step": at, **data}, headers=headers
    )


def text_of(response: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))
