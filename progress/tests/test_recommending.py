"""The third welcome screen recommends the curriculum that fits the answers on the
two before.
"""

import pytest
from django.core.management import call_command
from django.test import Client

from curriculum.models import Release
from curriculum.outline import Outline
from members.models import Member
from members.tests.make import make_group, make_member
from progress.recommending import Recommendation, recommend
from progress.tests.make import activity, document, route, step


def outline(slug: str, *steps: dict) -> Outline:
    return Outline.from_document(document(*steps, slug=slug), {})


WORK = outline(
    "work",
    step("a", activity("a1", "hack", 60), purpose="practice", hours=50),
    step("b", activity("b1", "run", 20), purpose="project", hours=50),
    step(
        "c",
        activity("c1", "math", 20),
        activity("c2", "math", 900, core=False),
        purpose="depth",
        hours=20,
    ),
)
THEORY = outline(
    "theory",
    step("d", activity("d1", "math", 80), purpose="foundations", hours=60),
    step("e", activity("e1", "hack", 20), purpose="practice", hours=20),
)
SHOW = outline(
    "show", step("f", activity("f1", "hack", 10), purpose="project", hours=200)
)
EVERY = (WORK, THEORY, SHOW)


@pytest.mark.parametrize(
    ("goal", "hours", "expected"),
    [
        ("apply", None, (SHOW, "practice", 100, 0)),
        ("apply", 4, (SHOW, "practice", 100, 50)),
        # the project takes more than a year with three hours a week
        ("apply", 3, (WORK, "practice", 80, 40)),
        ("problem", 3, (WORK, "practice", 80, 40)),
        ("apply", 1, (THEORY, "practice", 20, 80)),  # none fits: the shortest
        ("research", 10, (THEORY, "maths", 80, 8)),
        ("career", 10, (SHOW, "projects", 100, 20)),
        ("career", 3, (WORK, "projects", 20, 40)),
        ("overview", 80, (THEORY, "short", 100, 1)),
        ("", 10, None),
        ("unknown", 10, None),
    ],
)
def test_the_largest_part_for_the_goal_within_a_year(
    goal: str, hours: int | None, expected: tuple | None
) -> None:
    assert recommend(EVERY, goal, hours) == (
        Recommendation(*expected) if expected else None
    )


def test_nothing_is_recommended_where_nothing_serves_or_there_is_no_choice() -> None:
    assert recommend([], "apply") is None
    assert recommend([SHOW], "apply") is None
    assert recommend([THEORY, outline("empty")], "career", 10) is None


def test_the_route_that_the_goal_would_take_counts() -> None:
    fork = step(
        "fork",
        routes=(
            route("sums", activity("sums1", "math", 60), for_goals=["research"]),
            route("code", activity("code1", "hack", 60), for_goals=["apply"]),
        ),
    )
    forked, half = (
        outline("forked", fork),
        outline("half", step("g", activity("g1", "math", 5), activity("g2", "run", 5))),
    )

    found = recommend([half, forked], "research")

    assert found == Recommendation(forked, "maths", 100, 0)


# The page


@pytest.fixture
def member(client: Client, db: None) -> Member:
    make_group()
    member = make_member("Noor Haddad", onboarded_at=None)
    client.force_login(member)
    return member


def words(client: Client) -> str:
    return " ".join(
        client.get("/welcome/curriculum/")
        .content.decode()
        .partition("</main>")[0]
        .split()
    )


def test_the_page_recommends_one_of_the_built_in_curricula_and_says_why(
    client: Client, member: Member
) -> None:
    call_command("import_curricula", verbosity=0)
    Member.objects.filter(pk=member.pk).update(goal="research", hours_per_week=6)
    seven = Release.objects.get(curriculum__slug="seven-steps").outline

    page = words(client)

    weeks = -(-seven.hours // 6)
    assert "You said “Do research”." in page
    assert (
        f"of its work is mathematics. With 6 h a week it takes about {weeks} weeks."
        in page
    )
    assert page.count("Recommended for you") == page.count(" checked") == 1
    assert page.index('value="seven-steps" checked') < page.index(
        'value="practical-way-up"'
    )
    Member.objects.filter(pk=member.pk).update(goal="apply", hours_per_week=10)
    assert 'value="practical-way-up" checked' in words(client)
    Member.objects.filter(pk=member.pk).update(hours_per_week=2)
    assert 'value="practical-way-up" checked' not in words(client)
    Member.objects.filter(pk=member.pk).update(goal="overview", hours_per_week=None)
    assert "You said “Get an overview”. It is the shortest.</small>" in words(client)


def test_who_skipped_the_screens_gets_a_choice_of_equals(
    client: Client, member: Member
) -> None:
    call_command("import_curricula", verbosity=0)

    page = words(client)

    assert "Recommended" not in page
    assert " checked" not in page


@pytest.mark.django_db
def test_what_is_recommended_is_one_press_away(client: Client, member: Member) -> None:
    call_command("import_curricula", verbosity=0)
    Member.objects.filter(pk=member.pk).update(goal="career", hours_per_week=8)
    page = client.get("/welcome/curriculum/")

    answer = client.post(
        "/welcome/curriculum/", {"curriculum": page.context["recommended"].outline.slug}
    )

    assert answer.headers["Location"] == "/learn/practical-way-up/"
