import re

import pytest

from progress import actions, checklist, step_context
from progress.pieces import ROWS
from progress.tests.make import (
    NOW,
    activity,
    key,
    make_curriculum,
    make_enrollment,
    route,
    step,
)

pytestmark = pytest.mark.django_db


def listed(enrollment, slug: str = "deep") -> list[checklist.Fold]:
    place = step_context.step_context(enrollment.member, "way-up", slug)
    records = step_context.records_at(place)
    return checklist.folds(
        step_context.standing_at(place, records).tally_step(place.step),
        records,
        checklist.StepPage("way-up", slug, is_member=True),
    )


def rows_of(enrollment, slug: str = "start") -> str:
    (fold,) = listed(enrollment, slug)
    return "".join(map(ROWS, fold.rows))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_active_routes_come_first_and_what_is_on_every_route_last():
    enrollment = make_enrollment()
    actions.choose_route(enrollment, key("deep"), key("course"), now=NOW)
    actions.mark_done(enrollment.member, key("Shared"), now=NOW)
    actions.mark_skipped(enrollment.member, key("Common"), now=NOW)

    assert [
        (f.id, f.is_open, f.icon, f.done, f.counted, f.minutes_left)
        for f in listed(enrollment)
    ] == [
        ("fold-course", True, "route", 1, 2, 90),
        ("fold-book", False, "route", 1, 2, 120),
        ("fold-every-route", True, "footprints", 0, 0, 0),
    ]


def test_a_fork_with_nothing_on_every_route_has_no_fold_for_it():
    curriculum = make_curriculum(
        step("deep", routes=(route("book", activity("A"), kind="book"),))
    )

    assert [
        (fold.id, fold.icon) for fold in listed(make_enrollment(curriculum=curriculum))
    ] == [("fold-book", "book-open")]


def test_a_row_does_not_repeat_the_title_of_its_route():
    book = {
        "title": "The book",
        "url": "https://b.example",
        "kind": "book",
        "sections": [{"id": "1", "title": "One"}],
    }
    curriculum = make_curriculum(
        step(
            "deep",
            activity("Look it up", resource="b"),
            routes=(
                route(
                    "b",
                    activity("Read one", resource="b", section="1"),
                    activity("One", resource="b"),
                    title="The book",
                ),
            ),
        ),
        b=book,
    )

    lines = [
        row.source_line
        for fold in listed(make_enrollment(curriculum=curriculum))
        for row in fold.rows
    ]

    assert lines == ["One", "", "The book"]


def test_a_row_says_how_it_stands():
    enrollment = make_enrollment()
    member = enrollment.member
    assert "Started" not in words(rows_of(enrollment))
    actions.mark_started(member, key("A"), now=NOW)
    actions.mark_skipped(member, key("B"), now=NOW, reason="Too <dull>")
    actions.mark_done(member, key("Extra"), now=NOW, confidence=2)
    actions.mark_revisit(member, key("Extra"), now=NOW)

    html = rows_of(enrollment)

    assert re.findall(r'data-mark="(\w*)"', html) == ["started", "skipped", "done"]
    assert re.findall(r'name="(\w+)" value="done" aria-pressed="(\w+)"', html) == [
        ("done", "false"),
        ("done", "false"),
        ("undo", "true"),
    ]
    for chip in ("Started", "Skipped", "Shaky", "To revisit"):
        assert chip in words(html)
    assert "Skipped: Too &lt;dull&gt;" in html


def test_an_activity_without_minutes_says_none():
    enrollment = make_enrollment(
        curriculum=make_curriculum(step("start", activity("A", minutes=0)))
    )

    facts = re.search(r'<p class="dots"[^>]*>(.*?)</p>', rows_of(enrollment), re.S)

    assert facts
    assert words(facts[1]) == "Read"


def test_titles_and_addresses_are_escaped():
    evil = '"><script>alert(1)</script>{0}{url}%s'
    curriculum = make_curriculum(
        step("start", activity(evil, resource="r")),
        r={
            "title": evil,
            "url": "https://x.example/?a=1&b=<script>",
            "archived_why": evil,
            "kind": "book",
        },
    )

    html = rows_of(make_enrollment(curriculum=curriculum))

    assert "<script" not in html
    assert "{0}{url}%s" in html
    assert "https://x.example/?a=1&amp;b=&lt;script&gt;" in html


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        ({"cost": "free"}, "free"),
        ({"cost": "unknown"}, ""),
        ({}, ""),
        ({"cost": "paid", "price_note": "5 €"}, "5 €"),
    ],
)
def test_a_row_says_the_cost_where_it_is_known(cost, said):
    curriculum = make_curriculum(
        step("deep", activity("A", resource="r")),
        r={"title": "R", "url": "https://r.example", **cost},
    )

    ((row,),) = [fold.rows for fold in listed(make_enrollment(curriculum=curriculum))]

    assert row.cost == said
