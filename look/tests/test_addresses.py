"""Addresses of pages in templates, as `reverse` gives them."""

from uuid import UUID

import pytest
from django.db.models import F
from django.template import engines
from django.urls import NoReverseMatch, reverse, set_script_prefix
from django.utils.functional import lazystr

from look.environment import PLAIN, _address, url

KEY = UUID("00000000-0000-4000-8000-000000000001")


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    _address.cache_clear()


def test_an_address_is_made_once_and_is_that_of_reverse() -> None:
    for _asked in range(2):
        assert url("home") == reverse("home")
        assert url("curriculum:step", "a", "b") == reverse(
            "curriculum:step", args=["a", "b"]
        )
        assert url("community:post", pk=1) == reverse("community:post", args=[1])

    assert _address.cache_info().misses == 3


def test_an_address_is_below_the_prefix_of_the_request() -> None:
    at_root = url("home")
    try:
        set_script_prefix("/below/")

        assert url("home") == "/below/"
    finally:
        set_script_prefix("/")
    assert url("home") == at_root


def test_only_values_that_cannot_change_are_kept() -> None:
    assert url("curriculum:step", lazystr("a"), "b") == url("curriculum:step", "a", "b")
    with pytest.raises(NoReverseMatch):
        url("community:post", F("pk"))

    assert _address.cache_info().misses == 1
    assert all(kind.__hash__ for kind in PLAIN)


def test_one_is_not_true() -> None:
    assert url("community:post", 1) == reverse("community:post", args=[1])
    with pytest.raises(NoReverseMatch):
        url("community:post", True)


def test_an_icon_is_drawn_once() -> None:
    icon = engines["jinja2"].env.globals["icon"]

    assert icon("check") is icon("check")
    assert "#i-check" in icon("check")
