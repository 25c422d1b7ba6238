"""Sign-ups whose address nobody proved are forgotten."""

from datetime import UTC, datetime, timedelta

import pytest

from community.tests.make import make_post
from members import actions
from members.models import Member
from members.tests.make import make_member

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 6, 18, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=3, minutes=1)


def sign_up(name: str, joined_at: datetime = LONG_AGO, **fields: object) -> Member:
    return make_member(name, **{"joined_at": joined_at, "proved_at": None, **fields})


def test_who_proved_nothing_for_three_days_is_forgotten() -> None:
    sign_up("Never Here")
    kept = [
        sign_up("Three Days", NOW - timedelta(days=3)),
        sign_up("Proved", proved_at=NOW),
        sign_up("Signed In", last_login=NOW),
        sign_up("Owner", owner_since=NOW),
        sign_up("Curator", curator_since=NOW),
        sign_up("Moderator", moderator_since=NOW),
    ]

    assert actions.forget_unproved(now=NOW) == 1
    assert list(Member.objects.order_by("pk")) == kept
    assert actions.forget_unproved(now=NOW) == 0


def test_whose_posts_there_are_is_kept_and_the_next_one_is_forgotten() -> None:
    author = sign_up("Written For")
    make_post(author, posted_at=LONG_AGO)
    sign_up("Never Here")

    assert actions.forget_unproved(now=NOW) == 1
    assert list(Member.objects.all()) == [author]


def test_members_see_whoever_is_active_and_themselves() -> None:
    ines, ada = make_member("Ines"), make_member("Ada")
    gone = make_member("Gone", is_active=False)
    unproved = make_member("Unproved", proved_at=None)

    assert set(Member.objects.visible_to(ines)) == {ines, ada}
    assert set(Member.objects.visible_to(gone)) == {ines, ada, gone}
    assert set(Member.objects.visible_to(unproved)) == {ines, ada, unproved}
