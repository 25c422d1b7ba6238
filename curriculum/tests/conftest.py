import pytest
from django.test import Client

from curriculum.models import Curriculum
from curriculum.tests.make import NOW, make_release
from members.context import study_group
from members.models import Member
from members.tests.make import make_group, make_member


@pytest.fixture
def group() -> None:
    make_group()
    study_group()  # kept in the process from here on


@pytest.fixture
def curator(client: Client, group: None) -> Member:
    curator = make_member("Cora Curator", curator_since=NOW)
    client.force_login(curator)
    return curator


@pytest.fixture
def member(client: Client) -> Member:
    member = make_member(goal="apply")
    client.force_login(member)
    return member


@pytest.fixture
def draft() -> Curriculum:
    return make_release().curriculum
