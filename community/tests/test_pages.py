import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from community import actions
from community.forms import question_template
from community.models import Comment, Post, Reaction
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


def test_home_shows_an_edit_at_once(client: Client) -> None:
    question = make_question(body="First words")
    answer = make_comment(question, body="First answer")
    actions.accept_answer(answer, by=question.author, now=NOON)
    before = text(client.get("/"))
    assert "First words" in before
    assert "First answer" in before

    actions.edit_post(question, by=question.author, title="New", body="Second", seen_edited_at=None, now=NOON)
    actions.edit_comment(answer, by=answer.author, body="Another", seen_edited_at=None, now=NOON)

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
    assert posts_on(text(client.get("/"))) == []
    assert posts_on(text(client.get("/?show=announcements"))) == [notice.pk]
    assert "Pinned" not in text(client.get("/?show=questions"))
    Post.objects.filter(pk=notice.pk).update(removed_at=NOON)
    assert "Pinned" not in text(client.get("/"))


def test_a_new_group_is_invited_to_write(client: Client) -> None:
    assert "Nobody has written here yet" in text(client.get("/"))
    assert "No post fits this choice" in text(client.get("/?show=mine"))


def test_who_is_not_enrolled_is_led_to_the_curricula(client: Client, member: Member) -> None:
    assert "Choose a curriculum" in text(client.get("/"))
    make_enrollment(member, make_step())
    assert "Choose a curriculum" not in text(client.get("/"))


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


