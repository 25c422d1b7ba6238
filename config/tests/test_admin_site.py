"""The admin: what is on it, and that no filter breaks it."""

import re
from itertools import product

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import models
from django.http import HttpResponse
from django.test import Client

from config.admin_site import without_empty_headers
from config.tests.addresses import addresses
from config.tests.world import World

pytestmark = pytest.mark.django_db

# What operators need. Whoever adds a model says in docs/privacy.md who may
# read its fields.
ON_THE_DESK = {
    "community.Comment",
    "community.Post",
    "curriculum.Activity",
    "curriculum.Curriculum",
    "curriculum.Resource",
    "curriculum.Route",
    "curriculum.Section",
    "curriculum.Step",
    "mail.Delivery",
    "mail.Preference",
    "papers.Batch",
    "papers.Feed",
    "papers.Paper",
}
HOSTILE = ["1", str(10**22), "x\x00", "2026-13-45"]


def test_the_desk_shows_what_operators_need_and_nothing_private() -> None:
    assert {model._meta.label for model in admin.site._registry} == ON_THE_DESK


def test_no_library_brings_a_page_of_its_own(owner: Client) -> None:
    for address in (
        "auth/group",
        "account/emailaddress",
        "account/emailaddress/add",
        "mfa/authenticator",
    ):
        assert owner.get(f"/admin/{address}/").status_code == 404
    assert owner.get("/admin/usersessions/usersession/").status_code == 404


def test_no_page_of_the_desk_loads_htmx(owner: Client, world: World) -> None:
    """Markup alone does nothing there, whatever text it came out of."""
    pages = [
        owner.get(each.path)
        for each in addresses(world)
        if each.name.startswith("admin:")
    ]
    shown = [
        page.content.decode()
        for page in pages
        if page.status_code == 200 and not page.streaming
    ]

    assert len(shown) > 40
    assert [page for page in shown if "htmx.min.js" in page] == []


def test_a_library_cannot_register_a_model() -> None:
    outside = [
        model
        for model in apps.get_models()
        if model._meta.app_label not in settings.OUR_APPS
    ]

    admin.site.register(outside)

    assert not set(outside) & set(admin.site._registry)


def lookups() -> list[tuple[str, str]]:
    """The list of each model, and what may stand in its query: each field
    it filters by, as a date and as it is.
    """
    found = []
    for model, each in admin.site._registry.items():
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        names = {
            name if isinstance(name, str) else name[0]
            for name in each.list_filter
            if not isinstance(name, type)
        }
        names |= {each.date_hierarchy} if each.date_hierarchy else set()
        names |= {
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.DateField)
        }
        for name in sorted(names):
            ends = ("", "__year", "__gte", "__isempty")
            found += [(path, f"{name}{end}") for end in ends]
        found += [
            (path, name)
            for name in (
                "q",
                "p",
                "o",
                "all",
                "e",
                "draft",
                "_popup",
                "_to_field",
                "nothing",
            )
        ]
    return found


def test_no_filter_breaks_a_list(owner: Client) -> None:
    assert len(lookups()) > 100
    for (path, name), value in product(lookups(), HOSTILE):
        response = owner.get(path, {name: value})
        assert response.status_code < 500, (path, name, value)


def test_a_filter_that_means_nothing_is_left_out_and_said(owner: Client) -> None:
    response = owner.get(
        "/admin/mail/delivery/", {"written_at__year": str(10**22)}, follow=True
    )

    assert response.redirect_chain == [("/admin/mail/delivery/", 302)]
    assert "This filter cannot be used here" in response.content.decode()


def test_an_action_on_such_a_list_changes_nothing(owner: Client, world: World) -> None:
    response = owner.post(
        "/admin/community/post/?posted_at__year=0", {"action": "remove"}
    )

    assert response.status_code < 500


def test_no_form_of_the_desk_has_a_header_cell_without_words(owner: Client) -> None:
    pages = 0
    for model, each in admin.site._registry.items():
        row = model._default_manager.first()
        if row and each.inlines:
            page = owner.get(
                f"/admin/{model._meta.app_label}/{model._meta.model_name}/{row.pk}/change/"
            ).text
            assert not re.search(r"<th[^>]*>\s*</th>", page)
            assert page.count("<thead") >= 1
            pages += 1
    assert pages >= 4


@pytest.mark.parametrize(
    ("html", "becomes"),
    [
        ('<th class="original"></th>', '<td class="original"></td>'),
        ("<th>\n </th>", "<td></td>"),
        ("<th>Title</th><thead></thead>", "<th>Title</th><thead></thead>"),
    ],
)
def test_only_header_cells_without_words_become_plain(html: str, becomes: str) -> None:
    response = HttpResponse(html)

    without_empty_headers(response)

    assert response.text == becomes


def test_files_of_the_desk_stay_as_they_are() -> None:
    response = HttpResponse("<th></th>", content_type="application/yaml")

    without_empty_headers(response)

    assert response.text == "<th></th>"
