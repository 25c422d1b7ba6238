"""The token of forms: one way of writing it for a response, another for the next."""

import re

from django.http import HttpRequest
from django.middleware.csrf import _does_token_match, get_token, rotate_token
from django.template import engines
from django.test import RequestFactory

FORMS = engines["jinja2"].from_string("{{ csrf_input }} {{ csrf_input }}")
TOKEN = re.compile(r'<input type="hidden" name="csrfmiddlewaretoken" value="(\w{64})">')


def asked_with(secret: str) -> HttpRequest:
    request = RequestFactory().get("/")
    request.META["CSRF_COOKIE"] = secret
    return request


def tokens(request: HttpRequest) -> list[str]:
    return TOKEN.findall(FORMS.render({}, request))


def test_all_forms_of_a_response_have_the_token_and_the_cookie_is_renewed() -> None:
    request = asked_with("s" * 32)

    one, two, three, four = tokens(request) + tokens(request)

    assert one == two == three == four
    assert _does_token_match(one, "s" * 32)
    assert request.META["CSRF_COOKIE_NEEDS_UPDATE"]


def test_each_response_writes_the_token_in_another_way() -> None:
    assert tokens(asked_with("s" * 32)) != tokens(asked_with("s" * 32))


def test_a_secret_that_changes_within_a_request_changes_the_token() -> None:
    request = asked_with("s" * 32)
    before = tokens(request)

    rotate_token(request)
    after = tokens(request)

    assert before != after
    assert _does_token_match(after[0], request.META["CSRF_COOKIE"])


def test_who_has_no_secret_gets_one_and_no_form_means_no_cookie() -> None:
    request, other = RequestFactory().get("/"), RequestFactory().get("/")

    [token, _again] = tokens(request)
    engines["jinja2"].from_string("no form").render({}, other)

    assert _does_token_match(token, request.META["CSRF_COOKIE"])
    assert get_token(request) != token
    assert "CSRF_COOKIE" not in other.META
