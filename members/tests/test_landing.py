import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from members.models import Member
from members.tests.make import make_member
from progress.tests.make import make_curriculum, make_enrollment, step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("group")]


def test_the_landing_page_shows_the_longest_curriculum_while_nobody_follows_one(
    client: Client,
) -> None:
    make_curriculum(step("brief"), slug="short")
    make_curriculum(step("first"), step("second"), slug="long")

    assert client.get("/").context["outline"].slug == "long"


def test_the_landing_page_shows_the_curriculum_that_most_members_follow(
    client: Client,
) -> None:
    make_curriculum(step("first"), step("second"), slug="long")
    make_enrollment(make_member(), make_curriculum(step("brief"), slug="short"))

    assert client.get("/").context["outline"].slug == "short"


def test_each_step_on_the_landing_page_has_its_mix_of_aspects(client: Client) -> None:
    make_curriculum()

    page = client.get("/")

    first, second = page.context["path"]
    assert first[1] == {"run": 66, "hack": 34, "math": 0}
    assert second[1] == {"run": 25, "hack": 25, "math": 50}
    assert page.content.decode().count('class="mix"') == 2


def test_the_landing_page_stands_without_curricula_and_without_members(
    client: Client,
) -> None:
    page = client.get("/")

    assert (page.status_code, page.context["outline"], Member.objects.count()) == (
        200,
        None,
        0,
    )


@pytest.mark.parametrize("count", [1, 3])
def test_the_landing_page_counts_nothing_for_a_second_visitor(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make_enrollment(make_member(), make_curriculum(slug=f"way-{number}"))
    client.get("/")

    with django_assert_num_queries(0):  # the group and the numbers are in memory
        page = client.get("/").content.decode()

    assert f"{count} member" in page
