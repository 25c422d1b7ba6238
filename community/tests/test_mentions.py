"""Handles in texts lead to their members, who are noted once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from community import actions
from community.mentions import called_in, unreached, who_may_see
from community.models import Comment, Mention, Post
from community.tests.make import NOON, make_comment, make_post
from members import budget
from members.limits import TooMany
from members.models import Member
from members.tests.make import make_group, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines() -> Member:
    return make_member("Ines Duarte")


@pytest.fixture
def noor() -> Member:
    return make_member("Noor Haddad")


def mentioned(written: Post | Comment) -> list[str]:
    here = {"comment": written} if isinstance(written, Comment) else {"post": written}
    if isinstance(written, Post):
        here["comment"] = None  # type: ignore[assignment]
    rows = Mention.objects.filter(**here).order_by("pk")
    return list(rows.values_list("member__name", flat=True))


def comment_of(author: Member, body: str, post: Post | None = None) -> Comment:
    return actions.write_comment(
        post or make_post(), author=author, body=body, now=NOON + timedelta(hours=1)
    )


def test_a_mention_is_a_link_and_its_member_is_noted(
    ines: Member, noor: Member
) -> None:
    comment = comment_of(noor, "As @Ines-Duarte said: `@ines-duarte` is no call.")

    assert '<a href="/people/ines-duarte/" class="mention"' in comment.body_html
    assert comment.body_html.count("/people/") == 1
    assert mentioned(comment) == ["Ines Duarte"]


def test_a_handle_in_code_alone_notes_nobody(ines: Member, noor: Member) -> None:
    assert mentioned(comment_of(noor, "```\n@ines-duarte\n```")) == []


def test_nobody_mentions_themselves(ines: Member) -> None:
    comment = comment_of(ines, "I, @ines-duarte, was wrong.")

    assert "/people/ines-duarte/" in comment.body_html
    assert mentioned(comment) == []


def test_a_post_mentions_too(ines: Member, noor: Member) -> None:
    post = actions.write_post(noor, body="Thanks, @ines-duarte!", now=NOON)

    assert mentioned(post) == ["Ines Duarte"]


def test_an_edit_adds_and_takes_back_and_tells_nobody_twice(
    ines: Member, noor: Member
) -> None:
    olga = make_member("Olga Petrova")
    comment = comment_of(noor, "Ask @ines-duarte.")
    Mention.objects.update(to_tell=False)

    def edited(body: str) -> list[tuple[int, bool]]:
        actions.edit_comment(
            comment, by=noor, body=body, seen_edited_at=comment.edited_at, now=NOON
        )
        comment.refresh_from_db()
        return list(Mention.objects.order_by("member").values_list("member", "to_tell"))

    assert edited("Ask @ines-duarte or @olga-petrova.") == [
        (ines.pk, False),
        (olga.pk, True),
    ]
    assert edited("Ask @olga-petrova.") == [(olga.pk, True)]


def test_texts_are_rendered_again_with_their_mentions(
    ines: Member, noor: Member
) -> None:
    comment = comment_of(noor, "Ask @ines-duarte.")
    html = comment.body_html
    Comment.objects.update(pipeline_version=0, body_html="")

    actions.render_again()

    comment.refresh_from_db()
    assert comment.body_html == html
    assert mentioned(comment) == ["Ines Duarte"]


def test_a_text_without_handles_asks_the_database_nothing(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        assert called_in("mail me: ada@example.org, x@y").known == {}


def test_handles_that_call_nobody_are_said_to_the_writer(
    client: Client, ines: Member, noor: Member
) -> None:
    make_group()
    post = make_post()
    client.force_login(noor)

    plain = client.post(
        f"/posts/{post.pk}/comment/", {"body": "@ines-duarte and @nobody-here"}
    )
    in_place = client.post(
        f"/posts/{post.pk}/comment/",
        {"body": "Still @nobody-here"},
        headers={"HX-Request": "true"},
    )

    [message] = [str(each) for each in get_messages(plain.wsgi_request)]
    assert "@nobody-here: nobody was told" in message
    assert "ines" not in message
    assert "@nobody-here: nobody was told" in in_place.content.decode()


def test_half_a_handle_gets_those_that_begin_with_it(
    client: Client, ines: Member, noor: Member
) -> None:
    make_group()
    post = make_post()
    client.force_login(noor)

    answer = client.post(f"/posts/{post.pk}/comment/", {"body": "@ines, look"})

    [message] = [str(each) for each in get_messages(answer.wsgi_request)]
    assert message.endswith("Perhaps @ines-duarte? An edit tells them.")


def test_who_is_suspended_is_not_reached(noor: Member) -> None:
    make_member("Ines Duarte", is_active=False)
    post = make_post()

    comment = comment_of(noor, "Ask @ines-duarte.", post)

    assert "/people/" not in comment.body_html
    assert unreached(post, comment.body) == ["ines-duarte"]


def test_who_may_not_see_the_post_is_not_reached(
    monkeypatch: pytest.MonkeyPatch, ines: Member, noor: Member
) -> None:
    post = make_post()
    assert who_may_see(post, [ines.pk, noor.pk]) == {ines.pk, noor.pk}
    monkeypatch.setattr(
        "community.models.posts.PostQuerySet.hidden_from",
        lambda self, members: {ines.pk: {post.pk}},
    )

    assert who_may_see(post, [ines.pk, noor.pk]) == {noor.pk}
    assert unreached(post, "@ines-duarte @noor-haddad") == ["ines-duarte"]
    post.removed_at = NOON
    post.save()
    assert who_may_see(post, [ines.pk, noor.pk]) == set()


def names(client: Client, query: str) -> str:
    return client.get(f"/posts/people/?{query}").content.decode()


def test_people_of_the_thread_are_offered_first(
    client: Client, ines: Member, noor: Member
) -> None:
    make_group()
    for member in (ines, noor):
        Member.objects.filter(pk=member.pk).update(proved_at=NOON)
    post = make_post(noor)
    for name in ("Ina Berg", "Inka Maro"):
        make_comment(post, make_member(name, proved_at=NOON))
    make_member("Ingrid Hall", proved_at=NOON)
    client.force_login(ines)

    html = names(client, f"q=in&post={post.pk}")

    order = [html.find(name) for name in ("Inka Maro", "Ina Berg", "Ingrid Hall")]
    assert order == sorted(order)
    assert order[0] > 0
    assert html.count("in this thread") == 2
    assert "Ines Duarte" not in html  # who asks
    assert "Noor" not in html
    assert "Noor" in names(client, f"q=had&post={post.pk}")  # a word of the name
    assert "Inka" in names(client, f"q=&post={post.pk}")


@pytest.mark.parametrize(
    "query", ["q=in", "q=in&post=99999", "q=in&post=x", "q=%00&post=", ""]
)
def test_without_a_thread_members_are_offered(
    client: Client, ines: Member, noor: Member, query: str
) -> None:
    make_group()
    Member.objects.update(proved_at=NOON)
    client.force_login(noor)

    assert ("Ines Duarte" in names(client, query)) == query.startswith("q=in")


def test_the_list_takes_the_same_queries_for_many(
    client: Client, noor: Member, django_assert_max_num_queries: object
) -> None:
    make_group()
    post = make_post(noor)
    for number in range(12):
        make_comment(post, make_member(f"In Number{number}", proved_at=NOON))
    client.force_login(noor)

    with django_assert_max_num_queries(9):  # type: ignore[operator]
        html = names(client, f"q=in&post={post.pk}")

    assert html.count('role="option"') == 8


def test_who_mentions_very_many_waits_and_old_mentions_cost_nothing(
    ines: Member, noor: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_member("Olga Petrova")
    make_member("Wei Tan")
    monkeypatch.setattr(budget, "MENTIONS", replace(budget.MENTIONS, amount=2))
    comment = comment_of(noor, "Ask @ines-duarte.")

    for body in ("Do ask @ines-duarte.", "Ask @ines-duarte or @olga-petrova."):
        comment = actions.edit_comment(
            comment, by=noor, body=body, seen_edited_at=comment.edited_at, now=NOON
        )
    with pytest.raises(TooMany):
        comment_of(noor, "Ask @wei-tan.")

    assert mentioned(comment) == ["Ines Duarte", "Olga Petrova"]
    assert Mention.objects.count() == 2
    assert not Comment.objects.filter(body__contains="wei").exists()
