"""Keeping, deleting and ending drafts.

Each save of a draft has a version of its own, made by the browser. A save names the
versions that its text goes on from, and replaces one of these only. A text that goes on
from an older version, because the draft was changed on another machine, is kept beside
it as another draft.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from community import kinds
from community.actions.refusals import Refused
from community.models import Draft
from lists.insertion import Insertion
from members import budget
from members.models import Member
from text import plain
from text.typed import clean_text

DRAFTS_MAX = 100  # of a member
LENGTH_MAX = 150_000  # characters of all fields
FIELDS_MAX = 200
ENDED_KEPT_FOR = timedelta(days=1)
_STORE = Insertion(Draft, ignore_conflicts=True)

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Save:
    """A form as it was sent, to be kept as the draft `key`.

    `known` are the versions that its text goes on from, `version` is the new one, and
    `spare` the key under which it is kept if the draft was changed elsewhere.
    """

    key: UUID
    version: UUID
    known: Sequence[UUID]
    spare: UUID
    address: str
    fields: Fields


@dataclass(frozen=True, slots=True)
class SavedDraft:
    key: UUID
    # the draft that was changed or sent elsewhere, if this is now another one
    other: Draft | None = None


def keep_draft(member: Member, save: Save, *, now: datetime) -> SavedDraft:
    """Keep what a member is writing. Saving the same version twice is saving it once.

    Raises Refused for too long a text and too many drafts, and limits.TooMany.
    """
    length = check_length(save.fields)
    budget.spend(member, budget.DRAFTED, length, now=now)
    cleaned = [(clean_text(name), clean_text(value)) for name, value in save.fields]
    save = replace(save, fields=cleaned)
    with transaction.atomic():
        if _is_stored(member, save, now):
            return SavedDraft(save.key)
        other = Draft.objects.get(member=member, key=save.key)
        if str(save.version) in other.sent_versions:  # it was sent, and arrives late
            return SavedDraft(save.key)
        aside = replace(save, key=save.spare)
        if not _is_stored(member, aside, now):
            raise Refused(_("This draft was changed elsewhere. Reload the page."))
        return SavedDraft(aside.key, other)


def _is_stored(member: Member, save: Save, now: datetime) -> bool:
    """Store a save over a version that it goes on from, or as a new draft. False if the
    draft has another version.
    """
    values = {**_columns(save), "version": save.version, "saved_at": now}
    mine = Draft.objects.filter(member=member, key=save.key)
    if mine.filter(version__in=[*save.known, save.version], ended_at=None).update(
        **values
    ):
        return True
    if mine.exists():
        return False
    if Draft.objects.of(member).count() >= DRAFTS_MAX:
        raise Refused(
            _("You have %(n)s drafts. Delete one, and this text is kept as well.")
            % {"n": DRAFTS_MAX}
        )
    return _STORE(Draft(member=member, key=save.key, **values))


def _columns(save: Save) -> dict[str, object]:
    typed = dict(save.fields)
    body = kinds.of(typed.get("kind", "")).written(typed.get("body", ""))
    return {
        "address": save.address,
        "fields": _by_name(save.fields),
        "kind": typed.get("kind", "")[:20],
        "title": " ".join(typed.get("title", "").split())[:200],
        "beginning": plain(body, 200),
        "word_count": len(body.split()),
    }


def _by_name(fields: Fields) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in fields:
        values.setdefault(name, []).append(value)
    return values


def check_length(fields: Fields) -> int:
    """The number of characters of a draft. Raises Refused if they are too many."""
    length = sum(len(name) + len(value) for name, value in fields)
    if length > LENGTH_MAX or len(fields) > FIELDS_MAX:
        raise Refused(_("This text is too long to be kept as a draft."))
    return length


def delete_draft(
    member: Member, key: UUID, *, now: datetime, known: Iterable[UUID] = ()
) -> bool:
    """Delete a draft; with `known`, only if its version is one of these. Return whether
    it was deleted.
    """
    mine = Draft.objects.of(member).filter(key=key)
    if versions := list(known):
        mine = mine.filter(version__in=versions)
    return bool(mine.update(**_ended(now)))


def end_draft(
    member: Member, key: UUID | None, *, versions: Sequence[UUID], now: datetime
) -> None:
    """Note that the draft was sent with the text of these `versions`.

    A draft that was changed on another machine since then stays. One that is not stored
    yet is noted as well: its save may be on the way.
    """
    if key is None:
        return
    sent = [str(version) for version in versions]
    mine = Draft.objects.filter(member=member, key=key)
    if mine.filter(version__in=versions).update(**_ended(now), sent_versions=sent):
        return
    if versions and not mine.exists():
        ended = Draft(member=member, key=key, version=versions[-1], saved_at=now)
        for name, value in {**_ended(now), "sent_versions": sent}.items():
            setattr(ended, name, value)
        _STORE(ended)


def _ended(now: datetime) -> dict[str, object]:
    """The columns of a draft that is over: without its words."""
    words = {"fields": {}, "title": "", "beginning": "", "word_count": 0}
    return {**words, "ended_at": now}


def forget_ended_drafts(*, now: datetime) -> int:
    """Delete the rows of drafts that ended a day ago. Return their number."""
    ended = Draft.objects.filter(ended_at__lte=now - ENDED_KEPT_FOR)
    return ended.delete()[0]
