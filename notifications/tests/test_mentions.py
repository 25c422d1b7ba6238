"""Who is mentioned is told, once, and if they may see it."""

from datetime import timedelta

import pytest

from community import actions as community
from community.models import Mention
from community.tests.make import NOON
from members.models import Member
from members.tests.make import make_member
from notifications import actions
from notifications.listed import Told
from notifications.models import Notification, WatchLevel
from notifications.tests.make import LATER, ask, comment, tell, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def asker() -> Member:
    return make_member("Ines Duarte")


@pytest.fixture
def helper() -> Member:
    return make_member("Yuki Arai")


@pytest.fixture
def third() -> Member:
    return make_member("Wei Tan")


def test_who_is_mentioned_in_a_comment_is_told_of_it(
    asker: Member, helper: Member, third: Member
) -> None:
    said = comment(ask(asker), helper, "@wei-tan knows this.")

    tell()
    tell()

    assert told(third) == [("mention", said.pk, True)]
    assert not Mention.objects.filter(to_tell=True).exists()


def test_the_asker_is_told_of_an_answer_and_not_of_the_mention_in_it(
    asker: Member, helper: Member
) -> None:
    said = comment(ask(asker), helper, "@ines-duarte, it is ln 10.")

    tell()

    assert told(asker) == [("answer", said.pk, True)]


def test_who_watches_and_is_mentioned_is_told_once(
    asker: Member, helper: Member, third: Member
) -> None:
    question = ask(asker)
    actions.watch(third, question, WatchLevel.WATCHING, now=NOON)
    said = comment(question, helper, "@wei-tan knows this.")

    tell()

    assert told(third) == [("mention", said.pk, True)]


def test_a_mention_in_a_post_is_told(asker: Member, third: Member) -> None:
    community.write_post(asker, body="With @wei-tan.", now=NOON)

    tell()

    assert told(third) == [("mention", None, True)]


def test_a_mention_in_a_post_names_the_author_of_the_post() -> None:
    none = Told._make(None for _ in Told._fields)
    row = none._replace(kind="mention", post_author_name="Ines Duarte")

    assert row.actor_name == "Ines Duarte"
    below = row._replace(comment_id=3, comment_author_name="Yuki Arai")
    assert below.actor_name == "Yuki Arai"
    assert row._replace(kind="poll_closed").actor_name == ""


def test_a_mention_that_an_edit_adds_is_told_and_nothing_else_again(
    asker: Member, helper: Member, third: Member
) -> None:
    said = comment(ask(asker), helper, "It is ln 10.")
    tell()
    Notification.objects.update(read_at=LATER)

    community.edit_comment(
        said,
        by=helper,
        body="It is ln 10, says @wei-tan to @ines-duarte.",
        seen_edited_at=None,
        now=LATER,
    )
    tell(LATER + timedelta(minutes=1))

    assert told(third) == [("mention", said.pk, True)]
    assert told(asker) == [("answer", said.pk, False)]


def test_who_muted_the_thread_is_not_told(
    asker: Member, helper: Member, third: Member
) -> None:
    question = ask(asker)
    actions.watch(third, question, WatchLevel.MUTED, now=NOON)
    comment(question, helper, "@wei-tan knows this.")

    tell()

    assert told(third) == []


def test_who_may_not_see_the_post_is_not_told(
    monkeypatch: pytest.MonkeyPatch, asker: Member, helper: Member, third: Member
) -> None:
    question = ask(asker, "With @wei-tan?")
    comment(question, helper, "@wei-tan knows this.")
    community.write_post(asker, body="And with @wei-tan.", now=NOON)
    monkeypatch.setattr(
        "community.models.posts.PostQuerySet.hidden_from",
        lambda self, members: {third.pk: set(self.values_list("pk", flat=True))},
    )

    tell()

    assert told(third) == []
    assert not Mention.objects.filter(to_tell=True).exists()


def test_a_comment_that_was_removed_mentions_nobody(
    asker: Member, helper: Member, third: Member
) -> None:
    said = comment(ask(asker), helper, "@wei-tan knows this.")
    community.remove_comment(said, by=helper, now=NOON)

    tell()

    assert told(third) == []
