"""Pages that show nothing lead on."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.views.defaults import permission_denied

from members.tests.make import make_group, make_member

pytestmark = pytest.mark.django_db
MISSING = "/nothing/here/"


def test_a_member_may_search_where_a_page_is_missing(client: Client) -> None:
    make_group()
    client.force_login(make_member("Ines Duarte"))

    answer = client.get(MISSING)

    assert answer.status_code == 404
    page = answer.content.decode()
    assert 'id="look-for"' in page
    assert 'action="/search/"' in page
    assert 'href="/notifications/"' in page


def test_a_visitor_is_led_to_sign_in(client: Client) -> None:
    make_group()

    answer = client.get(MISSING)

    assert answer.status_code == 404
    page = answer.content.decode()
    assert 'id="look-for"' not in page
    assert 'href="/accounts/login/"' in page
    assert "/notifications/" not in page


@pytest.mark.parametrize("is_member", [True, False])
def test_a_page_without_access_leads_on(rf: RequestFactory, *, is_member: bool) -> None:
    make_group()
    request = rf.get(MISSING)
    request.user = make_member("Ines Duarte") if is_member else AnonymousUser()

    page = permission_denied(request, PermissionDenied()).content.decode()

    assert "You do not have access to this page" in page
    assert ('id="look-for"' in page) == is_member
