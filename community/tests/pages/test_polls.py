"""Polls in the feed and on their page: written, voted in, refused."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from community.actions import polls
from community.kinds.poll import PollKind
from community.models import Ballot, Poll, Post
from community.polls import shown
from community.tests.make import (
    make_moderator,
    make_poll,
    make_step,
    make_vote,
    options_of,
)
from community.tests.pages.reading import HTMX, client_of, text
from members.models import Member
from members.tests.make import make_member

pytestmark = pytest.mark.django_db
FIELDS = {
    "kind": "poll",
    "title": "What next?",
    "option1": "Diffusion",
    "option3": "Graphs",
}


def bars(page: str) -> list[int]:
    return [int(width) for width in re.findall(r'<rect width="(\d+)"', page)]


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_a_poll_is_written_from_the_short_form(client: Client, member: Member) -> None:
    client.post("/posts/new/", FIELDS)

    poll = Poll.objects.select_related("post").get()
    assert (poll.way, poll.results, poll.is_named) == ("single", "after", False)
    assert (poll.post.title, poll.post.body, poll.closes_at) == ("What next?", "", None)
    assert [*options_of(poll.post)] == ["Diffusion", "Graphs"]


def test_the_long_form_has_every_choice_and_the_zone_of_the_author(
    client: Client, member: Member
) -> None:
    Member.objects.filter(pk=member.pk).update(time_zone="Asia/Tokyo")
    page = text(client.get("/posts/new/?kind=poll"))
    assert "In your time zone, Asia/Tokyo" in page
    day = (timezone.now() + timedelta(days=3)).date()

    client.post(
        "/posts/new/",
        {
            **FIELDS,
            "way": "ranked",
            "results": "closed",
            "closes_at": f"{day}T18:00",
            "may_add": "on",
            "is_named": "on",
        },
    )

    poll = Poll.objects.get()
    assert (poll.way, poll.results) == ("ranked", "closed")
    assert (poll.may_add, poll.is_named) == (True, True)
    assert poll.closes_at.isoformat() == f"{day}T09:00:00+00:00"


def test_the_form_names_the_choices_as_the_poll_does(client: Client) -> None:
    fields = PollKind().fields()
    page = text(client.get("/posts/new/?kind=poll"))

    assert fields["way"].choices == Poll.Way.choices  # type: ignore[attr-defined]
    for choice in (*Poll.Way, *Poll.VotesShown):
        assert f'value="{choice.value}"' in page
        assert str(choice.label) in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"title": ""}, "A poll needs a title"),
        ({"option2": "", "option3": ""}, "A poll needs at least two options."),
        ({"option3": "diffusion"}, "“diffusion” is there twice."),
        ({"option4": "x" * 10_000}, "at most 120 characters; this one has 10000"),
        ({"closes_at": "2020-01-01T10:00"}, "Choose a time in the future."),
        ({"closes_at": "2999-01-01T10:00"}, "for a year at most"),
        ({"closes_at": "tomorrow"}, "Enter a day and a time."),
        ({"closes_at": "0001-01-01T00:00"}, "Choose a time in the future."),
        ({"way": "loudest"}, "Select a valid choice"),
        ({"results": "never"}, "Select a valid choice"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_poll_that_cannot_be_is_refused_and_nothing_typed_is_lost(
    client: Client, headers: dict[str, str], changed: dict[str, str], sentence: str
) -> None:
    fields = {**FIELDS, "body": "Because.", "option2": "Optimisers", **changed}

    answer = client.post("/posts/new/", fields, headers=headers)

    page = text(answer)
    assert answer.status_code == 200
    for typed in ("title", "option1", "option2", "option4"):
        assert fields.get(typed, "") in page
    assert "Because.</textarea>" in page
    assert not Post.objects.exists()
    if not headers:
        assert sentence in page


def test_every_refusal_is_told_above_the_feed_too(client: Client) -> None:
    for changed in ({"option3": ""}, {"option3": "diffusion"}, {"title": ""}):
        page = text(client.post("/posts/new/", {**FIELDS, **changed}, headers=HTMX))
        assert "icon" in page
        assert re.search('class="error"', page)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_member_votes_in_the_feed_and_then_sees_the_bars(
    client: Client, member: Member, headers: dict[str, str]
) -> None:
    post = make_poll()
    make_vote(post, "Diffusion")
    before = text(client.get("/"))
    graphs = options_of(post)["Graphs"]

    answer = client.post(
        f"/posts/{post.pk}/vote/",
        {"option": graphs},
        headers=headers | {"Referer": "http://testserver/?show=polls"},
    )

    assert bars(before) == []
    assert "Results show after your vote" in before
    assert Ballot.objects.get(member=member).choices.get().option_id == graphs
    if headers:
        page = text(answer)
    else:
        assert answer.url == f"http://testserver/?show=polls#poll-{post.pk}"
        page = text(client.get("/?show=polls"))
    assert bars(page) == [50, 50, 0]
    assert "Your vote: Graphs. 2 have voted. Votes are secret." in words(page)


def test_a_vote_is_changed_and_taken_back(client: Client, member: Member) -> None:
    post = make_poll()
    address = f"/posts/{post.pk}/vote/"
    diffusion, graphs, _spaces = options_of(post).values()
    client.post(address, {"option": graphs})
    page = text(client.get(post.get_absolute_url()))
    assert re.search(f'value="{graphs}"\\s+checked', page)
    assert "Change my vote" in page

    changed = text(client.post(address, {"option": diffusion}, headers=HTMX))
    back = text(client.post(address, {"back": "1"}, headers=HTMX))

    assert "Your vote: Diffusion." in words(changed)
    assert "0 have voted" in words(back)
    assert not Ballot.objects.exists()


def test_a_ranking_is_sent_by_selects_and_gaps_do_not_matter(
    client: Client, member: Member
) -> None:
    post = make_poll(way="ranked")
    diffusion, graphs, spaces = options_of(post).values()
    places = {f"place-{diffusion}": "", f"place-{graphs}": "3", f"place-{spaces}": "1"}

    page = text(client.post(f"/posts/{post.pk}/vote/", places, headers=HTMX))

    order = Ballot.objects.get().choices.order_by("place")
    assert list(order.values_list("option", "place")) == [(spaces, 1), (graphs, 2)]
    assert "Your vote: State spaces, Graphs." in words(page)
    assert "First places so far" in page


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_two_on_one_place_are_asked_about_with_the_form_as_it_was(
    client: Client, headers: dict[str, str]
) -> None:
    post = make_poll(way="ranked")
    diffusion, graphs, _spaces = options_of(post).values()
    places = {f"place-{diffusion}": "2", f"place-{graphs}": "2"}

    answer = client.post(f"/posts/{post.pk}/vote/", places, headers=headers)

    assert answer.status_code == 200
    page = text(answer)
    assert "Two options are on place 2. Give each its own, or none." in page
    assert page.count("<option selected>2</option>") == 2
    assert not Ballot.objects.exists()


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("way", ["single", "several"])
def test_a_vote_for_an_option_that_is_gone_keeps_what_was_chosen(
    client: Client, way: str, headers: dict[str, str]
) -> None:
    post = make_poll(way=way)
    _diffusion, graphs, spaces = options_of(post).values()
    polls.remove_option(post, by=make_moderator(), option=graphs, now=timezone.now())

    answer = client.post(
        f"/posts/{post.pk}/vote/", {"option": [graphs, spaces]}, headers=headers
    )

    page = text(answer)
    assert answer.status_code == 200
    assert 'role="alert"' in page
    assert "An option that you chose was removed." in page
    assert re.search(f'value="{spaces}"\\s+checked', page)
    assert not Ballot.objects.exists()


@pytest.mark.parametrize(
    "sent", [{}, {"option": ""}, {"option": "9" * 30}, {"option": "x\0"}]
)
def test_a_vote_for_nothing_is_refused_in_words(
    client: Client, sent: dict[str, str]
) -> None:
    post = make_poll()

    answer = client.post(f"/posts/{post.pk}/vote/", sent, headers=HTMX)

    assert answer.status_code == 200
    assert 'role="alert"' in text(answer)
    assert not Ballot.objects.exists()


@pytest.mark.parametrize("way", ["single", "several"])
def test_a_tie_is_called_a_tie(client: Client, way: str) -> None:
    post = make_poll(way=way)
    make_vote(post, "Graphs")
    make_vote(post, "Diffusion")
    polls.close_poll(post, by=post.author, now=timezone.now())

    for address in ("/", post.get_absolute_url()):
        page = words(text(client.get(address))).replace(" ,", ",")
        assert page.count(", tied") == 2
        assert "most votes" not in page
        assert "It is a tie: Diffusion, Graphs have as many votes." in page

    every = make_poll(way=way)
    for option in options_of(every):
        make_vote(every, option)
    polls.close_poll(every, by=every.author, now=timezone.now())
    page = words(text(client.get(every.get_absolute_url())))
    assert "It is a tie: all options have as many votes." in page


def test_of_a_ranked_poll_one_wins_also_after_a_tie(client: Client) -> None:
    post = make_poll(way="ranked")
    make_vote(post, "Graphs")
    make_vote(post, "Diffusion")
    polls.close_poll(post, by=post.author, now=timezone.now())

    page = words(text(client.get(post.get_absolute_url()))).replace(" ,", ",")
    assert "tied" not in page
    assert page.count(", wins") == 2, "in the first places, and in the last round"
    assert "Several are last and were always equal" in page


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_closed_poll_shows_its_votes_to_everybody_and_takes_no_more(
    client: Client, headers: dict[str, str]
) -> None:
    post = make_poll(results="closed")
    make_vote(post, "Graphs")
    assert bars(text(client.get("/"))) == []
    polls.close_poll(post, by=post.author, now=timezone.now())

    option = options_of(post)["Diffusion"]
    answer = client.post(f"/posts/{post.pk}/vote/", {"option": option}, headers=headers)

    page = text(answer)
    assert bars(page) == [0, 100, 0]
    assert "Graphs , most votes" in words(page).replace("Graphs,", "Graphs ,")
    assert "Closed " in page
    assert Poll.objects.get().voter_count == 1


def test_votes_show_when_the_author_chose(client: Client, member: Member) -> None:
    posts = {
        results: make_poll(results=results, title=results)
        for results in ("before", "after", "closed")
    }
    for post in posts.values():
        make_vote(post, "Graphs", by=make_member(post.title))
    address = {name: post.get_absolute_url() for name, post in posts.items()}

    asked = {
        name: bars(text(client.get(f"{url}?results=1")))
        for name, url in address.items()
    }
    before = {name: bars(text(client.get(url))) for name, url in address.items()}
    for post in posts.values():
        make_vote(post, "Graphs", by=member)
    after = {name: bars(text(client.get(url))) for name, url in address.items()}

    assert before == {"before": [], "after": [], "closed": []}
    assert asked == {"before": [0, 100, 0], "after": [], "closed": []}
    assert after == {"before": [0, 100, 0], "after": [0, 100, 0], "closed": []}
    assert "Results without voting" in text(
        client_of("Elif Kaya").get(address["before"])
    )


def test_a_poll_with_names_leads_to_them_once_its_votes_show(client: Client) -> None:
    post = make_poll(is_named=True)
    before = text(client.get(f"/posts/{post.pk}/"))
    assert "Votes are shown with names." in before
    assert f"/posts/{post.pk}/votes/" not in before

    polls.close_poll(post, by=post.author, now=timezone.now())

    page = text(client.get(f"/posts/{post.pk}/"))
    assert f'<a href="/posts/{post.pk}/votes/">See who chose what</a>' in page


def test_a_ranked_poll_shows_its_rounds_when_it_is_closed(client: Client) -> None:
    post = make_poll(way="ranked")
    for name, choice in (("A", "Graphs"), ("B", "Diffusion"), ("C", "Graphs")):
        make_vote(post, choice, by=make_member(name))
    polls.close_poll(post, by=post.author, now=timezone.now())

    page, feed = (text(client.get(url)) for url in (post.get_absolute_url(), "/"))

    assert "2 of 3 is more than half: “Graphs” wins." in page
    assert "How it is counted" in page
    assert "Graphs, wins" in re.sub(r"\s+,", ",", words(page))
    assert f'href="{post.get_absolute_url()}#rounds"' in feed


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_member_adds_an_option_where_the_author_allows(
    client: Client, member: Member, headers: dict[str, str]
) -> None:
    post = make_poll(may_add=True)
    diffusion = options_of(post)["Diffusion"]

    answer = client.post(
        f"/posts/{post.pk}/options/add/",
        {"name": " Optimisers ", "option": diffusion},
        headers=headers,
    )

    assert [*options_of(post)][-1] == "Optimisers"
    if headers:
        assert re.search(f'value="{diffusion}"\\s+checked', text(answer))
    page = text(client.get(post.get_absolute_url()))
    assert "Optimisers added by Ines Duarte" in words(page).replace(
        "\u2068", ""
    ).replace("\u2069", "")
    assert "There is room for 8 more." in page


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Write something first."),
        ("x" * 10_000, "An option has at most 120 characters; this one has 10000."),
        ("graphs", "“graphs” is there twice."),
    ],
)
def test_an_option_that_cannot_be_added_stays_in_its_field(
    client: Client, headers: dict[str, str], name: str, sentence: str
) -> None:
    post = make_poll(may_add=True)

    answer = client.post(
        f"/posts/{post.pk}/options/add/", {"name": name}, headers=headers
    )

    page = text(answer)
    assert answer.status_code == 200
    assert sentence in page
    assert f'value="{name}"' in page
    assert len(options_of(post)) == 3


def test_an_option_added_to_a_poll_that_has_closed_is_refused(client: Client) -> None:
    post = make_poll(may_add=True)
    polls.close_poll(post, by=post.author, now=timezone.now())

    page = text(
        client.post(f"/posts/{post.pk}/options/add/", {"name": "Late"}, headers=HTMX)
    )

    assert "Closed " in page
    assert len(options_of(post)) == 3


@pytest.mark.parametrize("removed", [0, 50])
def test_removed_options_cost_a_page_nothing(client: Client, removed: int) -> None:
    post = make_poll()
    poll = Poll.objects.get()
    for number in range(removed):
        poll.options.create(
            name=f"Gone {number}", position=10 + number, removed_at=timezone.now()
        )

    rows = shown._OF_POSTS(member=post.author, posts=[post.pk])

    assert [row.name for row in rows] == ["Diffusion", "Graphs", "State spaces"]
    assert "Gone" not in text(client.get("/"))


def test_what_is_no_poll_or_was_removed_takes_no_votes(client: Client) -> None:
    removed = make_poll()
    Post.objects.filter(pk=removed.pk).update(removed_at=timezone.now())

    for pk in (removed.pk, removed.pk + 1, 10**30):
        assert client.post(f"/posts/{pk}/vote/", {}).status_code == 404
        assert client.post(f"/posts/{pk}/options/add/", {}).status_code == 404


def test_a_poll_in_the_thread_of_a_step_takes_votes_there_too(client: Client) -> None:
    step = make_step()
    client.post("/posts/new/", {**FIELDS, "step": str(step)})
    post = Post.objects.get()

    assert f'action="/posts/{post.pk}/vote/"' in text(client.get(f"/?step={step}"))


@pytest.mark.parametrize("count", [1, 3])
def test_polls_cost_the_feed_one_query_and_their_page_one(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        post = make_poll(title=f"Poll {number}?")
        make_vote(post, "Graphs", by=make_member(f"Voter {number}"))
    client.get("/")
    client.get(post.get_absolute_url())  # stores the mark of what was read

    # session with member and enrolment; new releases; posts; polls; notice; records,
    # minutes; which posts are saved
    with django_assert_num_queries(8):
        client.get("/")
    # session with member and enrolment, post, poll, comments, what is saved
    with django_assert_num_queries(5):
        client.get(post.get_absolute_url())


def test_a_vote_costs_a_fixed_number_of_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    post = make_poll()
    address = f"/posts/{post.pk}/vote/"
    diffusion, graphs, _spaces = options_of(post).values()
    make_vote(post, "Graphs")

    # session with member, poll; savepoint, the voter counts, ballot, its option
    # counts one more, the choice, release; poll with its votes
    with django_assert_num_queries(9):
        client.post(address, {"option": graphs}, headers=HTMX)
    # session with member, poll; savepoint, the poll is locked, former choice, its
    # option counts one less, it is deleted, the option counts one more, the choice,
    # release; poll
    with django_assert_num_queries(11):
        client.post(address, {"option": diffusion}, headers=HTMX)


@pytest.mark.parametrize("address", ["vote", "options/add"])
def test_the_address_of_a_refused_form_leads_to_the_post(
    client: Client, address: str
) -> None:
    post = make_poll()

    answer = client.get(f"/posts/{post.pk}/{address}/")

    assert answer.url == post.get_absolute_url()
