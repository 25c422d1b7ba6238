"""Documents of texts that were there before the index, or before it read them as it
does now. A run takes some of them, newest first; the site goes on meanwhile.
"""

from collections.abc import Sequence

from django.db import transaction

from documents import actions
from documents.models import VERSION, Rebuild
from documents.sources import TextSource

BATCH = 500


def rebuild(sources: Sequence[TextSource], *, most: int) -> int:
    """Make up to `most` documents again; how many were. What is finished costs one
    query for all sources.
    """
    finished = set(
        Rebuild.objects.filter(version=VERSION, below=0).values_list("kind", flat=True)
    )
    made = 0
    for source in sources:
        while source.kind not in finished and made < most:
            count = rebuild_some(source, most=min(BATCH, most - made))
            made += count
            if not count:
                break
    return made


@transaction.atomic
def rebuild_some(source: TextSource, *, most: int) -> int:
    """Make the next documents of a source again. The rows of the texts are locked: no
    edit comes between reading a text and storing its document.
    """
    state, _created = Rebuild.objects.select_for_update().get_or_create(
        kind=source.kind, defaults={"version": VERSION}
    )
    if state.version != VERSION:
        state.version, state.below = VERSION, None
    rows = source.rows().order_by("-pk").select_for_update(of=("self",))
    if state.below is not None:
        rows = rows.filter(pk__lt=state.below)
    found = list(rows[:most])
    actions.store_all(source.document(row) for row in found)
    state.below = found[-1].pk if found else 0
    state.save()
    return len(found)


def begin_again() -> None:
    """Forget how far it came: every document is made again."""
    Rebuild.objects.all().delete()
