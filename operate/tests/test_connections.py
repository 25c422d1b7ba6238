"""Web processes see how many connections each of them has."""

import os

import pytest

from operate.connections import PROCESSES, OpenConnections


def test_a_process_alone_has_fewest() -> None:
    numbers = OpenConnections()
    numbers.note(1, 7)

    assert numbers.has_fewest(7)


def test_who_has_more_leaves_a_connection_to_another() -> None:
    numbers = OpenConnections()
    numbers.note(1, 3)
    numbers.note(2, 2)

    assert not numbers.has_fewest(3)
    assert numbers.has_fewest(2)


def test_a_process_without_a_connection_counts() -> None:
    numbers = OpenConnections()
    numbers.note(1, 1)
    numbers.note(2, 0)

    assert not numbers.has_fewest(1)


def test_a_process_that_has_ended_takes_none() -> None:
    numbers = OpenConnections()
    numbers.note(1, 5)
    numbers.note(2, 0)

    numbers.end(2)

    assert numbers.has_fewest(5)


@pytest.mark.parametrize("age", [PROCESSES, 3 * PROCESSES + 1])
def test_any_age_and_number_can_be_noted(age: int) -> None:
    numbers = OpenConnections()
    numbers.note(age, 1_000_000)

    assert numbers.has_fewest(65_000)
    assert not numbers.has_fewest(1_000_000)


def test_processes_that_forked_share_the_numbers() -> None:
    numbers = OpenConnections()

    child = os.fork()
    if not child:
        numbers.note(2, 4)
        os._exit(0)
    os.waitpid(child, 0)

    assert not numbers.has_fewest(5)
    assert numbers.has_fewest(4)
