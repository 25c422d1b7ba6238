"""The text part of a mail and its subject are data: on a page they are
shown, never obeyed.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.safestring import SafeData

from community.tests.make import make_question
from mail import actions
from mail.messages import MessageBuilder
from mail.models import Delivery
from members.models import StudyGroup
from members.tests.make import make_member

pytestmark = pytest.mark.django_db

HOSTILE = "<a hx-post=/admin/ hx-trigger=load>&amp;\"'"


@pytest.fixture
def test_mail() -> Delivery:
    now = datetime.now(UTC)
    StudyGroup.objects.create(pk=1, name=HOSTILE, set_up_at=now)
    owner = make_member(HOSTILE, "owner@example.org", owner_since=now)
    make_question(make_member(HOSTILE), HOSTILE, posted_at=now - timedelta(days=1))
    actions.write_test(owner, now=now)
    return Delivery.objects.select_related("member").get()


def test_no_part_of_a_built_mail_counts_as_html(test_mail: Delivery) -> None:
    built = MessageBuilder(timezone.now()).build(test_mail)

    [html] = built.alternatives
    assert HOSTILE in built.body
    assert HOSTILE in built.subject
    assert [
        isinstance(part, SafeData) for part in (built.subject, built.body, html[0])
    ] == [False] * 3


def test_the_owner_reads_a_hostile_title_as_text(
    test_mail: Delivery, client: Client
) -> None:
    client.force_login(test_mail.member)

    page = client.get(f"/mail/runs/{test_mail.pk}/").content.decode()

    assert "&lt;a hx-post=/admin/ hx-trigger=load&gt;" in page
    assert "<a hx-post=/admin/" not in page


def test_the_html_part_shows_it_as_text_too(
    test_mail: Delivery, client: Client
) -> None:
    client.force_login(test_mail.member)

    page = client.get(f"/mail/runs/{test_mail.pk}/html/").content.decode()

    assert "hx-trigger=load&gt;" in page
    assert "<a hx-post" not in page


# What the owner sees of somebody else's mail

SECRETS = {"goal_words": "Leave my job by May", "hours_per_week": 7}
DIGEST = {
    "week": {
        "monday": "2026-11-16",
        "minutes": {"run": 111, "hack": 0, "math": 0},
        "target": 420,
        "shares": {"run": 79, "hack": 0, "math": 0},
        "active_days": 5,
        "activities_done": 13,
    },
    "next": {
        "title": "Derive the secret equation",
        "minutes": 45,
        "aspect": "math",
        "step_number": 4,
        "step_title": "Deep dive",
        "path": "/learn/way-up/deep-dive/",
    },
    "curriculum": "The way up",
    "step": 4,
    "questions": [],
    "posts": [],
    "papers": [],
    "papers_announced": 0,
}
PRIVATE = (
    "Leave my job",
    "111",
    "1 h 51",
    "79",
    "13 activities",
    "secret equation",
    "deep-dive",
    "step 4",
    "5 January",
)


def said(words: str, page: str) -> bool:
    """Whether the words stand there, and not as a part of others."""
    return bool(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", page))


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("digest", DIGEST),
        ("inactivity", {"since": "2026-01-05", "next": DIGEST["next"]}),
    ],
)
def test_the_owner_sees_stand_ins_for_what_is_a_members_own(
    client: Client, kind: str, content: dict
) -> None:
    now = datetime.now(UTC)
    ines = make_member("Ines Duarte", **SECRETS)
    delivery = Delivery.objects.create(
        member=ines,
        kind=kind,
        key="2026-W47",
        content=content,
        written_at=now,
        not_before=now,
    )
    client.force_login(make_member("Mira", owner_since=now))

    page = client.get(f"/mail/runs/{delivery.pk}/").content.decode()
    html = client.get(f"/mail/runs/{delivery.pk}/html/").content.decode()

    own = MessageBuilder(timezone.now()).build(delivery)
    # it is in the mail that is sent
    assert [each for each in PRIVATE if said(each, own.body)]
    for shown in (page, html):
        # a token may hold any number
        words = re.sub(r'value="[^"]*"|data-hx-headers="[^"]*"', "", shown)
        assert [each for each in PRIVATE if said(each, words)] == []
        assert "their next activity" in shown
    assert "Stand-ins are shown" in page
    letter = page.partition('<pre class="mail-text">')[2].partition("</pre>")[0]
    assert "://" in letter
    assert "<a " not in letter, "a link to a private page leads nowhere"
    for token in re.findall(
        r"/mail/(?:preferences|unsubscribe)/[^/\s\"&<]+/", page + html
    ):
        assert client.get(token).status_code == 404, "a link that acts for the member"
    delivery.refresh_from_db()
    assert delivery.content == content
