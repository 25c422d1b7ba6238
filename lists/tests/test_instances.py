"""Instances of models from a compiled statement."""

from datetime import UTC, datetime

import pytest
from django.db.models import F

from community.actions import write_comment, write_post
from community.models import Comment, Poll, Post
from lists.arguments import Several
from lists.instances import Instances
from members.models import Member
from members.tests.make import make_member

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
COMMENTS = Instances(
    Comment,
    ["body", "post_id"],
    lambda keys: Comment.objects.filter(pk__in=keys).annotate(kind=F("post__kind")),
    related={
        "author": (Member, ["name"]),
        "post": (Post, ["title"]),
        "post__author": (Member, ["name"]),
        "post__poll": (Poll, ["option_names"]),
    },
    annotated=["kind"],
    keys=Several(int, 3),
)


@pytest.mark.django_db
def test_related_instances_and_annotations_are_there_without_a_query(
    django_assert_num_queries,
):
    ines, kofi = make_member("ines"), make_member("kofi")
    post = write_post(ines, kind="discussion", title="A thought", body="Here.", now=NOW)
    comment = write_comment(post, author=kofi, body="Indeed.", now=NOW)

    with django_assert_num_queries(1):
        [read] = COMMENTS(keys=[comment.pk])
        assert (read.body, read.kind) == ("Indeed.", "discussion")
        assert (read.author.name, read.post.author.name) == (kofi.name, ines.name)
        assert read.post.title == "A thought"
        with pytest.raises(Poll.DoesNotExist):
            read.post.poll  # noqa: B018
    with django_assert_num_queries(1):
        assert read.commented_at == NOW  # deferred


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="Member has no columns"):
        Instances(Member, ["nick"], lambda keys: Member.objects.none(), keys=int)
