import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.tests.make import make_member
from progress import actions, tally
from progress.models import Enrollment
from progress.tally import Standing
from progress.tests.make import (
    NOW,
    activity,
    document,
    key,
    make_curriculum,
    make_enrollment,
    make_outline,
    make_release,
    route,
    step,
)


def standing(
    *steps, goal: str = "", chosen: dict[str, list[str]] | None = None, **marks: str
) -> Standing:
    """`A="done"`: the member's marks by the name of the activity."""
    return Standing(
        make_outline(*steps),
        {key(name): mark for name, mark in marks.items()},
        {
            key(name): [key(r) for r in routes]
            for name, routes in (chosen or {}).items()
        },
        goal,
    )


def tallied(found: Standing, slug: str) -> tally.StepTally:
    return found.tally_step(found.outline.step_by_slug(slug))


# One step


def test_shares_are_weighted_by_minutes_and_rounded_down():
    found = tallied(standing(A="done"), "start")

    assert (found.percent, found.done, found.counted) == (66, 1, 2)
    assert found.shares == {"run": 100, "hack": 0, "math": 0}
    assert found.state == "doing"


def test_optional_activities_do_not_count_but_begin_the_step():
    found = tallied(standing(Extra="done"), "start")

    assert (found.percent, found.done, found.counted, found.state) == (0, 0, 2, "doing")


def test_a_skipped_activity_leaves_the_count():
    found = tallied(standing(A="skipped", B="done"), "start")

    assert (found.percent, found.done, found.counted, found.state) == (
        100,
        1,
        1,
        "done",
    )
    assert found.shares == {"run": 0, "hack": 100, "math": 0}


def test_a_step_of_nothing_but_skipped_activities_is_skipped():
    found = tallied(standing(A="skipped", B="skipped"), "start")

    assert (found.percent, found.done, found.counted, found.state) == (
        0,
        0,
        0,
        "skipped",
    )
    assert found.is_closed


@pytest.mark.parametrize("marks", [{}, {"B": "done"}])
def test_an_untouched_step_is_open(marks):
    assert tallied(standing(**marks), "deep").state == "open"


def test_a_started_activity_begins_the_step():
    assert tallied(standing(A="started"), "start").state == "doing"


def test_a_step_without_core_activities_is_never_done_by_itself():
    easy = step("easy", activity("Extra", core=False))

    assert tallied(standing(easy), "easy").state == "open"
    assert tallied(standing(easy, Extra="done"), "easy").state == "doing"
    assert tallied(standing(easy, Extra="done"), "easy").percent == 0


def test_activities_without_minutes_count_alike():
    plain = step("plain", activity("A", minutes=0), activity("B", minutes=0))

    assert tallied(standing(plain, A="done"), "plain").percent == 50


# Routes


def test_the_step_counts_what_is_on_every_route_and_the_recommended_one():
    found = tallied(standing(goal="apply", Common="done", C1="done"), "deep")

    assert (found.percent, found.done, found.counted) == (71, 2, 3)
    assert [
        (r.route.slug, r.is_active, r.is_recommended, r.done, r.counted)
        for r in found.routes
    ] == [
        ("book", False, False, 0, 2),
        ("course", True, True, 1, 2),
    ]
    assert [r.route.slug for r in found.active_routes] == ["course"]


def test_a_route_counts_its_core_activities_that_were_not_skipped():
    fork = step(
        "fork",
        routes=(
            route("book", *(activity(n) for n in "ABC"), activity("Extra", core=False)),
        ),
    )

    (book,) = tallied(
        standing(fork, A="done", B="skipped", Extra="done"), "fork"
    ).routes

    assert (book.done, book.counted) == (1, 2)


def test_switching_keeps_credit_and_switching_back_restores():
    marks = {"Common": "done", "C1": "done", "Shared": "done"}
    before = tallied(standing(goal="apply", **marks), "deep")

    other = tallied(standing(goal="apply", chosen={"deep": ["book"]}, **marks), "deep")
    back = tallied(standing(goal="apply", chosen={"deep": ["course"]}, **marks), "deep")

    assert (before.state, before.percent) == ("done", 100)
    assert (other.state, other.percent, other.done) == ("doing", 50, 2)
    assert back == before


def test_the_first_chosen_route_is_shown_and_any_active_one_finishes_the_step():
    both = {"deep": ["book", "course"]}

    part = tallied(standing(chosen=both, Common="done", C1="done"), "deep")
    whole = tallied(
        standing(chosen=both, Common="done", C1="done", Shared="done"), "deep"
    )

    assert (part.percent, part.state) == (25, "doing")
    assert (whole.percent, whole.state, whole.done, whole.counted) == (
        100,
        "done",
        3,
        3,
    )
    # the book's maths does not count by the course
    assert whole.shares == {"run": 100, "hack": 100, "math": 0}


def test_a_chosen_route_that_the_release_no_longer_has_falls_back_to_the_recommended_one():
    found = tallied(standing(goal="research", chosen={"deep": ["gone"]}), "deep")

    assert [r.route.slug for r in found.active_routes] == ["book"]


