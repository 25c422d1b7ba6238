from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from community import actions, threads
from community.actions.comments import COMMENTS_AN_HOUR
from community.actions.posts import POSTS_AN_HOUR
from community.actions.words import EXCERPT_LENGTH
from community.models import Comment, Post
from community.tests.make import (
    NOON,
    make_post,
    make_question,
    make_step,
)
from members.models import Member
from members.tests.make import make_member
from text import TextRefused

pytestmark = pytest.mark.django_db


def test_a_post_keeps_its_words_and_their_html() -> None:
    member, thread = make_member(), threads.of("step", make_step())

    post = actions.write_post(
        member,
        kind="question",
        title="Why?",
        body="It is *exact*.",
        thread=thread,
        now=NOON,
    )

    post.refresh_from_db()
    assert (post.author, post.kind, post.title, post.body) == (
        member,
        "question",
        "Why?",
        "It is *exact*.",
    )
    assert post.body_html.strip() == "<p>It is <em>exact</em>.</p>"
    assert (post.posted_at, post.active_at, post.edited_at) == (NOON, NOON, None)
    assert str(post.thread) == str(thread)
    assert (post.comment_count, post.excerpt) == (0, "")


@pytest.mark.parametrize("body", ["word " * 400, "line\n" * 20])
def test_a_long_text_has_an_excerpt_for_lists(body: str) -> None:
    post = actions.write_post(make_member(), body=body, now=NOON)

    assert post.excerpt.startswith(body.split()[0])
    assert 10 < len(post.excerpt) <= EXCERPT_LENGTH


def test_lines_end_in_the_same_way_whatever_browser_sent_them() -> None:
    post = actions.write_post(make_member(), body="one\r\ntwo", now=NOON)

    assert post.body == "one\ntwo"


def test_a_text_that_cannot_be_shown_is_refused_and_nothing_is_stored() -> None:
    member, post = make_member(), make_post()
    too_long = "x" * 100_001

    with pytest.raises(TextRefused, match="longer"):
        actions.write_post(member, body=too_long, now=NOON)
    with pytest.raises(TextRefused, match="longer"):
        actions.write_comment(post, author=member, body=too_long, now=NOON)

    assert (Post.objects.count(), Comment.objects.count()) == (1, 0)


def test_the_same_words_twice_within_a_minute_are_one_post() -> None:
    member = make_member()

    first = actions.write_post(member, body="Hello", now=NOON)
    again = actions.write_post(member, body="Hello", now=NOON + timedelta(seconds=59))

    assert again == first
    assert Post.objects.count() == 1


def test_the_same_words_are_another_post_later_elsewhere_by_others_or_after_removal() -> (
    None
):
    member, step = make_member(), make_step()
    first = actions.write_post(member, body="Hello", now=NOON)

    actions.write_post(member, body="Hello", now=NOON + timedelta(seconds=60))
    actions.write_post(member, body="Hello", thread=threads.of("step", step), now=NOON)
    actions.write_post(member, body="Hello", title="Again", now=NOON)
    actions.write_post(make_member("Yuki Arai"), body="Hello", now=NOON)
    Post.objects.all().update(removed_at=NOON)
    actions.write_post(member, body="Hello", now=NOON)

    assert Post.objects.exclude(pk=first.pk).count() == 5


def test_a_press_that_waited_for_the_lock_finds_the_row_of_a_later_moment() -> None:
    """The press of NOON got the lock second: what the other one wrote is
    later than its own moment.
    """
    member, post = make_member(), make_post()
    just_after = NOON + timedelta(milliseconds=20)

    first = actions.write_post(member, body="Hello", now=just_after)
    said = actions.write_comment(post, author=member, body="Hello", now=just_after)

    assert actions.write_post(member, body="Hello", now=NOON) == first
    assert actions.write_comment(post, author=member, body="Hello", now=NOON) == said


def test_the_hourly_limit_counts_rows_of_a_later_moment() -> None:
    member = make_member()
    for n in range(POSTS_AN_HOUR):
        actions.write_post(
            member, body=f"Number {n}", now=NOON + timedelta(milliseconds=20)
        )

    with pytest.raises(actions.PostLimitReached) as refusal:
        actions.write_post(member, body="One more", now=NOON)

    assert refusal.value.wait == 3601


def test_rows_of_a_clock_that_was_ahead_keep_nobody_out() -> None:
    member = make_member()
    for n in range(POSTS_AN_HOUR):
        actions.write_post(member, body=f"Number {n}", now=NOON + timedelta(minutes=6))

    actions.write_post(member, body="One more", now=NOON)
    actions.write_post(member, body="Number 1", now=NOON)

    assert Post.objects.count() == POSTS_AN_HOUR + 2


def test_only_so_many_posts_fit_into_an_hour() -> None:
    member = make_member()
    for n in range(POSTS_AN_HOUR):
        actions.write_post(member, body=f"Number {n}", now=NOON)

    with pytest.raises(actions.PostLimitReached, match="20 posts within an hour"):
        actions.write_post(member, body="One more", now=NOON + timedelta(minutes=59))
    actions.write_post(make_member("Yuki Arai"), body="One more", now=NOON)
    actions.write_post(member, body="One more", now=NOON + timedelta(minutes=60))

    assert Post.objects.count() == POSTS_AN_HOUR + 2


def test_only_so_many_comments_fit_into_an_hour() -> None:
    member, post = make_member(), make_post()
    for n in range(COMMENTS_AN_HOUR):
        actions.write_comment(post, author=member, body=f"Number {n}", now=NOON)

    with pytest.raises(actions.PostLimitReached, match="60 comments within an hour"):
        actions.write_comment(post, author=member, body="One more", now=NOON)
    actions.write_comment(
        post, author=member, body="One more", now=NOON + timedelta(minutes=60)
    )


def test_announcements_are_for_moderators() -> None:
    with pytest.raises(actions.NotAllowed):
        actions.write_post(make_member(), kind="announcement", body="Hear me", now=NOON)

    for role in ("moderator_since", "owner_since"):
        author = make_member("Ilse Brandt", **{role: NOON})
        assert (
            actions.write_post(
                author, kind="announcement", body="Hear me", now=NOON
            ).kind
            == "announcement"
        )
    with pytest.raises(actions.NotAllowed):
        actions.write_post(
            make_member(curator_since=NOON),
            kind="announcement",
            body="Hear me",
            now=NOON,
        )


def test_a_question_without_a_title_cannot_be_stored() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_question(title="")


def test_a_member_who_was_deleted_meanwhile_writes_nothing() -> None:
    gone = make_member()
    Member.objects.filter(pk=gone.pk).delete()

    with pytest.raises(Member.DoesNotExist):
        actions.write_post(gone, kind="discussion", title="Why?", body="x", now=NOON)
    assert not Post.objects.exists()
