import pytest
from django.urls import reverse

from curriculum.export import document_of
from curriculum.models import Activity, Curriculum, Release, Resource, Route, Step
from curriculum.tests.documents import SMALL, small_document
from curriculum.tests.make import NOW, make_draft, make_release, make_resource
from curriculum.tests.pages import IMPORT, change, text
from members.tests.make import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curator")]


# Who may
@pytest.mark.parametrize(
    ("role", "status"),
    [
        ({}, 403),
        ({"moderator_since": NOW}, 403),
        ({"curator_since": NOW}, 200),
        ({"owner_since": NOW}, 200),
    ],
    ids=["member", "moderator", "curator", "owner"],
)
def test_the_desk_is_for_curators_and_the_owner(client, role, status):
    draft = make_draft()
    client.force_login(make_member("Somebody", **role))

    names = ["curriculum", "step", "route", "activity", "resource"]
    addresses = [reverse(f"admin:curriculum_{name}_changelist") for name in names]
    addresses += [
        reverse(f"admin:curriculum_curriculum_{name}", args=[draft.pk])
        for name in ("change", "publish", "export")
    ]
    addresses.append(reverse(IMPORT))
    assert {client.get(address).status_code for address in addresses} == {status}

    before = document_of(draft)
    posts = [
        client.post(
            reverse(IMPORT),
            {"text": SMALL.replace("hours: 30", "hours: 3"), "import": "1"},
        ),
        client.post(
            reverse("admin:curriculum_curriculum_publish", args=[draft.pk]),
            {"changelog": "x"},
        ),
    ]
    if status != 200:
        assert {response.status_code for response in posts} == {status}
        assert document_of(draft) == before
        assert not Release.objects.exists()


def test_nothing_of_a_curriculum_is_deleted_at_the_desk(client):
    make_draft()

    for model in (Curriculum, Step, Route, Activity, Resource):
        address = reverse(
            f"admin:curriculum_{model._meta.model_name}_delete",
            args=[model.objects.first().pk],
        )
        assert client.post(address, {"post": "yes"}).status_code == 403


def test_unknown_drafts_are_not_found(client):
    assert (
        client.get(
            reverse("admin:curriculum_curriculum_publish", args=[99])
        ).status_code
        == 404
    )
    assert (
        client.get(reverse("admin:curriculum_curriculum_export", args=[99])).status_code
        == 404
    )


# Lists
def test_the_lists_answer_searches_and_filters(client):
    make_release()

    for name, query, words in (
        ("curriculum", "?q=way&draft=in", ">1</a>"),
        ("curriculum", "?draft=retired", "0 curricula"),
        ("step", "?q=deep&purpose=depth", "Deep dive"),
        ("route", "?q=slow&kind=book", "The slow book"),
        ("activity", "?q=notebook&aspect=run", "Run the first notebook"),
        ("resource", "?q=nets&kind=book", "0 resources"),
        ("resource", "?q=course&archived_on__isempty=1", "A first course"),
    ):
        assert words in text(
            client.get(reverse(f"admin:curriculum_{name}_changelist") + query)
        ), (name, query)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    "name", ["curriculum", "step", "route", "activity", "resource"]
)
def test_the_lists_cost_the_same_for_one_and_three(
    client, django_assert_num_queries, name, count
):
    for slug in ("one", "two", "three")[:count]:
        make_draft(slug=slug)
        make_resource(slug)

    # session with member, two counts, the rows, and the choices of two
    # filters
    with django_assert_num_queries(6):
        client.get(reverse(f"admin:curriculum_{name}_changelist"))


def test_rows_are_retired_and_brought_back(client):
    draft = make_draft()
    address, step = (
        reverse("admin:curriculum_step_changelist"),
        Step.objects.get(slug="encounter"),
    )

    client.post(address, {"action": "retire", "_selected_action": [step.pk]})
    assert [each["slug"] for each in document_of(draft)["curriculum"]["steps"]] == [
        "deep-dive"
    ]

    client.post(address, {"action": "bring_back", "_selected_action": [step.pk]})
    assert document_of(draft)["curriculum"] == small_document()["curriculum"]


def test_a_retired_step_does_not_come_back_to_an_address_that_is_taken(client):
    draft = make_draft()
    old = Step.objects.get(slug="encounter")
    Step.objects.filter(pk=old.pk).update(retired_at=NOW)
    Step.objects.create(curriculum=draft, slug="encounter", title="New")
    address = reverse("admin:curriculum_step_changelist")

    page = client.post(
        address, {"action": "bring_back", "_selected_action": [old.pk]}, follow=True
    )

    assert "Something else has this slug now" in text(page)
    old.refresh_from_db()
    assert old.retired_at == NOW
    assert change(client, old, title="Still retired").status_code == 302
