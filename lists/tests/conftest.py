import pytest
from django.db import connection

from lists import change, insertion, saving, statement


@pytest.fixture
def values_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Statements go out with their values inside, as other queries, so that what is
    logged of both can be compared.
    """
    for module in (change, insertion, saving, statement):
        monkeypatch.setattr(module, "cursor_of_statements", connection.cursor)
