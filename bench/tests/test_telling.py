import pytest

from bench.measuring import Cost
from bench.telling import Told, judged
from bench.workers import Stage

STAGE = Stage(count=3, seconds=1.5, app=20.0, db=5.0, megabytes=120.4)


@pytest.mark.parametrize(
    ("figure", "words"),
    [(1, "at most 1: met"), (2, "at most 1: missed")],
)
def test_a_goal_says_whether_it_was_met(figure: int, words: str):
    assert judged(figure, 1) == words


def test_requests_are_told_by_the_middle_one():
    told, answer = Told(), None
    costs = [Cost(app, 1.0, 0.0, answer) for app in (9.0, 4.0, 5.0)]  # type: ignore[arg-type]

    assert told.asked("a post", costs) == 6.0
    told.ratio("beside", 6.0, 5.0, 1.1)

    assert told.rows == [
        ["a post", 5.0, 1.0, None, None, None, ""],
        ["beside", None, None, None, None, "1.20 ×", "at most 1.1: missed"],
    ]


def test_work_is_told_with_its_rows():
    told = Told()

    told.worked("turns", STAGE, "7 turns")
    told.counted("mails", 10_000, 20_000)

    assert told.rows == [
        ["turns", 20.0, 5.0, 1.5, "120", "7 turns", ""],
        ["mails", None, None, None, None, 10_000, "at most 20,000: met"],
    ]
