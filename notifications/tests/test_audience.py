"""Whatever was removed, muted or hidden is neither told, shown nor counted."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as site
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community import actions as community
from community.models import Comment, Post, PostQuerySet, PutAwayNotice
from lists.cache import forget_all
from lists.statement import compile_again
from members.models import Member
from members.tests.make import make_member
from notifications import actions, unread
from notifications.listed import Announced, page
from notifications.models import Notification
from notifications.sessions import SessionStore
from progress.tests.make import rolled_back

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
MEMBERS, POSTS = 3, 3
pytestmark = pytest.mark.django_db
numbers = st.integers(0, MEMBERS - 1)


@pytest.fixture(autouse=True)
def _blocks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The rules of tomorrow, as blocks will be: rows say what is hidden from a member.
    For the test they are those of announcements that were put away.
    """
    visible = PostQuerySet.visible_to

    def visible_to(self: PostQuerySet, member: Member) -> PostQuerySet:
        hidden = PutAwayNotice.objects.filter(member=member).values("post")
        return visible(self, member).exclude(pk__in=hidden)

    monkeypatch.setattr(PostQuerySet, "visible_to", visible_to)
    compile_again()
    yield
    compile_again()


deeds = st.lists(
    st.one_of(
        st.tuples(st.just("comment"), numbers, numbers, st.booleans()),
        st.tuples(st.just("react"), numbers, numbers, st.booleans()),
        st.tuples(st.just("unreact"), numbers, numbers, st.booleans()),
        st.tuples(st.just("accept"), numbers, numbers, st.booleans()),
        st.tuples(st.just("remove comment"), numbers, numbers, st.booleans()),
        st.tuples(st.just("remove post"), numbers, numbers, st.booleans()),
        st.tuples(st.just("mute"), numbers, numbers, st.booleans()),
        st.tuples(st.just("watch"), numbers, numbers, st.booleans()),
        st.tuples(st.just("read"), numbers, numbers, st.booleans()),
        st.tuples(st.just("announce"), numbers, numbers, st.booleans()),
        st.tuples(st.just("tell"), numbers, numbers, st.booleans()),
    ),
    max_size=14,
)


class Group:
    """A small group, and what its members do."""

    def __init__(self) -> None:
        joined = NOW - timedelta(days=1)
        self.members = [
            make_member(f"M{n}", joined_at=joined, moderator_since=joined)
            for n in range(MEMBERS)
        ]
        self.now = NOW
        self.muted: set[tuple[int, int]] = set()
        self.posts = [
            community.write_post(
                member, kind="question", title=f"Q{n}", body="x", now=NOW
            )
            for n, member in enumerate(self.members)
        ]

    def does(self, deed: str, who: int, on: int, flag: bool) -> None:
        self.now += timedelta(minutes=1)
        member, post = self.members[who], self.posts[on]
        post.refresh_from_db()
        comments = list(Comment.objects.filter(post=post, removed_at=None, parent=None))
        getattr(self, deed.replace(" ", "_"))(member, post, comments, flag)

    def comment(self, member, post, comments, flag):
        if post.removed_at:
            return
        parent = comments[0] if flag and comments else None
        community.write_comment(
            post, author=member, body=f"At {self.now}", parent=parent, now=self.now
        )

    def react(self, member, post, comments, flag):
        target = comments[-1] if flag and comments else post
        if target.author_id != member.pk:
            community.react(target, by=member, kind="helped", now=self.now)
            community.react(target, by=member, kind="same", now=self.now)

    def unreact(self, member, post, comments, flag):
        target = comments[-1] if flag and comments else post
        for kind in ("helped", "same"):
            community.unreact(target, by=member, kind=kind)

    def accept(self, member, post, comments, flag):
        if comments and not post.removed_at:
            deed = community.accept_answer
            deed(comments[0], by=post.author, now=self.now)

    def remove_comment(self, member, post, comments, flag):
        if comments:
            community.remove_comment(comments[-flag], by=member, now=self.now)

    def remove_post(self, member, post, comments, flag):
        community.remove_post(post, by=member, now=self.now)

    def mute(self, member, post, comments, flag):
        actions.tell_everything(now=self.now)
        actions.watch(member, post, "muted", now=self.now)
        self.muted.add((member.pk, post.pk))

    def watch(self, member, post, comments, flag):
        actions.watch(member, post, "watching", now=self.now)
        self.muted.discard((member.pk, post.pk))

    def read(self, member, post, comments, flag):
        actions.read_post(member, post.pk, now=self.now)

    def announce(self, member, post, comments, flag):
        written = community.write_post(
            member, kind="announcement", title="A", body=str(self.now), now=self.now
        )
        if flag:
            community.remove_post(written, by=member, now=self.now)

    def tell(self, member, post, comments, flag):
        actions.tell_everything(now=self.now)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=deeds, hidden=st.lists(st.frozensets(numbers, max_size=2), max_size=3))
def test_nobody_is_told_of_what_they_may_not_see(
    deeds: list[tuple[str, int, int, bool]], hidden: list[frozenset[int]]
) -> None:
    with rolled_back():
        forget_all()
        group = Group()
        for deed in deeds:
            group.does(*deed)
        actions.tell_everything(now=group.now)
        forget_all()
        for member in group.members:
            holds_what_is_visible(group, member)
            count_is_that_of_the_list(group, member)
        for member, numbers in zip(group.members, hidden, strict=False):
            for number in numbers:
                post = group.posts[number]
                community.put_away(post, by=member, now=group.now)
        for member in group.members:
            holds_what_is_visible(group, member)


def shown_to(group: Group, member: Member) -> list:
    state = unread.read(member).state
    return list(page(member, state, now=group.now, most=500).shown)


def holds_what_is_visible(group: Group, member: Member) -> None:
    posts = set(Post.objects.visible_to(member).values_list("pk", flat=True))
    comments = set(Comment.objects.visible_to(member).values_list("pk", flat=True))
    for row in shown_to(group, member):
        assert row.post_id in posts
        if isinstance(row, Announced):
            continue
        assert row.comment_id is None or row.comment_id in comments
        assert row.kind in ("helpful", "accepted") or row.comment_author_id != member.pk
        is_muted = (member.pk, row.post_id) in group.muted
        assert not (is_muted and row.read_at is None)
    # one row for a post that is watched, and one for a text that is reacted to
    mine = Notification.objects.filter(member=member)
    assert mine.count() == mine.values("post", "kind", "target").distinct().count()


def count_is_that_of_the_list(group: Group, member: Member) -> None:
    """The count of the bell, which the database makes, and the rows of the page."""
    browser = Client()
    browser.force_login(member)
    session = SessionStore(browser.cookies[site.SESSION_COOKIE_NAME].value)
    session.load()
    mine = session.unread[member.pk]
    rows = shown_to(group, member)
    new = [
        row
        for row in rows
        if (
            not mine.state.has_read(row)
            if isinstance(row, Announced)
            else row.read_at is None
        )
    ]
    assert mine.total(member, group.now) == len(new)
