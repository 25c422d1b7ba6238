"""Which bodies are folded for a reader."""

from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from community import actions, threads, visible
from community.folding import FoldedText, fold_below, fold_of
from community.models import Post, Thread, Unfolding
from community.tests.make import NOON, make_comment, make_post, make_question
from members.models import Member
from members.tests.make import make_group, make_member
from progress import actions as study
from progress.tests.make import activity, key, make_curriculum, step

pytestmark = pytest.mark.django_db
OTHER = 0


@pytest.fixture
def reader() -> Member:
    make_group()
    make_curriculum(
        step(
            "start",
            activity("Derive it", do="exercise"),
            activity("Read it", do="read"),
        )
    )
    return make_member("Ines Duarte")


def thread_of(title: str) -> Thread:
    return threads.stored(threads.of("activity", key(title)))


def solution(title: str = "Derive it", **fields: object) -> Post:
    return make_post(
        make_member("Kofi"), "It is ln 10", thread=thread_of(title), **fields
    )


def seen(post: Post, reader: Member) -> tuple[bool, bool]:
    """Whether the reader sees the text of the post, and what others wrote below it."""
    shown = visible.post(reader, post.pk)
    assert shown
    return fold_of(shown, reader) is None, fold_below(shown, OTHER, reader) is None


def test_a_solution_and_what_is_below_it_are_folded_until_it_was_tried(
    reader: Member,
) -> None:
    post = solution()
    assert seen(post, reader) == (False, False)

    study.mark_skipped(reader, key("Derive it"), now=NOON)
    assert seen(post, reader) == (False, False)

    study.mark_started(reader, key("Derive it"), now=NOON)
    assert seen(post, reader) == (True, True)


def test_what_another_member_or_another_exercise_did_opens_nothing(
    reader: Member,
) -> None:
    post = solution()
    study.mark_done(make_member("Noor"), key("Derive it"), now=NOON)
    study.mark_done(reader, key("Read it"), now=NOON)

    assert seen(post, reader) == (False, False)


def test_only_threads_of_exercises_fold(reader: Member) -> None:
    of_chapter, of_group = solution("Read it"), make_post(make_member("Noor"))
    of_step = make_post(make_member("Noor"), step_key=key("start"))

    assert [seen(each, reader) for each in (of_chapter, of_group, of_step)] == [
        (True, True)
    ] * 3


def test_an_activity_that_is_in_no_release_counts_as_an_exercise(
    reader: Member,
) -> None:
    thread = threads.stored(threads.of("activity", uuid4()))
    post = make_post(make_member("Kofi"), thread=thread)
    shown = visible.post(reader, post.pk)
    assert shown

    fold = fold_of(shown, reader)

    assert fold == FoldedText(post.pk, None)
    assert fold.words == "Folded until you have tried, or ask to see it."


def test_who_asks_sees_this_post_alone_and_twice_is_as_once(reader: Member) -> None:
    post, other = solution(), solution()

    actions.ask_to_see(post, by=reader, now=NOON)
    actions.ask_to_see(post, by=reader, now=NOON)

    assert (seen(post, reader), seen(other, reader)) == ((True, True), (False, False))
    assert Unfolding.objects.count() == 1


@pytest.mark.parametrize("writes", ["post", "comment"])
def test_who_writes_in_the_thread_sees_all_of_it(reader: Member, writes: str) -> None:
    post, other = solution(), solution()

    if writes == "post":
        thread = threads.of("activity", key("Derive it"))
        actions.write_post(reader, body="My way", thread=thread, now=NOON)
    else:
        actions.write_comment(post, author=reader, body="My way", now=NOON)

    assert [seen(each, reader) for each in (post, other)] == [(True, True)] * 2


def test_nobody_has_their_own_words_folded(reader: Member) -> None:
    post = make_post(reader, "My way", thread=thread_of("Derive it"))
    shown = visible.post(reader, post.pk)
    assert shown

    assert fold_of(shown, reader) is None
    assert fold_below(shown, reader.pk, reader) is None
    assert fold_below(shown, OTHER, reader) is not None


def test_a_comment_that_is_read_alone_knows_whether_it_is_folded(
    reader: Member,
) -> None:
    comment = make_comment(solution(), make_member("Noor"), "ln 10")
    read = visible.comment(reader, comment.pk)
    assert read

    fold = fold_below(read.post, read.author_id, reader)

    assert fold
    assert (fold.post, fold.words) == (
        read.post_id,
        "Folded until you have tried “Derive it” or ask to see it.",
    )


def test_the_press_leads_to_the_post_or_to_the_comment(
    reader: Member, client: Client
) -> None:
    client.force_login(reader)
    post = solution()
    comment = make_comment(post, make_member("Noor"), "ln 10")

    below = client.post(f"/posts/{post.pk}/show/", {"comment": comment.pk})
    assert below.url == comment.get_absolute_url()
    assert client.post(f"/posts/{post.pk}/show/").url == post.get_absolute_url()
    odd = client.post(f"/posts/{post.pk}/show/", {"comment": "<b>"})
    assert odd.url == post.get_absolute_url()
    assert client.get(f"/posts/{post.pk}/show/").status_code == 405
    assert "ln 10" in client.get(odd.url).content.decode()


def test_a_first_comment_below_a_folded_post_opens_the_page_again(
    reader: Member, client: Client
) -> None:
    client.force_login(reader)
    post = solution()

    answer = client.post(
        f"/posts/{post.pk}/comment/", {"body": "My way"}, headers={"HX-Request": "true"}
    )

    assert answer["HX-Redirect"] == post.comments.get().get_absolute_url()


def test_the_accepted_answer_of_ones_own_question_is_folded_in_lists(
    reader: Member, client: Client
) -> None:
    client.force_login(reader)
    question = make_question(reader, thread=thread_of("Derive it"))
    answer = make_comment(question, make_member("Noor"), "The hidden zebra")
    Post.objects.filter(pk=question.pk).update(accepted_comment=answer)
    assert "zebra" not in client.get("/").content.decode()

    study.mark_done(reader, key("Derive it"), now=NOON)
    assert "zebra" in client.get("/").content.decode()


def test_a_pinned_announcement_of_an_exercise_is_folded_above_the_feed(
    reader: Member, client: Client
) -> None:
    client.force_login(reader)
    moderator = make_member("Mira")
    make_post(
        moderator,
        "The hidden zebra",
        kind="announcement",
        title="Solved",
        thread=thread_of("Derive it"),
        pinned_at=NOON,
    )
    folded = client.get("/").content.decode()
    assert "zebra" not in folded
    assert "Solved" in folded

    study.mark_done(reader, key("Derive it"), now=NOON)
    assert "zebra" in client.get("/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_folding_asks_no_query_more(
    reader: Member,
    client: Client,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """As many as for any feed; and one a minute for the activities of the newest releases."""
    client.force_login(reader)
    for _ in range(rows):
        make_comment(solution(), make_member("Noor"), "ln 10")
    client.get("/")

    with django_assert_num_queries(7):
        client.get("/")
