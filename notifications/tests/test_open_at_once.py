"""Several runs at once ask nobody twice. SQLite lets one write at a time."""

from collections import Counter

import pytest
from django.db import connection

from community.tests.make import NOON, make_comment, make_question
from community.tests.test_at_once import at_once
from members.models import Member
from members.tests.make import make_member
from notifications.actions.questions import look_after_questions
from notifications.models import Notification, OpenQuestion
from notifications.tests.test_open_questions import DUE, LONG_AGO, START, finisher
from progress.tests.make import make_curriculum

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="one writer at a time"
    ),
]


def test_runs_at_once_offer_each_question_once_and_ask_nobody_twice() -> None:
    curriculum = make_curriculum()
    for number in range(7):
        finisher(curriculum, f"M{number}")
    asker = make_member("Asker", joined_at=LONG_AGO)
    for number in range(4):
        post = make_question(asker, f"Q{number}", step_key=START, posted_at=NOON)
        OpenQuestion.objects.create(post=post, offer_at=DUE)
    answered = make_question(asker, "Answered", posted_at=NOON)
    make_comment(answered, make_member("Wei"), minutes=0)
    OpenQuestion.objects.create(post=answered, ask_at=DUE)

    counts = at_once(*[lambda: look_after_questions(now=DUE)] * 4)

    assert sum(map(int, counts)) == 5  # type: ignore[call-overload]
    offers = Notification.objects.filter(kind="could_answer")
    assert offers.count() == offers.values("member").distinct().count() == 7
    posts = offers.values_list("post", flat=True)
    assert max(Counter(posts).values()) <= 3
    assert Member.objects.filter(asked_at=DUE).count() == 7
    assert Notification.objects.filter(kind="helped").count() == 1
    assert look_after_questions(now=DUE) == 0
