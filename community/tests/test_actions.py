from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

import richtext
from community import actions, tasks
from community.models import Comment, Post, Reaction
from community.tests.make import (
    NOON,
    make_announcement,
    make_comment,
    make_paper,
    make_post,
    make_question,
    make_reaction,
    make_step,
)
from members.models import Member
from members.tests.make import make_member
from richtext import TextRefused

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=2)


def make_moderator() -> Member:
    return make_member("Ilse Brandt", moderator_since=NOON)


def test_a_post_keeps_its_words_and_their_html() -> None:
    member, step, paper = make_member(), make_step(), make_paper()

    post = actions.write_post(
        member, kind="question", title="Why?", body="It is *exact*.", step_key=step, paper=paper, now=NOON
    )

    post.refresh_from_db()
    assert (post.author, post.kind, post.title, post.body) == (member, "question", "Why?", "It is *exact*.")
    assert post.body_html.strip() == "<p>It is <em>exact</em>.</p>"
    assert (post.posted_at, post.active_at, post.edited_at) == (NOON, NOON, None)
    assert (post.step_key, post.paper, post.comment_count, post.excerpt) == (step, paper, 0, "")


@pytest.mark.parametrize("body", ["word " * 400, "line\n" * 20])
def test_a_long_text_has_an_excerpt_for_lists(body: str) -> None:
    post = actions.write_post(make_member(), body=body, now=NOON)

    assert post.excerpt.startswith(body.split()[0])
    assert 10 < len(post.excerpt) <= actions.EXCERPT_LENGTH


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


def test_the_same_words_are_another_post_later_elsewhere_by_others_or_after_removal() -> None:
    member, step = make_member(), make_step()
    first = actions.write_post(member, body="Hello", now=NOON)

    actions.write_post(member, body="Hello", now=NOON + timedelta(seconds=60))
    actions.write_post(member, body="Hello", step_key=step, now=NOON)
    actions.write_post(member, body="Hello", title="Again", now=NOON)
    actions.write_post(make_member("Yuki Arai"), body="Hello", now=NOON)
    Post.objects.all().update(removed_at=NOON)
    actions.write_post(member, body="Hello", now=NOON)

    assert Post.objects.exclude(pk=first.pk).count() == 5


def test_only_so_many_posts_fit_into_an_hour() -> None:
    member = make_member()
    for n in range(actions.POSTS_AN_HOUR):
        actions.write_post(member, body=f"Number {n}", now=NOON)

    with pytest.raises(actions.TooMany, match="20 posts within an hour"):
        actions.write_post(member, body="One more", now=NOON + timedelta(minutes=59))
    actions.write_post(make_member("Yuki Arai"), body="One more", now=NOON)
    actions.write_post(member, body="One more", now=NOON + timedelta(minutes=60))

    assert Post.objects.count() == actions.POSTS_AN_HOUR + 2


def test_only_so_many_comments_fit_into_an_hour() -> None:
    member, post = make_member(), make_post()
    for n in range(actions.COMMENTS_AN_HOUR):
        actions.write_comment(post, author=member, body=f"Number {n}", now=NOON)

    with pytest.raises(actions.TooMany, match="60 comments within an hour"):
        actions.write_comment(post, author=member, body="One more", now=NOON)
    actions.write_comment(post, author=member, body="One more", now=NOON + timedelta(minutes=60))


def test_announcements_are_for_moderators() -> None:
    with pytest.raises(actions.NotAllowed):
        actions.write_post(make_member(), kind="announcement", body="Hear me", now=NOON)

    for role in ("moderator_since", "owner_since"):
        author = make_member("Ilse Brandt", **{role: NOON})
        assert actions.write_post(author, kind="announcement", body="Hear me", now=NOON).kind == "announcement"
    with pytest.raises(actions.NotAllowed):
        actions.write_post(make_member(curator_since=NOON), kind="announcement", body="Hear me", now=NOON)


def test_a_question_without_a_title_cannot_be_stored() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_question(title="")


def test_a_comment_is_counted_and_moves_its_post_up() -> None:
    post = make_post()

    comment = actions.write_comment(post, author=make_member(), body="I see `0.0`.", now=LATER)

    post.refresh_from_db()
    assert "<code>0.0</code>" in comment.body_html
    assert (post.comment_count, post.active_at) == (1, LATER)


