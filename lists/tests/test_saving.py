"""A compiled UPDATE of a row stores what `save(update_fields=...)` stores."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from lists.saving import Saving
from members.tests.make import make_member
from progress.models import Record

NOW = datetime(2026, 5, 6, 18, tzinfo=UTC)
pytestmark = pytest.mark.django_db
FIELDS = ["started_at", "done_at", "confidence", "skipped_at", "skip_reason"]


def make_record(**values: object) -> Record:
    return Record.objects.create(member=make_member(), activity_key=uuid4(), **values)


@pytest.mark.parametrize(
    "values",
    [
        {"started_at": NOW, "done_at": NOW, "confidence": 4},
        {"skipped_at": NOW, "skip_reason": "100 % known, 'truly'"},
        {},
    ],
)
def test_the_fields_are_saved_as_save_saves_them(values: dict[str, object]) -> None:
    save = Saving(Record, FIELDS)
    record, other = make_record(revisit_at=NOW), make_record(revisit_at=NOW)
    for name in FIELDS:
        value = values.get(name, Record._meta.get_field(name).get_default())
        setattr(record, name, value)
        setattr(other, name, value)
    record.revisit_at = None  # is none of the fields

    save(record)
    other.save(update_fields=FIELDS)

    columns = (*FIELDS, "revisit_at")
    stored, expected = (
        Record.objects.filter(pk=row.pk).values(*columns).get()
        for row in (record, other)
    )
    assert stored == expected


def test_one_row_is_changed_by_one_query() -> None:
    save, record, other = Saving(Record, FIELDS), make_record(), make_record()
    record.done_at = NOW

    with CaptureQueriesContext(connection) as queries:
        save(record)

    assert len(queries) == 1
    assert Record.objects.get(pk=other.pk).done_at is None


def test_a_row_that_is_gone_is_an_error() -> None:
    record = make_record()
    Record.objects.all().delete()

    with pytest.raises(DatabaseError):
        Saving(Record, FIELDS)(record)
