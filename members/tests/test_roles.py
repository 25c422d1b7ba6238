"""Roles and the group's name, from the machine itself."""

import logging

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from members.models import Member, StudyGroup
from members.tests.make import make_group, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Member:
    make_group()
    return make_member("Mira Okafor", "mira@example.org", owner_since=timezone.now())


@pytest.fixture
def ines() -> Member:
    return make_member("Ines Duarte", "ines@example.org")


def run(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    call_command(*words)
    return capsys.readouterr().out


@pytest.mark.parametrize("role", ["owner", "curator", "moderator"])
def test_a_role_is_given_and_taken(
    owner, ines, capsys, role, caplog, django_capture_on_commit_callbacks
) -> None:
    caplog.set_level(logging.INFO, "minibatch.security")
    named = "an owner" if role == "owner" else f"a {role}"
    with django_capture_on_commit_callbacks(execute=True):
        assert (
            run(capsys, "role", "give", " Ines@Example.org", role)
            == f"Ines Duarte is now {named}.\n"
        )
        assert (
            run(capsys, "role", "give", "ines@example.org", role)
            == f"Ines Duarte was {named} already.\n"
        )
    ines.refresh_from_db()
    assert getattr(ines, f"is_{role}")
    assert ines.is_staff

    with django_capture_on_commit_callbacks(execute=True):
        assert (
            run(capsys, "role", "take", "ines@example.org", role)
            == f"Ines Duarte is no longer {named}.\n"
        )
        assert (
            run(capsys, "role", "take", "ines@example.org", role)
            == f"Ines Duarte was not {named}.\n"
        )
    ines.refresh_from_db()
    assert not ines.is_staff
    lines = [record.getMessage() for record in caplog.records]
    assert [line.partition(" {")[0] for line in lines] == ["role given", "role taken"]
    assert "ines@example.org" not in "".join(lines)


def test_the_last_owner_keeps_the_role(owner, ines, capsys) -> None:
    with pytest.raises(CommandError, match="must have an owner"):
        call_command("role", "take", "mira@example.org", "owner")

    run(capsys, "role", "give", "ines@example.org", "owner")
    Member.objects.filter(pk=ines.pk).update(is_active=False)
    # one who cannot sign in does not count
    with pytest.raises(CommandError, match="must have an owner"):
        call_command("role", "take", "mira@example.org", "owner")

    Member.objects.filter(pk=ines.pk).update(is_active=True)
    assert "no longer an owner" in run(
        capsys, "role", "take", "mira@example.org", "owner"
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("give", "nobody@example.org", "curator"),
            "No member signs in with nobody@example.org",
        ),
        (("give",), "Say who and which role"),
        (("take", "ines@example.org"), "Say who and which role"),
        (("list", "nobody@example.org"), "No member signs in"),
        (("give", "ines@example.org", "king"), "invalid choice"),
    ],
)
def test_a_wrong_command_says_what_is_wrong(owner, ines, words, message) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("role", *words)


def test_who_cannot_sign_in_gets_no_role(owner, ines) -> None:
    Member.objects.filter(pk=ines.pk).update(is_active=False)

    with pytest.raises(CommandError, match="cannot sign in"):
        call_command("role", "give", "ines@example.org", "curator")


def test_the_list_shows_who_has_a_role(owner, ines, capsys) -> None:
    assert run(capsys, "role", "list") == "mira@example.org  Mira Okafor  owner\n"
    assert (
        run(capsys, "role", "list", "ines@example.org")
        == "ines@example.org  Ines Duarte  no role\n"
    )


def test_an_empty_site_says_how_to_begin(capsys) -> None:
    assert "first-run page" in run(capsys, "role", "list")
    with pytest.raises(CommandError, match="first-run page"):
        call_command("group")


def test_the_name_of_the_group_can_be_changed(owner, client, capsys) -> None:
    out = run(
        capsys,
        "group",
        "--name",
        " Sunday  Descent ",
        "--tagline",
        "We meet on Sundays.",
    )

    assert out == "Name: Sunday Descent\nSentence: We meet on Sundays.\n"
    client.force_login(owner)
    assert "Sunday Descent" in client.get("/").content.decode()
    assert "(none)" in run(capsys, "group", "--tagline", "")
    assert StudyGroup.objects.get().name == "Sunday Descent"


def test_the_command_stores_a_name_as_the_first_run_page_would(owner, capsys) -> None:
    out = run(
        capsys,
        "group",
        "--name",
        "Gru\u0308n\u202e\u200b Club",
        "--tagline",
        "One\u2028 line\u202e.",
    )

    assert out == "Name: Gr\u00fcn Club\nSentence: One line.\n"


WRONG = [
    ("--name", "  "),
    ("--name", "\u200b\u3164"),
    ("--name", "x" * 81),
    ("--tagline", "x" * 201),
]


@pytest.mark.parametrize(("option", "value"), WRONG)
def test_a_name_that_does_not_fit_is_refused(owner, option, value) -> None:
    with pytest.raises(CommandError, match=option.strip("-")):
        call_command("group", option, value)
    assert StudyGroup.objects.get().name == "Tuesday Gradients"
