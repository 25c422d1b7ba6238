"""What a run on PostgreSQL leaves out, by conftest.py: tests that could not ask the
database if they wanted to.
"""

import pytest
from django.db import connection

from conftest import asks_database


def test_what_is_left_out_on_postgresql_is_refused_every_query(
    request: pytest.FixtureRequest,
) -> None:
    assert not asks_database(request.node)
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        connection.cursor()


@pytest.mark.django_db
def test_what_is_marked_is_run_on_both(request: pytest.FixtureRequest) -> None:
    assert asks_database(request.node)


def test_what_a_fixture_lets_in_is_run_on_both(
    request: pytest.FixtureRequest, db: None
) -> None:
    assert asks_database(request.node)
