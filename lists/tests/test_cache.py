"""Answers are kept for a while, for one audience and one key."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count

from lists.cache import TimedCache, forget_all


def test_an_answer_is_kept_for_its_audience_and_key_alone():
    kept, asked = TimedCache(seconds=60, most=10), count()

    def ask():
        return next(asked)

    answers = [
        kept.get("a", 1, ask=ask),
        kept.get("b", 1, ask=ask),
        kept.get("a", 2, ask=ask),
        kept.get("a", 1, ask=ask),
    ]

    assert answers == [0, 1, 2, 0]


def test_an_answer_is_asked_anew_when_its_time_is_over():
    kept, asked = TimedCache(seconds=0, most=10), count()

    assert [kept.get("a", ask=lambda: next(asked)) for _ in range(3)] == [0, 1, 2]


def test_nothing_is_an_answer_too():
    kept, asked = TimedCache(seconds=60, most=10), []

    assert [kept.get("a", ask=lambda: asked.append(1)) for _ in range(2)] == [None] * 2
    assert asked == [1]


def test_a_store_never_holds_more_than_its_bound_and_the_oldest_goes():
    kept = TimedCache(seconds=60, most=3)

    for n in range(5):
        kept.get("a", n, ask=lambda n=n: n)

    assert len(kept) == 3
    assert kept.get("a", 4, ask=lambda: "asked") == 4
    assert kept.get("a", 0, ask=lambda: "asked") == "asked"


def test_of_several_keys_only_those_that_are_not_kept_are_asked_for():
    kept, asked = TimedCache(seconds=60, most=10), []

    def ask(keys):
        asked.append(keys)
        return {key: key * 10 for key in keys if key < 4}

    assert kept.get_each("a", [1, 2], ask=ask) == {1: 10, 2: 20}
    assert kept.get_each("a", [2, 3, 4], ask=ask) == {2: 20, 3: 30}
    assert kept.get_each("a", [1, 2, 3], ask=ask) == {1: 10, 2: 20, 3: 30}
    assert kept.get_each("b", [1], ask=ask) == {1: 10}
    assert kept.get_each("a", [], ask=ask) == {}
    assert asked == [[1, 2], [3, 4], [1]]


def test_threads_share_a_store():
    kept = TimedCache(seconds=60, most=5)

    def many(start):
        return all(
            kept.get("a", n % 9, ask=lambda n=n: n % 9) == n % 9
            for n in range(start, start + 500)
        )

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(many, range(4)))
    assert len(kept) <= 5


def test_all_stores_forget_at_once():
    one, other = TimedCache(seconds=60, most=5), TimedCache(seconds=60, most=5)
    for store in (one, other):
        store.get("a", ask=lambda: 1)

    forget_all()

    assert (len(one), len(other)) == (0, 0)
