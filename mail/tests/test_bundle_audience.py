"""No daily mail names what its member may not see, whatever is hidden from whom."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookmarks.models import Bookmark
from bookmarks.tests.make import key_to
from community.models import Comment, CommentQuerySet, Post
from community.tests.make import make_announcement, make_comment, make_question
from lists.cache import forget_all
from mail import actions
from mail.messages import MessageBuilder
from mail.models import Delivery
from mail.sending import Withdrawn
from mail.tests.test_audience import MEMBERS, POSTS, lay_down, tables
from mail.tests.test_audience import rules as rules  # a fixture
from mail.tests.test_bundles import DAY, HOUR, MONDAY, member
from members.tests.make import make_member
from notifications.models import Notification
from progress.tests.make import rolled_back

pytestmark = pytest.mark.django_db
KINDS = ["answer", "mention", "reply", "watched", "accepted", "could_answer"]


@pytest.fixture
def circles(rules, monkeypatch):
    """The rules, for daily mails too."""

    def audiences(members):
        return {one.pk: rules.audience(one) for one in members}

    visible = CommentQuerySet.visible_to_audience

    def comments_of(self, audience):
        posts = Post.objects.visible_to_audience(audience)
        return visible(self, audience).filter(post__in=posts.values("pk"))

    for module in ("mail.bundles", "mail.news", "bookmarks.due"):
        monkeypatch.setattr(f"{module}.audiences_of", audiences)
    monkeypatch.setattr(CommentQuerySet, "visible_to_audience", comments_of)
    return rules


def make_news(members, posts):
    """Everybody is told of everything."""
    for number, post in enumerate(posts):
        if post.kind == "announcement":
            continue
        comment = make_comment(post, make_member(name="Kofi"), f"Words {number}.")
        kind = KINDS[number % len(KINDS)]
        if kind == "accepted":
            Post.objects.filter(pk=post.pk).update(accepted_comment=comment)
        for one in members:
            Notification.objects.create(
                member=one, post=post, kind=kind, comment=comment, happened_at=MONDAY
            )


def make_reminders(members, posts):
    """Everybody saved every post, and what was said below it."""
    comments = Comment.objects.filter(post__in=posts)
    Bookmark.objects.bulk_create(
        Bookmark(
            member=one,
            **key_to(thing)._asdict(),
            remind_on=MONDAY.date() + DAY,
            saved_at=MONDAY - DAY,
        )
        for one in members
        for thing in (*posts, *comments)
    )


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    table=tables,
    later=tables,
    removed=st.integers(0, POSTS - 1),
    reminded=st.sampled_from(["both", "news", "reminders"]),
)
def test_a_daily_mail_names_only_what_its_member_may_see(
    circles, table, later, removed, reminded
):
    """Mails are written under one table of rules, and built under another."""
    with rolled_back():
        forget_all()
        members = [member(f"M{n}") for n in range(MEMBERS)]
        posts = [
            make(title=f"Post {n}", posted_at=MONDAY - HOUR)
            for n, make in enumerate([make_question, make_announcement] * (POSTS // 2))
        ]
        if reminded != "reminders":
            make_news(members, posts)
        if reminded != "news":
            make_reminders(members, posts)
        lay_down(circles, table, members, posts)
        actions.write_bundles(MONDAY + HOUR)
        actions.write_bundles(MONDAY + 19 * HOUR)

        lay_down(circles, later, members, posts)
        Post.objects.filter(pk=posts[removed].pk).update(removed_at=MONDAY + DAY)
        Comment.objects.filter(post=posts[0]).update(removed_at=MONDAY + DAY)
        batch = list(Delivery.objects.select_related("member__mail_preference"))
        assert batch or reminded == "reminders" or not any(table["posts"])
        built = MessageBuilder(MONDAY + 19 * HOUR)(batch, MONDAY + 19 * HOUR)
        gone = {posts[removed].pk}
        if reminded == "news":
            gone.add(posts[0].pk)  # the comment that it was told by is removed
        comments = Comment.objects.filter(post__in=gone | {posts[0].pk})
        unsaid = [f"#comment-{pk}" for pk in comments.values_list("pk", flat=True)]
        for delivery in batch:
            mail = built[delivery.pk]
            if isinstance(mail, Withdrawn):
                continue
            parts = mail.body + mail.alternatives[0][0]
            named = {post.pk for post in posts if f"/posts/{post.pk}/" in parts}
            assert named
            assert named <= circles.may_see(delivery.member) - gone
            assert not [address for address in unsaid if f'{address}"' in parts]
