"""A compiled INSERT stores what `save()` stores, and leaves out what is there already."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from community.models import Comment, Reaction
from community.tests.make import NOON, make_comment, make_post
from lists.insertion import Insertion
from members.tests.make import make_member

pytestmark = pytest.mark.django_db


def values(row):
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }


def test_a_row_is_stored_as_save_stores_it(values_inside):
    post, store = make_post(), Insertion(Comment)
    for parent in (None, make_comment(post)):
        rows = [
            Comment(
                post=post,
                parent=parent,
                author=post.author,
                body="Hello %s",
                body_html="<p>Hello</p>",
                commented_at=NOON,
            )
            for _ in range(2)
        ]
        with CaptureQueriesContext(connection) as queries:
            rows[0].save()
            assert store(rows[1])

        # `save()` asks for the defaults of the database too
        saved, compiled = (
            query["sql"].partition(" RETURNING ")[0] for query in queries
        )
        assert saved == compiled
        stored = Comment.objects.get(pk=rows[1].pk)
        assert values(stored) == values(rows[0])
        assert rows[1] == stored
        assert not rows[1]._state.adding


def test_a_row_that_is_there_is_left_out_or_an_error():
    post, member = make_post(), make_member()
    again = {"post": post, "member": member, "kind": "helped", "reacted_at": NOON}
    store = Insertion(Reaction, ignore_conflicts=True)

    assert [store(Reaction(**again)), store(Reaction(**again))] == [True, False]
    with pytest.raises(IntegrityError), transaction.atomic():
        Insertion(Reaction)(Reaction(**again))
    assert Reaction.objects.count() == 1
