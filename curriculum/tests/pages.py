"""What a browser shows of a page, and what it would send back."""

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from curriculum.models import Curriculum
from curriculum.tests.make import make_draft, make_release

IMPORT = "admin:curriculum_curriculum_import"


def text(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def filled(response: Any) -> dict[str, object]:
    """What a browser would send back from an admin page without a change."""
    forms = [response.context["adminform"].form]
    for formset in response.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    data: dict[str, object] = {}
    for form in forms:
        data |= values_of(form)
    return data


def values_of(form: Any) -> dict[str, object]:
    """What a browser would send back from one form without a change."""
    data: dict[str, object] = {}
    for bound in form:
        value = bound.value()
        if hasattr(bound.field, "prepare_value"):
            value = bound.field.prepare_value(value)
        if value is True:
            data[bound.html_name] = "on"
        elif value is not None and value is not False:
            data[bound.html_name] = value
    return data


def change(client: Client, row: Any, **values: object) -> HttpResponse:
    """Open the row's page in the admin, change these values, and save."""
    address = reverse(f"admin:curriculum_{row._meta.model_name}_change", args=[row.pk])
    data = {**filled(client.get(address)), **values}
    return client.post(
        address, {name: value for name, value in data.items() if value is not None}
    )


def errors(response: Any) -> list[str]:
    assert response.status_code == 200
    found: list[str] = []
    for error in response.context["errors"]:
        found += [error] if isinstance(error, str) else map(str, error)
    return found


def address(name: str, draft: Curriculum) -> str:
    """The address of a curators' page of the draft."""
    step = draft.steps.get(slug="deep-dive")
    arguments = {
        "curate:desk": [],
        "curate:step": [draft.slug, step.key],
        "curate:new_route": [draft.slug, step.key],
        "curate:new_activity": [draft.slug, step.key],
        "curate:route": [draft.slug, step.routes.first().pk],
        "curate:activity": [draft.slug, step.activities.first().pk],
    }
    return reverse(name, args=arguments.get(name, [draft.slug]))


def sent(response: Any) -> dict[str, object]:
    """What a browser would send back from a curators' page without
    a change.
    """
    return values_of(response.context["form"])


def save(client: Client, at: str, **values: object) -> HttpResponse:
    """Open a curators' page, change these values, and save."""
    return client.post(at, {**sent(client.get(at)), **values})


def publish_all(*slugs: str) -> list[Curriculum]:
    return [make_release(make_draft(slug=slug)).curriculum for slug in slugs]


def path(client, slug: str = "way-up") -> str:
    return text(client.get(reverse("curriculum:curriculum", args=[slug])))
