"""Who stands where is told of those who agreed, and a number only where it
names nobody.
"""

import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lists.cache import forget_all
from members.models import Member
from members.tests.joining import opened_settings
from members.tests.make import make_group, make_member
from progress import actions, people
from progress.models import Enrollment
from progress.tests.make import NOW, key, make_curriculum, rolled_back

pytestmark = pytest.mark.django_db
audiences = st.lists(
    st.tuples(
        st.booleans(),  # shows the step
        st.sampled_from(["start", "deep", None]),
        st.sampled_from(["", "", "", "withdrew", "suspended"]),
    ),
    max_size=9,
)


def seat(curriculum, number: int, shows: bool, at: str | None, fate: str) -> Member:
    member = make_member(
        f"Member {number}", shows_step=shows, is_active=fate != "suspended"
    )
    enrollment = actions.enroll(member, curriculum, now=NOW)
    if at:
        step = enrollment.release.outline.step_by_slug(at)
        assert step
        actions.visit(enrollment, step, now=NOW + timedelta(minutes=number))
    if fate == "withdrew":
        actions.withdraw(enrollment, now=NOW)
    return member


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(audiences, st.sampled_from(["start", "deep", None]))
def test_nobody_who_did_not_agree_is_named_and_no_number_is_below_three(
    audience, reader_at
):
    with rolled_back():
        curriculum = make_curriculum()
        reader = seat(curriculum, 99, True, reader_at, "")
        members = [seat(curriculum, n, *each) for n, each in enumerate(audience)]
        found = people.others(
            curriculum.pk, reader, key(reader_at) if reader_at else None
        )

        for slug in ("start", "deep"):
            here = [
                member
                for member, (_shows, at, fate) in zip(members, audience, strict=True)
                if at == slug and not fate
            ]
            agreed = {member.pk for member in here if member.shows_step}
            shown = found.get(key(slug), people.People((), 0))
            named = {member.pk for member in shown.members}
            assert named <= agreed
            assert len(named) == min(len(agreed), people.FACES)
            assert shown.total == (len(here) if len(here) >= 3 else 0)


@pytest.fixture
def site(client):
    forget_all()
    make_group()
    curriculum = make_curriculum()
    reader = seat(curriculum, 99, False, None, "")
    client.force_login(reader)
    yield client, curriculum
    forget_all()


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.parametrize("page", ["/learn/way-up/", "/learn/way-up/start/"])
def test_pages_name_only_those_who_agreed(site, page):
    client, curriculum = site
    seat(curriculum, 1, True, "start", "")
    seat(curriculum, 2, False, "start", "")

    response = client.get(page)

    assert "Member 1 is here" in words(response)
    assert "Member 2" not in response.content.decode()
    assert "members are here" not in words(response)


@pytest.mark.parametrize("page", ["/learn/way-up/", "/learn/way-up/start/"])
def test_three_are_counted_without_a_name(site, page):
    client, curriculum = site
    for number in (1, 2, 3):
        seat(curriculum, number, False, "start", "")

    response = client.get(page)

    assert "3 members are here" in words(response)
    assert "Member " not in words(response).replace("Member 99", "")


@pytest.mark.parametrize("page", ["/learn/way-up/", "/learn/way-up/start/"])
def test_whoever_takes_it_back_is_gone_from_the_next_page(site, page):
    client, curriculum = site
    member = seat(curriculum, 1, True, "start", "")
    assert "Member 1 is here" in words(client.get(page))

    Member.objects.filter(pk=member.pk).update(shows_step=False)

    assert "Member 1" not in client.get(page).content.decode()


def test_it_is_off_until_it_is_switched_on_in_the_settings(client):
    make_group()
    member = make_member("Ines Duarte")
    client.force_login(member)
    assert not member.shows_step

    assert "Show my step to the group" in client.get("/settings/").content.decode()
    client.post("/settings/", {**opened_settings(client), "shows_step": "on"})
    member.refresh_from_db()
    assert member.shows_step

    form = opened_settings(client)
    del form["shows_step"]
    client.post("/settings/", form)
    member.refresh_from_db()
    assert not member.shows_step


def test_the_reader_is_not_among_those_who_are_there(site):
    _client, curriculum = site
    reader = Member.objects.get(name="Member 99")
    Member.objects.update(shows_step=True)
    Enrollment.objects.filter(member=reader).update(step_key=key("start"))
    for number in (1, 2):
        seat(curriculum, number, False, "start", "")

    assert people.others(curriculum.pk, reader, key("start")) == {}
