"""The page of the search, on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from community import actions as community
from community.indexed import post_document
from community.models import Comment, Post, Thread
from community.tests.make import make_post
from community.threads import of
from curriculum import actions as curricula
from curriculum import fileformat
from curriculum.tests.documents import SMALL
from curriculum.tests.make import make_resource
from documents import actions as documents
from documents.query import parse
from members import actions
from members.models import Handle, Member
from members.tests.make import make_member
from search import vocabulary
from search.actions import remember
from search.hits import Sought
from search.models import RecentSearch

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture
def reader() -> Member:
    return make_member("Ines Duarte")


@pytest.fixture
def client(reader: Member) -> Client:
    client = Client()
    client.force_login(reader)
    return client


def write(
    title: str, body: str = "…", *, by: Member | None = None, **more: Any
) -> Post:
    return community.write_post(
        by or make_member(f"Member {Post.objects.count()}"),
        kind="question",
        title=title,
        body=body,
        now=NOW,
        **more,
    )


def answer(post: Post, body: str, *, by: Member) -> Comment:
    return community.write_comment(post, author=by, body=body, now=NOW)


def page(client: Client, **given: str) -> str:
    response = client.get("/search/", given)
    assert response.status_code == 200
    return response.content.decode()


def test_what_is_written_is_found_at_once(client: Client, reader: Member) -> None:
    post = write("Why does my loss rise?", "I use weight decay.")
    answer(post, "Regularisation holds the **weights** down.", by=reader)

    found = page(client, q="regularized weight")

    assert "<mark>Regularisation</mark>" in found
    assert f"comment-{Comment.objects.get().pk}" in found


def test_an_edit_is_found_by_its_new_words(client: Client, reader: Member) -> None:
    post = write("Momentum?", by=reader)
    community.edit_post(
        post, by=reader, title="Adam?", body="…", seen_edited_at=None, now=NOW
    )

    assert "Nothing found" in page(client, q="momentum", exact="1")
    assert "<mark>Adam</mark>" in page(client, q="adam")


def test_what_was_removed_is_neither_found_nor_counted(
    client: Client, reader: Member
) -> None:
    post = write("Vanishing gradients", by=reader)
    answer(post, "Vanishing is saturation.", by=reader)
    community.remove_post(post, by=reader, now=NOW)

    assert "Nothing found" in page(client, q="vanishing")


def test_counts_of_each_kind_and_one_kind_alone(client: Client, reader: Member) -> None:
    post = write("Dropout")
    answer(post, "Dropout drops.", by=reader)
    make_resource("dropout-paper", title="Dropout explained")

    everything = page(client, q="dropout")
    comments = page(client, q="dropout", kind="comments")

    for count in ("All 3", "Posts 1", "Comments 1", "Resources 1", "Papers 0"):
        assert count in everything
    assert "drops" in comments
    assert "Dropout explained" not in comments


def test_the_newest_of_each_kind_are_looked_at_and_more_of_the_chosen_one(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.results.LOOKED_AT", 2)
    monkeypatch.setattr("search.results.MOST", 4)
    for number in range(5):
        write(f"Dropout {number}")

    everything = page(client, q="dropout")
    posts = page(client, q="dropout", kind="posts")

    for count in ("All 2+", "Posts 2+", "Comments 0"):
        assert count in everything
        assert count in posts
    assert everything.count('<li class="hit">') == 2
    assert posts.count('<li class="hit">') == 4


def test_a_member_is_found_by_a_new_name(client: Client) -> None:
    member = make_member("Mira Okafor")
    assert "<mark>Okafor</mark>" in page(client, q="okafor")

    actions.save_name(renamed(member, "Mira Adeyemi"))

    assert "<mark>Adeyemi</mark>" in page(client, q="adeyemi")
    assert "Nothing found" in page(client, q="okafor", exact="1")


def test_a_person_leads_to_what_they_wrote(client: Client) -> None:
    member = make_member("Mira Okafor")
    Handle.objects.filter(member=member).delete()
    without = page(client, q="okafor")

    Handle.objects.give([member])

    address = f"/people/{member.handles.get().name}/"
    assert address not in without
    assert f'href="{address}"' in page(client, q="okafor")
    assert client.get(address).url == "/search/?by=%40mira-okafor"  # what they wrote


def renamed(member: Member, name: str) -> Member:
    member.name = name
    return member


def test_filters(client: Client, reader: Member) -> None:
    mine = write("Softmax and temperature", by=reader)
    write("Softmax overflows")
    accepted = answer(
        mine, "Subtract the maximum of the logits.", by=make_member("Wei")
    )
    community.accept_answer(accepted, by=reader, now=NOW)

    assert "overflows" not in page(client, q="softmax", by="ines duarte")
    assert "overflows" not in page(client, q="softmax", answered="yes")
    assert "temperature" not in page(client, q="softmax", answered="no")
    assert "Nothing found" in page(client, q="softmax", when="week")
    assert "Nothing found" in page(client, q="softmax", by="Nobody Here")


def test_written_by_a_part_of_a_name(client: Client) -> None:
    write("Softmax overflows", by=make_member("Zoë Müller"))
    write("Softmax vanishes", by=make_member("Zoe Miller"))

    assert "vanishes" not in page(client, q="softmax", by="muller")
    assert "overflows" in page(client, q="softmax", by="muller")
    assert "overflows" not in page(client, q="softmax", by="zoe miller")
    both = page(client, q="softmax", by="zoe")
    assert "vanishes" in both
    assert "overflows" in both


def test_a_name_that_nobody_has_is_said(client: Client) -> None:
    write("Softmax overflows", by=make_member("Zoë Müller"))

    assert "Nobody here has this name." in page(client, q="softmax", by="Jo")
    assert "Nobody here has this name." not in page(client, q="softmax", by="Zoe")


def test_a_name_that_many_have_is_said(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.forms.NAMESAKES_MOST", 1)
    for number in range(2):
        namesake = make_member("Zoë Müller", email=f"zoe{number}@example.org")
        write(f"Softmax overflows {number}", by=namesake)

    assert "Many have this name" in page(client, q="softmax", by="Zoë Müller")


def test_a_question_is_found_as_answered_until_its_answer_goes(
    client: Client, reader: Member
) -> None:
    question = write("Softmax and temperature", by=reader)
    wei = make_member("Wei")
    given = answer(question, "Subtract the maximum of the logits.", by=wei)
    community.accept_answer(given, by=reader, now=NOW)
    assert "temperature" in page(client, q="softmax", answered="yes")

    community.remove_comment(given, by=wei, now=NOW)

    assert "temperature" not in page(client, q="softmax", answered="yes")
    assert "temperature" in page(client, q="softmax", answered="no")


def test_one_step_alone(client: Client) -> None:
    document = fileformat.load(SMALL)
    curriculum = curricula.import_document(document, now=NOW)
    assert curriculum
    curricula.publish(curriculum, by=None, changelog="First", now=NOW)
    first, second = curriculum.releases.get().outline.steps[:2]
    post = write("Softmax of the step", thread=of(Thread.Kind.STEP, first.key))
    answer(post, "Softmax, I say.", by=make_member("Wei"))
    write("Softmax elsewhere")

    found = page(client, q="softmax", step=str(first.key))

    assert f'<optgroup label="{curriculum.title}">' in found
    assert "of the step" in found
    assert "I say" in found
    assert "elsewhere" not in found
    assert 'class="hit"' not in page(client, q="softmax", step=str(second.key))


def test_nonsense_in_the_address_is_left_out(client: Client) -> None:
    write("Softmax")

    for name, value in (
        ("kind", "x"),
        ("step", "x"),
        ("step", str(UUID(int=7))),
        ("when", "x"),
        ("page", "-1"),
        ("page", "9" * 30),
        ("answered", "\0"),
    ):
        assert "<mark>Softmax</mark>" in page(client, q="softmax", **{name: value})


@pytest.mark.parametrize(
    "typed",
    ["x" * 5000, '"', "\0", "((", "' OR 1=1 --", "*", "a:b:*", "-a", "%", "\ud7ff"],
)
def test_whatever_is_typed_gets_a_page(client: Client, typed: str) -> None:
    assert "</html>" in page(client, q=typed)


def test_what_is_too_long_is_searched_by_its_beginning_and_stays(
    client: Client,
) -> None:
    write("Softmax")
    typed = "softmax " + "x " * 150

    found = page(client, q=typed)

    assert "only its first 200 characters were searched" in found
    assert typed.strip() in found


def test_a_typo_is_searched_as_it_was_meant(client: Client) -> None:
    write("Regularisation of nets")
    write("More regularisation")
    vocabulary.build(now=NOW)

    found = page(client, q="regularsation")

    assert '<b dir="auto">regularisation</b>' in found
    assert "<mark>Regularisation</mark>" in found
    assert "Nothing found" in page(client, q="regularsation", exact="1")


def test_a_search_is_kept_once_with_its_newest_moment(reader: Member) -> None:
    later = NOW + timedelta(hours=1)
    for moment in (NOW, later):
        remember(reader, "softmax", now=moment)

    assert RecentSearch.objects.get(member=reader).searched_at == later


def test_the_last_ten_searches_are_kept_for_the_member_alone(
    client: Client, reader: Member
) -> None:
    write("Softmax of one two three four five six seven eight nine ten eleven twelve")
    words = "one two three four five six seven eight nine ten eleven twelve".split()
    for word in words:
        page(client, q=word)

    kept = RecentSearch.objects.filter(member=reader).values_list("typed", flat=True)
    assert set(kept) == set(words[2:])
    other = Client()
    other.force_login(make_member("Wei"))
    assert "You searched before" not in page(other, q="softmax")

    client.post("/search/forget/")
    assert not RecentSearch.objects.filter(member=reader).exists()


def test_nothing_found_is_not_kept(client: Client) -> None:
    page(client, q="xyzzy")

    assert not RecentSearch.objects.exists()


def test_who_finds_nothing_asks_with_the_words_that_were_typed(client: Client) -> None:
    found = page(client, q="why xyzzy & more?")

    asked = "/posts/new/?kind=question&amp;title=why%20xyzzy%20%26%20more%3F"
    assert found.count(f'href="{asked}"') == 2
    assert "&amp;title=" not in page(client)


def test_more_results(client: Client) -> None:
    for number in range(25):
        make_indexed(f"Softmax {number}")

    first, second = page(client, q="softmax"), page(client, q="softmax", page="2")

    assert [first.count('class="hit"'), second.count('class="hit"')] == [20, 5]
    assert "page=2" in first
    assert "More results" not in second


def make_indexed(title: str) -> None:
    documents.store(post_document(make_post(kind="question", title=title)))


def test_the_same_queries_for_one_result_and_for_many(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    make_indexed("Softmax 0")
    page(client, q="softmax")
    with django_assert_max_num_queries(8) as few:
        page(client, q="softmax")
    for number in range(30):
        make_indexed(f"Softmax {number}")
    with django_assert_max_num_queries(8) as many:
        page(client, q="softmax")

    assert len(few) == len(many)


def test_visitors_sign_in_first() -> None:
    assert Client().get("/search/").status_code == 302


def test_steps_and_activities_of_what_the_reader_follows(client: Client) -> None:
    document = fileformat.load(SMALL)
    curriculum = curricula.import_document(document, now=NOW)
    assert curriculum
    curricula.publish(curriculum, by=None, changelog="First", now=NOW)
    step = curriculum.releases.get().outline.steps[0]
    activity = step.activities[0]

    by_step = page(client, q=f"{step.title} ", kind="steps")
    by_activity = page(client, q=f"{activity.title} ", kind="steps")

    assert "Step 1" in by_step
    assert f'/{step.slug}/"' in by_step
    assert f"#activity-{activity.key}" in by_activity


def test_a_word_far_down_in_a_long_text_is_shown() -> None:
    sought = Sought(parse("Warmup"))

    snippet = sought.snippet(f"{'before ' * 3_000}the warmup after")

    assert snippet == f"… {'before ' * 12}the <mark>warmup</mark> after"
