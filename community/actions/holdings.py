"""Which pictures and files a text may show, and which it shows."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

import pictures.actions as store
from community.models import Comment, Draft, Holding, Post
from pictures.models import KEPT_UNUSED, Upload
from text.attached import keys_in

DRAFTS_AT_ONCE = 20  # in memory, each up to 100 kB


def uploads_in(body: str, author_id: int) -> list[Upload]:
    """What the text names and may show: uploads of its author. One query, if it names
    any.

    A picture of somebody else is not shown: whoever knows its key would show it to
    others, or see it.
    """
    keys = keys_in(body)
    if not keys:
        return []
    own = Upload.objects.stored().filter(owner=author_id, key__in=keys)
    return sorted(own, key=lambda each: keys.index(str(each.key)))


def hold(uploads: Collection[Upload], **text: Post | Comment) -> None:
    """Store what a new text shows; `text` is `post` or `comment`."""
    Holding.objects.bulk_create(
        Holding(upload=each, **text) for each in store.use(uploads)
    )


def hold_instead(
    uploads: Collection[Upload], *, now: datetime, **text: Post | Comment
) -> None:
    """Store what a text shows after an edit."""
    before = Holding.objects.filter(**text)
    held = set(before.values_list("upload", flat=True))
    wanted = {each.pk for each in uploads}
    if held == wanted:
        return
    before.exclude(upload__in=wanted).delete()
    hold([each for each in uploads if each.pk not in held], **text)
    _release(held - wanted, now=now)


def release(target: Post | Comment, *, now: datetime) -> None:
    """Note that a removed text, with the comments below a post, shows nothing more."""
    if isinstance(target, Post):
        shown = Holding.objects.filter(Q(post=target) | Q(comment__post=target))
    else:
        shown = Holding.objects.filter(comment=target)
    _release(shown.values_list("upload", flat=True), now=now)


def _release(uploads: Iterable[int], *, now: datetime) -> None:
    """Of these, what no other text shows is unused from now on."""
    ids = set(uploads)
    if ids:
        standing = Holding.objects.of_standing_texts().filter(upload__in=ids)
        store.disuse(ids - set(standing.values_list("upload", flat=True)), now=now)


def delete_unused(*, now: datetime, limit: int = 200) -> int:
    """Delete pictures and files that no text has shown for a week; their number.

    What a text shows after all, as one that was put back, is kept, and so is what a
    draft names.
    """
    old = Upload.objects.unused_since(now - KEPT_UNUSED)
    shown = Exists(Holding.objects.of_standing_texts().filter(upload=OuterRef("pk")))
    old.filter(shown).update(unused_since=None)
    unused = list(old.exclude(shown).order_by("unused_since")[:limit])
    drafted = _drafted(unused)
    Upload.objects.filter(pk__in=drafted).update(unused_since=now)
    going = old.filter(pk__in={each.pk for each in unused} - drafted).exclude(shown)
    going.update(deleted_at=now)
    gone = list(going.filter(deleted_at__isnull=False))
    store.delete(gone, now=now)
    return len(gone)


def _drafted(uploads: Collection[Upload]) -> set[int]:
    """The ids of those that a draft of their owner names."""
    owners = {each.owner_id for each in uploads}
    bodies = Draft.objects.filter(member__in=owners).values_list(
        "fields__body", flat=True
    )
    named: set[str] = set()
    for body in bodies.iterator(chunk_size=DRAFTS_AT_ONCE):
        named.update(keys_in(" ".join(body or [])))
    return {each.pk for each in uploads if str(each.key) in named}
