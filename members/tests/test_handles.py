"""Every member has a handle that nobody else has, and keeps it."""

import pytest
from django.test import Client
from django.utils import timezone

from members.actions import give_handles
from members.handles import LONGEST, TAKEN_MOST, handle_from
from members.models import Handle, Member
from members.tests.make import make_group, make_member

pytestmark = pytest.mark.django_db


def handle_of(member: Member) -> str:
    return Handle.objects.get(member=member).name


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("Ines Duarte", "ines-duarte"),
        ("Zoë O’Brien-Łuk", "zoe-o-brien-luk"),
        ("Ольга Петрова", "ольга-петрова"),
        ("李 明", "李-明"),
        ("  --  ", "member"),
        ("☂", "member"),
        ("_x_", "x"),
    ],
)
def test_a_handle_is_the_name_without_spaces(name: str, handle: str) -> None:
    assert handle_from(name) == handle


def test_a_long_name_is_cut() -> None:
    handle = handle_from("Ada " * 30)

    assert len(handle) <= LONGEST
    assert not handle.endswith("-")


def test_a_new_member_has_a_handle_and_a_namesake_another() -> None:
    members = [make_member("Ines Duarte") for _each in range(TAKEN_MOST + 2)]

    handles = [handle_of(member) for member in members]

    assert handles[:3] == ["ines-duarte", "ines-duarte-2", "ines-duarte-3"]
    assert len(set(handles)) == TAKEN_MOST + 2
    assert all(handle.startswith("ines-duarte") for handle in handles)


def test_members_from_before_get_one_and_others_keep_theirs() -> None:
    kept = make_member("Ines Duarte")
    before = [make_member("Ines Duarte"), make_member("Noor Haddad")]
    Handle.objects.filter(member__in=before).delete()

    give_handles()
    give_handles()

    assert [handle_of(member) for member in (kept, *before)] == [
        "ines-duarte",
        "ines-duarte-2",
        "noor-haddad",
    ]


def test_many_at_once_take_a_few_queries_for_a_batch(
    django_assert_max_num_queries: object,
) -> None:
    members = [make_member(f"Person {n % 7}") for n in range(40)]
    Handle.objects.all().delete()

    with django_assert_max_num_queries(12):  # type: ignore[operator]
        give_handles()

    assert Handle.objects.count() == len(members)


def test_a_handle_stays_when_the_name_changes() -> None:
    member = make_member("Ines Duarte")
    member.name = "Inês Duarte Silva"
    member.save()

    assert handle_of(member) == "ines-duarte"


def test_a_handle_leads_to_what_its_member_wrote(client: Client) -> None:
    make_group()
    reader = make_member("Noor Haddad")
    make_member("Ines Duarte", proved_at=timezone.now())
    client.force_login(reader)

    answer = client.get("/people/INES-duarte/")

    assert answer["Location"] == "/search/?by=%40ines-duarte"
    assert client.get("/people/nobody/").status_code == 404


def test_a_suspended_member_is_not_found_by_their_handle(client: Client) -> None:
    make_group()
    client.force_login(make_member("Noor Haddad"))
    make_member("Ines Duarte", is_active=False, proved_at=timezone.now())

    assert client.get("/people/ines-duarte/").status_code == 404
