import pytest

from progress.trail import PathLine, PathStep, centres, columns, stops


def test_steps_stand_left_and_right_in_turn_and_the_last_leads_nowhere():
    assert [
        stop.leg for stop in stops([PathStep(is_done=True), PathStep(), PathStep()])
    ] == [
        (PathLine("M31 0C31 60 69 40 69 100", "walked"),),
        (PathLine("M69 0C69 60 31 40 31 100"),),
        (),
    ]


def test_a_step_that_forks_stands_in_the_middle():
    before, fork, after = stops([PathStep(), PathStep(routes=3), PathStep()])

    assert before.leg == (PathLine("M31 0C31 60 50 40 50 100"),)
    assert after.leg == ()
    assert (before.is_forked, fork.is_forked) == (False, True)
    assert [line.d for line in fork.fork] == [
        "M50 0C50 60 16.1 40 16.1 100",
        "M50 0C50 60 50 40 50 100",
        "M50 0C50 60 83.9 40 83.9 100",
    ]
    assert [line.d for line in fork.join] == [
        "M16.1 0C16.1 60 50 40 50 100",
        "M50 0C50 60 50 40 50 100",
        "M83.9 0C83.9 60 50 40 50 100",
    ]
    assert fork.leg == (PathLine("M50 0C50 60 31 40 31 100"),)


def test_the_route_that_is_taken_is_drawn_to_and_walked_when_done():
    here, done, untouched = (
        PathStep(routes=2, is_here=True, taken=[1]),
        PathStep(routes=2, is_done=True, taken=[0, 1]),
        PathStep(routes=2, taken=[0]),
    )

    def states(mark):
        stop = stops([mark])[0]
        return [line.state for line in stop.fork], [line.state for line in stop.join]

    assert states(here) == (["", "here"], ["", ""])
    assert states(done) == (["walked", "walked"], ["walked", "walked"])
    assert states(untouched) == (["", ""], ["", ""])


@pytest.mark.parametrize(
    ("routes", "side_by_side", "joining"),
    [(0, 0, 0), (1, 1, 1), (2, 2, 2), (5, 5, 5), (6, 3, 3), (7, 4, 3), (8, 4, 4)],
)
def test_many_routes_stand_in_two_rows(routes, side_by_side, joining):
    stop = stops([PathStep(routes=routes, is_done=True, taken=range(routes))])[0]

    assert stop.columns == columns(routes) == side_by_side
    assert (len(stop.fork), len(stop.join)) == (side_by_side, joining)
    assert all(line.state == "walked" for line in (*stop.fork, *stop.join))


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_columns_are_spread_evenly_about_the_middle(count):
    found = centres(count)

    assert found == sorted(found)
    assert [round(100 - middle, 1) for middle in reversed(found)] == pytest.approx(
        found, abs=0.11
    )
