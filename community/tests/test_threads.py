from datetime import timedelta
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from community import actions
from community.subjects import PaperRef, StepRef, find_step
from community.tests.make import (
    NOON,
    make_comment,
    make_paper,
    make_post,
    make_question,
    make_reaction,
    make_step,
)
from community.threads import thread_page
from curriculum.models import Curriculum, Step
from members.tests.make import make_member

pytestmark = pytest.mark.django_db


def test_a_thread_holds_the_posts_of_its_step_by_activity() -> None:
    member, step = make_member(), make_step("Deep dive")
    quiet = make_post(step_key=step)
    busy = make_post(step_key=step, posted_at=NOON - timedelta(days=1))
    make_comment(busy, minutes=60 * 30)
    make_post()
    make_post(step_key=make_step(slug="another"))
    make_post(step_key=step, removed_at=NOON)

    thread = thread_page(member, find_step(step))

    assert [row.post.pk for row in thread.rows] == [busy.pk, quiet.pk]
    assert thread.subject == StepRef(
        step, 1, "Deep dive", "practical-way-up", "deep-dive"
    )
    assert thread.more is False


def test_a_thread_holds_the_posts_about_its_paper() -> None:
    member, paper = make_member(), make_paper()
    post = make_post(paper=paper)
    make_post(paper=make_paper("1412.6980", "Adam"))
    make_post()

    thread = thread_page(member, PaperRef(paper.arxiv_id, paper.title_html))

    assert [row.post.pk for row in thread.rows] == [post.pk]
    assert thread.rows[0].paper == thread.subject
    assert thread.url == "/?paper=1706.03762"


def test_a_thread_says_that_there_are_more_posts() -> None:
    member, step = make_member(), make_step()
    assert thread_page(member, find_step(step)).count == ""
    for _ in range(3):
        make_post(step_key=step)

    cut, whole = (thread_page(member, find_step(step), limit=limit) for limit in (2, 3))

    assert (len(cut.rows), cut.more, cut.count) == (2, True, "2+")
    assert (len(whole.rows), whole.more, whole.count) == (3, False, "3")


@pytest.mark.parametrize("posts", [1, 3])
def test_a_thread_asks_one_query(
    posts: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    member, step = make_member(), make_step()
    for _ in range(posts):
        question = make_question(step_key=step)
        actions.accept_answer(make_comment(question), by=question.author, now=NOON)
        make_reaction(question)
    find_step(step)  # the steps are kept in the process

    # posts with authors, accepted answers and reactions
    with django_assert_num_queries(1):
        thread = thread_page(member, find_step(step))
        shown = [
            (
                row.post.author.name,
                row.post.text_html,
                row.answer and row.answer.author_name,
            )
            for row in thread.rows
        ]

    assert len(shown) == posts


def test_rows_bring_the_accepted_answer_and_the_reactions() -> None:
    member, step = make_member(), make_step()
    question = make_question(step_key=step)
    answer, _other = (
        make_comment(question),
        make_comment(question, body="Look at the weights"),
    )
    actions.accept_answer(answer, by=question.author, now=NOON)
    make_reaction(question, kind="same")
    make_reaction(question, member, kind="same")
    make_reaction(question, kind="helped")

    [row] = thread_page(member, find_step(step)).rows

    assert row.answer
    assert row.answer.pk == answer.pk
    assert [(b.kind, b.count, b.pressed, b.wanted) for b in row.buttons] == [
        ("same", 2, True, "off"),
        ("helped", 1, False, "on"),
    ]


def test_an_answer_that_was_removed_is_not_in_the_row() -> None:
    question = make_question()
    answer = make_comment(question)
    actions.accept_answer(answer, by=question.author, now=NOON)
    type(answer).objects.filter(pk=answer.pk).update(removed_at=NOON)

    from community.feed import feed

    [row] = feed(make_member()).rows
    assert row.answer is None


def test_a_step_that_left_its_curriculum_is_still_found() -> None:
    curriculum = Curriculum.objects.create(slug="old", title="Old")
    step = Step.objects.create(curriculum=curriculum, slug="gone", title="Gone")

    assert find_step(step.key) == StepRef(step.key, 0, "Gone", "old", "gone")
    assert find_step(uuid4()) is None


def test_the_newest_release_numbers_the_steps() -> None:
    make_step("Deep dive")
    key = make_step("Encounter", slug="other")

    step = find_step(key)

    assert step == StepRef(key, 1, "Encounter", "other", "deep-dive")
