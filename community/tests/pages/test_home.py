import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from community import actions
from community.models import Post
from community.tests.make import (
    NOON,
    make_announcement,
    make_comment,
    make_enrollment,
    make_paper,
    make_post,
    make_question,
    make_reaction,
    make_step,
)
from community.tests.pages.reading import posts_on, text
from curriculum.models import Release
from members.models import Member
from members.tests.make import make_member

pytestmark = pytest.mark.django_db


def test_home_shows_the_newest_activity_first_and_nothing_that_was_removed(
    client: Client,
) -> None:
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

    assert "Accepted answer by <bdi>Kofi Mensah</bdi>" in page
    assert "1 more comment<" in page
    assert "2 comments" in page
    assert "Look at the weights" not in page


def test_home_shows_an_excerpt_of_a_long_text(client: Client) -> None:
    make_post(body="word " * 2000 + "the end")

    page = text(client.get("/"))

    assert "word word" in page
    assert "the end" not in page
    assert "Read on" in page


def test_home_shows_an_edit_at_once(client: Client) -> None:
    question = make_question(body="First words")
    answer = make_comment(question, body="First answer")
    actions.accept_answer(answer, by=question.author, now=NOON)
    before = text(client.get("/"))
    assert "First words" in before
    assert "First answer" in before

    actions.edit_post(
        question,
        by=question.author,
        title="New",
        body="Second",
        seen_edited_at=None,
        now=NOON,
    )
    actions.edit_comment(
        answer, by=answer.author, body="Another", seen_edited_at=None, now=NOON
    )

    after = text(client.get("/"))
    assert "First" not in after
    assert "Another" in after


