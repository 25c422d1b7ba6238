from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from community import actions
from community.tests.make import NOON, make_post
from members.models import Member
from members.tests.make import make_group, make_member
from pictures.models import Upload
from pictures.tests.bad_pictures import picture
from pictures.tests.make import make_upload, shown
from text.attached import file, large, small

pytestmark = pytest.mark.django_db


@pytest.fixture
def noor(db: None) -> Member:
    make_group()
    return make_member("Noor Haddad")


@pytest.fixture
def kofi(db: None) -> Member:
    return make_member("Kofi Mensah")


def browser(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def statuses(member: Member, upload: Upload) -> list[int]:
    client = browser(member)
    return [
        client.get(address(upload.key)).status_code for address in (large, small, file)
    ]


def test_texts_name_the_addresses_of_the_views() -> None:
    key = uuid4()

    assert [page(str(key)) for page in (large, small, file)] == [
        reverse(f"pictures:{page}", args=[key]) for page in ("large", "small", "file")
    ]


def test_a_picture_is_seen_by_whoever_may_see_a_text_that_shows_it(
    noor: Member, kofi: Member
) -> None:
    curve = make_upload(noor, data=picture(size=(900, 600)))
    assert statuses(kofi, curve) == [404, 404, 404]
    assert statuses(noor, curve) == [200, 200, 404]

    post = actions.write_post(noor, body=shown(curve), now=NOON)
    assert statuses(kofi, curve) == [200, 200, 404]

    actions.remove_post(post, by=noor, now=NOON)
    assert statuses(kofi, curve) == [404, 404, 404]


def test_a_picture_of_a_comment_is_not_seen_after_its_post_was_removed(
    noor: Member, kofi: Member
) -> None:
    post, log = make_post(noor), make_upload(noor, "run.log")
    actions.write_comment(post, author=noor, body=shown(log), now=NOON)
    assert statuses(kofi, log) == [404, 404, 200]

    actions.remove_post(post, by=noor, now=NOON)

    assert statuses(kofi, log) == [404, 404, 404]


def test_a_visitor_is_led_to_the_sign_in(noor: Member, client: Client) -> None:
    curve = make_upload(noor)
    actions.write_post(noor, body=shown(curve), now=NOON)

    for address in (large, small, file):
        answer = client.get(address(str(curve.key)))
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


def test_a_picture_is_served_so_that_it_can_do_nothing(noor: Member) -> None:
    curve = make_upload(noor, data=picture(size=(900, 600)))

    answers = [browser(noor).get(address(str(curve.key))) for address in (large, small)]

    for answer, name in zip(answers, curve.names, strict=True):
        with default_storage.open(name) as stored:
            assert answer.content == stored.read()
        assert answer["Content-Type"] == "image/png"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_file_is_downloaded_and_never_opened(noor: Member) -> None:
    log = make_upload(noor, 'a"; x\u00e9.log')

    answer = browser(noor).get(file(str(log.key)))

    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert "x%C3%A9.log" in answer["Content-Disposition"]
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer.content == b"epoch 1: 2.303\n"


def test_a_browser_keeps_a_picture_for_one_member(noor: Member, kofi: Member) -> None:
    curve, client = make_upload(noor), browser(noor)
    address = large(str(curve.key))
    first = client.get(address)

    assert "private" in first["Cache-Control"]
    assert "max-age=2592000" in first["Cache-Control"]
    assert "Cookie" in first["Vary"]
    again = {"If-None-Match": first["ETag"]}
    assert client.get(address, headers=again).status_code == 304
    assert browser(kofi).get(address, headers=again).status_code == 404


def test_a_picture_that_the_store_has_lost_is_not_found(noor: Member) -> None:
    curve = make_upload(noor)
    default_storage.delete(curve.large_name)

    assert statuses(noor, curve) == [404, 404, 404]


def test_a_picture_costs_two_queries(
    noor: Member, kofi: Member, django_assert_num_queries: object
) -> None:
    curve = make_upload(noor)
    for _ in range(3):
        actions.write_post(noor, body=shown(curve), now=NOON)
    client = browser(kofi)
    client.get(small(str(curve.key)))

    with django_assert_num_queries(2):  # type: ignore[operator]
        # session, member and enrolment; the upload
        client.get(small(str(curve.key)))


def test_files_are_added_and_each_is_told_of(noor: Member) -> None:
    files = [
        SimpleUploadedFile("loss.png", picture()),
        SimpleUploadedFile("<b>.svg", b"<svg/>"),
    ]

    answer = browser(noor).post("/pictures/add/", {"files": files})

    made = Upload.objects.get()
    assert f'data-key="{made.key}"' in answer.text
    assert f'name="alt-{made.key}"' in answer.text
    assert "savefig" in answer.text
    assert "<b>.svg" not in answer.text
    assert browser(noor).post("/pictures/add/").text.strip() == ""


def test_the_page_of_ones_own_lists_them_and_deletes_those_in_no_text(
    noor: Member, kofi: Member, django_assert_num_queries: object
) -> None:
    client = browser(noor)
    assert "Nothing yet" in client.get("/pictures/").text
    used, loose = make_upload(noor, "used.png"), make_upload(noor, "run.log")
    make_upload(kofi, "his.png")
    actions.write_post(noor, body=shown(used), now=NOON)

    page = client.get("/pictures/").text

    assert "used.png" in page
    assert "his.png" not in page
    assert f"/pictures/{loose.key}/delete/" in page
    assert f"/pictures/{used.key}/delete/" not in page
    for upload, words in ((used, "Edit that text first"), (loose, "was deleted")):
        answer = client.post(f"/pictures/{upload.key}/delete/", follow=True)
        assert words in answer.text
    assert browser(kofi).post(f"/pictures/{used.key}/delete/").status_code == 404
    assert list(Upload.objects.by(noor)) == [used]
    with django_assert_num_queries(3):  # type: ignore[operator]
        # session, member and enrolment; the sum; the list
        client.get("/pictures/")


def test_earlier_ones_are_on_a_page_of_their_own(noor: Member) -> None:
    for number in range(31):
        Upload.objects.create(
            owner=noor,
            name=f"n{number:02}.txt",
            bytes=1,
            uploaded_at=NOON + timedelta(minutes=number),
            unused_since=NOON,
        )

    client = browser(noor)
    page = client.get("/pictures/").text
    address = page.partition('href="?after=')[2].partition('"')[0]

    assert "n01.txt" in page
    assert "n00.txt" not in page
    assert "n00.txt" in client.get(f"/pictures/?after={address}").text
