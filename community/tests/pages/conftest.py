import pytest
from django.test import Client

from members.models import Member
from members.tests.make import make_group, make_member


@pytest.fixture
def member() -> Member:
    make_group()
    return make_member("Ines Duarte")


@pytest.fixture
def client(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client
