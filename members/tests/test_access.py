from types import SimpleNamespace

import pytest
from django.http import Http404, HttpResponse
from django.utils import timezone

from members import access
from members.tests.make import make_member

pytestmark = pytest.mark.django_db
ONLY = {
    "owner": access.owner_only,
    "curator": access.curator_only,
    "moderator": access.moderator_only,
}


def member_with(role):
    if not role:
        return make_member()
    return make_member(**{f"{role}_since": timezone.now()})


@pytest.mark.parametrize("asked", ONLY)
@pytest.mark.parametrize("role", ["", *ONLY])
def test_a_page_of_a_role_is_there_for_its_holders_and_the_owner_alone(role, asked):
    page = ONLY[asked](lambda request: HttpResponse("shown"))
    member = member_with(role)
    request = SimpleNamespace(member=member)

    if role in (asked, "owner"):
        assert page(request).content == b"shown"
    else:
        with pytest.raises(Http404):
            page(request)


@pytest.mark.parametrize("role", ONLY)
def test_the_holder_of_a_role_is_led_to_the_second_factor_first(role):
    page = ONLY[role](lambda request: HttpResponse())

    assert page.staff_role == role


@pytest.mark.parametrize("role", ONLY)
def test_a_role_that_rests_opens_nothing(role):
    member = member_with(role)
    member.acts_as_member = True

    assert not access.has_role(member, role)
