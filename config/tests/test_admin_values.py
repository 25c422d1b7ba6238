"""What no page of the admin could have sent: no field, choice or count of
it ends in an error page.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import models
from django.forms import BaseFormSet
from django.test import Client, RequestFactory

from config.formsets import SentRows
from config.tests.world import World
from members.tests.spent import forget_spent

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

WRONG = ["abc", "9" * 5000, "9" * 22, "x\x00", "-1", "0", "1.5", "NaN", "2026-13-45"]
WORST = ["abc", "9" * 5000, "x\x00"]
ROWS = {
    "TOTAL_FORMS": "1000000",
    "INITIAL_FORMS": "1000000",
    "MIN_NUM_FORMS": "0",
    "MAX_NUM_FORMS": "1000000",
}
MODELS = list(admin.site._registry)


def address(model: type[models.Model]) -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


def forms_of(
    client: Client, model: type[models.Model]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The pages to add and to change a row, and what a browser would send
    from them without a change.
    """
    row = model._default_manager.first()
    for path in (
        f"{address(model)}add/",
        *([f"{address(model)}{row.pk}/change/"] if row else []),
    ):
        page = client.get(path)
        if page.status_code != 200 or "adminform" not in page.context:
            continue
        forms = [page.context["adminform"].form]
        for inline in page.context["inline_admin_formsets"]:
            forms += [
                inline.formset.management_form,
                *inline.formset.forms[:1],
                inline.formset.empty_form,
            ]
        data: dict[str, Any] = {}
        for form in forms:
            for bound in form:
                value = bound.field.prepare_value(bound.value())
                data[bound.html_name.replace("__prefix__", "0")] = (
                    "" if value in (None, False) else value
                )
        yield path, data


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_an_action_on_what_is_no_row_changes_nothing_and_says_so(
    owner: Client, model: type[models.Model]
) -> None:
    actions = [
        name for name in admin.site._registry[model].get_actions(asking(owner)) if name
    ]
    before = list(model._default_manager.order_by("pk").values())
    for action in [*actions, "nothing", ""]:
        for wrong in WRONG:
            for query in ("", "?q=a"):
                sent = {"action": action, "_selected_action": [wrong], "index": "0"}

                answer = owner.post(address(model) + query, sent)

                assert answer.status_code < 500, (action, wrong[:10], query)
                assert list(model._default_manager.order_by("pk").values()) == before


def asking(client: Client) -> Any:
    return client.get("/admin/").wsgi_request


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_form_with_senseless_values_is_shown_again(
    owner: Client, model: type[models.Model]
) -> None:
    # to add a row, where there is such a page
    for path, data in list(forms_of(owner, model))[:1]:
        for name in data:
            for wrong in WORST:
                forget_spent()  # the budget of what curators save

                answer = owner.post(path, {**data, name: wrong})

                assert answer.status_code < 500, (path, name, wrong[:10])


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_the_number_of_rows_that_a_form_states_is_not_believed(
    owner: Client, model: type[models.Model]
) -> None:
    for path, data in forms_of(owner, model):
        stated = {
            name: ROWS[name.rpartition("-")[2]]
            for name in data
            if name.rpartition("-")[2] in ROWS
        }
        forget_spent()

        answer = owner.post(path, {**data, **stated, "title": ""})

        for inline in (answer.context or {}).get("inline_admin_formsets", ()):
            assert len(inline.formset.forms) <= 1


def test_every_set_of_forms_counts_what_was_sent(
    world: World, rf: RequestFactory
) -> None:
    request = rf.get("/admin/")
    request.user = world["owner"]
    inlines = [
        inline
        for desk in admin.site._registry.values()
        for inline in desk.get_inline_instances(request)
    ]
    ours = [
        each
        for each in every_class_below(BaseFormSet)
        if not each.__module__.startswith("django.")
    ]

    assert len(inlines) >= 5
    assert [
        inline
        for inline in inlines
        if not issubclass(inline.get_formset(request), SentRows)
    ] == []
    assert [each for each in ours if not issubclass(each, SentRows)] == []


def every_class_below(one: type) -> Iterator[type]:
    for each in one.__subclasses__():
        yield each
        yield from every_class_below(each)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_form_whose_every_value_is_senseless_is_shown_again(
    owner: Client, model: type[models.Model]
) -> None:
    for path, data in forms_of(owner, model):
        for wrong in WRONG:
            forget_spent()

            assert owner.post(path, dict.fromkeys(data, wrong)).status_code < 500, (
                path,
                wrong[:10],
            )
            assert owner.get(path, dict.fromkeys(data, wrong)).status_code < 500, (
                path,
                wrong[:10],
            )