@pytest.mark.parametrize("rows", [1, 3])
def test_home_asks_a_fixed_number_of_queries(
    client: Client, member: Member, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    step = make_step()
    make_enrollment(member, step)
    make_announcement(pinned_at=NOON)
    for _ in range(rows):
        question = make_question(step_key=step, paper=make_paper(f"1706.{rows}{Post.objects.count():04}"))
        actions.accept_answer(make_comment(question), by=question.author, now=NOON)
        make_reaction(question)
    client.get("/")  # group, steps, outline and announcement days are kept in the process

    # session, member, where she is; posts with the notice, reactions; records, routes, minutes of the week
    with django_assert_num_queries(8):
        page = text(client.get("/"))

    assert len(posts_on(page)) == rows


# A post


def test_a_post_shows_its_answers_the_accepted_one_first(client: Client) -> None:
    question = make_question()
    first, second = make_comment(question, body="one"), make_comment(question, body="two")
    reply_to_first = make_comment(question, body="three", parent=first)
    reply_to_second = make_comment(question, body="four", parent=second)
    actions.accept_answer(second, by=question.author, now=NOON)

    page = text(client.get(question.get_absolute_url()))

    assert comments_on(page) == [second.pk, reply_to_second.pk, first.pk, reply_to_first.pk]
    assert 'aria-label="Accepted answer by Kofi Mensah"' in page
    assert "4 answers" in page


def test_a_removed_comment_leaves_its_place_to_its_replies_and_none_of_its_words(client: Client) -> None:
    post = make_post()
    comment, lonely = make_comment(post, body="Take this away"), make_comment(post, body="And this")
    reply = make_comment(post, body="I agree", parent=comment)
    for target in (comment, lonely):
        actions.remove_comment(target, by=target.author, now=NOON)

    page = text(client.get(post.get_absolute_url()))

    assert comments_on(page) == [reply.pk]
    assert "This comment was removed." in page
    assert "Take this away" not in page
    assert "And this" not in page


def test_a_long_discussion_comes_in_pages_that_meet(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("community.discussion.COMMENTS", 4)
    question, author = make_question(), make_member("Kofi Mensah")
    roots = [make_comment(question, author, body=f"root {n}") for n in range(4)]
    replies = {
        root: [make_comment(question, author, f"{root.pk}.{n}", parent=root) for n in range(2)] for root in roots
    }
    actions.accept_answer(roots[2], by=question.author, now=NOON)
    in_order = [pk for n in (2, 0, 1, 3) for pk in (roots[n].pk, *(reply.pk for reply in replies[roots[n]]))]

    address, seen, pages = question.get_absolute_url(), [], 0
    while address:
        page = text(client.get(address))
        assert len(comments_on(page)) <= 4
        seen += comments_on(page)
        later = re.search(r'href="([^"]*)#discussion">Later comments', page)
        address, pages = (later[1] if later else ""), pages + 1

    assert (seen, pages) == (in_order, 3)
    assert "From the beginning" in page


def test_an_address_of_a_comment_shows_it_however_long_the_discussion_is(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("community.discussion.COMMENTS", 2)
    post, author = make_post(), make_member("Kofi Mensah")
    comments = [make_comment(post, author, body=str(n)) for n in range(5)]
    reply = make_comment(post, author, body="reply", parent=comments[0])

    assert comments_on(text(client.get(comments[3].get_absolute_url()))) == [comments[3].pk, comments[4].pk]
    page = text(client.get(reply.get_absolute_url()))
    assert comments_on(page) == [reply.pk, comments[1].pk]
    assert "Replies to an earlier comment" in page
    for nonsense in ("x", "-1", "9" * 30, "0", "²"):
        assert comments_on(text(client.get(post.get_absolute_url(), {"comment": nonsense})))[0] == comments[0].pk


@pytest.mark.parametrize("rows", [1, 3])
def test_a_post_asks_a_fixed_number_of_queries(
    client: Client, member: Member, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    question = make_question(step_key=make_step(), paper=make_paper())
    for _ in range(rows):
        comment = make_comment(question, body=str(Comment.objects.count()))
        make_comment(question, parent=comment)
        make_reaction(comment)
    client.get("/")

    with django_assert_num_queries(6):  # session, member, post, comments, reactions, where she is
        page = text(client.get(question.get_absolute_url()))

    assert len(comments_on(page)) == 2 * rows


HOSTILE = """
<script>alert(1)</script> <img src=x onerror=alert(2)> [link](javascript:alert(3)) `<b>code</b>`
<style>body{display:none}</style><iframe src=//evil.example></iframe>
"""


def test_hostile_words_are_inert_on_every_page(client: Client, member: Member) -> None:
    title = '"><script>alert(4)</script>'
    question = make_question(title=title, body=HOSTILE, author=make_member('<img src=x onerror="alert(5)">'))
    answer = make_comment(question, member, body=HOSTILE)
    actions.accept_answer(answer, by=question.author, now=NOON)
    actions.edit_comment(answer, by=member, body=HOSTILE + "again", seen_edited_at=None, now=NOON)
    make_announcement(title=title, body=HOSTILE, pinned_at=NOON)

    for address in (
        "/",
        question.get_absolute_url(),
        f"/posts/{question.pk}/comment/?parent={answer.pk}",
        f"/posts/comments/{answer.pk}/history/",
        f"/posts/comments/{answer.pk}/edit/",
        f"/posts/comments/{answer.pk}/remove/",
    ):
        main = text(client.get(address)).partition("<main")[2].partition("</main>")[0]
        assert "alert(1)" in main  # as text
        tags = re.findall(r"<[a-zA-Z][^>]*>", main)
        assert not [tag for tag in tags if re.match(r"<(script|style|iframe|img)|.*\son\w+=|.*javascript:", tag)]


def test_roles_are_named_beside_their_members(client: Client) -> None:
    make_post(make_member("Ilse Brandt", curator_since=NOON))
    assert "<small>Curator · <time" in text(client.get("/"))
    make_post(make_member("Wei Tan", moderator_since=NOON))
    assert "<small>Moderator · <time" in text(client.get("/"))


def test_below_her_own_words_a_member_sees_how_often_they_helped(client: Client, member: Member) -> None:
    post = make_post(member)
    assert "Helped me" not in text(client.get("/"))

    make_reaction(post)

    page = text(client.get("/"))
    assert 'Helped me</span> <data value="1">1</data></span>' in page
    assert '<button class="react"' not in page


# Writing


def test_a_post_is_written_from_the_short_form(client: Client, member: Member) -> None:
    response = client.post("/posts/new/", {"kind": "discussion", "title": "", "body": "Hello, *all*"})

    post = Post.objects.get()
    assert response.url == post.get_absolute_url()
    assert (post.author, post.kind, post.body, post.step_key) == (member, "discussion", "Hello, *all*", None)


def test_a_post_in_the_thread_of_a_step_or_a_paper_stays_there(client: Client) -> None:
    step, paper = make_step(), make_paper()

    client.post("/posts/new/", {"body": "In the step", "step": str(step)})
    client.post("/posts/new/", {"body": "On the paper", "paper": paper.arxiv_id})

    assert list(Post.objects.order_by("pk").values_list("step_key", "paper")) == [(step, None), (None, paper.pk)]


@pytest.mark.parametrize("place", [{"step": str(uuid4())}, {"step": "nonsense"}, {"paper": "9999.99999"}])
def test_a_place_that_is_not_there_is_refused_with_the_text_kept(client: Client, place: dict[str, str]) -> None:
    page = text(client.post("/posts/new/", {"body": "My words", **place}))

    assert "My words" in page
    assert 'role="alert"' in page
    assert not Post.objects.exists()
    assert client.get("/posts/new/", place).status_code == 404


def test_a_new_question_starts_from_a_template(client: Client) -> None:
    page = text(client.get("/posts/new/?kind=question"))

    for hint in ("What I want to do", "What I ran", "The whole error, or what I saw", "What I tried"):
        assert hint in page
    assert re.search(r'value="question" checked', page)
    assert "What I ran" not in text(client.get("/posts/new/"))


def test_headings_of_the_template_that_stayed_empty_are_left_out(client: Client) -> None:
    body = question_template().replace("**What I ran**", "**What I ran**\r\n`python train.py`")

    client.post("/posts/new/", {"kind": "question", "title": "Why?", "body": body})
    empty = text(client.post("/posts/new/", {"kind": "question", "title": "Why?", "body": question_template()}))

    assert Post.objects.get().body == "**What I ran**\n`python train.py`"
    assert "Say a little more" in empty


def test_a_question_without_a_title_is_refused_with_the_text_kept(client: Client) -> None:
    page = text(client.post("/posts/new/", {"kind": "question", "body": "My words"}))

    assert "A question needs a title" in page
    assert "My words" in page
    assert not Post.objects.exists()


@pytest.mark.parametrize("body", ["", "  \n \r\n"])
def test_nothing_is_not_a_post(client: Client, body: str) -> None:
    post = make_post()

    assert "There is nothing to post yet" in text(client.post("/posts/new/", {"body": body}))
    assert "There is nothing to post yet" in text(client.post(f"/posts/{post.pk}/comment/", {"body": body}))
    assert (Post.objects.count(), Comment.objects.count()) == (1, 0)


@pytest.mark.parametrize(("body", "words"), [("x" * 100_001, "longer than"), ("> " * 200 + "deep", "too deeply")])
def test_a_text_that_cannot_be_shown_is_kept_in_the_form_with_the_reason(client: Client, body: str, words: str) -> None:
    post = make_post()
    mine = client.post("/posts/new/", {"body": "Mine"}) and Post.objects.latest("pk")
    shown = body.replace(">", "&gt;")

    for address in ("/posts/new/", f"/posts/{post.pk}/comment/", f"/posts/{mine.pk}/edit/"):
        for headers in ({}, HTMX):
            page = text(client.post(address, {"body": body}, headers=headers))
            assert words in page
            assert shown in page
    assert (Post.objects.count(), Comment.objects.count()) == (2, 0)


def test_code_at_the_beginning_keeps_its_spaces(client: Client) -> None:
    client.post("/posts/new/", {"body": "\r\n    import torch\r\n\r\nfails  \r\n"})

    assert Post.objects.get().body == "    import torch\n\nfails"


def test_a_question_may_begin_with_code(client: Client) -> None:
    client.post("/posts/new/", {"kind": "question", "title": "Why?", "body": "    import torch\nfails"})

    assert Post.objects.get().body == "    import torch\nfails"


def test_announcements_are_offered_to_moderators_only(client: Client, member: Member) -> None:
    assert 'value="announcement"' not in text(client.get("/"))
    refused = text(client.post("/posts/new/", {"kind": "announcement", "body": "Hear me"}))
    assert "Hear me" in refused
    assert not Post.objects.exists()

    Member.objects.filter(pk=member.pk).update(moderator_since=NOON)
    assert 'value="announcement"' in text(client.get("/"))
    client.post("/posts/new/", {"kind": "announcement", "title": "Hear", "body": "Hear me"})
    assert Post.objects.get().kind == "announcement"


def test_a_preview_stores_nothing_and_keeps_the_words(client: Client) -> None:
    page = text(client.post("/posts/new/", {"title": "T", "body": "It is *exact*", "preview": "1"}))
    in_place = text(client.post("/posts/new/", {"body": "It is *exact*", "preview": "1"}, headers=HTMX))

    assert "<em>exact</em>" in page.partition('id="preview"')[2]
    assert "It is *exact*</textarea>" in page
    assert "<em>exact</em>" in in_place.partition('id="preview"')[2]
    assert not Post.objects.exists()


def test_pressed_twice_the_button_posts_once(client: Client) -> None:
    post = make_post()

    for _ in range(2):
        client.post("/posts/new/", {"body": "Hello"})
        client.post(f"/posts/{post.pk}/comment/", {"body": "Hello"})

    assert (Post.objects.count(), Comment.objects.count()) == (2, 1)


def test_too_many_posts_in_an_hour_are_refused_with_the_text_kept(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "POSTS_AN_HOUR", 1)
    client.post("/posts/new/", {"body": "One"})

    page = text(client.post("/posts/new/", {"body": "Two"}))

    assert "You have written 1 posts within an hour" in page
    assert "Two</textarea>" in page


def test_htmx_puts_a_new_post_on_top_of_its_list_and_empties_the_form(client: Client) -> None:
    page = text(client.post("/posts/new/", {"body": "Hello"}, headers=HTMX))
    assert '<div hx-swap-oob="afterbegin:#posts">' in page
    assert posts_on(page) == [Post.objects.get().pk]
    assert "<html" not in page
    assert re.search(r'<textarea id="composer-body"[^>]*></textarea>', page)

    step = make_step()
    page = text(client.post("/posts/new/", {"body": "In the thread", "step": str(step)}, headers=HTMX))
    assert '<article class="comment"' in page
    assert f'value="{step}"' in page

    refused = text(client.post("/posts/new/", {"kind": "question", "body": "My words"}, headers=HTMX))
    assert refused.count("<form") == 1
    assert "My words</textarea>" in refused
    assert "A question needs a title" in refused


def test_the_words_of_an_ended_session_are_in_the_form_again(member: Member) -> None:
    post, step, mine = make_post(), make_step(), make_post(member)
    comment = make_comment(post)
    client = Client()
    for address, page, fields in (
        (f"/posts/{mine.pk}/edit/", f"/posts/{mine.pk}/edit/", {"body": "An edit", "seen_edited_at": ""}),
        (f"/posts/{post.pk}/comment/", post.get_absolute_url(), {"body": "A reply", "parent": str(comment.pk)}),
        ("/posts/new/", "/", {"body": "To the group", "kind": "journey"}),
        ("/posts/new/", f"/?step={step}", {"body": "In the thread", "step": str(step)}),
        (f"/posts/{post.pk}/comment/", post.get_absolute_url(), {"body": "A comment"}),
    ):
        client.logout()
        response = client.post(address, fields, headers={"Referer": f"http://testserver{page}"})
        assert response.status_code == 302
        client.force_login(member)

        shown = text(client.get(page))
        assert f"{fields['body']}</textarea>" in shown
        assert ("Reply to Kofi Mensah</label>" in shown) is ("parent" in fields)
        assert fields["body"] not in text(client.get(page))


def test_a_form_without_its_token_changes_nothing(member: Member) -> None:
    post = make_post(member)
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)

    for address in (
        "/posts/new/",
        f"/posts/{post.pk}/comment/",
        f"/posts/{post.pk}/edit/",
        f"/posts/{post.pk}/remove/",
    ):
        assert client.post(address, {"body": "From elsewhere"}).status_code == 403
    assert (Post.objects.get().body, Post.objects.get().removed_at) == (post.body, None)


# Comments


def test_a_comment_leads_back_to_itself(client: Client, member: Member) -> None:
    post = make_post()

    response = client.post(f"/posts/{post.pk}/comment/", {"body": "I see"})

    comment = Comment.objects.get()
    assert response.url == f"/posts/{post.pk}/?comment={comment.pk}#comment-{comment.pk}"
    assert (comment.author, comment.post, comment.parent) == (member, post, None)


def test_a_reply_has_a_page_of_its_own_without_javascript(client: Client) -> None:
    post = make_post()
    comment = make_comment(post, body="Have you looked?")

    page = text(client.get(f"/posts/{post.pk}/comment/?parent={comment.pk}"))
    client.post(f"/posts/{post.pk}/comment/", {"body": "I have", "parent": comment.pk})

    assert "Have you looked?" in page
    assert "Reply to Kofi Mensah" in page
    assert Comment.objects.latest("pk").parent == comment


def test_htmx_shows_a_comment_at_the_end_and_a_reply_below_its_comment(client: Client) -> None:
    question = make_question()
    answer = make_comment(question)

    form = text(client.get(f"/posts/{question.pk}/comment/?parent={answer.pk}", headers=HTMX))
    assert form.count("<form") == 1
    assert "<html" not in form

    page = text(client.post(f"/posts/{question.pk}/comment/", {"body": "Second"}, headers=HTMX))
    assert '<div hx-swap-oob="beforeend:#comments">' in page
    assert "2 answers" in page
    reply = text(client.post(f"/posts/{question.pk}/comment/", {"body": "Third", "parent": answer.pk}, headers=HTMX))
    assert f'<ol hx-swap-oob="beforeend:#replies-{answer.pk}">' in reply
    assert "comment-body" not in reply

    refused = text(client.post(f"/posts/{question.pk}/comment/", {"body": "", "parent": answer.pk}, headers=HTMX))
    assert "There is nothing to post yet" in refused
    assert f'name="parent" value="{answer.pk}"' in refused


def test_a_reply_to_a_comment_elsewhere_is_not_found(client: Client) -> None:
    post, other = make_post(), make_comment(make_post())
    gone = make_comment(post)
    actions.remove_comment(gone, by=gone.author, now=NOON)

    for parent in (other.pk, gone.pk, "nonsense", "9" * 30):
        response = client.post(f"/posts/{post.pk}/comment/", {"body": "Hi", "parent": parent})
        assert response.status_code == 404
    assert Comment.objects.filter(body="Hi").count() == 0


# Editing and removing


def test_an_edit_is_shown_and_the_words_before_it_are_in_the_history(client: Client, member: Member) -> None:
    post = make_post(member, body="First words", title="Old title")
    comment = make_comment(post, member, body="First remark")

    client.post(f"/posts/{post.pk}/edit/", {"title": "New title", "body": "Second words", "seen_edited_at": ""})
    client.post(f"/posts/comments/{comment.pk}/edit/", {"body": "Second remark", "seen_edited_at": ""})

    page = text(client.get(post.get_absolute_url()))
    assert "Second words" in page
    assert "Second remark" in page
    assert "First" not in page
    for address, old in (
        (f"/posts/{post.pk}/history/", "First words"),
        (f"/posts/comments/{comment.pk}/history/", "First remark"),
    ):
        assert address in page
        assert old in text(client_of("Yuki Arai").get(address))


def test_two_tabs_that_edit_both_keep_their_words(client: Client, member: Member) -> None:
    post = make_post(member, body="First", title="One")
    seen = re.search(r'name="seen_edited_at" value="([^"]*)"', text(client.get(f"/posts/{post.pk}/edit/")))
    tab = {"title": "One", "seen_edited_at": seen[1] if seen else ""}
    client.post(f"/posts/{post.pk}/edit/", {**tab, "body": "From tab 1"})

    page = text(client.post(f"/posts/{post.pk}/edit/", {**tab, "body": "From tab 2"}))

    assert "These words were changed" in page
    assert "From tab 1</pre>" in page
    assert "From tab 2</textarea>" in page
    post.refresh_from_db()
    assert post.body == "From tab 1"

    newer = re.search(r'name="seen_edited_at" value="([^"]+)"', page)
    assert newer
    client.post(f"/posts/{post.pk}/edit/", {**tab, "body": "From both", "seen_edited_at": newer[1]})
    post.refresh_from_db()
    assert post.body == "From both"
    assert set(post.revisions.values_list("body", flat=True)) == {"First", "From tab 1"}


def test_an_edit_that_does_not_say_what_it_saw_overwrites_nothing(client: Client, member: Member) -> None:
    post = make_post(member, edited_at=NOON)

    page = text(client.post(f"/posts/{post.pk}/edit/", {"body": "Blind", "seen_edited_at": "nonsense"}))

    assert "Blind</textarea>" in page
    assert Post.objects.get().body == post.body


def test_an_edited_question_keeps_its_need_of_a_title(client: Client, member: Member) -> None:
    question = make_question(member)

    page = text(client.post(f"/posts/{question.pk}/edit/", {"title": " ", "body": "Words"}))

    assert "A question needs a title" in page


def test_removing_asks_first(client: Client, member: Member) -> None:
    post = make_post(member)
    comment = make_comment(make_post(), member)

    for target, address in ((post, f"/posts/{post.pk}/remove/"), (comment, f"/posts/comments/{comment.pk}/remove/")):
        assert "?</h1>" in text(client.get(address))
        target.refresh_from_db()
        assert target.removed_at is None

        assert client.post(address).status_code == 302
        target.refresh_from_db()
        assert target.removed_by == member
        assert client.get(address).status_code == 404


# Who may what


def client_of(name: str, **fields: object) -> Client:
    client = Client()
    client.force_login(make_member(name, **fields))
    return client


ROLES = {
    "author": {},
    "owner": {"owner_since": NOON},
    "moderator": {"moderator_since": NOON},
    "curator": {"curator_since": NOON},
    "member": {},
}
DEEDS = {  # method, address, who gets an answer other than 404
    "see": ("get", "/posts/{post}/", "author owner moderator curator member"),
    "see history": ("get", "/posts/{post}/history/", "author owner moderator curator member"),
    "see comment's history": ("get", "/posts/comments/{comment}/history/", "author owner moderator curator member"),
    "comment": ("get", "/posts/{post}/comment/", "author owner moderator curator member"),
    "edit": ("get", "/posts/{post}/edit/", "author"),
    "save": ("post", "/posts/{post}/edit/", "author"),
    "edit comment": ("get", "/posts/comments/{comment}/edit/", "author"),
    "save comment": ("post", "/posts/comments/{comment}/edit/", "author"),
    "ask to remove": ("get", "/posts/{post}/remove/", "author owner moderator"),
    "remove": ("post", "/posts/{post}/remove/", "author owner moderator"),
    "remove comment": ("post", "/posts/comments/{comment}/remove/", "author owner moderator"),
    "accept": ("post", "/posts/comments/{comment}/accept/", "author owner moderator"),
    "pin": ("post", "/posts/{notice}/pin/", "owner moderator"),
    "react": ("post", "/posts/{post}/react/", "owner moderator curator member"),
    "react to comment": ("post", "/posts/comments/{comment}/react/", "owner moderator curator member"),
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("deed", DEEDS)
def test_who_may_do_what(member: Member, role: str, deed: str) -> None:
    question = make_question(member)
    comment, notice = make_comment(question, member), make_announcement(member)
    client = Client()
    client.force_login(member if role == "author" else make_member("Somebody", **ROLES[role]))
    method, address, allowed = DEEDS[deed]
    address = address.format(post=question.pk, comment=comment.pk, notice=notice.pk)

    response = getattr(client, method)(address, {"wanted": "on", "helped": "on", "body": "New", "title": "New"})

    assert response.status_code == ((200 if method == "get" else 302) if role in allowed.split() else 404)


@pytest.mark.parametrize("deed", DEEDS)
def test_what_was_removed_or_never_was_is_not_found(member: Member, deed: str) -> None:
    gone = make_question(member, removed_at=NOON)
    comment = Comment.objects.create(post=gone, author=member, body="x", body_html="x", commented_at=NOON)
    notice = make_announcement(member, removed_at=NOON)
    owner = client_of("Owner", owner_since=NOON)
    author = Client()
    author.force_login(member)
    method, address, _allowed = DEEDS[deed]
    form = {"wanted": "on", "helped": "on", "body": "New", "title": "New"}

    for client in (owner, author):
        removed = address.format(post=gone.pk, comment=comment.pk, notice=notice.pk)
        unknown = address.format(post=10**9, comment=10**25, notice=10**9)
        assert getattr(client, method)(removed, form).status_code == 404
        assert getattr(client, method)(unknown, form).status_code == 404


@pytest.mark.parametrize("deed", DEEDS)
def test_visitors_are_asked_to_sign_in(member: Member, deed: str) -> None:
    question = make_question(member)
    comment = make_comment(question, member)
    method, address, _allowed = DEEDS[deed]

    response = getattr(Client(), method)(address.format(post=question.pk, comment=comment.pk, notice=question.pk))

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_buttons_are_offered_to_those_who_may_press_them(client: Client, member: Member) -> None:
    question = make_question()
    make_comment(question)

    for_others = text(client.get(question.get_absolute_url()))
    Member.objects.filter(pk=member.pk).update(moderator_since=NOON)
    for_moderators = text(client.get(question.get_absolute_url()))
    asker = Client()
    asker.force_login(question.author)
    for_the_asker = text(asker.get(question.get_absolute_url()))

    words = ("Accept this answer", ">Edit<", ">Remove<", 'name="helped"')
    assert [word in for_others for word in words] == [False, False, False, True]
    assert [word in for_moderators for word in words] == [True, False, True, True]
    assert [word in for_the_asker for word in words] == [True, True, True, True]
    assert for_moderators.count(">Remove<") == 2
    assert for_the_asker.count('name="helped"') == 1  # not below her own question


# Accepting, reacting, pinning


def test_accepting_says_what_it_wants(client: Client, member: Member) -> None:
    question = make_question(member)
    answer = make_comment(question)
    address = f"/posts/comments/{answer.pk}/accept/"

    for wanted, accepted in (("on", answer), ("on", answer), ("off", None), ("off", None)):
        assert client.post(address, {"wanted": wanted}).url == answer.get_absolute_url()
        question.refresh_from_db()
        assert question.accepted_comment == accepted
    page = text(client.post(address, {"wanted": "on"}, headers=HTMX))
    assert page.lstrip().startswith('<section id="discussion"')
    assert 'value="off" aria-pressed="true"' in page


def test_what_cannot_be_accepted_is_not_found(client: Client, member: Member) -> None:
    remark = make_comment(make_post(member))

    assert client.post(f"/posts/comments/{remark.pk}/accept/", {"wanted": "on"}).status_code == 404
    assert client.post(f"/posts/comments/{remark.pk}/accept/", {"wanted": "off"}).status_code == 404


def test_a_reaction_says_what_it_wants(client: Client, member: Member) -> None:
    post = make_post()
    comment = make_comment(post)

    for address in (f"/posts/{post.pk}/react/", f"/posts/comments/{comment.pk}/react/"):
        for wanted, count in (("on", 1), ("on", 1), ("off", 0), ("off", 0)):
            client.post(address, {"thanks": wanted})
            assert Reaction.objects.filter(member=member, kind="thanks").count() == count
        page = text(client.post(address, {"thanks": "on"}, headers=HTMX))
        assert re.search(r'name="thanks" value="off" aria-pressed="true".*<data value="1">1</data>', page)
        assert page.count("<form") == 1
        assert client.post(address, {"nonsense": "on"}).status_code == 404
        Reaction.objects.all().delete()


def test_after_a_reaction_the_page_is_where_it_was(client: Client) -> None:
    post = make_post()
    comment = make_comment(post)

    def after(address: str, referer: str) -> str:
        headers = {"Referer": referer} if referer else {}
        return client.post(address, {"helped": "on"}, headers=headers).url  # type: ignore[attr-defined]

    assert after(f"/posts/{post.pk}/react/", "http://testserver/?show=mine#x") == (
        f"http://testserver/?show=mine#post-{post.pk}"
    )
    assert after(f"/posts/{post.pk}/react/", "https://evil.example/") == post.get_absolute_url()
    assert after(f"/posts/comments/{comment.pk}/react/", "") == comment.get_absolute_url()
    assert after(f"/posts/comments/{comment.pk}/react/", f"http://testserver/posts/{post.pk}/") == (
        f"http://testserver/posts/{post.pk}/#comment-{comment.pk}"
    )


def test_a_moderator_pins_and_unpins(client: Client, member: Member) -> None:
    Member.objects.filter(pk=member.pk).update(moderator_since=NOON)
    notice, post = make_announcement(), make_post()

    assert "Pin</button>" in text(client.get(notice.get_absolute_url()))
    client.post(f"/posts/{notice.pk}/pin/", {"wanted": "on"})
    assert Post.objects.get(pinned_at__isnull=False) == notice
    client.post(f"/posts/{notice.pk}/pin/", {"wanted": "off"})
    assert not Post.objects.filter(pinned_at__isnull=False).exists()
    assert client.post(f"/posts/{post.pk}/pin/", {"wanted": "on"}).status_code == 404


@pytest.mark.parametrize("deed", ["accept", "react", "pin"])
def test_deeds_are_posted(client: Client, deed: str) -> None:
    comment = make_comment(make_question())
    addresses = {"accept": f"/posts/comments/{comment.pk}/accept/", "react": "/posts/1/react/", "pin": "/posts/1/pin/"}

    assert client.get(addresses[deed]).status_code == 405
