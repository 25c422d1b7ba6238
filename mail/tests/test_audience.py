"""No mail, list or count tells a member what the member may not see.

The rules of tomorrow are put in for the test: members in circles, posts
for some circles, and members from whom single posts and people are hidden.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.models import Post, PostQuerySet
from community.tests.make import make_post, make_question
from lists.cache import forget_all
from lists.statement import compile_again
from mail import actions, digest
from mail.messages import MessageBuilder
from mail.models import Delivery
from members.audience import Audience
from members.models import Member, MemberQuerySet
from members.tests.make import make_member
from progress import people
from progress.models import Enrollment
from progress.tests.make import key, make_curriculum, make_enrollment, rolled_back

SUNDAY = datetime(2026, 11, 22, 18, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
MEMBERS, POSTS = 4, 6
pytestmark = pytest.mark.django_db


@dataclass
class Rules:
    """Who is in which circles, what each circle sees, what is
    hidden from whom.
    """

    circles: dict[int, frozenset[int]] = field(default_factory=dict)
    posts: dict[int, frozenset[int]] = field(default_factory=dict)
    people: dict[int, frozenset[int]] = field(default_factory=dict)
    hidden: dict[int, frozenset[int]] = field(default_factory=dict)

    def audience(self, member):
        return Audience(self.circles.get(member.pk, frozenset()))

    @staticmethod
    def seen(by_circle, audience):
        return frozenset().union(*(by_circle[circle] for circle in audience.circles))

    def may_see(self, member):
        allowed = self.seen(self.posts, self.audience(member))
        return allowed - self.hidden.get(member.pk, frozenset())


@pytest.fixture
def rules(monkeypatch):
    rules = Rules()
    visible, everybody = PostQuerySet.visible_to_audience, MemberQuerySet.active

    def posts_of(self, audience):
        return visible(self, audience).filter(pk__in=rules.seen(rules.posts, audience))

    def posts_to(self, member):
        return self.visible_to_audience(rules.audience(member)).exclude(
            pk__in=rules.hidden.get(member.pk, ())
        )

    def people_of(self, audience):
        return everybody(self).filter(pk__in=rules.seen(rules.people, audience))

    def people_to(self, member):
        seen = Q(pk__in=rules.seen(rules.people, rules.audience(member)))
        return everybody(self).filter(seen | Q(pk=member.pk))

    def audiences(members):
        return {member.pk: rules.audience(member) for member in members}

    monkeypatch.setattr(PostQuerySet, "visible_to_audience", posts_of)
    monkeypatch.setattr(PostQuerySet, "visible_to", posts_to)
    monkeypatch.setattr(PostQuerySet, "hidden_from", lambda self, _all: rules.hidden)
    monkeypatch.setattr(MemberQuerySet, "visible_to_audience", people_of)
    monkeypatch.setattr(MemberQuerySet, "visible_to", people_to)
    for module in ("members.audience", "mail.digest", "mail.snippets"):
        monkeypatch.setattr(f"{module}.audiences_of", audiences)
    compile_again()
    yield rules
    compile_again()


some = st.frozensets(st.integers(0, 2), max_size=2)
tables = st.fixed_dictionaries(
    {
        "circles": st.lists(some, min_size=MEMBERS, max_size=MEMBERS),
        "posts": st.lists(
            st.frozensets(st.integers(0, POSTS - 1)), min_size=3, max_size=3
        ),
        "people": st.lists(
            st.frozensets(st.integers(0, MEMBERS - 1)), min_size=3, max_size=3
        ),
        "hidden": st.lists(
            st.frozensets(st.integers(0, POSTS - 1), max_size=2),
            min_size=MEMBERS,
            max_size=MEMBERS,
        ),
    }
)


def make_site():
    curriculum = make_curriculum()
    members = [
        make_member(
            name=f"M{n}", joined_at=LONG_AGO, onboarded_at=LONG_AGO, shows_step=True
        )
        for n in range(MEMBERS)
    ]
    for member in members:
        make_enrollment(member, curriculum, LONG_AGO)
    Enrollment.objects.update(step_key=key("start"))
    author = make_member(name="Author")
    posts = [
        make(author, title=f"Post {n}", posted_at=SUNDAY - timedelta(days=2))
        for n, make in enumerate([make_post, make_question] * (POSTS // 2))
    ]
    return curriculum, members, posts


def lay_down(rules, table, members, posts):
    pk = {n: member.pk for n, member in enumerate(members)}
    rules.circles = {pk[n]: circles for n, circles in enumerate(table["circles"])}
    rules.posts = {
        n: frozenset(posts[one].pk for one in seen)
        for n, seen in enumerate(table["posts"])
    }
    rules.people = {
        n: frozenset(pk[one] for one in seen) for n, seen in enumerate(table["people"])
    }
    rules.hidden = {
        pk[n]: frozenset(posts[one].pk for one in hidden)
        for n, hidden in enumerate(table["hidden"])
    }
    compile_again()


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(table=tables, later=tables)
def test_nobody_is_told_what_they_may_not_see(rules, table, later):
    """Digests are written under one table of rules, and sent under
    another.
    """
    with rolled_back():
        forget_all()
        curriculum, members, posts = make_site()
        lay_down(rules, table, members, posts)

        composed = digest.compose(members, SUNDAY)
        for member in members:
            told = {*composed[member.pk].questions, *composed[member.pk].posts}
            assert told <= rules.may_see(member)
            seen = Post.objects.visible_to(member).values_list("pk", flat=True)
            assert set(seen) == rules.may_see(member)

        actions.write_due_digests(SUNDAY)
        lay_down(rules, later, members, posts)
        batch = list(
            Delivery.objects.select_related("member__mail_preference").order_by("pk")
        )
        letters = MessageBuilder(SUNDAY)
        for part in (batch[:1], batch):
            built = letters(part, SUNDAY)
            for delivery in part:
                words = built[delivery.pk].body
                may = rules.may_see(delivery.member)
                named = {p.pk for p in posts if f"/posts/{p.pk}/" in words}
                assert named <= may
                told = {*delivery.content["questions"], *delivery.content["posts"]}
                assert named == told & may

        for member in members:
            found = people.others(curriculum.pk, member, None)
            named = {one.pk for step in found.values() for one in step.members}
            visible = Member.objects.visible_to(member).values_list("pk", flat=True)
            assert named <= set(visible)