def test_an_activity_on_the_route_and_on_every_route_counts_once():
    twice = step(
        "twice", activity("A"), routes=(route("book", activity("A"), activity("B")),)
    )

    found = tallied(standing(twice, A="done"), "twice")

    assert (found.percent, found.done, found.counted) == (50, 1, 2)


# A curriculum


def test_a_curriculum_adds_up_its_steps():
    found = standing(goal="apply", A="done", B="done", Common="done").tally(
        {key("start"): {"run": 50, "hack": 20}}
    )

    assert (found.percent, found.done, found.counted) == (50, 3, 5)
    assert found.shares == {"run": 28, "hack": 100, "math": 0}
    assert (found.minutes, found.total_minutes) == (
        {"run": 50, "hack": 20, "math": 0},
        70,
    )
    assert [(s.step.slug, s.state, s.total_minutes) for s in found.steps] == [
        ("start", "done", 70),
        ("deep", "doing", 0),
    ]
    assert found.steps_done == 1
    assert found.step(key("deep")) is found.steps[1]
    assert not found.is_complete


def test_an_activity_of_two_steps_counts_once():
    found = standing(
        step("one", activity("A")), step("two", activity("A"), activity("B")), A="done"
    ).tally()

    assert (found.percent, found.done, found.counted) == (50, 1, 2)


def test_an_activity_of_two_steps_weighs_what_the_first_of_them_says():
    found = standing(
        step("one", activity("A", minutes=60)),
        step("two", activity("A", minutes=20), activity("B", minutes=60)),
        A="done",
    ).tally()

    assert found.percent == 50


def test_a_curriculum_is_complete_when_its_steps_are_done_or_skipped():
    steps = (
        step("one", activity("A")),
        step("two", activity("B")),
        step("easy", activity("C", core=False)),
    )

    assert standing(*steps, A="done", B="skipped").tally().is_complete
    assert not standing(*steps, A="skipped", B="skipped").tally().is_complete
    assert not standing(*steps, A="done").tally().is_complete


def test_no_curriculum_shows_100_before_it_is_complete():
    steps = (
        step("fork", routes=(route("one", activity("A")), route("two", activity("B")))),
        step("end", activity("A")),
    )

    found = standing(*steps, chosen={"fork": ["one", "two"]}, B="done").tally()

    assert (found.percent, found.is_complete) == (50, False)


# What comes next


def next_of(found: Standing, at: str = "") -> tuple[str, str, bool] | None:
    coming = found.next_activity(key(at) if at else None)
    return coming and (coming.step.slug, coming.activity.title, coming.is_started)


def test_the_next_activity_is_the_first_open_core_one():
    assert next_of(standing()) == ("start", "A", False)
    assert next_of(standing(A="done")) == ("start", "B", False)
    assert next_of(standing(A="done", B="skipped")) == ("deep", "B1", False)


def test_what_was_started_comes_first():
    assert next_of(standing(B="started")) == ("start", "B", True)


def test_the_step_visited_last_comes_first_while_it_is_open():
    assert next_of(standing(goal="apply"), at="deep") == ("deep", "C1", False)
    assert next_of(standing(Common="done", B1="done", Shared="done"), at="deep") == (
        "start",
        "A",
        False,
    )
    assert next_of(standing(), at="a step of another release") == ("start", "A", False)


def test_nothing_comes_after_everything():
    assert (
        next_of(standing(A="done", B="done", Common="done", B1="done", Shared="done"))
        is None
    )


# Rules over many curricula


names = st.sampled_from([f"N{n}" for n in range(8)])
activities = st.lists(
    st.builds(
        activity,
        names,
        st.sampled_from(tally.ASPECTS),
        st.integers(0, 300),
        core=st.sampled_from([True, True, True, False]),
    ),
    max_size=4,
    unique_by=lambda a: a["key"],
)
outlines = st.lists(
    st.tuples(activities, st.lists(activities, max_size=3)), min_size=1, max_size=3
).map(
    lambda steps: make_outline(
        *(
            step(
                f"s{n}",
                *common,
                routes=tuple(
                    route(f"s{n}r{m}", *each) for m, each in enumerate(routes)
                ),
            )
            for n, (common, routes) in enumerate(steps)
        )
    )
)
marks = st.dictionaries(names.map(key), st.sampled_from(["started", "done", "skipped"]))
choices = st.lists(st.integers(0, 2), max_size=2, unique=True)


def chosen_in(outline, picks) -> dict:
    return {
        s.key: [s.routes[n].key for n in picks if n < len(s.routes)]
        for s in outline.steps
    }


@given(outlines, marks, choices)
def test_every_share_is_between_0_and_100(outline, made, picks):
    found = Standing(outline, made, chosen_in(outline, picks)).tally()

    for each in (found, *found.steps):
        assert list(each.shares) == ["run", "hack", "math"]
        assert all(0 <= share <= 100 for share in (each.percent, *each.shares.values()))
        assert 0 <= each.done <= each.counted


