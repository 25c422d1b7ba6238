"""No form of the admin overwrites what somebody else saved meanwhile."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse

from config.versions import MINE, THEIRS, VersionedForm, takes_both
from curriculum.forms import (
    ActivityForm,
    CurriculumForm,
    ResourceForm,
    RouteForm,
    StepForm,
)
from curriculum.models import Activity, Curriculum, Resource, Route, Section, Step
from curriculum.tests.make import make_draft
from mail.models import Preference
from members.context import study_group
from members.models import Member
from members.tests.make import make_group, make_member
from papers.models import Feed

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
# Desks that libraries bring; the sign-in models among them are not for
# this desk.
OF_LIBRARIES = ("auth", "account", "mfa", "usersessions")

# Models whose desk lists what belongs to one member, with the reason.
ABOUT_MEMBERS = {
    "mail.Delivery": "the owner answers for mail, and sees that it went",
    "mail.Preference": "the owner starts and stops mail for somebody who asks",
    "community.Post": "public in the group, with its author",
    "community.Comment": "public in the group, with its author",
}


def ours() -> list[tuple[type[models.Model], Any]]:
    return [
        (m, desk)
        for m, desk in admin.site._registry.items()
        if m._meta.app_label not in OF_LIBRARIES
    ]


@pytest.fixture(autouse=True)
def owner(client: Client) -> Member:
    make_group()
    study_group()
    owner = make_member("Olga Owner", owner_since=NOW)
    client.force_login(owner)
    return owner


def make_row(model: type[models.Model]) -> Any:
    """A row of any model that the desk has a form for.

    A new form needs a line here.
    """
    if model is Feed:
        return Feed.objects.create(category="cs.LG")
    if model is Preference:
        return Preference.objects.get_or_create(member=make_member("Noor"))[0]
    make_draft()
    return model._default_manager.first()


def sent(response: Any) -> dict[str, Any]:
    """What a browser would send back from the page without a change."""
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data: dict[str, Any] = {}
    for form in forms:
        for bound in form:
            value = bound.field.prepare_value(bound.value())
            if value is not None and value is not False:
                data[bound.html_name] = "on" if value is True else value
    return data


def forms_with_fields() -> list[type[models.Model]]:
    found = []
    for model, desk in ours():
        read_only = desk.get_readonly_fields(None)
        if "has_change_permission" in vars(type(desk)) or any(
            "has_change_permission" in vars(base) and base.__name__ == "ReadOnly"
            for base in type(desk).__mro__
        ):
            continue
        if set(desk.fields or ["?"]) - set(read_only):
            found.append(model)
    return found


@pytest.mark.parametrize("model", forms_with_fields(), ids=lambda model: model.__name__)
def test_every_form_and_every_table_on_it_carries_a_version(client, model):
    row = make_row(model)

    page = client.get(
        reverse(
            f"admin:{model._meta.app_label}_{model._meta.model_name}_change",
            args=[row.pk],
        )
    )

    form = page.context["adminform"].form
    assert isinstance(form, VersionedForm) or not form.fields
    for inline in page.context["inline_admin_formsets"]:
        assert (
            issubclass(inline.formset.form, VersionedForm)
            or not inline.formset.has_change_permission
        )


def test_no_list_is_changed_in_place():
    assert [model for model, desk in ours() if desk.list_editable] == []


@pytest.mark.parametrize("model", forms_with_fields(), ids=lambda model: model.__name__)
def test_a_stale_save_is_answered_with_both_and_saves_nothing(client, model):
    row = make_row(model)
    address = reverse(
        f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk]
    )
    page = client.get(address)
    opened = sent(page)
    tried = 0
    for name, field in page.context["adminform"].form.fields.items():
        if (
            name == "opened"
            or getattr(field, "choices", None)
            or not isinstance(opened.get(name, ""), (str, int))
        ):
            continue
        column = model._meta.get_field(name)
        if not isinstance(
            column, (models.CharField, models.TextField, models.IntegerField)
        ):
            continue
        is_number = isinstance(column, models.IntegerField)
        before = getattr(row, name)
        theirs, mine = (
            (1, 2)
            if is_number
            else (
                f"{before or 'https://a.example/'}a",
                f"{before or 'https://a.example/'}b",
            )
        )
        model._default_manager.filter(pk=row.pk).update(**{name: theirs})

        answer = client.post(address, {**opened, name: mine})

        assert answer.status_code == 200, name
        assert getattr(model._default_manager.get(pk=row.pk), name) == theirs, name
        (conflict,) = answer.context["adminform"].form.conflicts
        assert (conflict.name, conflict.mine, conflict.theirs) == (
            name,
            str(mine),
            str(theirs),
        )
        assert str(mine) in answer.content.decode()
        assert str(theirs) in answer.content.decode()
        again = {**sent(answer), name: mine}
        assert client.post(address, again).status_code == 302, name
        assert getattr(model._default_manager.get(pk=row.pk), name) == mine, name
        model._default_manager.filter(pk=row.pk).update(**{name: before})
        tried += 1
    assert tried


@pytest.mark.parametrize(("choice", "becomes"), [("", "mine"), ("theirs", "theirs")])
def test_the_later_one_chooses(client, choice, becomes):
    step = make_row(Step)
    address = reverse("admin:curriculum_step_change", args=[step.pk])
    opened = sent(client.get(address))
    Step.objects.filter(pk=step.pk).update(intro="theirs")
    answer = client.post(address, {**opened, "intro": "mine"})

    client.post(address, {**sent(answer), "intro": "mine", "take-intro": choice})

    assert Step.objects.get(pk=step.pk).intro == becomes


def fields_that_take_both() -> list[tuple[type[models.Model], str]]:
    """Each text of each curators' form, tick lists among them; not
    numbers, choices and days.
    """
    found: list[tuple[type[models.Model], str]] = []
    for form in (CurriculumForm, StepForm, RouteForm, ActivityForm, ResourceForm):
        found += [
            (form._meta.model, name)
            for name, field in form.base_fields.items()
            if takes_both(field)
        ]
    return [each for each in found if each != (Resource, "slug")]  # it never changes


# values that are no text, or that must be an address
TWO: dict[str, tuple[Any, Any]] = {
    "credit": ([{"author": "Theirs"}], [{"author": "Mine"}]),
    "for_goals": (["apply"], ["career", "research"]),
    "authors": (["Theirs", "Theirs too"], ["Mine"]),
    "named_by": (["S1"], ["S2"]),
    "other_urls": (["https://theirs.example/"], ["https://mine.example/"]),
    "archive_url": ("https://theirs.example/", "https://mine.example/"),
    "url": ("https://theirs.example/", "https://mine.example/"),
    "slug": ("theirs", "mine"),
    "language": ("de", "fr"),
}


@pytest.mark.parametrize(
    ("model", "name"),
    fields_that_take_both(),
    ids=lambda each: getattr(each, "__name__", each),
)
def test_both_texts_stand_in_the_field_until_they_are_one(client, model, name):
    row = make_row(model)
    address = reverse(
        f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk]
    )
    page = client.get(address)
    opened = sent(page)
    field = page.context["adminform"].form.fields[name]
    theirs, mine = TWO.get(name, ("Theirs.", "Mine."))
    model._default_manager.filter(pk=row.pk).update(**{name: theirs})
    typed = field.prepare_value(mine)

    answer = client.post(address, {**opened, name: typed})
    answer = client.post(address, {**sent(answer), f"take-{name}": "both"})

    assert answer.status_code == 200
    assert getattr(model._default_manager.get(pk=row.pk), name) == theirs
    both = sent(answer)[name]
    if name == "for_goals":
        assert both == [*mine, *theirs]
        assert client.post(address, {**sent(answer), name: both}).status_code == 302
        assert set(Route.objects.get(pk=row.pk).for_goals) == {*mine, *theirs}
        return
    for words in (MINE, THEIRS, typed, field.prepare_value(theirs)):
        assert str(words).strip() in both
    # not while the marks stand
    assert client.post(address, sent(answer)).status_code == 200
    assert getattr(model._default_manager.get(pk=row.pk), name) == theirs
    assert client.post(address, {**sent(answer), name: typed}).status_code == 302
    assert getattr(model._default_manager.get(pk=row.pk), name) == mine


def test_nothing_is_lost_when_another_field_is_wrong_or_changes_again(client):
    step = make_row(Step)
    address = reverse("admin:curriculum_step_change", args=[step.pk])
    opened = sent(client.get(address))
    Step.objects.filter(pk=step.pk).update(
        intro="Their intro.", summary="Their summary."
    )
    answer = client.post(
        address, {**opened, "intro": "My intro.", "summary": "My summary."}
    )

    wrong = {
        **sent(answer),
        "title": "",
        "intro": ">" * 60 + " x",
        "take-intro": "both",
        "take-summary": "theirs",
    }
    answer = client.post(address, wrong)

    form = sent(answer)
    assert "Their intro." in form["intro"]
    assert ">" * 60 in form["intro"]
    assert form["summary"] == "Their summary."
    Step.objects.filter(pk=step.pk).update(summary="Theirs again.")
    mine = {
        **form,
        "title": "T",
        "summary": "My summary.",
        "intro": "Mine.",
        "take-intro": "both",
    }
    answer = client.post(address, mine)
    assert [
        conflict.name for conflict in answer.context["adminform"].form.conflicts
    ] == ["summary"]
    assert "Their intro." in sent(answer)["intro"]
    assert "Mine." in sent(answer)["intro"]


def test_changes_of_two_people_to_different_fields_both_stand(client):
    step = make_row(Step)
    address = reverse("admin:curriculum_step_change", args=[step.pk])
    opened = sent(client.get(address))
    Step.objects.filter(pk=step.pk).update(summary="Theirs.")

    answer = client.post(address, {**opened, "done_when": "Mine."}, follow=True)

    step.refresh_from_db()
    assert (step.summary, step.done_when) == ("Theirs.", "Mine.")
    assert "Both changes stand" in answer.content.decode()


def test_a_conflict_met_again_is_a_conflict_again(client):
    step = make_row(Step)
    address = reverse("admin:curriculum_step_change", args=[step.pk])
    opened = sent(client.get(address))
    Step.objects.filter(pk=step.pk).update(summary="Second.")
    answer = client.post(address, {**opened, "summary": "Mine."})
    Step.objects.filter(pk=step.pk).update(summary="Third.")

    answer = client.post(
        address, {**sent(answer), "summary": "Mine.", "take-summary": "theirs"}
    )

    assert [
        conflict.theirs for conflict in answer.context["adminform"].form.conflicts
    ] == ["Third."]
    assert Step.objects.get(pk=step.pk).summary == "Third."


def test_rows_of_a_table_are_compared_too(client):
    draft = make_row(Curriculum)
    step = draft.steps.order_by("position").first()
    address = reverse("admin:curriculum_curriculum_change", args=[draft.pk])
    opened = sent(client.get(address))
    Step.objects.filter(pk=step.pk).update(title="Theirs")

    answer = client.post(address, {**opened, "steps-0-title": "Mine"})

    assert answer.status_code == 200
    assert Step.objects.get(pk=step.pk).title == "Theirs"
    assert "Theirs" in answer.content.decode()
    answer = client.post(address, {**opened, "steps-0-hours": "9"})
    assert answer.status_code == 302
    assert Step.objects.filter(pk=step.pk).values_list("title", "hours").get() == (
        "Theirs",
        9,
    )


def test_a_row_that_is_gone_is_an_error_and_not_a_fault(client):
    section = make_row(Section)
    address = reverse("admin:curriculum_resource_change", args=[section.resource_id])
    opened = sent(client.get(address))
    Activity.objects.all().delete()
    Section.objects.filter(resource=section.resource_id).delete()

    assert client.post(address, opened).status_code == 200


# What the desk shows of members


def test_the_desk_shows_nothing_of_one_member_but_what_is_listed_with_its_reason():
    about = {
        model._meta.label
        for model, _ in ours()
        if any(
            field.related_model is Member
            for field in model._meta.get_fields()
            if field.concrete
        )
    }

    assert about == set(ABOUT_MEMBERS)


def test_curators_see_no_model_about_members(client):
    client.force_login(make_member("Cora Curator", curator_since=NOW))

    for model, _ in ours():
        answer = client.get(
            reverse(
                f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
            )
        )
        assert answer.status_code == (
            403 if model._meta.label in ABOUT_MEMBERS else 200
        ), model


def test_curators_delete_nothing_that_work_of_members_hangs_on(client):
    client.force_login(make_member("Cora Curator", curator_since=NOW))
    request = client.get(reverse("admin:index")).wsgi_request

    may = {
        model.__name__ for model, desk in ours() if desk.has_delete_permission(request)
    }

    assert may == {"Feed"}
    assert {Resource, Route} <= {model for model, _ in ours()}


def test_the_two_fields_of_a_moment_and_those_in_rows_of_a_table_are_named(
    client: Client,
) -> None:
    client.force_login(make_member(owner_since=NOW))
    member = make_member()
    preference = Preference.objects.create(member=member)
    draft = make_draft()

    form = client.get(
        reverse("admin:mail_preference_change", args=[preference.pk])
    ).text
    rows = client.get(
        reverse("admin:curriculum_curriculum_change", args=[draft.pk])
    ).text

    assert re.search(
        r'name="digest_stopped_at_0"[^>]* aria-label="Digest stopped at, date"', form
    )
    assert re.search(
        r'name="digest_stopped_at_1"[^>]* aria-label="Digest stopped at, time"', form
    )
    assert re.search(r'name="steps-0-slug"[^>]* aria-label="Slug"', rows)
