import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from community import actions
from community.models import Post
from community.tests.make import (
    NOON,
    make_announcement,
    make_comment,
    make_paper,
    make_post,
    make_question,
    make_step,
)
from members.models import Member
from members.tests.make import make_group, make_member

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def member() -> Member:
    make_group()
    return make_member("Ines Duarte")


@pytest.fixture
def client(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def posts_on(page: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'<article class="[^"]*" id="post-(\d+)"', page)]


def comments_on(page: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'<article class="comment[^"]*" id="comment-(\d+)"', page)]


# Home


def test_home_shows_the_newest_activity_first_and_nothing_that_was_removed(client: Client) -> None:
    first = make_post(posted_at=NOON)
    second = make_post(posted_at=NOON + timedelta(minutes=5))
    make_post(removed_at=NOON)
    make_comment(first, minutes=60)

    page = text(client.get("/"))

    assert posts_on(page) == [first.pk, second.pk]
    assert posts_on(text(client.get("/?order=newest"))) == [second.pk, first.pk]
    assert "<strong>2.303</strong>" in page


def test_home_shows_one_question_with_its_accepted_answer(client: Client) -> None:
    question = make_question(title="Why 2.303?")
    actions.accept_answer(make_comment(question), by=question.author, now=NOON)
    make_comment(question, body="Look at the weights")

    page = text(client.get("/"))

    assert "Accepted answer by Kofi Mensah" in page
    assert "1 more answer<" in page
    assert "2 answers" in page
    assert "Look at the weights" not in page


def test_home_shows_an_excerpt_of_a_long_text(client: Client) -> None:
    make_post(body="word " * 2000 + "the end")

    page = text(client.get("/"))

    assert "word word" in page
    assert "the end" not in page
    assert "Read on" in page


def test_pills_choose_what_home_shows(client: Client, member: Member) -> None:
    mine = make_post(member, body="Mine")
    notice = make_announcement()
    solved, unsolved = make_question(title="Solved"), make_question(title="Unsolved")
    actions.accept_answer(make_comment(solved), by=solved.author, now=NOON)

    shown = {
        show: set(posts_on(text(client.get(f"/?show={show}"))))
        for show in ("all", "questions", "unanswered", "announcements", "mine", "nonsense")
    }

    everything = {mine.pk, notice.pk, solved.pk, unsolved.pk}
    assert shown == {
        "all": everything,
        "questions": {solved.pk, unsolved.pk},
        "unanswered": {unsolved.pk},
        "announcements": {notice.pk},
        "mine": {mine.pk},
        "nonsense": everything,
    }


def test_pages_meet_without_gap_or_double_while_others_post(client: Client) -> None:
    # Five share a moment, so that the id has to decide.
    old = [make_post(body=str(n), posted_at=NOON + timedelta(minutes=n // 5)) for n in range(45)]
    expected = [post.pk for post in sorted(old, key=lambda post: (post.posted_at, post.pk), reverse=True)]

    for order in ("activity", "newest"):
        address, seen = f"/?order={order}", []
        while address:
            page = text(client.get(address))
            seen += [pk for pk in posts_on(page) if pk in expected]
            older = re.search(r'href="([^"]*before=[^"]*)"', page)
            address = older[1].replace("&amp;", "&") if older else ""
            make_post(body="meanwhile", posted_at=NOON + timedelta(days=1))

        assert seen == expected


@pytest.mark.parametrize("before", ["", "rubbish", "1-", "99999999999999999999-1", "%00", "-1-5"])
def test_a_cursor_that_is_none_shows_the_first_page(client: Client, before: str) -> None:
    post = make_post()

    assert posts_on(text(client.get(f"/?before={before}"))) == [post.pk]


def test_the_pinned_announcement_stands_above_the_feed(client: Client) -> None:
    notice = make_announcement(title="Circles close on Sunday", pinned_at=NOON)

    assert "Circles close on Sunday" in text(client.get("/")).partition('id="posts"')[0]
    assert "Pinned" not in text(client.get("/?show=questions"))
    Post.objects.filter(pk=notice.pk).update(removed_at=NOON)
    assert "Pinned" not in text(client.get("/"))


def test_a_new_group_is_invited_to_write(client: Client) -> None:
    assert "Nobody has written here yet" in text(client.get("/"))
    assert "No post fits this choice" in text(client.get("/?show=mine"))


def test_home_of_a_step_shows_its_thread_only(client: Client) -> None:
    step, paper = make_step("Deep dive"), make_paper()
    in_step, on_paper, elsewhere = make_post(step_key=step), make_post(paper=paper), make_post()

    assert posts_on(text(client.get(f"/?step={step}"))) == [in_step.pk]
    assert posts_on(text(client.get(f"/?paper={paper.arxiv_id}"))) == [on_paper.pk]
    everything = text(client.get("/"))
    assert set(posts_on(everything)) == {in_step.pk, on_paper.pk, elsewhere.pk}
    assert "Step 1 · Deep dive" in everything
    assert client.get(f"/?step={uuid4()}").status_code == 404
    assert client.get("/?step=nonsense").status_code == 404
    assert client.get("/?paper=9999.99999").status_code == 404


def test_visitors_see_the_landing_page(member: Member) -> None:
    make_post(body="Not for visitors")

    page = text(Client().get("/"))

    assert "Not for visitors" not in page
    assert "composer" not in page