def test_the_same_comment_twice_within_a_minute_is_one() -> None:
    post, member = make_post(), make_member()

    first = actions.write_comment(post, author=member, body="Yes", now=NOON)
    again = actions.write_comment(post, author=member, body="Yes", now=NOON + timedelta(seconds=59))
    reply = actions.write_comment(post, author=member, body="Yes", parent=first, now=NOON)
    later = actions.write_comment(post, author=member, body="Yes", now=NOON + timedelta(seconds=60))

    post.refresh_from_db()
    assert again == first
    assert len({first, reply, later}) == post.comment_count == 3


def test_a_reply_to_a_reply_stands_below_the_same_comment() -> None:
    post = make_post()
    comment = make_comment(post, body="one")
    reply = make_comment(post, body="two", parent=comment)

    third = make_comment(post, body="three", parent=reply)

    assert (reply.parent, third.parent) == (comment, comment)


def test_nobody_comments_on_a_post_that_was_removed_meanwhile() -> None:
    post = make_post(removed_at=NOON)

    with pytest.raises(actions.Refused, match="removed"):
        actions.write_comment(post, author=make_member(), body="Too late", now=LATER)

    assert Comment.objects.count() == 0


def test_an_edit_keeps_the_words_before_it() -> None:
    post = make_post(title="First title", body="First words")

    edited = actions.edit_post(
        post, by=post.author, title="Second title", body="Second *words*", seen_edited_at=None, now=LATER
    )
    actions.edit_post(
        post, by=post.author, title="Third", body="Third", seen_edited_at=LATER, now=LATER + timedelta(hours=1)
    )

    assert (edited.title, edited.body, edited.edited_at) == ("Second title", "Second *words*", LATER)
    assert "<em>words</em>" in edited.body_html
    revisions = post.revisions.order_by("written_at").values_list("title", "body", "written_at")
    assert list(revisions) == [("First title", "First words", NOON), ("Second title", "Second *words*", LATER)]


def test_an_edited_comment_keeps_the_words_before_it() -> None:
    comment = make_comment(make_post(), body="First")
    written_at = comment.commented_at

    actions.edit_comment(comment, by=comment.author, body="Second", seen_edited_at=None, now=LATER)
    actions.edit_comment(comment, by=comment.author, body="Third", seen_edited_at=LATER, now=LATER)

    comment.refresh_from_db()
    assert (comment.body, comment.edited_at) == ("Third", LATER)
    revisions = comment.revisions.order_by("pk").values_list("body", "written_at")
    assert list(revisions) == [("First", written_at), ("Second", LATER)]


def test_the_same_edit_twice_changes_nothing() -> None:
    post = make_post(body="First")
    comment = make_comment(post, body="First")

    for now in (LATER, LATER + timedelta(seconds=1)):
        actions.edit_post(post, by=post.author, title="", body="Second", seen_edited_at=None, now=now)
        actions.edit_comment(comment, by=comment.author, body="Second\r\n2", seen_edited_at=None, now=now)

    post.refresh_from_db()
    comment.refresh_from_db()
    assert (post.edited_at, comment.edited_at) == (LATER, LATER)
    assert (post.revisions.count(), comment.revisions.count()) == (1, 1)


def test_of_two_edits_at_once_neither_loses_its_words() -> None:
    post = make_post(title="One", body="First")
    actions.edit_post(post, by=post.author, title="Tab 1", body="From tab 1", seen_edited_at=None, now=LATER)

    with pytest.raises(actions.EditConflict) as conflict:
        actions.edit_post(post, by=post.author, title="Tab 2", body="From tab 2", seen_edited_at=None, now=LATER)

    assert (conflict.value.title, conflict.value.body) == ("Tab 2", "From tab 2")
    assert (conflict.value.current.title, conflict.value.current.body) == ("Tab 1", "From tab 1")
    post.refresh_from_db()
    assert post.body == "From tab 1"
    assert post.revisions.count() == 1


def test_of_two_edits_of_a_comment_at_once_neither_loses_its_words() -> None:
    comment = make_comment(make_post())
    actions.edit_comment(comment, by=comment.author, body="From tab 1", seen_edited_at=None, now=LATER)

    with pytest.raises(actions.EditConflict) as conflict:
        actions.edit_comment(comment, by=comment.author, body="From tab 2", seen_edited_at=None, now=LATER)

    assert (conflict.value.current.body, conflict.value.body) == ("From tab 1", "From tab 2")


@pytest.mark.parametrize("role", ["owner_since", "moderator_since", "curator_since", None])
def test_only_the_author_changes_words(role: str | None) -> None:
    other = make_member("Ilse Brandt", **({role: NOON} if role else {}))
    post = make_post()
    comment = make_comment(post)

    with pytest.raises(actions.NotAllowed):
        actions.edit_post(post, by=other, title="", body="Mine now", seen_edited_at=None, now=LATER)
    with pytest.raises(actions.NotAllowed):
        actions.edit_comment(comment, by=other, body="Mine now", seen_edited_at=None, now=LATER)


