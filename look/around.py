"""What the words and addresses of a page depend on beside its values: the
language, the prefix of the site, the list of its addresses, and the time.

Django keeps them in context variables, which takes it a few microseconds each
time, and a page asks for them with each card, address and moment. They are the
same from the beginning of a template to its end, so they are looked up once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import local
from typing import NamedTuple

from django.urls import get_script_prefix, get_urlconf
from django.utils import timezone
from django.utils.translation import get_language


class Around(NamedTuple):
    language: str
    prefix: str
    urlconf: str | None
    now: datetime  # in the zone of the reader


class _Rendering(local):
    """Of the template that this thread renders."""

    around: Around | None = None


_rendering = _Rendering()


def around() -> Around:
    return _rendering.around or _look_up()


@contextmanager
def looked_up_once() -> Iterator[None]:
    """While one template is rendered. One inside it looks them up for itself."""
    before = _rendering.around
    _rendering.around = _look_up()
    try:
        yield
    finally:
        _rendering.around = before


def _look_up() -> Around:
    return Around(
        get_language(), get_script_prefix(), get_urlconf(), timezone.localtime()
    )
