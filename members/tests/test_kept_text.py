import pytest
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse
from django.test import Client, RequestFactory

from members import kept
from members.middleware import page_of
from members.tests.make import make_group, make_member

pytestmark = pytest.mark.django_db


def test_a_form_posted_after_the_session_ended_keeps_its_words_and_leads_back_to_its_page(client: Client) -> None:
    answer = client.post("/settings/", {"name": "A long story"}, headers={"referer": "http://testserver/settings/?a=1"})

    assert answer.headers["Location"] == "/accounts/login/?next=%2Fsettings%2F%3Fa%3D1"
    assert client.session["kept_text"] == {"path": "/settings/", "fields": {"name": "A long story"}}


def test_the_words_survive_signing_in(client: Client) -> None:
    client.post("/settings/", {"name": "A long story"})

    client.force_login(make_member())

    assert client.session["kept_text"]["fields"] == {"name": "A long story"}


def test_htmx_is_sent_to_the_sign_in_page_instead_of_swapping_it_in(client: Client) -> None:
    answer = client.post("/settings/", {"name": "x"}, headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/accounts/login/?next=%2F")


def test_a_page_that_needs_signing_in_keeps_nothing(client: Client) -> None:
    answer = client.get("/settings/")

    assert answer.headers["Location"] == "/accounts/login/?next=/settings/"
    assert "kept_text" not in client.session


def test_secrets_and_giant_texts_are_not_kept(client: Client) -> None:
    client.post("/settings/", {"password": "hunter22", "csrfmiddlewaretoken": "x"})
    assert "kept_text" not in client.session

    client.post("/settings/", {"name": "x" * 100_001})
    assert "kept_text" not in client.session


def test_kept_words_are_taken_once_and_only_by_their_form(rf: RequestFactory) -> None:
    request = rf.post("/posts/new/", {"body": "Why?"})
    SessionMiddleware(lambda r: HttpResponse()).process_request(request)
    kept.keep(request)

    assert kept.take(request, "/elsewhere/") == {}
    assert kept.take(request, "/posts/new/") == {"body": "Why?"}
    assert kept.take(request, "/posts/new/") == {}


def test_a_foreign_referer_leads_home(rf: RequestFactory) -> None:
    assert page_of(rf.post("/x/", headers={"referer": "https://evil.example/page"})) == "/"


def test_a_form_whose_token_is_too_old_shows_what_was_typed() -> None:
    make_group()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_member())

    answer = strict.post("/settings/", {"name": "My <b>words</b>"})

    assert answer.status_code == 403
    assert "My &lt;b&gt;words&lt;/b&gt;" in answer.content.decode()
