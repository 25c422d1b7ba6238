"""A kind of post is one module: this one is known to nothing but
these tests.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from community import actions, kinds, threads
from community.feed import filters
from community.models import Post
from community.subjects import find_step
from community.tests.make import NOON, make_post, make_step
from community.tests.throwaway import mood
from mail.digest import compose
from members.models import Member
from members.tests.make import make_group, make_member

pytestmark = pytest.mark.django_db

TEMPLATES = Path(mood.__file__).parent / "templates"


@pytest.fixture
def curator(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Member:
    monkeypatch.setitem(kinds.KINDS, mood.MoodKind.name, mood.MoodKind())
    settings.TEMPLATES = [
        {**engine, "DIRS": [*engine["DIRS"], TEMPLATES]}
        for engine in settings.TEMPLATES
    ]
    mood.MOODS.clear()
    make_group()
    return make_member("Ines Duarte", curator_since=NOON)


def client_of(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_the_long_form_has_the_fields_of_the_kind(curator: Member) -> None:
    form = page(client_of(curator), "/posts/new/?kind=mood")

    assert "Say how you feel</h1>" in form
    assert "Today I feel</textarea>" in form
    assert "Mood in a word" in form
    assert "How do you feel, Ines?" in page(client_of(curator), "/")
    # of a kind that is not chosen, the style hides the fields
    assert 'data-kind="mood"' in page(client_of(curator), "/posts/new/")


def test_a_post_of_a_new_kind_is_shown_in_feed_thread_and_mail(curator: Member) -> None:
    client, step = client_of(curator), make_step()
    words = {"kind": "mood", "body": "Rain.", "mood": "<calm>", "step": str(step)}

    answer = client.post("/posts/new/", words)

    post = Post.objects.get()
    assert answer.url == post.get_absolute_url()  # type: ignore[attr-defined]
    for address in ("/", "/?show=moods", f"/?step={step}"):
        assert "Mood: &lt;calm&gt;" in page(client, address)
    assert "Mood: " not in page(client, "/?show=questions")
    assert "Consolations</h2>" in page(client, post.get_absolute_url())
    subject = find_step(step)
    assert subject
    [row] = threads.thread_page(curator, subject).rows
    assert (row.details, [button.kind for button in row.buttons]) == (
        "<calm>",
        ["same"],
    )
    assert post.traits.snippet(post, NOON) == "feels <calm>"


def test_a_field_of_the_kind_that_is_missing_is_told_and_nothing_is_stored(
    curator: Member,
) -> None:
    words = {"kind": "mood", "body": "Rain."}

    answer = client_of(curator).post("/posts/new/", words)

    assert "This field is required." in answer.content.decode()
    assert "Rain.</textarea>" in answer.content.decode()
    assert not Post.objects.exists()


def test_the_kind_says_who_may_write_it(curator: Member) -> None:
    other = make_member("Yuki Arai")

    with pytest.raises(actions.NotAllowed, match="Only curators have moods"):
        actions.write_post(other, kind="mood", body="Rain.", now=NOON)
    assert "Mood" not in page(client_of(other), "/posts/new/")


def test_the_digest_says_what_the_kind_says(curator: Member) -> None:
    from mail.snippets import Snippets

    reader, now = make_member("Yuki Arai"), NOON + timedelta(days=1)
    post = make_post(curator, kind="mood", body="Rain.")
    mood.MOODS[post.pk] = "calm"

    digests = compose([reader], now)
    lines = Snippets(now)
    lines.load([(reader, digests[reader.pk])])

    [line] = lines.of_posts(reader, digests[reader.pk].posts)
    assert line.about.endswith("feels calm")


def test_the_product_has_the_kinds_it_had() -> None:
    assert list(kinds.KINDS) == [
        "discussion",
        "question",
        "poll",
        "mistake",
        "journey",
        "showcase",
        "announcement",
        "roundup",
    ]
    assert [choice.name for choice in filters()] == [
        "all",
        "questions",
        "unanswered",
        "polls",
        "announcements",
        "mine",
    ]


def test_a_post_of_a_kind_that_is_gone_is_shown_as_a_discussion() -> None:
    make_group()
    make_post(make_member("Ines Duarte"), kind="mood", body="Rain.")

    shown = page(client_of(make_member("Yuki Arai")), "/")

    assert "Rain." in shown
    assert "Discussion by Ines Duarte" in shown
