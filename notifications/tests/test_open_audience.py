"""Whatever is hidden from whom, nobody is offered a question, or asked about one, that
they may not see, and nobody is asked more often than the rules say.
"""

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.models import Post
from community.tests.make import NOON, make_comment, make_question
from lists.cache import forget_all
from mail.tests.test_audience import MEMBERS, POSTS, Rules, lay_down, tables
from mail.tests.test_audience import rules as rules  # a fixture
from members.models import Member
from members.tests.make import make_member
from notifications.actions.questions import MOST, OPEN_FOR, look_after_questions
from notifications.models import Notification, OpenQuestion, Watch
from notifications.tests.test_open_questions import DUE, LONG_AGO, START, finisher
from progress.tests.make import make_curriculum, rolled_back

pytestmark = pytest.mark.django_db
some_members = st.frozensets(st.integers(0, MEMBERS - 1))
some_posts = st.frozensets(st.integers(0, POSTS - 1), max_size=2)


@pytest.fixture
def circles(rules: Rules, monkeypatch: pytest.MonkeyPatch) -> Rules:
    def audiences(members: Any) -> dict[int, Any]:
        return {one.pk: rules.audience(one) for one in members}

    monkeypatch.setattr("community.mentions.audiences_of", audiences)
    return rules


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    table=tables,
    agreed=some_members,
    muted=some_members,
    removed=some_posts,
    answered=some_posts,
)
def test_only_those_are_asked_who_may_see_the_question(
    circles: Rules,
    table: dict[str, Any],
    agreed: frozenset[int],
    muted: frozenset[int],
    removed: frozenset[int],
    answered: frozenset[int],
) -> None:
    with rolled_back():
        forget_all()
        curriculum = make_curriculum()
        members = [finisher(curriculum, f"M{n}") for n in range(MEMBERS)]
        helper = make_member("Wei", joined_at=LONG_AGO)
        posts = [
            make_question(members[0], f"Q{n}", step_key=START, posted_at=NOON)
            for n in range(POSTS)
        ]
        for number, post in enumerate(posts):
            if number in answered:
                make_comment(post, helper, minutes=0)
            OpenQuestion.objects.create(
                post=post, offer_at=NOON + OPEN_FOR, ask_at=NOON + OPEN_FOR
            )
        gone = [posts[n].pk for n in removed]
        Post.objects.filter(pk__in=gone).update(removed_at=NOON)
        willing = {members[n].pk for n in agreed}
        Member.objects.exclude(pk__in=willing).update(helps_with_steps=False)
        for number in muted:
            Watch.objects.create(
                member=members[number], post=posts[0], level="muted", since=NOON
            )
        lay_down(circles, table, members, posts)

        look_after_questions(now=DUE)
        look_after_questions(now=DUE)

        told = list(Notification.objects.select_related("member"))
        for row in told:
            assert row.post_id in circles.may_see(row.member) - set(gone)
            assert not (
                row.post_id == posts[0].pk and row.member in _of(members, muted)
            )
        offers = [row for row in told if row.kind == "could_answer"]
        assert {row.member_id for row in offers} <= willing - {members[0].pk}
        assert not {row.post_id for row in offers} & {posts[n].pk for n in answered}
        assert max(Counter(row.member_id for row in offers).values(), default=1) == 1
        assert max(Counter(row.post_id for row in offers).values(), default=1) <= MOST
        asked = [row for row in told if row.kind == "helped"]
        seen = circles.may_see(members[0]) & {posts[n].pk for n in answered}
        seen -= {*gone, *([posts[0].pk] if 0 in muted else [])}
        assert {row.post_id for row in asked} == seen
        assert {row.member_id for row in asked} <= {members[0].pk}


def _of(members: list[Member], numbers: frozenset[int]) -> list[Member]:
    return [members[number] for number in numbers]
