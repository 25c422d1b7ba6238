import pytest
from django.utils import timezone

from members.models import Member
from members.tests.joining import PASSWORD, make_reachable
from members.tests.make import make_group, make_member


@pytest.fixture
def group() -> None:
    make_group()


@pytest.fixture
def member(group: None) -> Member:
    return make_member()


@pytest.fixture
def owner() -> Member:
    """An owner with a password and a confirmed address."""
    return make_reachable(
        "mira@example.org", password=PASSWORD, owner_since=timezone.now()
    )
