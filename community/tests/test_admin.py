import pytest
from django.test import Client

from community.models import Comment, Post
from community.tests.make import NOON, make_comment, make_post
from members.models import Member
from members.tests.make import make_group, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator() -> Member:
    make_group()
    return make_member("Ilse Brandt", moderator_since=NOON)


@pytest.fixture
def client(moderator: Member) -> Client:
    client = Client()
    client.force_login(moderator)
    return client


def test_a_moderator_removes_posts_and_comments_from_the_list(
    client: Client, moderator: Member
) -> None:
    post, comment = make_post(), make_comment(make_post())

    for model, target in (("post", post), ("comment", comment)):
        form = {"action": "remove", "_selected_action": target.pk}
        assert client.post(f"/admin/community/{model}/", form).status_code == 302
        target.refresh_from_db()
        assert target.removed_by == moderator
    assert (Post.objects.count(), Comment.objects.count()) == (2, 1)


def test_words_are_read_there_and_never_changed_or_deleted(client: Client) -> None:
    post = make_post(body="As it was written")
    comment = make_comment(post)

    for model, target in (("post", post), ("comment", comment)):
        assert client.get(f"/admin/community/{model}/").status_code == 200
        page = client.get(f"/admin/community/{model}/{target.pk}/change/")
        assert target.body in page.content.decode()
        assert (
            client.post(
                f"/admin/community/{model}/{target.pk}/change/", {"body": "Changed"}
            ).status_code
            == 403
        )
        assert (
            client.post(
                f"/admin/community/{model}/{target.pk}/delete/", {"post": "yes"}
            ).status_code
            == 403
        )
        assert client.get(f"/admin/community/{model}/add/").status_code == 403
        client.post(
            f"/admin/community/{model}/",
            {"action": "delete_selected", "_selected_action": target.pk},
        )
    assert (Post.objects.get().body, Comment.objects.count()) == (
        "As it was written",
        1,
    )


@pytest.mark.parametrize("role", [{}, {"curator_since": NOON}])
def test_the_desk_is_closed_to_others(role: dict[str, object]) -> None:
    make_group()
    post = make_post()
    client = Client()
    client.force_login(make_member("Somebody", **role))

    client.post(
        "/admin/community/post/", {"action": "remove", "_selected_action": post.pk}
    )

    post.refresh_from_db()
    assert post.removed_at is None
    assert client.get("/admin/community/post/").status_code in (302, 403)
