"""A marker that harms every context it is not made for, and a function
that puts it into every text column.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import models

from text import render

# As a text, in an attribute of either quote, as a template, as an address:
# short, so that it fits small columns.
MARKER = "<i q>'\"{{2|add:2}}{%x"
ADDRESS = "javascript:pwn()//"
# Models without texts of people: made by the test client itself, or lists
# of Django's that nothing shows.
OUTSIDE = {
    "sessions.Session",
    "auth.Group",
    "auth.Permission",
    "contenttypes.ContentType",
}
# Columns that are no text of anybody, and why the marker cannot stand
# there.
KEPT = {
    "members.Member.password": "a hash",
    "members.Member.time_zone": "one of a fixed list; a page cannot be shown without it",
    "members.SignInLink.token_hash": "a hash, found by its value",
    "members.KeptWords.path": "found by its value",
    "mail.Stop.key": "found by its value",
    "account.EmailConfirmation.key": "a random key, found by its value",
    "mfa.Authenticator.data": "secrets, read by the library",
    "usersessions.UserSession.session_key": "a random key",
    "usersessions.UserSession.data": "written by the library",
    "admin.LogEntry.object_id": "a number",
    "community.Post.kind": "the name of a module of community/kinds",
    "notifications.Notification.kind": "the name of a kind, one of a fixed list",
    "community.Thread.key": "a key of ours, found by its value",
    "papers.Paper.arxiv_id": "part of an address of ours; its form is checked on the "
    "way in and by the address",
    "papers.Feed.category": "part of an address of ours, named by the host",
    "papers.Batch.category": "named by the host",
    "papers.Paper.primary_category": "joined with the category of a batch",
    "papers.Paper.categories": "joined with the category of a batch",
    "curriculum.Curriculum.shipped_digest": "a hash",
    "curriculum.Resource.shipped_digest": "a hash",
    "curriculum.Route.for_goals": "of a fixed list",
    "members.Member.study_days": "numbers",
    "progress.StudyEvent.data": "numbers and keys, replayed; the reason in it is "
    "poisoned with the record",
}
# Values inside JSON that a page finds its way by.
KEYS = {
    "key", "slug", "id", "kind", "do", "aspect", "purpose", "cost", "level", "depth",
    "resource", "section", "format",
    "for_goals", "successor", "path", "since", "archived_on", "language", "next_key",
    "monday", "first", "last", "week",
}  # fmt: skip
ADDRESSES = {"url", "archive_url", "other_urls", "licence"}


def models_in_use() -> list[type[models.Model]]:
    """Every model of every app, those of new apps as well."""
    return [model for model in apps.get_models() if model._meta.label not in OUTSIDE]


def columns() -> Iterator[tuple[type[models.Model], Any]]:
    """Every column of every model that can hold a text of somebody."""
    for model in models_in_use():
        for field in model._meta.concrete_fields:
            name = f"{model._meta.label}.{field.name}"
            is_text = isinstance(
                field, models.CharField | models.TextField | models.JSONField
            )
            if (
                is_text
                and not isinstance(field, models.SlugField)
                and not field.choices
                and name not in KEPT
            ):
                yield model, field


def poison(*markers: str) -> int:
    """Put a marker into every text column of every row, the first that
    fits; gives back how many columns.
    """
    count = 0
    for model, field in columns():
        count += 1
        for row in model._default_manager.all():
            value = poisoned(
                field, getattr(row, field.attname), row.pk, markers or (MARKER,)
            )
            model._default_manager.filter(pk=row.pk).update(**{field.attname: value})
    return count


def poisoned(field: Any, value: Any, pk: Any, markers: Sequence[str]) -> Any:
    if isinstance(field, models.JSONField):
        return _inside(value, "", markers[0], html=field.name == "rendered")
    if field.name.endswith("_html"):
        return render(markers[0])
    length = field.max_length or 1000
    marker = next((each for each in markers if len(each) + 5 < length), markers[-1])
    if isinstance(field, models.URLField) or field.name in ADDRESSES:
        return (ADDRESS + marker)[:length]
    if isinstance(field, models.EmailField):
        return f"{marker}@x{pk}.org"
    return f"{marker}{pk}"[:length] if field.unique else marker[:length]


def _inside(value: Any, name: str, marker: str, *, html: bool) -> Any:
    """The same structure, with the marker for each text that is no key."""
    if isinstance(value, dict):
        return {
            key: _inside(each, key, marker, html=html) for key, each in value.items()
        }
    if isinstance(value, list):
        return [_inside(each, name, marker, html=html) for each in value]
    if not isinstance(value, str) or name in KEYS:
        return value
    if html:
        return render(marker)
    return ADDRESS + marker if name in ADDRESSES else marker
