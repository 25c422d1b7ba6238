"""Every text field of every form cleans what people type: ours, allauth's
and the admin's, and those of the future.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.forms import UsernameField
from django.http import QueryDict
from django.test import RequestFactory

from fields.typed import CLEANED_MAX, length_to_clean
from members.forms import NameField, PasskeyForm
from members.tests.make import make_member
from text.limits import TOO_LONG
from text.tests.piles import PILES, counting, pile

OURS = (
    "config",
    *(
        app.name
        for app in apps.get_app_configs()
        if Path(app.path).parent == settings.BASE_DIR
    ),
)
TYPED = "  Cafe\u0301\u200b\u202e \x07one\r\ntwo\ud800  "
CHOSEN = (
    forms.Select,
    forms.CheckboxInput,
    forms.FileInput,
    forms.SelectMultiple,
    forms.RadioSelect,
)


def import_everything() -> None:
    """Form classes are known once the modules that hold them are imported."""
    for app in (*OURS, "allauth.account", "allauth.mfa", "allauth.usersessions"):
        for found in pkgutil.walk_packages(
            importlib.import_module(app).__path__, app + "."
        ):
            if "form" in found.name or found.name.rpartition(".")[2] in (
                "views",
                "admin",
            ):
                importlib.import_module(found.name)


def subclasses(of: type) -> Iterator[type]:
    for one in of.__subclasses__():
        yield one
        yield from subclasses(one)


def form_classes() -> list[type[forms.BaseForm]]:
    import_everything()
    ones = [one for one in subclasses(forms.BaseForm) if hasattr(one, "base_fields")]
    return [
        one for one in ones if one.__module__.startswith((*OURS, "allauth.", "django."))
    ]


def admin_forms(rf: RequestFactory) -> Iterator[type[forms.BaseForm]]:
    """The forms of every page of the admin: change, list and inline."""
    request = rf.get("/admin/")
    request.user = make_member(
        email="owner@example.org", owner_since="2026-01-01T00:00Z"
    )
    for model_admin in admin.site._registry.values():
        yield model_admin.get_form(request, fields=None)
        yield model_admin.get_changelist_form(request)
        for inline in model_admin.get_inline_instances(request):
            yield inline.get_formset(request).form


def text_fields() -> Iterator[tuple[str, forms.Field]]:
    for form_class in form_classes():
        for name, field in form_class.base_fields.items():  # type: ignore[attr-defined]
            # Django sets the length where the form is made
            bounded_by_its_form = isinstance(field, UsernameField)
            if (
                isinstance(field, forms.CharField)
                and not isinstance(field.widget, CHOSEN)
                and not bounded_by_its_form
            ):
                yield f"{form_class.__module__}.{form_class.__qualname__}.{name}", field


def read(widget: forms.Widget, typed: str) -> Any:
    data = QueryDict(mutable=True)
    data["field"] = typed
    return widget.value_from_datadict(data, {}, "field")


def check(form_class: type[forms.BaseForm]) -> int:
    """Count the text fields of a form, and let each read what
    people may type.
    """
    counted = 0
    for name, field in form_class.base_fields.items():  # type: ignore[attr-defined]
        widget = field.widget
        if isinstance(widget, CHOSEN) or not isinstance(
            field, forms.CharField | forms.JSONField
        ):
            continue
        where = f"{form_class.__module__}.{form_class.__qualname__}.{name}"
        if isinstance(widget, forms.PasswordInput):
            assert read(widget, TYPED) == TYPED, f"{where} changes a password"
            continue
        several = isinstance(widget, forms.Textarea | forms.HiddenInput)
        email = getattr(widget, "input_type", "") == "email"
        right = "  Café one\ntwo  " if several else "Café one two"
        assert read(widget, TYPED) == right, f"{where} takes text as it was typed"
        assert not email or read(widget, "a＠b.org") == "a@b.org"
        counted += 1
    return counted


def test_every_form_of_the_site_and_of_allauth_cleans_what_people_type() -> None:
    counts = {form_class: check(form_class) for form_class in form_classes()}

    assert sum(counts.values()) > 30
    modules = {form_class.__module__ for form_class, count in counts.items() if count}
    assert {
        "members.forms.accounts",
        "members.forms.profile",
        "community.forms",
        "curriculum.forms.drafts",
        "allauth.mfa.base.forms",
    } <= modules


@pytest.mark.django_db
def test_every_form_of_the_admin_cleans_what_people_type(rf: RequestFactory) -> None:
    assert sum(map(check, admin_forms(rf))) > 40


def test_a_form_that_is_shown_again_shows_the_cleaned_text() -> None:
    class Words(forms.Form):
        body = forms.CharField(widget=forms.Textarea, initial="one\ntwo")

    form = Words(QueryDict("body=one%0D%0Atwo"))

    assert form.is_valid()
    assert form["body"].value() == "one\ntwo"
    assert not form.has_changed()


def test_every_name_that_a_form_asks_for_is_one_that_can_be_seen() -> None:
    ours = [
        one
        for one in form_classes()
        if one.__module__.startswith("members.forms.") and one is not PasskeyForm
    ]
    names = [
        field
        for one in ours
        for name, field in one.base_fields.items()
        if name in ("name", "group_name")
    ]

    assert len(names) >= 4
    assert all(isinstance(field, NameField) for field in names)


@pytest.mark.parametrize(
    "typed", ["\u200b\u200b", "\u3164", "\u2800", "\u2060", "\t", "\n", "...", "\u202e"]
)
def test_a_name_of_which_nothing_can_be_seen_is_refused_with_the_reason(
    typed: str,
) -> None:
    class Named(forms.Form):
        name = NameField()

    form = Named(QueryDict(mutable=True) | {"name": typed})

    assert form.errors == {
        "name": ["A name needs a letter, a digit or an emoji that can be seen."]
    }


def test_no_form_works_on_a_text_that_is_far_too_long_for_its_field(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cost, checked = counting(monkeypatch), 0

    for where, field in text_fields():
        most = max(CLEANED_MAX, length_to_clean(getattr(field, "max_length", None)))
        typed = ("e\u0301" * most)[: most + 1]

        assert read(field.widget, typed) == typed, where
        with pytest.raises(forms.ValidationError):
            field.clean(typed)
        assert cost.calls == 0, f"{where} cleans a text of {len(typed)} characters"
        checked += 1

    assert checked > 40


@pytest.mark.parametrize(
    "widget", [forms.TextInput, forms.EmailInput, forms.Textarea, forms.HiddenInput]
)
@pytest.mark.parametrize("name", PILES)
def test_a_form_that_reads_a_field_again_cleans_it_once(
    monkeypatch: pytest.MonkeyPatch, widget: type[forms.Widget], name: str
) -> None:
    class Words(forms.Form):
        body = forms.CharField(widget=widget)

    data = QueryDict(mutable=True)
    data["body"] = pile(name, 500)
    cost, form = counting(monkeypatch), Words(data)

    form.is_valid()
    once = cost.calls
    assert form["body"].value() == form["body"].data
    form.has_changed()
    str(form)

    assert once <= 5
    assert cost.calls == once


def test_a_text_that_is_too_long_is_refused_in_words_and_shown_again() -> None:
    class Words(forms.Form):
        body = forms.CharField(widget=forms.Textarea)
        title = forms.CharField(max_length=20)

    body, title = "e\u0301" * CLEANED_MAX, "e\u0301" * 2_000
    data = QueryDict(mutable=True)
    data["body"], data["title"] = body, title
    form = Words(data)

    assert form.errors["body"] == [TOO_LONG]
    assert form.errors["title"] == [
        "Ensure this value has at most 20 characters (it has 4000)."
    ]
    assert (form["body"].value(), form["title"].value()) == (body, title)


def test_a_text_that_fits_once_it_is_cleaned_is_taken() -> None:
    class Words(forms.Form):
        title = forms.CharField(max_length=20)

    assert Words(QueryDict(mutable=True) | {"title": "e\u0301\u200b" * 20}).is_valid()