def test_pills_choose_what_home_shows(client: Client, member: Member) -> None:
    mine = make_post(member, body="Mine")
    notice = make_announcement()
    solved, unsolved = make_question(title="Solved"), make_question(title="Unsolved")
    actions.accept_answer(make_comment(solved), by=solved.author, now=NOON)

    shown = {
        show: set(posts_on(text(client.get(f"/?show={show}"))))
        for show in (
            "all",
            "questions",
            "unanswered",
            "announcements",
            "mine",
            "nonsense",
        )
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
    old = [
        make_post(body=str(n), posted_at=NOON + timedelta(minutes=n // 5))
        for n in range(45)
    ]
    expected = [
        post.pk
        for post in sorted(
            old, key=lambda post: (post.posted_at, post.pk), reverse=True
        )
    ]

    for order in ("activity", "newest"):
        address, seen = f"/?order={order}", []
        while address:
            page = text(client.get(address))
            seen += [pk for pk in posts_on(page) if pk in expected]
            older = re.search(r'href="([^"]*before=[^"]*)"', page)
            address = older[1].replace("&amp;", "&") if older else ""
            make_post(body="meanwhile", posted_at=NOON + timedelta(days=1))

        assert seen == expected


@pytest.mark.parametrize(
    "before", ["", "rubbish", "1-", "99999999999999999999-1", "%00", "-1-5"]
)
def test_a_cursor_that_is_none_shows_the_first_page(
    client: Client, before: str
) -> None:
    post = make_post()

    assert posts_on(text(client.get(f"/?before={before}"))) == [post.pk]


def test_the_pinned_announcement_stands_above_the_feed(client: Client) -> None:
    notice = make_announcement(title="Circles close on Sunday", pinned_at=NOON)

    assert "Circles close on Sunday" in text(client.get("/")).partition('id="posts"')[0]
    assert posts_on(text(client.get("/"))) == []
    assert posts_on(text(client.get("/?show=announcements"))) == [notice.pk]
    assert "Pinned" not in text(client.get("/?show=questions"))
    Post.objects.filter(pk=notice.pk).update(removed_at=NOON)
    assert "Pinned" not in text(client.get("/"))


@pytest.mark.parametrize("again", ["pinned again", "edited", "replaced"])
def test_a_pinned_announcement_is_put_away_until_it_changes(
    client: Client, again: str
) -> None:
    notice = make_announcement(title="Circles close on Sunday", pinned_at=NOON)
    other = make_member("Kofi Mensah", moderator_since=NOON)
    others = Client()
    others.force_login(other)

    answer = client.post(f"/posts/{notice.pk}/put-away/")
    client.post(f"/posts/{notice.pk}/put-away/")

    assert answer.url == "/"
    assert "Pinned" not in text(client.get("/"))
    assert posts_on(text(client.get("/"))) == [notice.pk]
    assert "Pinned" in text(others.get("/"))

    later = timezone.now() + timedelta(minutes=1)
    if again == "edited":
        Post.objects.filter(pk=notice.pk).update(edited_at=later)
    elif again == "pinned again":
        actions.unpin(notice, by=other)
        actions.pin(notice, by=other, now=later)
    else:
        actions.pin(
            make_announcement(title="Circles open on Monday"), by=other, now=later
        )
    assert "Pinned" in text(client.get("/"))


@pytest.mark.parametrize(
    ("body", "is_folded"), [("Soon.", False), ("Circles close on Sunday. " * 8, True)]
)
def test_a_pinned_announcement_of_more_than_two_lines_is_folded(
    client: Client, body: str, is_folded: bool
) -> None:
    make_announcement(body=body, pinned_at=NOON)

    page = text(client.get("/"))

    assert ("Show all" in page, "two-lines" in page) == (is_folded, is_folded)


def test_a_new_group_is_invited_to_write(client: Client) -> None:
    assert "Nobody has written here yet" in text(client.get("/"))
    assert "No post fits this choice" in text(client.get("/?show=mine"))


@pytest.mark.parametrize(
    ("is_owner", "is_here_only", "is_told"),
    [(True, True, True), (True, False, False), (False, True, False)],
)
def test_the_owner_of_a_new_group_is_told_how_others_can_open_it(
    client: Client,
    member: Member,
    monkeypatch: pytest.MonkeyPatch,
    is_owner: bool,
    is_here_only: bool,
    is_told: bool,
) -> None:
    only_here = "community.views.feed.is_for_this_machine_only"
    monkeypatch.setattr(only_here, lambda: is_here_only)
    if is_owner:
        member.owner_since = NOON
        member.save()

    assert ("make up HOST=0.0.0.0" in text(client.get("/"))) == is_told


def test_who_is_not_enrolled_is_led_to_the_curricula(
    client: Client, member: Member
) -> None:
    assert "Choose a curriculum" in text(client.get("/"))
    make_enrollment(member, make_step())
    assert "Choose a curriculum" not in text(client.get("/"))


def test_home_of_a_step_shows_its_thread_only(client: Client) -> None:
    step, paper = make_step("Deep dive"), make_paper()
    in_step, on_paper, elsewhere = (
        make_post(step_key=step),
        make_post(paper=paper),
        make_post(),
    )

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


@pytest.mark.parametrize("rows", [1, 3])
def test_home_asks_a_fixed_number_of_queries(
    client: Client,
    member: Member,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    step = make_step()
    make_enrollment(member, step)
    make_announcement(pinned_at=NOON)
    for each in range(rows):
        question = make_question(
            step_key=step if each else None,
            paper=make_paper(f"1706.{rows}{each:04}"),
        )
        actions.accept_answer(make_comment(question), by=question.author, now=NOON)
        make_reaction(question)
    # group, steps, outline and announcement days are kept in the process
    client.get("/")

    # session with member and enrolment; new releases; posts, which of them are
    # saved; notice; records, routes, minutes
    with django_assert_num_queries(8):
        page = text(client.get("/"))

    assert len(posts_on(page)) == rows


def test_a_step_has_the_number_and_name_of_the_release_that_the_reader_follows(
    client: Client,
) -> None:
    step = make_step("Deep dive")
    post = make_post(step_key=step)
    client.force_login(reader := make_member("Ines Duarte"))
    old = make_enrollment(reader, step).release
    head = old.document["curriculum"]
    first = {**head["steps"][0], "key": str(uuid4()), "slug": "new", "title": "New"}
    moved = {**head["steps"][0], "title": "Deeper dive"}
    document = {"curriculum": {**head, "steps": [first, moved]}}
    make_release_of(old, document)

    pages = [text(client.get(path)) for path in ("/", post.get_absolute_url())]

    assert all("Step 1 · Deep dive" in page for page in pages)
    assert not any("Deeper dive" in page for page in pages)

    client.force_login(make_member("Wei Chen"))
    pages = [text(client.get(path)) for path in ("/", post.get_absolute_url())]

    assert all("Step 2 · Deeper dive" in page for page in pages)


def make_release_of(former: Release, document: dict[str, Any]) -> Release:
    return Release.objects.create(
        curriculum=former.curriculum,
        number=former.number + 1,
        document=document,
        published_at=NOON + timedelta(days=1),
    )


def test_a_comment_by_the_asker_alone_counts_as_no_answer(client: Client) -> None:
    question = make_question(title="Why 2.303?")
    make_comment(question, question.author, body="Thank you all!")

    pages = [text(client.get(path)) for path in ("/", question.get_absolute_url())]

    assert all("1 comment" in page for page in pages)
    assert not any("1 answer" in page for page in pages)
    assert question.pk in posts_on(text(client.get("/?show=unanswered")))