def test_removed_words_are_not_edited() -> None:
    post = make_post()
    comment = make_comment(post)
    actions.remove_comment(comment, by=comment.author, now=LATER)
    actions.remove_post(post, by=post.author, now=LATER)

    with pytest.raises(actions.NotAllowed):
        actions.edit_post(post, by=post.author, title="", body="Back", seen_edited_at=None, now=LATER)
    with pytest.raises(actions.NotAllowed):
        actions.edit_comment(comment, by=comment.author, body="Back", seen_edited_at=None, now=LATER)


@pytest.mark.parametrize(
    ("role", "allowed"),
    [("author", True), ("owner_since", True), ("moderator_since", True), ("curator_since", False), (None, False)],
)
def test_the_author_and_moderators_remove(role: str | None, *, allowed: bool) -> None:
    post = make_post()
    comment = make_comment(post, author=post.author)
    by = post.author if role == "author" else make_member("Ilse Brandt", **({role: NOON} if role else {}))

    for remove, target in ((actions.remove_comment, comment), (actions.remove_post, post)):
        if allowed:
            remove(target, by=by, now=LATER)
        else:
            with pytest.raises(actions.NotAllowed):
                remove(target, by=by, now=LATER)

        target.refresh_from_db()
        assert (target.removed_at, target.removed_by) == ((LATER, by) if allowed else (None, None))


def test_removed_twice_keeps_the_first_date() -> None:
    post, moderator = make_post(), make_moderator()
    comment = make_comment(post)

    for now in (LATER, LATER + timedelta(days=1)):
        actions.remove_comment(comment, by=moderator, now=now)
        actions.remove_post(post, by=moderator, now=now)

    post.refresh_from_db()
    comment.refresh_from_db()
    assert (post.removed_at, comment.removed_at) == (LATER, LATER)


def test_a_removed_comment_is_not_counted_and_no_longer_moves_its_post_up() -> None:
    post = make_post()
    first = make_comment(post, minutes=5)
    second = make_comment(post, minutes=9)

    actions.remove_comment(second, by=second.author, now=LATER)

    post.refresh_from_db()
    assert (post.comment_count, post.active_at) == (1, first.commented_at)


def test_the_asker_accepts_an_answer_and_may_choose_another() -> None:
    question = make_question()
    first, second = make_comment(question, body="ln 10"), make_comment(question, body="zeros")

    actions.accept_answer(first, by=question.author, now=LATER)
    actions.accept_answer(first, by=question.author, now=LATER + timedelta(hours=1))
    question.refresh_from_db()
    assert (question.accepted_comment, question.accepted_at, question.active_at) == (first, LATER, LATER)

    actions.accept_answer(second, by=question.author, now=LATER + timedelta(hours=2))
    question.refresh_from_db()
    assert (question.accepted_comment, question.accepted_at) == (second, LATER + timedelta(hours=2))


def test_an_acceptance_is_taken_back_only_from_the_answer_that_has_it() -> None:
    question = make_question()
    first, second = make_comment(question, body="ln 10"), make_comment(question, body="zeros")
    actions.accept_answer(first, by=question.author, now=LATER)

    actions.unaccept_answer(second, by=question.author)
    question.refresh_from_db()
    assert question.accepted_comment == first

    actions.unaccept_answer(first, by=question.author)
    question.refresh_from_db()
    assert (question.accepted_comment, question.accepted_at) == (None, None)
    assert question.active_at == second.commented_at


@pytest.mark.parametrize(
    ("role", "allowed"), [("owner_since", True), ("moderator_since", True), ("curator_since", False), (None, False)]
)
def test_besides_the_asker_only_moderators_accept(role: str | None, *, allowed: bool) -> None:
    question = make_question()
    answer = make_comment(question)
    by = make_member("Ilse Brandt", **({role: NOON} if role else {}))

    if allowed:
        actions.accept_answer(answer, by=by, now=LATER)
    else:
        with pytest.raises(actions.NotAllowed):
            actions.accept_answer(answer, by=by, now=LATER)
        with pytest.raises(actions.NotAllowed):
            actions.unaccept_answer(answer, by=by)
        with pytest.raises(actions.NotAllowed):
            actions.accept_answer(answer, by=answer.author, now=LATER)

    question.refresh_from_db()
    assert (question.accepted_comment == answer) is allowed


