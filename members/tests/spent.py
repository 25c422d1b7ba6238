"""What was spent is forgotten: nobody is too fast in a test of other things."""

from django.core.cache import caches

from members.budget import COUNTS


def forget_spent() -> None:
    for cache in caches.all():
        cache.clear()
    COUNTS.clear()
