"""Records that one press changes together, with their lines in the log."""

import uuid
from collections import namedtuple
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from curriculum.models import Curriculum
from lists.insertion import Insertion
from lists.saving import Saving
from lists.statement import Statement
from members.models import Member
from progress import replay
from progress.actions.log import store_events
from progress.models import Record, StudyEvent
from progress.replay import History, Outcome, Press

FACTS = ["started_at", "done_at", "confidence", "skipped_at", "skip_reason"]
CHANGED = [*FACTS, "revisit_at"]
RECORD = [field.attname for field in Record._meta.concrete_fields]
RecordColumns = namedtuple("RecordColumns", RECORD)  # type: ignore[misc]
P = ParamSpec("P")
R = TypeVar("R")


class LogRow(NamedTuple):
    """A line of the log, as far as the replay reads it."""

    kind: str
    at: datetime
    press_id: UUID
    activity_key: UUID
    curriculum_id: int | None
    data: dict[str, Any]


# A press on one activity, which most presses are.
_locked_one = Statement(
    RecordColumns,
    lambda member, key: (
        Record.objects.select_for_update()
        .filter(member=member, activity_key=key)
        .values_list(*RECORD)
    ),
    member=Member,
    key=UUID,
)
_lines_of_one = Statement(
    LogRow,
    lambda member, key: (
        StudyEvent.objects.filter(member=member, activity_key=key)
        .order_by("pk")
        .values_list(*LogRow._fields)
    ),
    member=Member,
    key=UUID,
)
_insert = Insertion(Record)
_update = Saving(Record, CHANGED)


def tried_twice(action: Callable[P, R]) -> Callable[P, R]:
    """Two presses at once may both read no record and insert one; the later one runs
    again and reads the record of the first.
    """

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return action(*args, **kwargs)
        except IntegrityError:
            return action(*args, **kwargs)

    return run


@tried_twice
@transaction.atomic
def mark(
    member: Member,
    keys: list[UUID],
    press: Press,
    *,
    now: datetime,
    curriculum: Curriculum | None,
) -> list[UUID]:
    """Apply the press to these activities; the keys of those that it changed."""
    changed = []
    for record in locked_records(member, keys):
        old = _outcome(record)
        new = replay.after(old, press, now)
        if new != old:
            _apply(new, record)
            changed.append(record)
    return _save_and_log(member, changed, press, now, curriculum)


@tried_twice
@transaction.atomic
def take_back(
    member: Member,
    keys: list[UUID],
    is_meant: Callable[[History], bool],
    *,
    now: datetime,
    curriculum: Curriculum | None,
) -> list[UUID]:
    """Undo the newest outcome of the activities whose history `is_meant`; their keys."""
    records = {record.activity_key: record for record in locked_records(member, keys)}
    changed = []
    for key, history in histories(member, keys).items():
        if history.outcomes and is_meant(history):
            _apply(history.outcome_before, records[key])
            changed.append(records[key])
    return _save_and_log(member, changed, Press("undone"), now, curriculum)


def histories(member: Member, keys: Sequence[UUID]) -> dict[UUID, History]:
    if len(keys) == 1:
        return replay.histories(_lines_of_one(member=member, key=keys[0]))
    events = StudyEvent.objects.filter(member=member, activity_key__in=keys)
    return replay.histories(events.order_by("pk"))


def locked_records(member: Member, keys: Sequence[UUID]) -> list[Record]:
    """Records in the order of `keys`: rows locked until the commit, and new ones, not
    yet inserted.
    """
    if len(keys) == 1:
        found = _locked_one(member=member, key=keys[0])
        rows = [Record.from_db(connection.alias, RECORD, row) for row in found]
    else:
        several = Record.objects.filter(member=member, activity_key__in=keys)
        rows = list(several.select_for_update())
    known = {row.activity_key: row for row in rows}
    return [known.get(key) or Record(member=member, activity_key=key) for key in keys]


def save(records: list[Record]) -> None:
    if len(records) == 1:
        _save_one(records[0])
        return
    Record.objects.bulk_create([record for record in records if not record.pk])
    old = [record for record in records if record.pk]
    Record.objects.bulk_update(old, CHANGED)


def _save_one(record: Record) -> None:
    if record.pk:
        _update(record)
    else:
        _insert(record)


def _outcome(record: Record) -> Outcome:
    return Outcome(**{name: getattr(record, name) for name in FACTS})


def _apply(outcome: Outcome, record: Record) -> None:
    for name in FACTS:
        setattr(record, name, getattr(outcome, name))


def _save_and_log(
    member: Member,
    records: list[Record],
    press: Press,
    now: datetime,
    curriculum: Curriculum | None,
) -> list[UUID]:
    if not records:
        return []
    save(records)
    press_id = uuid.uuid4()
    store_events(
        StudyEvent(
            member=member,
            kind=press.kind,
            at=now,
            press_id=press_id,
            activity_key=record.activity_key,
            curriculum=curriculum,
            data=press.as_data(),
        )
        for record in records
    )
    return [record.activity_key for record in records]