@given(outlines, marks, choices, names.map(key))
def test_marking_done_never_lowers(outline, made, picks, name):
    chosen = chosen_in(outline, picks)

    before = Standing(outline, made, chosen).tally()
    after = Standing(outline, made | {name: "done"}, chosen).tally()

    for old, new in zip((before, *before.steps), (after, *after.steps), strict=True):
        assert new.percent >= old.percent
        assert all(new.shares[aspect] >= old.shares[aspect] for aspect in tally.ASPECTS)
    assert all(
        new.state == "done"
        for old, new in zip(before.steps, after.steps, strict=True)
        if old.state == "done"
    )


@given(outlines, marks, choices)
def test_all_core_done_is_exactly_100(outline, made, picks):
    core = {a.key: "done" for s in outline.steps for a in s.every_activity() if a.core}

    found = Standing(outline, made | core, chosen_in(outline, picks)).tally()

    for each in found.steps:
        if each.counted:
            assert (each.percent, each.state) == (100, "done")
            assert each.done == each.counted
    if found.counted:
        assert (found.percent, found.is_complete, found.next) == (100, True, None)
        assert set(found.shares.values()) <= {0, 100}


@given(outlines, marks, choices)
def test_100_is_shown_only_when_every_step_is_closed(outline, made, picks):
    found = Standing(outline, made, chosen_in(outline, picks)).tally()

    assert (found.percent == 100) == found.is_complete
    assert all((each.percent == 100) == (each.state == "done") for each in found.steps)
    assert (found.next is None) == all(
        each.is_closed or not each.counted for each in found.steps
    )


def test_a_mix_adds_up_to_100():
    first, second = make_outline().steps

    assert tally.mix_of(first.activities) == {"run": 50, "hack": 25, "math": 25}
    assert tally.mix_of(second.every_activity()) == {"run": 53, "hack": 16, "math": 31}
    assert tally.mix_of([]) == {"run": 33, "hack": 33, "math": 34}


@given(
    st.integers(0, 10_000),
    st.dictionaries(st.sampled_from(tally.ASPECTS), st.integers(0, 500)),
)
def test_parts_add_up_to_the_whole(whole, weights):
    parts = tally.split(whole, weights)

    assert sum(parts.values()) == whole
    assert all(part >= 0 for part in parts.values())


# From the database


@pytest.mark.django_db
def test_a_new_release_lowers_nothing_without_a_move():
    enrollment = make_enrollment()
    actions.mark_step_done(enrollment, enrollment.release.outline.steps[0], now=NOW)
    before = tally.tally(enrollment)

    make_release(
        enrollment.curriculum,
        document(step("start", activity("A"), activity("New", minutes=900))),
    )
    after = tally.tally(Enrollment.objects.get(pk=enrollment.pk))

    assert after == before


@pytest.mark.django_db
def test_taken_back_minutes_and_those_of_other_curricula_do_not_count():
    enrollment = make_enrollment()
    other = make_enrollment(enrollment.member, make_curriculum(slug="other"))
    log = {"member": enrollment.member, "now": NOW, "step_key": key("start")}
    actions.log_minutes(**log, aspect="run", minutes=30, enrollment=enrollment)
    actions.log_minutes(**log, aspect="run", minutes=5, enrollment=enrollment)
    actions.log_minutes(**log, aspect="hack", minutes=20, enrollment=other)
    actions.undo_minutes(
        actions.log_minutes(**log, aspect="math", minutes=60, enrollment=enrollment),
        now=NOW,
    )

    found = tally.tally(enrollment)

    assert found.minutes == {"run": 35, "hack": 0, "math": 0}
    assert found.steps[0].minutes == {"run": 35}


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_many_members_are_tallied_in_four_queries(count, django_assert_num_queries):
    curricula = [make_curriculum(), make_curriculum(slug="other")]
    for n in range(count):
        for curriculum in curricula:
            enrollment = make_enrollment(make_member(f"Member {n}"), curriculum)
            actions.choose_route(enrollment, key("deep"), key("course"), now=NOW)
            actions.mark_done(enrollment.member, key("A"), now=NOW)
            actions.log_minutes(
                enrollment.member,
                aspect="run",
                minutes=5,
                now=NOW,
                enrollment=enrollment,
            )
    enrollments = list(Enrollment.objects.select_related("member"))

    with django_assert_num_queries(4):  # minutes, releases, records, routes
        found = tally.tallies(enrollments)

    assert len(found) == 2 * count
    assert {each.done for each in found.values()} == {1}
    assert {each.total_minutes for each in found.values()} == {5}
    assert {each.steps[1].active_routes[0].route.slug for each in found.values()} == {
        "course"
    }


@pytest.mark.django_db
def test_next_activity_starts_at_the_step_visited_last():
    enrollment = make_enrollment()
    actions.visit(enrollment, enrollment.release.outline.steps[1], now=NOW)

    assert tally.next_activity(enrollment).activity.title == "B1"
