"""Posts that were written: their authors watch them."""

from datetime import datetime

from django.db import transaction

from community.models import Post
from notifications.actions.questions import note_questions
from notifications.actions.rows import watch_as_writers

AT_ONCE = 500


@transaction.atomic
def tell_posts(*, now: datetime) -> int:
    """Look at posts that were written, and return how many there were.

    An announcement is told to nobody by a row: everybody reads the post itself.
    """
    posts = Post.objects.filter(to_tell=True).order_by("pk")
    locked = posts.select_for_update(skip_locked=True, no_key=True)
    keys = list(locked.values_list("pk", flat=True)[:AT_ONCE])
    columns = ("pk", "author", "kind", "thread__kind", "posted_at")
    rows = list(Post.objects.filter(pk__in=keys).values_list(*columns))
    watch_as_writers((row[:2] for row in rows), now=now)
    note_questions((row[0], *row[2:]) for row in rows)
    Post.objects.filter(pk__in=keys).update(to_tell=False)
    return len(keys)
