from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.http import Http404
from django.test import Client, RequestFactory
from django.utils import timezone

from config.cookies import cookie
from members import unsent
from members.actions import make_sign_in_link
from members.middleware import page_of
from members.models import KeptWords, Member
from members.tests.make import make_group, make_member

pytestmark = pytest.mark.django_db

LONG_STORY = {"name": "A long story", "time_zone": "UTC"}


@pytest.fixture
def session_ends(client: Client, member: Member) -> Callable[[], None]:
    """The member has signed in with this browser, and the session ends."""
    client.force_login(member)
    client.get("/settings/")

    def end() -> None:
        Session.objects.all().delete()

    return end


def test_a_form_posted_after_the_session_ended_keeps_its_words_and_leads_back_to_its_page(
    client: Client, member: Member, session_ends: Callable[[], None]
) -> None:
    session_ends()

    answer = client.post(
        "/settings/", LONG_STORY, headers={"referer": "http://testserver/settings/?a=1"}
    )

    assert answer.headers["Location"] == "/accounts/login/?next=%2Fsettings%2F%3Fa%3D1"
    words = KeptWords.objects.get()
    assert (words.member, words.path, words.fields) == (
        member,
        "/settings/",
        LONG_STORY,
    )


def test_a_page_that_fails_uses_no_words_up(
    client: Client,
    member: Member,
    session_ends: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session_ends()
    client.post("/posts/new/", {"body": "Why does it converge?"})
    client.force_login(member)
    client.raise_request_exception = False

    with monkeypatch.context() as patch:
        question = "community.kinds.question.QuestionKind.beginning"
        patch.setattr(question, lambda _kind: 1 / 0)
        failed = client.get("/posts/new/?kind=question").status_code
        patch.setattr("community.views.posts.PostForm", _not_there)
        missing = client.get("/posts/new/").status_code

    assert (failed, missing) == (500, 404)
    assert "Why does it converge?" in client.get("/posts/new/").content.decode()
    assert not KeptWords.objects.exists()


def _not_there(*_args: object, **_kwargs: object) -> None:
    raise Http404


def test_who_typed_the_words_finds_them_again_once(
    client: Client, member: Member, session_ends: Callable[[], None], rf: RequestFactory
) -> None:
    session_ends()
    client.post("/posts/new/", {"body": "Why does it converge?"})

    client.force_login(member)

    assert "Why does it converge?" in client.get("/posts/new/").content.decode()
    assert "Why does it converge?" not in client.get("/posts/new/").content.decode()


def test_only_the_form_that_held_the_words_shows_them(
    client: Client, member: Member, session_ends: Callable[[], None]
) -> None:
    session_ends()
    client.post("/elsewhere/", {"body": "Why does it converge?"})

    client.force_login(member)

    assert "Why does it converge?" not in client.get("/posts/new/").content.decode()


def test_another_member_in_the_same_browser_never_sees_them_and_they_are_gone(
    client: Client, session_ends: Callable[[], None]
) -> None:
    session_ends()
    client.post("/posts/new/", {"body": "Why does it converge?"})

    token = make_sign_in_link(make_member("Kofi Mensah"), now=timezone.now())
    assert client.post(f"/sign-in/{token}/").status_code == 302

    assert "Why does it converge?" not in client.get("/posts/new/").content.decode()
    assert not KeptWords.objects.exists()


def test_after_an_hour_they_are_gone(
    client: Client, member: Member, session_ends: Callable[[], None]
) -> None:
    session_ends()
    client.post("/posts/new/", {"body": "Why does it converge?"})
    KeptWords.objects.update(kept_at=timezone.now() - timedelta(minutes=61))

    client.force_login(member)

    assert "Why does it converge?" not in client.get("/posts/new/").content.decode()
    assert unsent.forget_old(now=timezone.now()) == 1


@pytest.mark.parametrize(
    "path", ["/settings/", "/posts/new/", "/posts/1/comment/", "/nowhere/", "/admin/"]
)
def test_a_visitor_leaves_neither_words_nor_sessions(client: Client, path: str) -> None:
    make_group()

    client.post(path, {"body": "x" * 94_000})
    client.cookies[cookie("device")] = "forged:cookie"
    client.post(path, {"body": "x" * 94_000})

    assert (KeptWords.objects.count(), Session.objects.count()) == (0, 0)


def test_a_member_has_one_kept_text_however_often_a_form_is_sent(
    client: Client, session_ends: Callable[[], None]
) -> None:
    session_ends()

    for number in range(4):
        client.post("/posts/new/", {"body": f"Number {number}"})

    assert [words.fields for words in KeptWords.objects.all()] == [{"body": "Number 3"}]
    assert not Session.objects.exists()


def test_words_are_cleaned_before_they_are_kept(
    client: Client, session_ends: Callable[[], None]
) -> None:
    session_ends()

    client.post("/posts/new/", {"body": "one\x00\r\ntwo\u200b", "ti\x00tle": "x"})

    assert [words.fields for words in KeptWords.objects.all()] == [
        {"body": "one\ntwo", "title": "x"}
    ]


def test_htmx_is_sent_to_the_sign_in_page_instead_of_swapping_it_in(
    client: Client,
) -> None:
    answer = client.post("/settings/", {"name": "x"}, headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (
        204,
        "/accounts/login/?next=%2F",
    )


def test_secrets_and_giant_texts_are_not_kept(
    client: Client, session_ends: Callable[[], None]
) -> None:
    session_ends()

    client.post("/settings/", {"password": "hunter22", "csrfmiddlewaretoken": "x"})
    client.post("/settings/", {"name": "x" * 100_001})

    assert not KeptWords.objects.exists()


def test_a_foreign_referer_leads_home(rf: RequestFactory) -> None:
    assert (
        page_of(rf.post("/x/", headers={"referer": "https://evil.example/page"})) == "/"
    )


# A form whose token is too old


def expired(headers: dict[str, str]) -> str:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_member())
    answer = strict.post("/settings/", {"name": "My <b>words</b>"}, headers=headers)
    assert answer.status_code == 403
    return answer.content.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://testserver"},
        {"referer": "http://testserver/settings/"},
        {"sec-fetch-site": "same-origin"},
    ],
)
def test_a_form_whose_token_is_too_old_shows_what_was_typed(
    headers: dict[str, str],
) -> None:
    make_group()

    assert "My &lt;b&gt;words&lt;/b&gt;" in expired(headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "https://testserver"},
        {"referer": "https://evil.example/form"},
        {"referer": "http://testserver:81/"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://testserver"},
    ],
)
def test_a_form_of_another_site_shows_nothing_under_our_name(
    headers: dict[str, str],
) -> None:
    make_group()

    page = expired(headers)

    assert "<textarea" not in page
    assert "My &lt;b&gt;" not in page
