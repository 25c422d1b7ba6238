"""Pictures and files that come with a form, without a script."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from community import actions
from community.models import Comment, Holding, Post
from community.tests.make import NOON, make_post
from members.models import Member
from members.tests.make import make_group, make_member
from pictures.models import Upload
from pictures.tests.bad_pictures import picture
from pictures.tests.make import make_upload, shown
from text.limits import TEXT_MAX

pytestmark = pytest.mark.django_db
ASKED = "What does it show, for those who cannot see it?"
MISSING = "Say in a sentence what the picture shows"


@pytest.fixture
def noor(db: None) -> Member:
    make_group()
    return make_member("Noor Haddad")


@pytest.fixture
def browser(noor: Member) -> Client:
    client = Client()
    client.force_login(noor)
    return client


def chosen(name: str = "loss.png", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture() if data is None else data)


def new_post(client: Client, **fields: object) -> HttpResponse:
    return client.post("/posts/new/", {"kind": "discussion", **fields})


def text_in(page: str) -> str:
    return (
        page.partition('name="body"')[2].partition(">")[2].partition("</textarea>")[0]
    )


def test_a_picture_comes_with_the_form_and_is_described_in_the_second(
    browser: Client,
) -> None:
    first = new_post(browser, body="Look:", files=chosen())

    upload = Upload.objects.get()
    assert not Post.objects.exists()
    assert ASKED in first.text
    assert "Nothing was sent yet" in first.text
    body = text_in(first.text).strip()
    assert body == f"Look:\n\n![](picture:{upload.key})"

    second = new_post(browser, body=body, **{f"alt-{upload.key}": "It [falls]."})

    post = Post.objects.get()
    assert second.status_code == 302
    assert 'alt="It (falls)."' in post.body_html
    assert [each.upload for each in post.holdings.all()] == [upload]


def test_a_picture_without_words_is_asked_for_them_once_more(
    browser: Client, noor: Member
) -> None:
    upload = make_upload(noor)
    body = shown(upload, "")

    page = new_post(browser, body=body).text

    assert MISSING in page
    assert text_in(page).strip() == body
    assert not Post.objects.exists()
    new_post(browser, body=body, **{f"decoration-{upload.key}": "on"})
    assert 'alt=""' in Post.objects.get().body_html


def test_a_description_that_is_too_long_is_asked_for_again(
    browser: Client, noor: Member
) -> None:
    upload = make_upload(noor)
    words = "It falls. " * 200

    page = new_post(
        browser, body=shown(upload, ""), **{f"alt-{upload.key}": words}
    ).text

    assert "longer than 1,000 characters" in page
    assert words.strip() in page
    assert not Post.objects.exists()


def test_descriptions_of_what_the_text_does_not_name_cost_nothing(
    browser: Client, noor: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = make_upload(noor)
    asked: list[int] = []
    monkeypatch.setattr(
        "community.attaching.described",
        lambda text, words: (asked.append(len(words)), text)[1],
    )
    others = {f"alt-{number}": "x" for number in range(3_000)}

    new_post(browser, body=shown(upload, "It falls.") * 900, **others)
    new_post(browser, body="x" * (TEXT_MAX + 1), **others)

    assert asked == [1]


def test_a_file_asks_for_no_words(browser: Client) -> None:
    page = new_post(browser, body="", files=chosen("run.log", b"epoch 1")).text

    assert ASKED not in page
    new_post(browser, body=text_in(page))
    assert "run.log</a>" in Post.objects.get().body_html


def test_a_refused_file_says_why_and_takes_nothing_with_it(browser: Client) -> None:
    files = [
        chosen(),
        chosen("plot.svg", b"<svg/>"),
        chosen("half.png", picture()[:99]),
    ]

    page = new_post(browser, body="My words", title="A title", files=files).text

    assert "savefig" in page
    assert "ends in the middle" in page
    assert "A file was not taken" in page
    assert text_in(page).strip().startswith("My words")
    assert "A title" in page
    assert Upload.objects.count() == 1
    assert not Post.objects.exists()


def test_pictures_may_be_previewed_before_they_are_described(
    browser: Client, noor: Member
) -> None:
    upload = make_upload(noor)

    page = new_post(browser, body=shown(upload, ""), preview="1").text

    assert f'src="/pictures/{upload.key}/small/"' in page.partition('id="preview"')[2]


def comment_form(client: Client, noor: Member) -> Callable[..., HttpResponse]:
    address = f"/posts/{make_post(noor).pk}/comment/"
    return lambda **fields: client.post(address, fields)


def edit_form(client: Client, noor: Member) -> Callable[..., HttpResponse]:
    address = f"/posts/{make_post(noor).pk}/edit/"
    return lambda **fields: client.post(address, {"title": "", **fields})


def edit_comment_form(client: Client, noor: Member) -> Callable[..., HttpResponse]:
    comment = actions.write_comment(make_post(), author=noor, body="Mine", now=NOON)
    return lambda **fields: client.post(f"/posts/comments/{comment.pk}/edit/", fields)


@pytest.mark.parametrize("form", [comment_form, edit_form, edit_comment_form])
def test_every_form_of_a_text_takes_pictures(
    form: Callable[..., Callable[..., HttpResponse]], browser: Client, noor: Member
) -> None:
    send = form(browser, noor)

    page = send(body="Look:", files=chosen()).text
    upload = Upload.objects.get()
    assert ASKED in page
    assert not Holding.objects.exists()
    answer = send(body=text_in(page), **{f"alt-{upload.key}": "It falls."})

    assert answer.status_code == 302
    written = Holding.objects.get().post or Holding.objects.get().comment
    assert 'alt="It falls."' in written.body_html


def test_a_picture_that_stands_as_decoration_is_not_asked_about_again(
    browser: Client, noor: Member
) -> None:
    upload = make_upload(noor)
    post = actions.write_post(noor, body=shown(upload, ""), now=NOON)

    answer = browser.post(
        f"/posts/{post.pk}/edit/", {"title": "", "body": f"More. {shown(upload, '')}"}
    )

    assert answer.status_code == 302


def test_a_picture_of_somebody_else_is_neither_listed_nor_shown(
    browser: Client,
) -> None:
    kofis = make_upload(make_member("Kofi Mensah"))

    new_post(browser, body=shown(kofis, ""))

    assert Post.objects.get().body_html == "<p>Picture</p>\n"


def test_a_script_gets_the_same_form_in_place(browser: Client, noor: Member) -> None:
    post, upload = make_post(noor), make_upload(noor)

    answer = browser.post(
        f"/posts/{post.pk}/comment/",
        {"body": shown(upload, "")},
        headers={"HX-Request": "true"},
    )

    assert MISSING in answer.text
    assert "<html" not in answer.text
    assert not Comment.objects.exists()


@pytest.mark.parametrize("sent", ["1", "added", "unsaid", "\x00"])
def test_why_a_form_is_shown_again_is_not_what_a_browser_says(
    sent: str, browser: Client
) -> None:
    assert new_post(browser, body="Words", shown_again=sent).status_code == 302


def test_a_body_as_large_as_a_picture_is_taken_by_these_forms_only(
    browser: Client,
) -> None:
    large = b"x" * 3_000_000

    page = new_post(browser, body="Words", files=chosen("a.txt", large))
    assert "Nothing was sent yet" in page.text
    assert browser.post("/search/", {"q": large.decode()}).status_code == 413
    assert (
        browser.post(
            "/pictures/add/", {"files": chosen("a", b"x" * 13_000_000)}
        ).status_code
        == 413
    )
