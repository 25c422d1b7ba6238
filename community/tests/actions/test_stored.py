import pytest
from django.core.management import call_command

from community import actions, tasks
from community.actions.words import EXCERPT_LENGTH
from community.models import Comment, Post
from community.tests.make import (
    NOON,
    make_comment,
    make_post,
)
from text import PIPELINE_VERSION

pytestmark = pytest.mark.django_db


def test_recount_puts_stored_counts_right(capsys: pytest.CaptureFixture[str]) -> None:
    right, wrong = make_post(), make_post()
    comment = make_comment(wrong, minutes=5)
    make_comment(right)
    Post.objects.filter(pk=wrong.pk).update(comment_count=7, active_at=NOON)

    call_command("recount")

    wrong.refresh_from_db()
    assert (wrong.comment_count, wrong.active_at) == (1, comment.commented_at)
    assert capsys.readouterr().out.splitlines() == [
        "Put right: 1 of 4 posts and comments.",
        "Put right: 0 of 0 polls.",
        "Put right: 0 bytes of pictures and files.",
    ]


def test_texts_of_an_older_pipeline_are_rendered_again() -> None:
    post = make_post(
        body="It is *exact*", body_html="old", pipeline_version=0, edited_at=NOON
    )
    comment = make_comment(make_post(), body="word " * 400)
    Comment.objects.update(pipeline_version=0, body_html="old", excerpt="")

    assert actions.render_again(limit=1) == 1
    assert actions.render_again() == 1
    assert actions.render_again() == 0

    post.refresh_from_db()
    comment.refresh_from_db()
    assert post.body_html.strip() == "<p>It is <em>exact</em></p>"
    assert post.edited_at == NOON
    assert comment.body_html.startswith("<p>word")
    assert comment.excerpt.startswith("word")


def test_a_text_that_a_newer_pipeline_refuses_is_shown_as_it_was_typed() -> None:
    body = "<b>" + "x" * 100_001
    post = make_post()
    Post.objects.update(body=body, body_html="old", pipeline_version=0)

    actions.render_again()

    post.refresh_from_db()
    assert post.body_html == "<pre>&lt;b&gt;" + "x" * 100_001 + "</pre>"
    assert (post.body, post.pipeline_version) == (body, PIPELINE_VERSION)
    assert 10 < len(post.excerpt) <= EXCERPT_LENGTH


def test_the_task_renders_again() -> None:
    Post.objects.filter(pk=make_post().pk).update(pipeline_version=0)

    assert tasks.render_again() == 1
