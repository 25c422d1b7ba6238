"""Lists in the admin count no whole tables, and show every row all
the same.
"""

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.admin_site import BoundedPaginator
from members.models import Member
from members.tests.make import make_group, make_member
from papers.models import Paper
from papers.tests.make import make_paper

pytestmark = pytest.mark.django_db


class Small(BoundedPaginator):
    most = 3


def test_a_short_list_is_counted() -> None:
    for _ in range(3):
        make_paper()

    assert Small(Paper.objects.order_by("-pk"), 2).count == 3


def test_every_row_of_a_long_list_is_on_a_page() -> None:
    papers = [make_paper() for _ in range(7)]
    papers.pop(2).delete()
    pages = Small(Paper.objects.order_by("-pk"), 2)

    shown = [paper for page in pages for paper in page.object_list]

    assert shown == papers[::-1]


def test_a_part_of_a_long_list_has_as_many_rows_as_are_counted() -> None:
    for _ in range(7):
        make_paper()

    assert Small(Paper.objects.filter(title="A paper").order_by("pk"), 2).count == 3


def test_a_list_counts_no_further_than_its_bound() -> None:
    with CaptureQueriesContext(connection) as asked:
        assert BoundedPaginator(Paper.objects.order_by("pk"), 100).count == 0

    [query] = asked.captured_queries
    assert "LIMIT 10001" in query["sql"]


@pytest.mark.parametrize(
    "model", admin.site._registry.values(), ids=lambda each: each.opts.label
)
def test_every_list_of_the_desk_is_bounded(model: Any, client: Client) -> None:
    make_group()
    client.force_login(make_member(owner_since=Member().joined_at))

    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"/admin/{model.opts.app_label}/{model.opts.model_name}/")

    assert page.status_code == 200
    counts = [
        query["sql"]
        for query in asked.captured_queries
        if "SELECT COUNT(" in query["sql"] and model.opts.db_table in query["sql"]
    ]
    assert [sql for sql in counts if "LIMIT" not in sql] == []
