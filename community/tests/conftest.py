import pytest
from django.core.cache import cache, caches


@pytest.fixture(autouse=True)
def _clear_caches() -> None:
    cache.clear()
    caches["local"].clear()
