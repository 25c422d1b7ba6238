"""Questions like the one that somebody types."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from community import actions as community
from community.models import Post, Reaction
from members.models import Member
from members.tests.make import make_member
from notifications.actions import level, watch
from search.similar import similar

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
TITLE = "My learning rate is too large and the loss explodes"


def ask(by: Member, title: str, body: str = "…", **more: Any) -> Post:
    return community.write_post(
        by, kind="question", title=title, body=body, **{"now": NOW, **more}
    )


def titles(reader: Member, title: str, body: str = "") -> list[str]:
    return [each.post.title for each in similar(reader, title, body)]


@pytest.mark.django_db
class TestFound:
    def test_a_question_in_other_words(self) -> None:
        reader, wei = make_member("Ines Duarte"), make_member("Wei")
        ask(wei, "Which book about linear algebra is good?")
        ask(wei, TITLE)

        assert titles(reader, "lr so high that it goes to nan")[0] == TITLE

    def test_only_questions(self) -> None:
        reader, wei = make_member("Ines Duarte"), make_member("Wei")
        community.write_post(wei, kind="discussion", title=TITLE, body=TITLE, now=NOW)

        assert titles(reader, TITLE) == []

    def test_an_edit_is_found_by_its_new_words(self) -> None:
        reader, wei = make_member("Ines Duarte"), make_member("Wei")
        post = ask(wei, "Which book is good?")
        community.edit_post(
            post, by=wei, title=TITLE, body="…", seen_edited_at=None, now=NOW
        )

        assert titles(reader, "lr so high that it goes to nan") == [TITLE]

    def test_three_at_most_and_none_for_two_words(self) -> None:
        reader = make_member("Ines Duarte")
        for number in range(5):
            ask(make_member(f"Member {number}"), TITLE)

        assert len(titles(reader, TITLE)) == 3
        assert titles(reader, "learning rate") == []
        assert titles(reader, "the and of") == []

    def test_only_what_is_close(self) -> None:
        reader, wei = make_member("Ines Duarte"), make_member("Wei")
        for title in (
            TITLE,
            "Which step of the path has a large exercise?",
            "Where do I learn to draw a graph?",
            "Which book about linear algebra is good?",
        ):
            ask(wei, title)

        assert titles(reader, "the loss explodes, is my learning rate too large") == [
            TITLE
        ]
        assert titles(reader, "Where do we meet on Saturday evening") == []

    def test_with_its_accepted_answer(self) -> None:
        reader, wei = make_member("Ines Duarte"), make_member("Wei")
        post = ask(wei, TITLE)
        answer = community.write_comment(
            post, author=reader, body="Try a **tenth** of it.", now=NOW
        )
        community.accept_answer(answer, by=wei, now=NOW)

        [found] = similar(reader, TITLE, "")

        assert found.answer == "Try a tenth of it."
        assert found.answered_by == "Ines Duarte"
        assert not found.is_mine


class TestHidden(TestCase):
    @given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=6))
    @settings(max_examples=30)
    def test_only_what_the_reader_may_see(self, drawn: list[tuple[bool, bool]]) -> None:
        reader, wei = make_member("Ines Duarte"), make_member("Wei")
        for number, (is_removed, is_answered) in enumerate(drawn):
            now = NOW.replace(day=1 + number)
            post = ask(wei, f"{TITLE} {number}", now=now)
            if is_answered:
                answer = community.write_comment(
                    post, author=reader, body=f"Secret {number}", now=now
                )
                community.accept_answer(answer, by=wei, now=now)
                community.remove_comment(answer, by=reader, now=now)
            if is_removed:
                community.remove_post(post, by=wei, now=now)

        found = similar(reader, TITLE, "")

        visible = set(Post.objects.visible_to(reader).values_list("pk", flat=True))
        assert {each.post.pk for each in found} <= visible
        assert len(found) == min(3, len(visible))
        assert all(each.answer == "" for each in found)


@pytest.mark.django_db
class TestPage:
    @pytest.fixture
    def reader(self) -> Member:
        return make_member("Ines Duarte")

    @pytest.fixture
    def client(self, reader: Member) -> Client:
        client = Client()
        client.force_login(reader)
        return client

    def page(self, client: Client, **given: str) -> str:
        response = client.get("/search/alike/", given)
        assert response.status_code == 200
        return response.content.decode()

    def test_what_is_alike_with_same_here(self, client: Client) -> None:
        post = ask(make_member("Wei"), TITLE)

        found = self.page(client, title="lr so high it explodes")

        assert TITLE in found
        assert f'formaction="/search/alike/{post.pk}/same/"' in found

    def test_nothing_is_alike(self, client: Client) -> None:
        assert "No question looks like this" in self.page(client, title="a b c d")
        assert self.page(client, title="short").strip() == ""

    @pytest.mark.parametrize(
        "typed", ["x " * 5000, '"', "\0 \0 \0", "( ( (", "' OR 1=1 --", "a:b:* & | !"]
    )
    def test_whatever_is_typed(self, client: Client, typed: str) -> None:
        ask(make_member("Wei"), TITLE)

        self.page(client, title=typed, body=typed)

    def test_the_same_queries_for_one_and_for_many(
        self, client: Client, django_assert_max_num_queries: Any
    ) -> None:
        ask(make_member("Wei"), TITLE)
        self.page(client, title=TITLE)
        with django_assert_max_num_queries(4) as few:
            self.page(client, title=TITLE)
        for number in range(4):
            ask(make_member(f"Member {number}"), f"{TITLE} {number}")
        with django_assert_max_num_queries(4) as many:
            self.page(client, title=TITLE)

        assert len(few) == len(many)

    def test_same_here_and_taken_back(self, client: Client, reader: Member) -> None:
        post = ask(make_member("Wei"), TITLE)
        address, live = f"/search/alike/{post.pk}/same/", {"HX-Request": "true"}

        pressed = client.post(address, {"same": "on"}, headers=live)
        assert 'aria-pressed="true"' in pressed.content.decode()
        assert Reaction.objects.filter(post=post, member=reader, kind="same").exists()

        client.post(address, {"same": "off"}, headers=live)
        assert not Reaction.objects.exists()
        assert client.post(address, {"same": "on"})["Location"] == f"/posts/{post.pk}/"

    def test_same_here_follows_unless_a_level_was_chosen(
        self, client: Client, reader: Member
    ) -> None:
        wei = make_member("Wei")
        first, second, muted = (ask(wei, f"{TITLE} {n}") for n in range(3))
        watch(reader, muted, "muted", now=NOW)

        client.post(f"/search/alike/{first.pk}/same/", {"same": "on"})
        client.post(f"/posts/{second.pk}/react/", {"same": "on"})
        client.post(f"/search/alike/{muted.pk}/same/", {"same": "on"})

        levels = [level(reader, post) for post in (first, second, muted)]
        assert levels == ["watching", "watching", "muted"]

    def test_same_here_is_for_questions_of_others(
        self, client: Client, reader: Member
    ) -> None:
        mine = ask(reader, TITLE)
        talk = community.write_post(
            make_member("Wei"), kind="discussion", title=TITLE, body="…", now=NOW
        )
        for post in (mine, talk):
            address = f"/search/alike/{post.pk}/same/"
            assert client.post(address, {"same": "on"}).status_code == 404

    def test_without_javascript_the_form_stays_as_it_was_typed(
        self, client: Client
    ) -> None:
        ask(make_member("Wei"), TITLE)
        typed = {"kind": "question", "title": "lr so high it explodes", "body": ""}

        shown = client.post("/posts/new/", {**typed, "alike": "1"}).content.decode()

        assert TITLE in shown
        assert 'value="lr so high it explodes"' in shown
        assert "Say a little more" not in shown
        assert Post.objects.count() == 1
