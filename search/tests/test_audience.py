"""Whatever was hidden, removed or never proved is neither found nor counted."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from community import actions as community
from community.models import Comment, Post
from members.models import Member
from members.tests.make import make_member
from search import results
from search.hits import Hit
from search.results import Tab
from search.spelling import Spelling
from search.suggesting import MOST, suggestions
from search.visible import Narrowed

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
WORD = "softmax"


def search(reader: Member) -> tuple[results.Results, list[Hit]]:
    found = results.search(
        reader,
        WORD,
        tab=Tab.ALL,
        narrowed=Narrowed(),
        page=1,
        releases=list,
        spelling=lambda: Spelling({}),
    )
    return found, results.read(found, reader)


class TestHidden(TestCase):
    @given(
        posts=st.lists(
            st.tuples(st.booleans(), st.lists(st.booleans(), max_size=3)), max_size=4
        ),
        is_active=st.booleans(),
        is_proved=st.booleans(),
    )
    @settings(max_examples=40)
    def test_only_what_the_reader_may_see(
        self,
        posts: list[tuple[bool, list[bool]]],
        is_active: bool,
        is_proved: bool,
    ) -> None:
        reader = make_member("Ines Duarte")
        writer = make_member(f"{WORD} Okafor")
        for number, (is_removed, comments) in enumerate(posts):
            self.write(writer, number, is_removed, comments)
        Member.objects.filter(pk=writer.pk).update(
            is_active=is_active, proved_at=NOW if is_proved else None
        )

        found, hits = search(reader)

        seen_posts = Post.objects.visible_to(reader).count()
        seen_comments = Comment.objects.visible_to(reader).count()
        seen_members = Member.objects.visible_to(reader).exclude(pk=reader.pk).count()
        assert found.counts[Tab.POSTS] == seen_posts
        assert found.counts[Tab.COMMENTS] == seen_comments
        assert found.counts[Tab.PEOPLE] == seen_members
        assert len(hits) == min(results.PAGE, found.total)
        offered = suggestions(reader, WORD, [])
        assert len(offered) == min(MOST, seen_posts + seen_members)

    def write(
        self, writer: Member, number: int, is_removed: bool, comments: list[bool]
    ) -> None:
        # the moments of the writer's other texts do not count against the limits
        now = NOW.replace(day=1 + number)
        post = community.write_post(
            writer, kind="question", title=f"{WORD} {number}", body="x", now=now
        )
        for place, is_comment_removed in enumerate(comments):
            comment = community.write_comment(
                post, author=writer, body=f"{WORD} {place}", now=now
            )
            if is_comment_removed:
                community.remove_comment(comment, by=writer, now=now)
        if is_removed:
            community.remove_post(post, by=writer, now=now)


@pytest.mark.django_db
def test_a_hit_that_is_hidden_meanwhile_is_not_shown() -> None:
    reader, writer = make_member("Ines Duarte"), make_member("Wei")
    post = community.write_post(writer, kind="question", title=WORD, body="x", now=NOW)
    found, hits = search(reader)
    assert len(hits) == 1

    community.remove_post(post, by=writer, now=NOW)

    assert results.read(found, reader) == []
