"""The token of forms is Django's, drawn at once."""

from collections import Counter

from django.middleware.csrf import (
    CSRF_SECRET_LENGTH,
    CSRF_TOKEN_LENGTH,
    _does_token_match,
    get_token,
)
from django.template.backends.utils import csrf_input
from django.test import RequestFactory

from look.tokens import LETTERS, hidden_field, masked, random_places, token_of

SECRET = "aZ09" * (CSRF_SECRET_LENGTH // 4)


def refused(secret: str, token: str) -> bool:
    return not _does_token_match(token, secret)


def test_django_finds_the_secret_under_the_mask() -> None:
    for _each in range(50):
        assert not refused(SECRET, masked(SECRET))


def test_another_secret_is_refused() -> None:
    assert refused(SECRET, masked(SECRET[::-1]))


def test_it_is_written_in_another_way_each_time() -> None:
    tokens = {masked(SECRET) for _each in range(50)}

    assert len(tokens) == 50
    assert {len(token) for token in tokens} == {CSRF_TOKEN_LENGTH}


def test_every_letter_is_as_likely_as_the_others() -> None:
    counts = Counter(random_places(62_000))

    assert set(counts) == set(range(len(LETTERS)))
    # a thousand of each, give or take six standard deviations
    assert all(810 < number < 1190 for number in counts.values())


def test_a_visitor_without_a_cookie_gets_one() -> None:
    request = RequestFactory().get("/")

    token = token_of(request)

    assert request.META["CSRF_COOKIE_NEEDS_UPDATE"]
    assert not refused(request.META["CSRF_COOKIE"], token)


def test_a_visitor_with_a_cookie_keeps_it() -> None:
    request = RequestFactory().get("/")
    get_token(request)
    secret = request.META["CSRF_COOKIE"]
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = False

    token = token_of(request)

    assert request.META["CSRF_COOKIE"] == secret
    assert request.META["CSRF_COOKIE_NEEDS_UPDATE"]
    assert not refused(secret, token)


def test_the_field_is_as_django_writes_it() -> None:
    request = RequestFactory().get("/")

    ours, djangos = hidden_field(request), csrf_input(request)

    assert ours[:-66] == djangos[:-66]
    assert ours[-2:] == djangos[-2:]
