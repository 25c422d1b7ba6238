"""A list, a reminder and a press show nothing that the reader may not see."""

from collections.abc import Iterable, Mapping, Set
from datetime import timedelta
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bookmarks.due import reminders_due
from bookmarks.listing import Choice, listing
from bookmarks.tests.make import NOON, key_to, make_bookmark
from community.actions import remove_comment, remove_post
from community.models import Comment, Post, PostQuerySet
from community.tests.make import make_comment, make_post
from members.models import Member
from members.tests.make import make_member

TODAY = NOON.date()
Hidden = Mapping[int, Set[int]]


def hiding(hidden: Hidden):  # type: ignore[no-untyped-def]
    """As blocks will: posts that one member may not see, and their comments."""

    def hidden_from(_posts: PostQuerySet, members: Iterable[Member]) -> Hidden:
        wanted = {member.pk for member in members}
        return {pk: posts for pk, posts in hidden.items() if pk in wanted}

    return patch.object(PostQuerySet, "hidden_from", hidden_from)


class TestHidden(TestCase):
    @given(
        removed=st.lists(st.tuples(st.booleans(), st.booleans()), max_size=3),
        hidden=st.sets(st.integers(0, 2)),
        days=st.integers(-1, 1),
    )
    @settings(max_examples=25)
    def test_only_what_the_reader_may_see(
        self, removed: list[tuple[bool, bool]], hidden: set[int], days: int
    ) -> None:
        reader, writer = make_member("Ines Duarte"), make_member("Kofi Mensah")
        posts = [make_post(writer, title=f"Post {n}") for n in range(len(removed))]
        comments = [make_comment(post, writer) for post in posts]
        for thing in (*posts, *comments):
            day = TODAY + timedelta(days=days)
            make_bookmark(reader, key_to(thing), remind_on=day)
        for post, comment, (post_goes, comment_goes) in zip(
            posts, comments, removed, strict=True
        ):
            if comment_goes:
                remove_comment(comment, by=writer, now=NOON)
            if post_goes:
                remove_post(post, by=writer, now=NOON)

        found = listing(reader, choice=Choice.ALL, after="", today=TODAY, size=50)
        away = {reader.pk: {post.pk for n, post in enumerate(posts) if n in hidden}}
        with hiding(away):
            due = reminders_due([reader], {reader.pk: TODAY}).get(reader.pk, [])

        seen = {
            *(key_to(post) for post in Post.objects.visible_to(reader)),
            *(key_to(each) for each in Comment.objects.visible_to(reader)),
        }
        rows = [row for part in found.parts for row in part.things]
        assert len(rows) == 2 * len(posts)
        assert {
            (row.bookmark.kind, row.bookmark.key) for row in rows if row.thing
        } == seen
        assert not {each.thing.post for each in due} & away[reader.pk]
        shown = Post.objects.visible_to(reader).exclude(pk__in=away[reader.pk])
        below = Comment.objects.visible_to(reader).filter(post__in=shown)
        expected = 0 if days > 0 else shown.count() + below.count()
        assert len(due) == expected


@pytest.mark.django_db
def test_another_member_sees_none_of_it(ines: Member) -> None:
    make_bookmark(make_member("Wei"), key_to(make_post()))

    assert listing(ines, choice=Choice.ALL, after="", today=TODAY).parts == []
