"""Curators put the rows of a draft in order, retire and add them."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from curriculum import actions
from curriculum.export import document_of
from curriculum.models import Activity, Route, Step
from curriculum.tests.make import NOW, make_draft
from curriculum.tests.pages import (
    address,
    save,
    text,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curator")]


# Order, adding, retiring
def test_steps_and_activities_are_put_in_order(client, draft):
    first, second = draft.steps.order_by("position")
    at = reverse("curate:move", args=[draft.slug])

    answer = client.post(at, {"kind": "step", "down": first.pk})

    assert list(draft.steps.order_by("position")) == [second, first]
    assert answer.url.endswith(f"?moved=down-step-{first.pk}")
    assert "autofocus" in text(client.get(answer.url))
    client.post(at, {"kind": "step", "down": first.pk})
    client.post(at, {"kind": "step", "up": first.pk})
    assert list(draft.steps.order_by("position")) == [first, second]
    rows = list(first.activities.order_by("position"))
    client.post(at, {"kind": "activity", "up": rows[2].pk})
    assert list(first.activities.order_by("position")) == [rows[0], rows[2], rows[1]]


def test_a_row_that_was_retired_meanwhile_moves_nothing(client, draft):
    first, second, third = draft.steps.get(slug="encounter").activities.order_by(
        "position"
    )
    actions.retire(Activity.objects.filter(pk=second.pk), now=NOW)

    client.post(
        reverse("curate:move", args=[draft.slug]), {"kind": "activity", "up": second.pk}
    )

    assert list(first.step.activities.order_by("position")) == [first, second, third]


def test_the_first_route_of_a_step_has_the_first_place(draft):
    step = draft.steps.get(slug="encounter")
    route = Route(step=step, title="By hand", slug="by-hand")

    actions.append(route, step.routes.all())

    assert route.position == 0


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"kind": "step", "up": "x"},
        {"kind": "member", "up": "1"},
        {"kind": "step", "up": "9" * 30},
    ],
)
def test_what_cannot_be_moved_is_not_found(client, draft, data):
    assert (
        client.post(reverse("curate:move", args=[draft.slug]), data).status_code == 404
    )


def test_rows_of_another_curriculum_are_not_found(client, draft):
    other = make_draft(slug="other")

    answer = client.post(
        reverse("curate:retire", args=[draft.slug]),
        {"kind": "step", "retire": other.steps.first().pk},
    )

    assert answer.status_code == 404
    assert (
        client.get(
            reverse("curate:step", args=[draft.slug, other.steps.first().key])
        ).status_code
        == 404
    )


def test_retired_rows_stay_and_come_back(client, draft):
    step, at = (
        draft.steps.get(slug="encounter"),
        reverse("curate:retire", args=[draft.slug]),
    )

    answer = client.post(at, {"kind": "step", "retire": step.pk}, follow=True)

    assert "is out of the draft" in text(answer)
    assert "Bring back" in text(answer)
    assert [each["slug"] for each in document_of(draft)["curriculum"]["steps"]] == [
        "deep-dive"
    ]
    client.post(at, {"kind": "step", "bring_back": step.pk})
    assert len(document_of(draft)["curriculum"]["steps"]) == 2
    client.post(at, {"kind": "step", "retire": step.pk})
    Step.objects.create(curriculum=draft, slug="encounter", title="Another")
    assert "Something else has this slug now" in text(
        client.post(at, {"kind": "step", "bring_back": step.pk}, follow=True)
    )


def test_steps_routes_and_activities_are_added_last(client, draft):
    step = draft.steps.get(slug="deep-dive")
    route = step.routes.get(slug="course")

    save(client, address("curate:new_step", draft), title="Third", slug="third")
    save(client, address("curate:new_route", draft), title="By ear", slug="by-ear")
    save(
        client, address("curate:new_activity", draft) + f"?route={route.pk}",
        title="Listen", do="exercise", aspect="run", minutes=20,
    )  # fmt: skip

    assert list(draft.steps.order_by("position"))[-1].title == "Third"
    assert list(step.routes.order_by("position"))[-1].slug == "by-ear"
    added = Activity.objects.get(title="Listen")
    assert (added.step, added.route, added.minutes) == (step, route, 20)
    assert LogEntry.objects.count() == 3
