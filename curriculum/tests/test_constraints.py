from collections.abc import Iterator

import pytest
from django.apps.registry import Apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor

from curriculum.models import Activity
from curriculum.tests.make import make_draft


def migrate(name: str) -> Apps:
    executor = MigrationExecutor(connection)
    executor.migrate([("curriculum", name)])
    executor.loader.build_graph()
    return executor.loader.project_state([("curriculum", name)]).apps


@pytest.fixture
def before(transactional_db: None) -> Iterator[Apps]:
    yield migrate("0005_fold_quotes_and_dashes")
    # all apps: those above this one were taken back with it
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.django_db
def test_a_section_without_its_resource_is_refused_in_words() -> None:
    make_draft()
    activity = Activity.objects.filter(section__isnull=False)[0]
    activity.resource = None

    with pytest.raises(ValidationError, match="Choose the resource of this section"):
        activity.validate_constraints()
    with pytest.raises(IntegrityError):
        activity.save()


def test_older_activities_get_the_resource_of_their_section(before: Apps) -> None:
    make_draft()
    facts = list(Activity.objects.order_by("pk").values())
    with_section = before.get_model("curriculum", "Activity").objects.filter(
        section__isnull=False
    )
    assert with_section.update(resource=None)

    migrate("0007_section_needs_its_resource")

    assert list(Activity.objects.order_by("pk").values()) == facts
