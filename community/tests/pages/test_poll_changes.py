"""Options and closing of a poll; who chose what."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from community.actions import polls
from community.models import Ballot, Poll, Post
from community.polls import voters
from community.tests.make import NOON, make_poll, make_vote, options_of
from community.tests.pages.reading import client_of, text
from mail.digest import compose
from mail.snippets import Snippets
from members.budget import OPTIONS, spend
from members.models import Member
from members.tests.make import make_member

pytestmark = pytest.mark.django_db


def test_the_author_changes_options_and_sets_a_day(
    client: Client, member: Member
) -> None:
    post = make_poll(member)
    diffusion, _graphs, spaces = options_of(post).values()
    day = (timezone.now() + timedelta(days=3)).date()
    address = f"/posts/{post.pk}/poll/"
    assert "An option whose field is empty is removed." in text(client.get(address))

    answer = client.post(
        address,
        {
            f"name-{diffusion}": "Diffusion models",
            f"name-{spaces}": "",
            "option2": "Optimisers",
            "closes_at": f"{day}T18:00",
        },
    )

    assert answer.url == post.get_absolute_url()
    assert [*options_of(post)] == ["Diffusion models", "Graphs", "Optimisers"]
    assert Poll.objects.get().closes_at.isoformat() == f"{day}T18:00:00+00:00"
    page = text(client.get(post.get_absolute_url()))
    assert 'href="' + address in page
    assert "was removed" not in page


def without_names(page: str, post: Post) -> str:
    """The page without what differs between two polls anyway."""
    for name, pk in options_of(post).items():
        page = page.replace(name, "an option").replace(f'"{pk}"', '"an id"')
    page = re.sub(r"/posts/\d+/", "/posts/", page)
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"', "", page)


@pytest.mark.parametrize("moderates", [False, True])
@pytest.mark.parametrize("is_named", [False, True])
def test_the_page_does_not_show_which_option_has_votes(
    is_named: bool, moderates: bool
) -> None:
    client = client_of("Kofi Mensah", moderator_since=NOON if moderates else None)
    author = Member.objects.get(name="Kofi Mensah")
    pages = []
    for chosen in ("Diffusion", "Graphs", "State spaces"):
        post = make_poll(author, results="closed", is_named=is_named)
        make_vote(post, chosen, by=make_member(f"Voted {chosen}"))
        page = text(client.get(f"/posts/{post.pk}/poll/"))
        pages.append(without_names(page, post))

    assert "Somebody has voted, so these options stay as they are." in pages[0]
    assert ("Votes for a removed option" in pages[0]) == moderates
    assert pages[0] == pages[1] == pages[2]


@pytest.mark.parametrize("option", ["Diffusion", "Graphs"])
def test_after_an_option_was_removed_nobody_sees_whether_it_had_votes(
    option: str,
) -> None:
    client = client_of("Kofi Mensah", moderator_since=NOON)
    post = make_poll(results="closed")
    make_vote(post, "Graphs")

    client.post(
        f"/posts/{post.pk}/options/remove/", {"option": options_of(post)[option]}
    )

    page = text(client.get(post.get_absolute_url()))
    assert "1 option was removed; votes for it do not count." in page


def test_a_vote_that_came_meanwhile_is_told_and_nothing_is_lost(
    client: Client, member: Member
) -> None:
    post = make_poll(member)
    diffusion, graphs, spaces = options_of(post).values()
    make_vote(post, "Graphs")
    day = (timezone.now() + timedelta(days=3)).date()

    page = text(
        client.post(
            f"/posts/{post.pk}/poll/",
            {
                f"name-{diffusion}": "Diffusion models",
                f"name-{graphs}": "Trees",
                f"name-{spaces}": "State spaces",
                "option1": "Optimisers",
                "closes_at": f"{day}T18:00",
            },
        )
    )

    assert "Somebody has voted by now, so the options stay as they are." in page
    for typed in ("Diffusion models", "Trees", "Optimisers", f"{day}T18:00"):
        assert f'value="{typed}"' in page
    assert [*options_of(post)] == ["Diffusion", "Graphs", "State spaces"]
    assert Poll.objects.get().closes_at is None


def test_a_change_of_a_poll_that_has_closed_leads_to_the_post_with_a_sentence(
    client: Client, member: Member
) -> None:
    post = make_poll(member)
    polls.close_poll(post, by=member, now=timezone.now())

    answer = client.post(
        f"/posts/{post.pk}/poll/", {"option1": "Optimisers"}, follow=True
    )

    assert answer.redirect_chain == [(post.get_absolute_url(), 302)]
    assert "This poll is closed." in text(answer)
    assert len(options_of(post)) == 3


def test_a_change_that_the_budget_refuses_stays_in_the_form(
    client: Client, member: Member
) -> None:
    post = make_poll(member, may_add=True)
    spend(member, OPTIONS, 60, now=timezone.now())

    changed = text(client.post(f"/posts/{post.pk}/poll/", {"option1": "Optimisers"}))
    added = text(client.post(f"/posts/{post.pk}/options/add/", {"name": "Trees"}))

    for page, typed in ((changed, "Optimisers"), (added, "Trees")):
        assert "You have added 60 options to polls within an hour." in page
        assert f'value="{typed}"' in page
    assert len(options_of(post)) == 3


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"option1": "x" * 10_000}, "this one has 10000"),
        ({"option1": "graphs"}, "“graphs” is there twice."),
        (
            {"closes_at": "2020-01-01T10:00", "option1": "Trees"},
            "Choose a time in the future.",
        ),
    ],
)
def test_a_change_that_cannot_be_is_refused_in_words(
    client: Client, member: Member, sent: dict[str, str], sentence: str
) -> None:
    post = make_poll(member)

    page = text(client.post(f"/posts/{post.pk}/poll/", sent))

    assert sentence in page
    assert all(f'value="{typed}"' in page for typed in sent.values())
    assert len(options_of(post)) == 3


def test_of_a_refused_option_and_a_new_day_nothing_is_stored(
    client: Client, member: Member
) -> None:
    post = make_poll(member)
    day = (timezone.now() + timedelta(days=3)).date()
    sent = {"option1": "graphs", "closes_at": f"{day}T18:00"}

    page = text(client.post(f"/posts/{post.pk}/poll/", sent))

    assert "“graphs” is there twice." in page
    assert all(f'value="{typed}"' in page for typed in sent.values())
    assert Poll.objects.get().closes_at is None


def test_the_author_closes_the_poll(client: Client, member: Member) -> None:
    post = make_poll(member)

    for _ in range(2):
        answer = client.post(f"/posts/{post.pk}/close/")
        assert answer.url == post.get_absolute_url()

    assert Poll.objects.get().closed_at
    page = text(client.get(post.get_absolute_url()))
    assert "Options and closing" not in page
    assert client.get(f"/posts/{post.pk}/poll/").status_code == 404


def test_others_change_and_close_nothing(client: Client) -> None:
    post = make_poll()
    graphs = options_of(post)["Graphs"]

    for address, fields in (
        ("poll", {"option1": "Mine"}),
        ("close", {}),
        ("options/remove", {"option": graphs}),
    ):
        answer = client.post(f"/posts/{post.pk}/{address}/", fields)
        assert answer.status_code == 404
    assert "Options and closing" not in text(client.get(post.get_absolute_url()))
    assert Poll.objects.get().closed_at is None


def test_a_moderator_removes_an_option_whatever_votes_it_has() -> None:
    client = client_of("Kofi Mensah", moderator_since=NOON)
    post = make_poll()
    make_vote(post, "Graphs")
    graphs = options_of(post)["Graphs"]
    assert "Remove “Graphs”" in text(client.get(f"/posts/{post.pk}/poll/"))

    client.post(f"/posts/{post.pk}/options/remove/", {"option": graphs})

    assert [*options_of(post)] == ["Diffusion", "State spaces"]
    page = text(client.get(post.get_absolute_url()))
    assert "1 option was removed; votes for it do not count." in page
    assert client.post(f"/posts/{post.pk}/poll/", {}).status_code == 404
    bad = client.post(f"/posts/{post.pk}/options/remove/", {"option": "x"})
    assert bad.status_code == 302


def test_a_moderator_is_told_that_the_last_option_stays() -> None:
    client = client_of("Kofi Mensah", moderator_since=NOON)
    post = make_poll()
    for _ in range(3):
        option = next(iter(options_of(post).values()))
        answer = client.post(
            f"/posts/{post.pk}/options/remove/", {"option": option}, follow=True
        )

    assert "This is the last option. Remove the post instead." in text(answer)
    assert [*options_of(post)] == ["State spaces"]


@pytest.mark.parametrize("way", ["single", "ranked"])
def test_votes_with_names_are_shown_to_whom_the_votes_are_shown(
    client: Client, member: Member, way: str
) -> None:
    post = make_poll(is_named=True, way=way)
    gone = make_vote(post, "Graphs", by=make_member("Elif Kaya"))
    make_vote(post, "Graphs", by=make_member("Noor Haddad"))
    gone.delete()
    address = f"/posts/{post.pk}/votes/"
    assert client.get(address).status_code == 404

    make_vote(post, "Graphs", by=member)

    graphs = options_of(post)["Graphs"]
    page = text(client.get(f"{address}?option={graphs}"))
    for name in ("Noor Haddad", "A deleted account", "Ines Duarte"):
        assert name in page
    assert ("place 1" in page) == (way == "ranked")
    assert "Nobody chose this." in text(client.get(address))
    assert client.get(f"{address}?option=7777").status_code == 404
    assert f'href="{address}"' in text(client.get(post.get_absolute_url()))


def test_nobody_sees_the_votes_of_a_secret_poll() -> None:
    moderator = client_of("Kofi Mensah", moderator_since=NOON)
    post = make_poll()
    make_vote(post, "Graphs", by=make_member("Noor Haddad"))
    polls.close_poll(post, by=post.author, now=timezone.now())

    assert moderator.get(f"/posts/{post.pk}/votes/").status_code == 404
    assert "Noor Haddad" not in text(moderator.get(post.get_absolute_url()))


@pytest.mark.parametrize("count", [1, 3])
def test_voters_are_shown_a_page_at_a_time(
    client: Client,
    member: Member,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    monkeypatch.setattr(voters, "ROWS", 2)
    post = make_poll(is_named=True)
    make_vote(post, "Diffusion", by=member)
    for number in range(count):
        make_vote(post, "Graphs", by=make_member(f"Voter {number}"))
    graphs = options_of(post)["Graphs"]
    address = f"/posts/{post.pk}/votes/?option={graphs}"
    client.get(address)

    # session with member, poll, voters, post
    with django_assert_num_queries(4):
        page = text(client.get(address))

    assert ("More</a>" in page) == (count == 3)
    if count == 3:
        second = Ballot.objects.get(member__name="Voter 1").choices.get().pk
        assert "Voter 2" in text(client.get(f"{address}&after={second}"))


def test_the_digest_says_how_many_have_voted_and_how_long_it_is_open() -> None:
    reader, now = make_member("Elif Kaya"), NOON + timedelta(days=1)
    said = {
        "1 has voted, closes in 2 days": make_poll(closes_at=NOON + timedelta(days=3)),
        "0 have voted": make_poll(title="Never?"),
        "0 have voted, closes within a day": make_poll(
            title="Soon?", closes_at=now + timedelta(hours=3)
        ),
        "0 have voted, closed": make_poll(title="Over?", closes_at=now),
    }
    [first, *_others] = said.values()
    make_vote(first, "Graphs")

    digests = compose([reader], now)
    lines = Snippets(now)
    lines.load([(reader, digests[reader.pk])])

    shown = lines.of_posts(reader, [post.pk for post in said.values()])
    for line, words in zip(shown, said, strict=True):
        assert line.about.endswith(f", {words}")


def test_search_shows_the_option_that_was_found(client: Client) -> None:
    make_poll(None, "Variational autoencoders", "Graphs")

    assert "<mark>Variational</mark>" in text(client.get("/search/?q=variational"))
