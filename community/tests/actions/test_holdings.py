"""Which pictures and files posts and comments show, and what becomes of them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage

from community import actions
from community.models import Draft, Holding, Post
from community.tests.make import NOON, make_comment, make_moderator, make_post
from members.models import Member
from members.tests.make import make_member
from pictures.models import KEPT_UNUSED, Upload
from pictures.tests.make import make_upload, shown

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)
MUCH_LATER = LATER + KEPT_UNUSED + timedelta(hours=1)


@pytest.fixture
def noor(db: None) -> Member:
    return make_member("Noor Haddad")


def unused(upload: Upload) -> bool:
    return Upload.objects.get(pk=upload.pk).unused_since is not None


def write(author: Member, body: str) -> Post:
    return actions.write_post(author, body=body, now=NOON)


def edit(post: Post, body: str) -> Post:
    return actions.edit_post(
        post,
        by=post.author,
        title="",
        body=body,
        seen_edited_at=post.edited_at,
        now=LATER,
    )


def test_a_post_shows_the_pictures_and_files_of_its_author(noor: Member) -> None:
    curve, log = make_upload(noor), make_upload(noor, "run.log")

    post = write(noor, f"See {shown(curve)} and {shown(log)}.")

    assert f'<img src="/pictures/{curve.key}/small/" alt="A curve"' in post.body_html
    assert 'width="40" height="30"' in post.body_html
    assert f'href="/pictures/{log.key}/file/"' in post.body_html
    assert set(Holding.objects.values_list("upload", "post")) == {
        (curve.pk, post.pk),
        (log.pk, post.pk),
    }
    assert not unused(curve)
    assert str(Holding.objects.first()) in {str(curve.pk), str(log.pk)}


def test_a_picture_of_somebody_else_is_not_shown(noor: Member) -> None:
    kofis = make_upload(make_member("Kofi Mensah"))

    post = write(noor, shown(kofis, "His curve"))

    assert post.body_html == "<p>His curve</p>\n"
    assert not Holding.objects.exists()
    assert unused(kofis)


def test_a_text_without_pictures_asks_nothing_more(
    noor: Member, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert actions.uploads_in("words", noor.pk) == []


def test_an_edit_adds_and_removes_pictures(noor: Member) -> None:
    first, second = make_upload(noor), make_upload(noor, "second.png")
    post = write(noor, shown(first))

    post = edit(post, shown(second))

    assert [each.upload for each in post.holdings.all()] == [second]
    assert (unused(first), unused(second)) == (True, False)
    post = edit(post, f"{shown(first)} {shown(second)}")
    assert post.holdings.count() == 2
    assert not unused(first)
    edit(post, f"{shown(first)} {shown(second)} and words")
    assert post.holdings.count() == 2


def test_a_picture_in_two_texts_is_kept_while_one_stands(noor: Member) -> None:
    curve = make_upload(noor)
    post = write(noor, shown(curve))
    comment = actions.write_comment(
        make_post(), author=noor, body=shown(curve), now=NOON
    )

    edit(post, "words")
    assert not unused(curve)
    actions.edit_comment(comment, by=noor, body="words", seen_edited_at=None, now=LATER)

    assert unused(curve)


@pytest.mark.parametrize("what", ["comment", "post", "post above"])
def test_pictures_are_deleted_a_week_after_what_shows_them(
    what: str, noor: Member
) -> None:
    curve, log = make_upload(noor), make_upload(noor, "run.log")
    body = f"{shown(curve)} {shown(log)}"
    if what == "post":
        actions.remove_post(write(noor, body), by=noor, now=LATER)
    else:
        above = make_post()
        comment = actions.write_comment(above, author=noor, body=body, now=NOON)
        if what == "comment":
            actions.remove_comment(comment, by=noor, now=LATER)
        else:
            actions.remove_post(above, by=make_moderator(), now=LATER)

    assert actions.delete_unused(now=LATER + KEPT_UNUSED) == 0
    assert actions.delete_unused(now=MUCH_LATER) == 2
    assert actions.delete_unused(now=MUCH_LATER) == 0

    assert not Upload.objects.exists()
    assert not Holding.objects.exists()
    assert not default_storage.exists(curve.large_name)


def test_what_was_never_written_about_is_deleted_after_a_week(noor: Member) -> None:
    make_upload(noor)
    used = make_upload(noor, "used.png")
    write(noor, shown(used))

    assert actions.delete_unused(now=MUCH_LATER) == 1

    assert list(Upload.objects.all()) == [used]


def test_a_text_that_was_put_back_keeps_its_pictures(noor: Member) -> None:
    curve = make_upload(noor)
    post = write(noor, shown(curve))
    actions.remove_post(post, by=noor, now=LATER)
    Post.objects.update(removed_at=None)

    assert actions.delete_unused(now=MUCH_LATER) == 0

    assert not unused(curve)


def test_a_deletion_that_was_broken_off_goes_on(noor: Member) -> None:
    curve = make_upload(noor)
    Upload.objects.update(deleted_at=LATER)
    default_storage.delete(curve.large_name)

    assert actions.delete_unused(now=MUCH_LATER) == 1


def test_what_a_draft_names_is_kept_for_another_week(noor: Member) -> None:
    curve = make_upload(noor)
    Draft.objects.create(
        member=noor,
        key=uuid4(),
        version=uuid4(),
        address="/posts/new/",
        fields={"body": [shown(curve)], "title": ["A title"]},
        saved_at=NOON,
    )

    assert actions.delete_unused(now=MUCH_LATER) == 0
    Draft.objects.all().delete()
    assert actions.delete_unused(now=MUCH_LATER) == 0
    assert actions.delete_unused(now=MUCH_LATER + 2 * KEPT_UNUSED) == 1


def test_texts_that_are_rendered_again_keep_their_pictures(noor: Member) -> None:
    curve = make_upload(noor)
    post = write(noor, shown(curve))
    comment = make_comment(post, noor)
    Post.objects.update(pipeline_version=0, body_html="")

    actions.render_again()

    post.refresh_from_db()
    assert f"/pictures/{curve.key}/small/" in post.body_html
    assert comment.pk


def test_search_does_not_read_keys(noor: Member) -> None:
    from community.indexed import comment_document, post_document

    curve = make_upload(noor)
    post = write(noor, shown(curve, "Cosine"))
    comment = actions.write_comment(post, author=noor, body=shown(curve), now=NOON)

    word = str(curve.key)[:8]
    assert word not in post_document(post).words
    assert word not in comment_document(comment).words
    assert "cosin" in post_document(post).words
