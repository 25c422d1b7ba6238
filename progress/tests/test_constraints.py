from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.apps.registry import Apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor

from progress.tests.make import NOW, make_enrollment

MAY = date(2026, 5, 20)


def migrate(name: str) -> Apps:
    executor = MigrationExecutor(connection)
    executor.migrate([("progress", name)])
    executor.loader.build_graph()
    return executor.loader.project_state([("progress", name)]).apps


@pytest.fixture
def before(transactional_db: None) -> Iterator[Apps]:
    yield migrate("0003_press_id")
    # all apps: those above this one were taken back with it
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "half", [{"paused_at": NOW}, {"paused_until": MAY}], ids=["no end", "no beginning"]
)
def test_half_a_pause_is_refused_in_words(half: dict[str, object]) -> None:
    enrollment = make_enrollment()
    for name, value in half.items():
        setattr(enrollment, name, value)

    with pytest.raises(ValidationError, match="A pause has a beginning and an end"):
        enrollment.validate_constraints()
    with pytest.raises(IntegrityError):
        enrollment.save()


@pytest.mark.parametrize(
    ("half", "whole"),
    [
        ((None, MAY), (NOW, MAY)),
        ((NOW + timedelta(days=1), None), (None, None)),
        ((NOW + timedelta(days=1), MAY), (NOW + timedelta(days=1), MAY)),
        ((None, None), (None, None)),
    ],
)
def test_older_pauses_keep_their_end_or_are_over(
    before: Apps, half: tuple[object, object], whole: tuple[object, object]
) -> None:
    enrollment = make_enrollment()
    rows = before.get_model("progress", "Enrollment").objects
    rows.filter(pk=enrollment.pk).update(paused_at=half[0], paused_until=half[1])

    migrate("0005_pause_has_an_end")

    enrollment.refresh_from_db()
    assert (enrollment.paused_at, enrollment.paused_until) == whole
