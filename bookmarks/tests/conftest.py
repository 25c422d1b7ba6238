"""A member, and a browser that is signed in."""

import pytest
from django.test import Client

from members.models import Member
from members.tests.make import make_group, make_member


@pytest.fixture
def ines() -> Member:
    make_group()
    return make_member("Ines Duarte")


@pytest.fixture
def browser(client: Client, ines: Member) -> Client:
    client.force_login(ines)
    return client
