from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from community.tests.make import NOON
from members import budget
from members.limits import TooMany
from members.models import Member
from members.tests.make import make_member
from pictures import actions, adding
from pictures.models import Upload, Usage
from pictures.refusals import FileRefused
from pictures.tests.bad_pictures import picture
from pictures.tests.make import make_upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(db: None) -> Member:
    return make_member("Noor Haddad")


def usage() -> int:
    return Usage.objects.get().bytes


def test_a_picture_is_stored_in_two_forms(member: Member) -> None:
    made = make_upload(member, "../Loss.png", picture(size=(2000, 1000)))

    made.refresh_from_db()
    assert (made.name, made.media_type) == ("Loss.png", "image/png")
    assert (made.width, made.height) == (1600, 800)
    assert (made.small_width, made.small_height) == (800, 400)
    assert made.as_attachment == (800, 400)
    assert made.get_absolute_url() == f"/pictures/{made.key}/"
    sizes = [default_storage.size(name) for name in made.names]
    assert len(sizes) == 2
    assert made.bytes == sum(sizes) == usage()
    assert str(made) == "Loss.png"
    assert str(Usage.objects.get()) == str(made.bytes)


def test_a_small_picture_and_a_file_have_one_form(member: Member) -> None:
    small, log = make_upload(member), make_upload(member, "run.log")

    assert (small.as_attachment, log.as_attachment) == ((40, 30), (0, 0))
    assert [len(each.names) for each in (small, log)] == [1, 1]
    assert log.get_absolute_url() == f"/pictures/{log.key}/file/"
    with default_storage.open(log.large_name) as stored:
        assert stored.read() == b"epoch 1: 2.303\n"


def test_what_is_refused_leaves_nothing(member: Member) -> None:
    with pytest.raises(FileRefused, match="in the middle"):
        make_upload(member, data=picture()[:-40])

    assert not Upload.objects.exists()


def test_a_member_stores_no_more_than_their_share(member: Member) -> None:
    with override_settings(MEMBER_FILES_MB=1):
        make_upload(member, "a.txt", b"x" * 600_000)
        with pytest.raises(FileRefused, match="used 1 of 1 MB"):
            make_upload(member, "b.txt", b"x" * 600_000)
        make_upload(make_member("Kofi Mensah"), "b.txt", b"x" * 600_000)

    assert usage() == 1_200_000


def test_all_together_store_no_more_than_the_site_has(member: Member) -> None:
    with override_settings(SITE_FILES_MB=1):
        make_upload(member, "a.txt", b"x" * 600_000)
        with pytest.raises(FileRefused, match="store is full"):
            make_upload(make_member("Kofi Mensah"), "b.txt", b"x" * 600_000)

    assert (usage(), Upload.objects.count()) == (600_000, 1)


def test_uploads_of_an_hour_are_counted(member: Member) -> None:
    budget.spend(member, budget.UPLOADS, 60, now=NOON)

    with pytest.raises(TooMany, match="within an hour"):
        make_upload(member)
    [added] = adding.add(member, [SimpleUploadedFile("a.png", b"x")], now=NOON)
    assert "within an hour" in added.refusal


class Full:
    """A store on a disk that is full."""

    def save(self, *_given: object) -> None:
        raise OSError("No space left on device")


def test_a_store_that_fails_is_a_refusal_and_takes_no_room(
    member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "default_storage", Full())

    with pytest.raises(FileRefused, match="could not be stored"):
        make_upload(member)

    assert Upload.objects.by(member).stored().total_bytes() == 0
    assert Upload.objects.get().unused_since == NOON  # deleted in a week


def test_each_file_of_a_form_is_taken_or_refused_by_itself(member: Member) -> None:
    files = [
        SimpleUploadedFile("loss.png", picture()),
        SimpleUploadedFile("plot.svg", b"<svg/>"),
        SimpleUploadedFile("run.log", b"epoch 1"),
    ]

    added = adding.add(member, files, now=NOON)

    assert [(each.name, bool(each.upload)) for each in added] == [
        ("loss.png", True),
        ("plot.svg", False),
        ("run.log", True),
    ]
    assert "savefig" in added[1].refusal


def test_files_beyond_the_tenth_and_too_large_ones_are_not_read(
    member: Member,
) -> None:
    files = [SimpleUploadedFile("a.txt", b"a") for _ in range(11)]
    large = SimpleUploadedFile("a.txt", b"")
    large.size = 13_000_000

    assert [bool(each.refusal) for each in adding.add(member, files, now=NOON)] == [
        False
    ] * 10 + [True]
    assert "12 MB" in adding.add(member, [large], now=NOON)[0].refusal


def test_an_upload_that_no_text_shows_is_deleted_by_its_owner(member: Member) -> None:
    made, used = make_upload(member), make_upload(member, "used.png")
    other = make_member("Kofi Mensah")
    assert actions.use([used]) == [used]

    assert not actions.delete_own(made, by=other, now=NOON)
    assert not actions.delete_own(used, by=member, now=NOON)
    assert actions.delete_own(made, by=member, now=NOON)

    assert list(Upload.objects.all()) == [used]
    assert not default_storage.exists(made.large_name)
    assert usage() == used.bytes


def test_deleting_twice_gives_room_back_once(member: Member) -> None:
    made, kept = make_upload(member), make_upload(member, "kept.png")

    actions.delete([made], now=NOON)
    actions.delete([made], now=NOON)

    assert usage() == kept.bytes


def test_what_is_being_deleted_cannot_be_used(member: Member) -> None:
    made = make_upload(member)
    Upload.objects.update(deleted_at=NOON)

    assert actions.use([made]) == []
    assert actions.use([]) == []


def test_an_upload_is_unused_from_when_the_last_text_let_it_go(member: Member) -> None:
    made, later = make_upload(member), NOON + timedelta(days=1)
    actions.use([made])

    actions.disuse([made.pk], now=NOON)
    actions.disuse([made.pk], now=later)

    made.refresh_from_db()
    assert made.unused_since == NOON


def test_a_wrong_sum_is_put_right(member: Member) -> None:
    made = make_upload(member)
    Usage.objects.update(bytes=5)

    assert actions.recount() == made.bytes - 5
    assert actions.recount() == 0
    assert usage() == made.bytes