def test_only_an_answer_to_the_question_itself_is_accepted() -> None:
    question, discussion = make_question(), make_post(body="No question")
    answer = make_comment(question)
    reply = make_comment(question, parent=answer)
    remark = make_comment(discussion)
    removed = make_comment(question, body="Wrong")
    actions.remove_comment(removed, by=removed.author, now=LATER)
    removed.refresh_from_db()

    for comment, asker in ((reply, question.author), (remark, discussion.author), (removed, question.author)):
        with pytest.raises(actions.Refused):
            actions.accept_answer(comment, by=asker, now=LATER)


def test_an_accepted_answer_that_is_removed_is_accepted_no_more() -> None:
    question = make_question()
    answer = make_comment(question)
    actions.accept_answer(answer, by=question.author, now=LATER)

    actions.remove_comment(answer, by=answer.author, now=LATER)

    question.refresh_from_db()
    assert (question.accepted_comment, question.accepted_at, question.comment_count) == (None, None, 0)
    assert question.active_at == NOON


def test_a_reaction_counts_once_and_is_taken_back() -> None:
    post, member = make_post(), make_member()
    comment = make_comment(post)

    for target in (post, comment):
        for _ in range(2):
            actions.react(target, by=member, kind="helped", now=NOON)
        actions.react(target, by=member, kind="thanks", now=NOON)
    assert Reaction.objects.count() == 4

    for _ in range(2):
        actions.unreact(post, by=member, kind="helped")
    left = Reaction.objects.order_by("pk").values_list("kind", "post", "comment")
    assert list(left) == [("thanks", post.pk, None), ("helped", None, comment.pk), ("thanks", None, comment.pk)]


def test_taking_a_reaction_back_leaves_those_of_others() -> None:
    post = make_post()
    make_reaction(post)

    actions.unreact(post, by=make_member(), kind="helped")

    assert Reaction.objects.count() == 1


def test_nobody_reacts_to_her_own_words() -> None:
    post = make_post()

    with pytest.raises(actions.NotAllowed):
        actions.react(post, by=post.author, kind="helped", now=NOON)


def test_one_announcement_is_pinned_at_a_time() -> None:
    moderator = make_moderator()
    first, second = make_announcement(title="First"), make_announcement(title="Second")

    actions.pin(first, by=moderator, now=NOON)
    actions.pin(first, by=moderator, now=LATER)
    first.refresh_from_db()
    assert first.pinned_at == NOON

    actions.pin(second, by=moderator, now=LATER)
    assert list(Post.objects.filter(pinned_at__isnull=False)) == [second]

    actions.unpin(second, by=moderator)
    assert not Post.objects.filter(pinned_at__isnull=False).exists()


def test_moderators_pin_and_only_announcements() -> None:
    member, moderator, notice = make_member(), make_moderator(), make_announcement()

    for by in (member, notice.author):
        with pytest.raises(actions.NotAllowed):
            actions.pin(notice, by=by, now=NOON)
        with pytest.raises(actions.NotAllowed):
            actions.unpin(notice, by=by)
    for post in (make_post(), make_announcement(removed_at=NOON)):
        with pytest.raises(actions.Refused):
            actions.pin(post, by=moderator, now=NOON)


def test_removing_an_announcement_unpins_it() -> None:
    moderator, notice = make_moderator(), make_announcement()
    actions.pin(notice, by=moderator, now=NOON)

    actions.remove_post(notice, by=moderator, now=LATER)

    notice.refresh_from_db()
    assert notice.pinned_at is None


def test_recount_puts_stored_counts_right(capsys: pytest.CaptureFixture[str]) -> None:
    right, wrong = make_post(), make_post()
    comment = make_comment(wrong, minutes=5)
    make_comment(right)
    Post.objects.filter(pk=wrong.pk).update(comment_count=7, active_at=NOON)

    call_command("recount")

    wrong.refresh_from_db()
    assert (wrong.comment_count, wrong.active_at) == (1, comment.commented_at)
    assert capsys.readouterr().out == "Put right: 1 of 2 posts.\n"


def test_texts_of_an_older_pipeline_are_rendered_again() -> None:
    post = make_post(body="It is *exact*", body_html="old", pipeline_version=0, edited_at=NOON)
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
    assert (post.body, post.pipeline_version) == (body, richtext.PIPELINE_VERSION)
    assert 10 < len(post.excerpt) <= actions.EXCERPT_LENGTH


def test_the_task_renders_again() -> None:
    Post.objects.filter(pk=make_post().pk).update(pipeline_version=0)

    assert tasks.render_again() == 1
