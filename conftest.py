import pytest
from django.core.cache import cache, caches

from curriculum.models import KEPT_OUTLINES


@pytest.fixture(autouse=True)
def _clear_caches() -> None:
    """Pages keep small things in the process; no test finds those of another."""
    cache.clear()
    caches["local"].clear()
    KEPT_OUTLINES.clear()
