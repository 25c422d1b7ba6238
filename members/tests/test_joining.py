import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members import actions
from members.models import Member, StudyGroup
from members.setup import setup_token
from members.tests.joining import opened_settings
from members.tests.make import make_group, make_member

pytestmark = pytest.mark.django_db

SET_UP = {
    "group_name": "Tuesday Gradients",
    "tagline": "",
    "name": "Mira Okafor",
    "email": "Mira@Example.org",
    "password": "a long one indeed",
    "time_zone": "Africa/Lagos",
}


def test_first_run_leads_to_the_set_up_page_and_creates_the_owner(
    client: Client,
) -> None:
    assert client.get("/").headers["Location"] == "/set-up/"

    answer = client.post("/set-up/", {**SET_UP, "token": setup_token()})

    owner = Member.objects.get()
    assert answer.headers["Location"] == "/"
    assert (owner.email, owner.is_owner, owner.time_zone) == (
        "mira@example.org",
        True,
        "Africa/Lagos",
    )
    assert owner.check_password(SET_UP["password"])
    assert EmailAddress.objects.get(user=owner).verified
    assert StudyGroup.objects.get().name == "Tuesday Gradients"
    assert client.get("/set-up/").status_code == 404
    assert "This one" in client.get("/accounts/sessions/").content.decode()


def test_a_wrong_token_opens_nothing_and_keeps_what_was_typed(client: Client) -> None:
    answer = client.post("/set-up/", {**SET_UP, "token": "guess"})

    assert not StudyGroup.objects.exists()
    assert "not the token" in answer.content.decode()
    assert "Tuesday Gradients" in answer.content.decode()


def test_a_weak_owner_password_is_refused(client: Client) -> None:
    answer = client.post(
        "/set-up/", {**SET_UP, "token": setup_token(), "password": "12345678"}
    )

    assert not Member.objects.exists()
    assert "too common" in answer.content.decode()


def test_a_second_owner_cannot_set_the_group_up_again() -> None:
    make_group()

    with pytest.raises(actions.AlreadySetUp):
        actions.set_up_group(**SET_UP, now=timezone.now())

    assert not Member.objects.exists()


def test_a_visitor_joins_with_a_code_from_a_real_mail_and_is_welcomed(
    client: Client,
) -> None:
    make_group()

    client.post(
        reverse("account_signup"), {"name": "Noor Haddad", "email": "noor@example.org"}
    )
    code = re.search(r"^[A-Z0-9]{3,}-?[A-Z0-9]*$", mail.outbox[0].body, re.MULTILINE)
    assert code
    answer = client.post(reverse("account_email_verification_sent"), {"code": code[0]})

    member = Member.objects.get()
    assert mail.outbox[0].to == ["noor@example.org"]
    assert (member.name, EmailAddress.objects.get(user=member).verified) == (
        "Noor Haddad",
        True,
    )
    assert answer.headers["Location"] == "/welcome/goal/"


def test_nobody_joins_before_the_group_is_set_up(client: Client) -> None:
    client.post(
        reverse("account_signup"), {"name": "Noor Haddad", "email": "noor@example.org"}
    )

    assert not Member.objects.exists()


def test_the_three_screens_keep_the_answers_and_may_be_skipped(client: Client) -> None:
    member = make_member(onboarded_at=None)
    client.force_login(member)

    answer = client.post(
        "/welcome/goal/", {"goal": "research", "goal_words": "Understand attention"}
    )
    assert answer.headers["Location"] == "/welcome/time/"
    answer = client.post(
        "/welcome/time/",
        {"hours_per_week": "6", "study_days": ["0", "3"], "time_zone": "Asia/Tokyo"},
    )
    assert answer.headers["Location"] == "/welcome/curriculum/"
    answer = client.post("/welcome/curriculum/", {"skip": "1"})
    assert answer.headers["Location"] == "/"

    member.refresh_from_db()
    assert (member.goal, member.goal_words) == ("research", "Understand attention")
    assert (member.hours_per_week, member.study_days, member.time_zone) == (
        6,
        [0, 3],
        "Asia/Tokyo",
    )
    assert member.onboarded_at is not None


