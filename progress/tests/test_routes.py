from datetime import timedelta

import pytest

from members.tests.make import make_member
from progress import actions
from progress.models import RouteChoice, StudyEvent
from progress.tests.make import (
    NOW,
    key,
    kinds_logged,
    make_enrollment,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def chosen() -> list:
    return list(
        RouteChoice.objects.order_by("chosen_at", "pk").values_list(
            "route_key", flat=True
        )
    )


def test_the_recommended_route_needs_no_choice():
    enrollment = make_enrollment(make_member(goal="apply"))

    actions.choose_route(enrollment, key("deep"), key("course"), now=NOW)

    assert chosen() == []
    assert kinds_logged() == ["enrolled"]


def test_another_route_takes_the_place_of_the_recommended_one_and_back():
    enrollment = make_enrollment(make_member(goal="apply"))

    actions.choose_route(enrollment, key("deep"), key("book"), now=NOW)
    actions.choose_route(enrollment, key("deep"), key("book"), now=LATER)
    assert chosen() == [key("book")]

    actions.choose_route(enrollment, key("deep"), key("course"), now=LATER)
    assert chosen() == [key("course")]
    assert kinds_logged() == ["enrolled", "route_chosen", "route_left", "route_chosen"]
    left, new = StudyEvent.objects.order_by("pk")[2:]
    assert left.press_id == new.press_id
    assert left.data == {"step": str(key("deep")), "route": str(key("book"))}


def test_two_routes_may_be_active_at_once():
    enrollment = make_enrollment(make_member(goal="apply"))

    actions.choose_route(enrollment, key("deep"), key("book"), now=NOW, alongside=True)

    assert sorted(chosen()) == sorted([key("course"), key("book")])


def test_leaving_the_last_route_makes_the_recommended_one_active_again():
    enrollment = make_enrollment()
    actions.choose_route(enrollment, key("deep"), key("course"), now=NOW)

    actions.leave_route(enrollment, key("deep"), key("course"), now=LATER)
    actions.leave_route(enrollment, key("deep"), key("course"), now=LATER)

    assert chosen() == []
    assert kinds_logged() == ["enrolled", "route_chosen", "route_left"]


@pytest.mark.parametrize(
    ("step_name", "route_name"),
    [("deep", "nowhere"), ("nowhere", "book"), ("start", "book")],
)
def test_a_route_that_the_step_does_not_have_is_refused(step_name, route_name):
    with pytest.raises(actions.UnknownRoute):
        actions.choose_route(
            make_enrollment(), key(step_name), key(route_name), now=NOW
        )
