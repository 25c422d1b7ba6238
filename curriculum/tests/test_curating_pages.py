"""The curators' pages on the site."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from config.versions import MINE, THEIRS
from curriculum import actions
from curriculum.compare import compare
from curriculum.export import document_of
from curriculum.models import Activity, Curriculum, Release, Step
from curriculum.tests.make import NOW, make_draft
from curriculum.tests.pages import (
    address,
    save,
    sent,
    text,
)
from curriculum.tests.test_builtin_files import CURRICULA
from curriculum.urls import curate
from members.tests.make import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curator")]


DESK = [
    "curate:desk", "curate:draft", "curate:publish", "curate:new_step", "curate:step",
    "curate:new_route",
    "curate:new_activity", "curate:route", "curate:activity",
]  # fmt: skip


# Who may
@pytest.mark.parametrize(
    "role", [{}, {"moderator_since": NOW}], ids=["member", "moderator"]
)
def test_the_pages_are_not_there_for_others(client, draft, role):
    client.force_login(make_member("Somebody", **role))
    step = draft.steps.first()

    assert {client.get(address(name, draft)).status_code for name in DESK} == {404}
    for name in ("curate:publish", "curate:step"):
        assert (
            client.post(
                address(name, draft), {"changelog": "x", "title": "x"}
            ).status_code
            == 404
        )
    for name in ("move", "retire"):
        answer = client.post(
            reverse(f"curate:{name}", args=[draft.slug]),
            {"kind": "step", name: step.pk},
        )
        assert answer.status_code == 404
    assert "Edit this step" not in text(
        client.get(reverse("curriculum:step", args=[draft.slug, "encounter"]))
    )


def test_every_view_of_the_desk_is_for_curators_only():
    views = {pattern.name: pattern.callback for pattern in curate}

    assert views.keys() >= {name.removeprefix("curate:") for name in DESK}
    assert {view.staff_role for view in views.values()} == {"curator"}


def test_curators_and_the_owner_find_every_page(client, draft):
    assert {client.get(address(name, draft)).status_code for name in DESK} == {200}
    client.force_login(make_member("Olga", owner_since=NOW))
    assert {client.get(address(name, draft)).status_code for name in DESK} == {200}


def test_visitors_are_asked_to_sign_in(client, draft):
    client.logout()

    assert {client.get(address(name, draft)).status_code for name in DESK} == {302}


@pytest.mark.parametrize("count", [1, 3])
def test_the_desk_costs_the_same_for_one_and_three(
    client, django_assert_num_queries, count
):
    for slug in ("one", "two", "three")[:count]:
        make_draft(slug=slug)

    with django_assert_num_queries(2):  # session with member and enrolment, the drafts
        client.get(reverse("curate:desk"))


# From the step to a release
def test_what_is_typed_in_the_browser_is_published_and_read(client, draft):
    page = text(client.get(reverse("curriculum:step", args=[draft.slug, "deep-dive"])))
    at = address("curate:step", draft)
    assert f'href="{at}"' in page

    answer = save(client, at, intro="First line\r\n\r\n- one\r\n- two $\\theta$")
    assert answer.status_code == 302
    page = text(client.get(at))
    assert "<ins> one" in page or "First line" in page
    answer = client.post(
        address("curate:publish", draft), {"changelog": "An introduction."}, follow=True
    )

    release = Release.objects.get(number=2)
    assert "Release 2 is published" in text(answer)
    assert answer.redirect_chain == [("/learn/way-up/releases/#release-2", 302)]
    step = release.outline.step_by_slug("deep-dive")
    assert step is not None
    assert "<li>one</li>" in step.intro_html
    assert (
        draft.steps.get(slug="deep-dive").intro
        == "First line\n\n- one\n- two $\\theta$"
    )


def test_preview_shows_and_saves_nothing(client, draft):
    at = address("curate:step", draft)

    answer = save(client, at, intro="A *new* word", preview="1")

    assert "A <em>new</em> word" in text(answer)
    assert draft.steps.get(slug="deep-dive").intro == ""
    part = client.post(
        at, {"intro": "A *new* word", "preview": "1"}, headers={"HX-Request": "true"}
    )
    assert "<html" not in text(part)
    assert "too deeply" in text(save(client, at, intro=">" * 60 + " x", preview="1"))


PASTED = [
    "One sentence that\nis folded.\n\nAnother  \nwith a break",
    "    not code at the start\n\n    code\n",
    "A claim[^1] and $\\sqrt{d_k}$.\n\n[^1]: With a source.",
    "| a | b |\n|---|---|\n| 1 | 2 |\n\n```python\nx = 1\n```",
    "\u201cQuoted\u201d\u200b and cafe\u0301\r\nnext line",
]


def previewed_and_published(client, draft, step, intro):
    at = reverse("curate:step", args=[draft.slug, step.key])
    part = client.post(
        at, {"intro": intro, "preview": "1"}, headers={"HX-Request": "true"}
    ).content.decode()
    Step.objects.filter(pk=step.pk).update(intro="Before.")
    assert save(client, at, intro=intro).status_code == 302
    outline = actions.publish(draft, by=None, changelog="New words.", now=NOW).outline
    return part, outline.step_by_slug(step.slug).intro_html


@pytest.mark.parametrize("intro", PASTED)
def test_the_preview_of_a_pasted_text_is_what_is_published(client, draft, intro):
    preview, published = previewed_and_published(
        client, draft, draft.steps.get(slug="deep-dive"), intro
    )

    assert f'<div class="rich" data-hx-disable>{published}</div>' in preview


def test_the_preview_of_every_shipped_step_is_what_is_published(client):
    call_command("import_curricula", verbosity=0)
    assert Release.objects.count() == len(CURRICULA)

    for curriculum in Curriculum.objects.all():
        outline = curriculum.releases.get().outline
        for step in curriculum.steps.exclude(intro=""):
            at = reverse("curate:step", args=[curriculum.slug, step.key])
            answer = client.post(
                at,
                {"intro": step.intro, "preview": "1"},
                headers={"HX-Request": "true"},
            )
            published = outline.step_by_slug(step.slug).intro_html
            assert (
                f'<div class="rich" data-hx-disable>{published}</div>'
                in answer.content.decode()
            ), step.slug


def test_a_wrong_value_is_said_at_its_field_and_kept(client, draft):
    answer = save(
        client,
        address("curate:step", draft),
        title="",
        summary="Kept words",
        slug="encounter",
    )

    page = text(answer)
    assert "This curriculum has a step with this slug." in page
    assert "Kept words" in page
    assert not Step.objects.filter(summary="Kept words").exists()


def test_publishing_needs_a_line_and_a_difference(client, draft):
    at = address("curate:publish", draft)

    assert "Say in one line what has changed" in text(
        client.post(at, {"changelog": " "})
    )
    assert "Nothing has changed since release 1" in text(
        client.post(at, {"changelog": "x"})
    )
    assert Release.objects.count() == 1


def test_problems_are_said_in_words_before_publishing(client, draft):
    Activity.objects.filter(step__slug="encounter").update(retired_at=NOW)
    Step.objects.filter(slug="deep-dive").update(
        done_when="x\ny", intro=">" * 60 + " x"
    )

    page = text(client.get(address("curate:publish", draft)))

    assert "The step “First encounter” has nothing to do: give it an activity." in page
    assert "“Deep dive”, introduction: " in page
    assert "curriculum.steps" not in page
    assert "disabled" in page
    assert "has nothing to do" in text(
        client.post(address("curate:publish", draft), {"changelog": "x"})
    )


def test_two_curators_meet_in_a_view_of_both_texts(client, draft, curator):
    at = address("curate:step", draft)
    opened = sent(client.get(at))
    client.force_login(make_member("Wei Tan", curator_since=NOW))
    save(client, at, intro="Wei wrote this one")
    client.force_login(curator)

    page = text(client.post(at, {**opened, "intro": "Cora wrote this one"}))

    assert "Wei Tan saved this while you were writing." in page
    assert "<del>Wei</del><ins>Cora</ins>" in page
    assert "Cora wrote this one</textarea>" in page
    assert draft.steps.get(slug="deep-dive").intro == "Wei wrote this one"
    answer = client.post(at, {**opened, "intro": "Cora wrote this one"})
    fresh = answer.context["form"].data["opened"]
    answer = client.post(
        at,
        {
            **opened,
            "opened": fresh,
            "intro": "Cora wrote this one",
            "take-intro": "both",
        },
    )
    assert (
        sent(answer)["intro"]
        == f"{MINE}\n\nCora wrote this one\n\n{THEIRS}\n\nWei wrote this one"
    )
    assert "Two texts stand here." in text(answer)
    assert draft.steps.get(slug="deep-dive").intro == "Wei wrote this one"
    client.post(at, {**sent(answer), "intro": "Wei and Cora wrote this one"})
    assert draft.steps.get(slug="deep-dive").intro == "Wei and Cora wrote this one"


# What changed
def test_changes_are_told_in_words(draft):
    before = document_of(draft)
    first, second, third = Activity.objects.filter(step__slug="encounter").order_by(
        "position"
    )
    actions.move(third, Activity.objects.filter(step=third.step, route=None), up=True)
    Activity.objects.filter(pk=second.pk).update(minutes=75)
    Step.objects.filter(slug="encounter").update(
        intro="Open the notebook, run it, *change two things*."
    )
    Activity.objects.filter(title="Watch lesson 2").update(retired_at=NOW)
    Activity.objects.create(
        step=first.step, do="read", title="New", aspect="run", position=9
    )

    found = [
        (c.what, c.title, c.field, [(p.what, p.text) for p in c.pieces])
        for c in compare(before, document_of(draft))
    ]

    assert found == [
        ("words", "First encounter", "intro", [
            ("same", "Open the notebook, run it, *change"), ("old", " one thing*."),
            ("new", " two things*.")]),
        ("facts", "Change the data set", "minutes", [("old", "60"), ("new", "75")]),
        ("added", "New", "", []),
        ("moved", "Explain the loss to a friend", "position", [("old", "3"), ("new", "2")]),
        ("retired", "Watch lesson 2", "", []),
    ]  # fmt: skip
    assert compare(before, before) == []