def test_skipping_a_screen_changes_nothing(client: Client) -> None:
    member = make_member(onboarded_at=None, goal="career")
    client.force_login(member)

    answer = client.post("/welcome/goal/", {"goal": "research", "skip": "1"})

    member.refresh_from_db()
    assert (answer.headers["Location"], member.goal) == ("/welcome/time/", "career")


def test_too_many_hours_are_refused_with_a_message_and_the_rest_stays(
    client: Client,
) -> None:
    client.force_login(make_member())

    answer = client.post(
        "/welcome/time/",
        {"hours_per_week": "200", "study_days": ["2"], "time_zone": "Asia/Tokyo"},
    )

    page = answer.content.decode()
    assert "between 1 and 80" in page
    assert '<option value="Asia/Tokyo" selected>' in page


def test_a_screen_that_does_not_exist_is_a_404(client: Client) -> None:
    client.force_login(make_member())

    assert client.get("/welcome/nowhere/").status_code == 404


def test_settings_change_the_member_and_nobody_else(client: Client) -> None:
    member, other = make_member(), make_member("Kofi Mensah")
    client.force_login(member)

    client.post(
        "/settings/",
        {**opened_settings(client), "name": "Ines D.", "time_zone": "Europe/Lisbon"},
    )

    member.refresh_from_db()
    other.refresh_from_db()
    assert (member.name, member.time_zone, other.name) == (
        "Ines D.",
        "Europe/Lisbon",
        "Kofi Mensah",
    )


def test_an_empty_name_in_settings_shows_a_message_and_the_old_name_in_the_menu(
    client: Client,
) -> None:
    member = make_member()
    client.force_login(member)

    answer = client.post("/settings/", {"name": "", "time_zone": "Europe/Lisbon"})

    member.refresh_from_db()
    assert answer.status_code == 200
    assert "A name needs a letter, a digit or an emoji" in answer.content.decode()
    assert member.name == "Ines Duarte"


def test_a_sign_in_link_works_once_and_only_by_its_button(client: Client) -> None:
    member = make_member()
    token = actions.make_sign_in_link(member, now=timezone.now())
    address = reverse("members:sign_in_link", args=[token])

    page = client.get(address)
    assert page.status_code == 200
    assert reverse("account_login") not in page.content.decode()
    assert "_auth_user_id" not in client.session
    assert client.post(address).headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(member.pk)
    assert Client().post(address).status_code == 404


def test_an_old_sign_in_link_is_refused_in_words() -> None:
    token = actions.make_sign_in_link(
        make_member(), now=timezone.now() - timedelta(days=2)
    )

    with pytest.raises(actions.LinkRefused, match="too old"):
        actions.use_sign_in_link(token, now=timezone.now())


def test_a_link_of_a_member_who_may_not_sign_in_is_refused() -> None:
    token = actions.make_sign_in_link(make_member(is_active=False), now=timezone.now())

    with pytest.raises(actions.LinkRefused):
        actions.use_sign_in_link(token, now=timezone.now())


def test_the_first_time_of_the_onboarding_counts() -> None:
    first, later = timezone.now() - timedelta(days=3), timezone.now()
    member = make_member(onboarded_at=None)

    actions.finish_onboarding(member, now=first)
    actions.finish_onboarding(member, now=later)

    member.refresh_from_db()
    assert member.onboarded_at == first


def test_a_member_who_chose_a_password_signs_in_with_it(client: Client) -> None:
    make_group()
    member = make_member(email="ines@example.org", password="a long one indeed")
    EmailAddress.objects.create(
        user=member, email=member.email, verified=True, primary=True
    )

    refused = client.post(
        reverse("account_login"), {"login": "ines@example.org", "password": "not it"}
    )
    answer = client.post(
        reverse("account_login"),
        {"login": "ines@example.org", "password": "a long one indeed"},
    )

    assert (refused.status_code, answer.headers["Location"]) == (200, "/")
    assert client.get(reverse("members:settings")).status_code == 200


def test_an_address_with_a_wrong_token_says_so_before_anything_is_typed(
    client: Client,
) -> None:
    assert (
        "not the one of this installation"
        in client.get("/set-up/?token=x").content.decode()
    )
    assert (
        "not the one of this installation"
        not in client.get(f"/set-up/?token={setup_token()}").content.decode()
    )
