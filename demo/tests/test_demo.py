"""The demo group: its facts are consistent, the same for the same seed,
and nobody else's group is touched.
"""

import hashlib
import re
import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F, Q
from django.test import Client
from django.utils import timezone

from community.models import Comment, Post, Reaction
from curriculum.models import Curriculum
from demo import diary, filling, people, source, studying
from demo.filling import Filled
from demo.management.commands.demo import (
    free_port,
    members_with_links,
    starting_lines,
)
from members.models import Member, StudyGroup, check_zone
from members.tests.make import make_group, make_member
from papers.models import Announcement, Batch, Paper, Reading
from progress import rebuild
from progress.models import Enrollment, LoggedTime, Record, RouteChoice, StudyEvent

TODAY = date(2026, 3, 12)
END = datetime(2026, 3, 12, tzinfo=UTC)


def digest_of_rows() -> str:
    """Of everything that the demo writes, but for keys, hashes and the
    names that are drawn for each text's HTML.
    """
    rows: list[Any] = [
        *Member.objects.order_by("pk").values_list(
            "email",
            "name",
            "time_zone",
            "goal",
            "goal_words",
            "hours_per_week",
            "study_days",
            "joined_at",
        ),
        *StudyEvent.objects.order_by("pk").values_list(
            "member__email", "kind", "at", "activity_key", "data__minutes"
        ),
        *Record.objects.order_by("pk").values_list(
            "member__email", "activity_key", "done_at", "skipped_at"
        ),
        *LoggedTime.objects.order_by("pk").values_list(
            "member__email", "minutes", "studied_on", "press_id"
        ),
        *Enrollment.objects.order_by("pk").values_list(
            "member__email", "step_slug", "visited_at", "finished_at"
        ),
        *Post.objects.order_by("pk").values_list(
            "author__email", "title", "body", "posted_at", "active_at"
        ),
        *Comment.objects.order_by("pk").values_list(
            "author__email", "body", "commented_at", "post__title"
        ),
        *Reaction.objects.order_by("pk").values_list(
            "member__email", "kind", "reacted_at"
        ),
        *Announcement.objects.order_by("pk").values_list(
            "paper__arxiv_id", "kind", "batch__announced_on", "position"
        ),
        *Reading.objects.order_by("pk").values_list(
            "member__email", "paper__arxiv_id", "kept_at"
        ),
    ]
    return hashlib.sha256("\n".join(map(repr, rows)).encode()).hexdigest()


