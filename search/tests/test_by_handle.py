"""A handle leads to what its member wrote, without a word to search for."""

import pytest
from django.test import Client

from community import actions
from community.tests.make import NOON
from members.tests.make import make_group, make_member

pytestmark = pytest.mark.django_db


def test_what_a_member_wrote_is_listed_by_their_handle(client: Client) -> None:
    make_group()
    ines, noor = make_member("Ines Duarte"), make_member("Noor Haddad")
    post = actions.write_post(ines, body="Slow warm-up helps here.", now=NOON)
    actions.write_post(noor, body="Another thing altogether.", now=NOON)
    client.force_login(noor)

    html = client.get("/people/ines-duarte/", follow=True).content.decode()

    assert "Slow warm-up" in html
    assert f'href="{post.get_absolute_url()}"' in html
    assert "Another thing" not in html


def test_a_handle_that_nobody_has_finds_nothing(client: Client) -> None:
    make_group()
    client.force_login(make_member("Noor Haddad"))

    html = client.get("/search/?by=@nobody").content.decode()

    assert "Nobody here has this name." in html
