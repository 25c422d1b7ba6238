from collections.abc import Iterator

import pytest
from django.core.cache import cache, caches


@pytest.fixture(autouse=True)
def _clear_caches() -> Iterator[None]:
    cache.clear()
    caches["local"].clear()
    yield