@pytest.fixture(scope="module")
def db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The built-in curricula, imported once for the module and
    taken back at its end.

    It has the name of pytest-django's own fixture, which it replaces here,
    so that the test database is set up for it.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("import_curricula", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def bare(db: None) -> Iterator[None]:
    """The curricula and nothing else; what the test writes is taken back."""
    with transaction.atomic():
        assert not Member.objects.exists(), (
            "tests that need a bare group stand above those that read the demo of twelve"
        )
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def twelve(db: None) -> Iterator[Filled]:
    """A demo of twelve members, which the tests only read."""
    with transaction.atomic():
        yield filling.fill(12, seed=1, today=TODAY, papers=60)
        transaction.set_rollback(True)


# Sizes and seeds


def test_the_smallest_group_has_its_three_roles(bare: None) -> None:
    filling.fill(3, seed=1, today=TODAY, papers=20)

    assert [role for role, _member in members_with_links()] == [
        "owner",
        "curator",
        "moderator",
    ]
    assert [
        m.is_owner or m.is_curator or m.is_moderator for m in Member.objects.all()
    ] == [True, True, True]
    assert Post.objects.count() >= 4
    assert Post.objects.values("author").distinct().count() == 3


def test_the_same_seed_on_the_same_day_makes_the_same_rows(bare: None) -> None:
    digests = set()
    for again in (1, 1, 2):
        with transaction.atomic():
            filling.fill(3, seed=again, today=TODAY, papers=30)
            digests.add(digest_of_rows())
            transaction.set_rollback(True)

    assert len(digests) == 2


def test_names_and_addresses_are_different_in_a_town_of_people(bare: None) -> None:
    cast = people.characters(6000, Random(1))
    emails = {people.email_of(character.name, n) for n, character in enumerate(cast)}

    assert len({character.name for character in cast}) == len(emails) == 6000
    assert not [character.name for character in cast if "_" in character.name]
    for zone in {character.zone for character in cast}:
        check_zone(zone)
    assert all(
        re.fullmatch(r"[a-z.-]+(\.\d+)?@demo\.example", email) for email in emails
    )


def test_writing_down_at_once_leaves_what_living_through_leaves(bare: None) -> None:
    def rows() -> list[Any]:
        return [
            list(
                StudyEvent.objects.order_by("pk").values_list(
                    "kind", "at", "activity_key", "curriculum", "data"
                )
            ),
            set(
                Record.objects.values_list(
                    "activity_key", "started_at", "done_at", "skipped_at", "skip_reason"
                )
            ),
            set(Record.objects.values_list("activity_key", "confidence", "revisit_at")),
            set(
                LoggedTime.objects.values_list(
                    "press_id",
                    "aspect",
                    "minutes",
                    "studied_on",
                    "step_key",
                    "undone_at",
                )
            ),
            list(
                Enrollment.objects.order_by("curriculum").values_list(
                    "step_slug", "visited_at", "finished_at"
                )
            ),
            list(
                Enrollment.objects.order_by("curriculum").values_list(
                    "paused_until", "withdrawn_at", "release"
                )
            ),
            set(RouteChoice.objects.values_list("step_key", "route_key", "chosen_at")),
        ]

    courses = filling._courses()
    by_id = {course.curriculum.pk: course for course in courses.values()}
    cast = [
        each
        for each in people.characters(40, Random(1))
        if each.id in ("ilse", "jonas", "aroha", "tavita")
    ]
    for number, character in enumerate(cast):
        found = []
        for write in (
            lambda plan: diary.live_through(plan, by_id),
            lambda plan: diary.write_down([plan], by_id),
        ):
            with transaction.atomic():
                (member,) = people.make_members([character], Random(1), until=END)
                write(
                    studying.plan(member, character, courses, Random(number), until=END)
                )
                found.append(rows())
                transaction.set_rollback(True)
        assert found[0] == found[1]


# What is in the files


def test_every_thread_stands_where_it_says(db: None) -> None:
    courses = filling._courses()
    ids = {paper.id for paper in source.papers()}
    known = {character.id for character in source.people().cast}
    for thread in source.threads():
        assert not thread.step or courses[thread.curriculum].outline.step_by_slug(
            thread.step
        ), thread.title
        assert not thread.paper or thread.paper in ids, thread.title
        for by in (thread.by, *(said.by for said in (*thread.comments, *thread.more))):
            assert by in (*source.VOICES, "asker", "anyone") or by[1:] in known, (
                thread.title,
                by,
            )


def test_texts_are_said_once_and_questions_accept_one_answer() -> None:
    bodies: list[str] = []
    for thread in source.threads():
        said = [
            *thread.comments,
            *(reply for each in thread.comments for reply in each.replies),
        ]
        bodies += [thread.body, *(each.body for each in (*said, *thread.more))]
        accepted = [each for each in thread.comments if each.accepted]
        assert len(accepted) <= (thread.kind == "question"), thread.title
        assert all(each.by != "asker" for each in accepted), thread.title

    titles = [thread.title for thread in source.threads() if thread.title]
    assert len(bodies) == len(set(bodies))
    assert len(titles) == len(set(titles))


# The command


def demo(*arguments: str) -> str:
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


def test_a_group_that_is_somebodys_is_left_alone(bare: None) -> None:
    make_group("Our own")

    with pytest.raises(
        CommandError,
        match=r"holds a study group already \(“Our own”\).*DATA_DIR=demo-data",
    ):
        demo("--members", "3")

    assert not Member.objects.exists()


def test_a_member_is_enough_for_refusing(bare: None) -> None:
    make_member()

    with pytest.raises(CommandError, match="Choose another folder"):
        demo("--members", "3")

    assert not StudyGroup.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--members", "2"], "at least 3"), (["--today", "2999-01-01"], "in the future")],
)
def test_what_cannot_be_is_said(bare: None, arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        demo(*arguments)


def test_there_are_no_links_into_somebodys_group(bare: None) -> None:
    make_member()

    with pytest.raises(CommandError, match="holds no demo group"):
        demo("--links")


def test_links_work_once_and_can_be_made_again_but_not_the_group(
    bare: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    discussed = {thread.paper for thread in source.threads()}
    few = tuple(paper for paper in source.papers() if paper.id in discussed)
    monkeypatch.setattr(source, "papers", lambda: few)
    first = demo("--members", "5", "--today", str(timezone.now().date()))
    with pytest.raises(CommandError, match="holds a study group already"):
        demo("--members", "5")
    again = demo("--links")

    links = re.findall(r"https?://[^/]+(/sign-in/\S+)", first + again)
    assert len(set(links)) == 10
    for link in links:
        assert Client().post(link).status_code == 302
    assert Client().post(links[0]).status_code != 302


def test_the_built_in_curricula_are_there(db: None) -> None:
    assert set(people.CURRICULA) <= set(
        Curriculum.objects.values_list("slug", flat=True)
    )


# A demo of twelve: the last section, since its rows stay to the end of the
# module


def test_counts_that_are_reported_are_those_of_the_rows(twelve: Filled) -> None:
    assert twelve == Filled(
        members=Member.objects.count(),
        events=StudyEvent.objects.count(),
        posts=Post.objects.count(),
        comments=Comment.objects.count(),
        reactions=Reaction.objects.count(),
        papers=Paper.objects.count(),
    )
    assert (twelve.members, twelve.papers) == (12, 60)


def test_every_members_rows_are_what_the_log_adds_up_to(twelve: Filled) -> None:
    for member in Member.objects.all():
        assert rebuild.from_rows(member) == rebuild.from_log(member)


def test_nothing_happens_after_the_groups_time_has_ended(twelve: Filled) -> None:
    moments = [
        *Member.objects.values_list("joined_at", flat=True),
        *StudyEvent.objects.values_list("at", flat=True),
        *Enrollment.objects.values_list("visited_at", flat=True),
        *Post.objects.values_list("active_at", flat=True),
        *Comment.objects.values_list("commented_at", flat=True),
        *Reaction.objects.values_list("reacted_at", flat=True),
        *Reading.objects.values_list("kept_at", flat=True),
    ]

    assert max(moments) < END
    assert not LoggedTime.objects.filter(studied_on__gt=TODAY).exists()


def test_the_newest_words_are_of_the_last_two_days(twelve: Filled) -> None:
    assert Post.objects.latest("posted_at").posted_at > END - timedelta(days=2)


def test_nobody_does_anything_before_joining(twelve: Filled) -> None:
    assert not StudyEvent.objects.filter(at__lt=F("member__joined_at")).exists()
    assert not Post.objects.filter(posted_at__lt=F("author__joined_at")).exists()
    assert not Comment.objects.filter(commented_at__lt=F("author__joined_at")).exists()
    assert not Reaction.objects.filter(reacted_at__lt=F("member__joined_at")).exists()
    assert not Reading.objects.filter(kept_at__lt=F("member__joined_at")).exists()


def test_comments_follow_their_post_and_replies_their_comment(twelve: Filled) -> None:
    assert not Comment.objects.filter(commented_at__lt=F("post__posted_at")).exists()
    assert not Comment.objects.filter(
        commented_at__lt=F("parent__commented_at")
    ).exists()
    assert not Reaction.objects.filter(reacted_at__lt=F("post__posted_at")).exists()
    assert not Reaction.objects.filter(
        reacted_at__lt=F("comment__commented_at")
    ).exists()
    assert Comment.objects.filter(parent__isnull=False).exists()


def test_nobody_enrols_in_what_is_not_published_yet(twelve: Filled) -> None:
    assert not Enrollment.objects.filter(
        enrolled_at__lt=F("release__published_at")
    ).exists()


def test_nobody_answers_their_own_question_or_applauds_themselves(
    twelve: Filled,
) -> None:
    accepted = Post.objects.filter(accepted_comment__isnull=False)

    assert accepted.count() >= 3
    assert not accepted.filter(accepted_comment__author=F("author")).exists()
    own = Q(member=F("post__author")) | Q(member=F("comment__author"))
    assert not Reaction.objects.filter(own).exists()


def test_papers_are_talked_about_after_they_were_announced(twelve: Filled) -> None:
    discussed = Post.objects.filter(thread__kind="paper")

    assert discussed.exists()
    announced = dict(Paper.objects.values_list("arxiv_id", "announced_on"))
    assert all(
        post.posted_at.date() > announced[post.thread.key]
        for post in discussed.select_related("thread")
    )


def test_papers_are_announced_on_weekdays_of_the_last_four_weeks(
    twelve: Filled,
) -> None:
    days = set(Batch.objects.values_list("announced_on", flat=True))

    assert all(
        day.weekday() < 5 and TODAY - timedelta(days=28) <= day <= TODAY for day in days
    )
    assert max(days) == TODAY


def test_one_announcement_is_pinned(twelve: Filled) -> None:
    assert Post.objects.filter(pinned_at__isnull=False).count() == 1


def test_the_owner_has_a_week_to_look_at(twelve: Filled) -> None:
    owner = Member.objects.get(owner_since__isnull=False)
    monday = TODAY - timedelta(days=TODAY.weekday())
    days = (
        LoggedTime.objects.filter(member=owner, studied_on__gte=monday)
        .values("studied_on")
        .distinct()
    )

    assert days.count() >= 3
    assert Reading.objects.filter(member=owner, kept_at__isnull=False).count() == 8


def test_the_last_lines_name_a_port_that_is_free() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        free = free_port(port)
        assert free > port
        assert f"PORT={free}" in starting_lines(port, free)[-1]
        assert f"Port {port} is in use." in starting_lines(port, free)[-2]
    assert free_port(port) == port
    assert starting_lines(port, port)[-1].endswith(f"PORT={port}")
