"""Whether the database matches the code: which migrations only one of them has."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


@dataclass(frozen=True)
class Difference:
    unknown: list[str]  # in the database, not in the code: the code is older
    missing: list[str]  # in the code, not in the database: the code is newer
    is_empty: bool  # nothing has been migrated yet


@lru_cache
def _in_code() -> dict[str, frozenset[str]]:
    """The names of all migrations in the code, by app label.

    Lists the files, since loading them takes a second.
    """
    names = {}
    for config in apps.get_app_configs():
        names[config.label] = frozenset(_migrations_of(config.name))
    return names


def _migrations_of(app: str) -> Iterator[str]:
    spec = find_spec(f"{app}.migrations")
    if spec is None:
        return
    for folder in spec.submodule_search_locations or ():
        for file in Path(folder).glob("[0-9a-z]*.py"):
            yield file.stem


def _is_ours(label: str) -> bool:
    return Path(apps.get_app_config(label).path).parent == settings.BASE_DIR


def difference() -> Difference:
    """Compare the migrations of database and code. One query.

    An empty database misses all of them.
    """
    recorder = MigrationRecorder(connection)
    applied = set(recorder.applied_migrations())
    code = _in_code()
    unknown = [
        f"{label}.{name}"
        for label, name in applied
        if _is_unknown(label, name, code.get(label))
    ]
    missing: list[str] = []
    for label, names in code.items():
        missing += [f"{label}.{name}" for name in names if (label, name) not in applied]
    return Difference(sorted(unknown), sorted(missing), is_empty=not applied)


def _is_unknown(label: str, name: str, known: frozenset[str] | None) -> bool:
    """Whether a migration of the database is too new for the code.

    Third-party apps may delete old migrations that they have squashed, so of theirs only
    newer ones count.
    """
    if known is None:
        return True
    if name in known:
        return False
    return _is_ours(label) or name > max(known, default="")


def too_new(unknown: list[str]) -> str:
    return (
        "The database was made by a newer version of Minibatch and holds what this one does not "
        f"know: {', '.join(unknown)}. Start the newer version again, or go back to a copy of the "
        "data folder from before it."
    )
