import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curriculum import actions, fileformat
from curriculum.changes import ImportConflict, changes
from curriculum.export import document_of
from curriculum.models import (
    Activity,
    Curriculum,
    Release,
    Resource,
    Route,
    Section,
    Step,
)
from curriculum.tests.documents import SMALL, documents, small_document
from curriculum.tests.edits import COURSE_ROUTE, LATER, NO_KEY, edited
from curriculum.tests.make import NOW, make_document, make_draft, make_release

pytestmark = pytest.mark.django_db


def everything() -> list[list[tuple]]:
    models = (Curriculum, Step, Route, Activity, Resource, Section)
    return [list(model.objects.order_by("pk").values_list()) for model in models]


# Import
def test_the_draft_holds_what_the_file_holds():
    curriculum = make_draft()

    exported, imported = document_of(curriculum), small_document()
    assert exported["curriculum"] == imported["curriculum"]
    assert exported["resources"] == {
        slug: imported["resources"][slug] for slug in ("first-course", "slow-book")
    }


def test_importing_twice_is_the_same_as_once():
    make_draft()
    before = everything()

    make_draft()

    assert everything() == before
    assert changes(small_document(), now=NOW).is_nothing


def test_a_document_without_keys_gets_them():
    document = fileformat.canonical(small_document())
    del document["curriculum"]["key"]

    curriculum = actions.import_document(document, now=NOW)

    assert str(curriculum.key) == small_document()["curriculum"]["key"]


def test_rows_are_changed_in_place_by_key():
    curriculum = make_draft()
    step = curriculum.steps.get(slug="encounter")
    text = edited(
        SMALL,
        ("hours: 30", "hours: 35"),
        ("slug: encounter", f"slug: first\n      key: {step.key}"),
    )

    make_draft(text)

    step.refresh_from_db()
    assert (step.slug, step.hours) == ("first", 35)
    assert curriculum.steps.count() == 2


def test_what_the_file_lacks_is_retired_and_comes_back_with_the_file():
    curriculum = make_draft()
    keys = set(Activity.objects.values_list("key", flat=True))

    make_draft(edited(SMALL, (COURSE_ROUTE, "")))

    assert list(
        Route.objects.exclude(retired_at=None).values_list("slug", "retired_at")
    ) == [("course", NOW)]
    assert not Activity.objects.exclude(retired_at=None)
    assert set(Activity.objects.values_list("key", flat=True)) == keys
    assert len(document_of(curriculum)["curriculum"]["steps"][1]["routes"]) == 1

    make_draft()

    assert not Route.objects.exclude(retired_at=None)
    assert document_of(curriculum)["curriculum"] == small_document()["curriculum"]


def test_an_activity_that_the_file_lacks_is_retired_on_its_own():
    curriculum = make_draft()

    make_draft(
        edited(
            SMALL,
            (
                "do: exercise, title: Explain the loss",
                "do: exercise, title: Tell the loss",
            ),
        )
    )

    assert [a.title for a in Activity.objects.exclude(retired_at=None)] == [
        "Explain the loss to a friend"
    ]
    assert len(document_of(curriculum)["curriculum"]["steps"][0]["activities"]) == 3


def test_a_step_comes_back_without_the_activity_that_its_file_now_lacks():
    curriculum = make_draft()
    document = small_document()
    without_step = {
        **document,
        "curriculum": {
            **document["curriculum"],
            "steps": document["curriculum"]["steps"][1:],
        },
    }
    actions.import_document(without_step, now=NOW)
    assert [step.slug for step in curriculum.steps.exclude(retired_at=None)] == [
        "encounter"
    ]

    del document["curriculum"]["steps"][0]["activities"][1]
    actions.import_document(document, now=LATER)

    assert document_of(curriculum)["curriculum"] == document["curriculum"]
    assert [
        (a.do, a.retired_at) for a in Activity.objects.exclude(retired_at=None)
    ] == [("hack", LATER)]


def test_the_routes_of_a_step_that_the_file_lacks_stay_with_it():
    curriculum = make_draft()
    document = small_document()
    steps = document["curriculum"]["steps"]
    without_step = {
        **document,
        "curriculum": {**document["curriculum"], "steps": steps[:1]},
    }

    actions.import_document(without_step, now=NOW)

    assert [step.slug for step in curriculum.steps.exclude(retired_at=None)] == [
        "deep-dive"
    ]
    routes = Route.objects.filter(step__curriculum=curriculum)
    assert {route.retired_at for route in routes} == {None}

    del steps[1]["routes"][0]
    actions.import_document(document, now=LATER)

    assert document_of(curriculum)["curriculum"] == document["curriculum"]
    assert {route.retired_at for route in routes.all()} == {None, LATER}


def test_steps_may_swap_their_slugs_and_take_that_of_a_retired_one():
    curriculum = make_draft()
    first, _second = curriculum.steps.order_by("position")
    document = small_document()
    steps = document["curriculum"]["steps"]
    steps[0]["slug"], steps[1]["slug"] = steps[1]["slug"], steps[0]["slug"]

    actions.import_document(document, now=NOW)

    first.refresh_from_db()
    assert first.slug == "deep-dive"

    new = {**steps[0], "key": "11111111-2222-4333-8444-555555555555", "activities": []}
    document["curriculum"]["steps"] = [new, steps[1]]
    actions.import_document(document, now=NOW)
    first.refresh_from_db()
    assert first.retired_at == NOW
    assert curriculum.steps.filter(slug="deep-dive").count() == 2


def test_a_route_may_move_to_another_step_with_all_it_holds():
    curriculum = make_draft()
    document = small_document()
    first, second = document["curriculum"]["steps"]
    first["routes"] = [second["routes"].pop()]

    actions.import_document(document, now=NOW)

    assert document_of(curriculum)["curriculum"] == document["curriculum"]
    assert not Activity.objects.exclude(retired_at=None)


def test_resources_are_updated_by_slug_and_never_deleted():
    make_draft()
    make_draft(
        edited(
            SMALL,
            (
                "title: The slow book\n    authors",
                "title: The slowest book\n    authors",
            ),
            ("successor: first-course", "successor: slow-book"),
            (
                "      - {id: ch2, title: Backpropagation, locator: chapter 2}",
                "      - {id: ch2, title: Back}",
            ),
        )
    )

    book = Resource.objects.get(slug="slow-book")
    assert book.title == "The slowest book"
    assert Resource.objects.get(slug="old-library").successor == book
    assert book.sections.get(slug="ch2").title == "Back"
    assert Resource.objects.count() == 3


def test_a_successor_may_be_taken_back():
    make_draft()

    make_draft(edited(SMALL, ("    successor: first-course\n", "")))

    assert Resource.objects.get(slug="old-library").successor is None


def test_a_file_of_resources_alone_fills_the_library():
    text = "format: 1\nresources:\n" + SMALL.partition("\nresources:\n")[2]

    assert actions.import_document(fileformat.load(text), now=NOW) is None
    assert Resource.objects.count() == 3
    assert actions.import_document(make_document(), now=NOW)


def test_an_activity_may_name_a_resource_that_only_the_library_has():
    make_draft()
    short = SMALL.partition("\nresources:\n")[0].replace("slug: way-up", "slug: short")
    sections = {
        ("first-course", "lesson-1"),
        ("first-course", "lesson-2"),
        ("slow-book", "ch1"),
        ("slow-book", "ch2"),
    }

    document = fileformat.load(short, {"first-course", "slow-book"}, sections)
    curriculum = actions.import_document(document, now=NOW)

    assert document_of(curriculum)["curriculum"] == document["curriculum"]
    assert Section.objects.count() == 4


def test_the_counts_of_an_import_are_known_before():
    make_draft()
    text = edited(
        SMALL,
        (COURSE_ROUTE, ""),
        ("hours: 30", "hours: 31"),
        (
            "resources:\n",
            "resources:\n  new: {title: New, kind: book, url: 'https://example.org'}\n",
        ),
    )
    before = everything()

    found = changes(fileformat.load(text), now=NOW)

    counts = {
        name: (len(r.created), len(r.changed), len(r.retired), r.total)
        for name, r in found.rows().items()
    }
    assert counts == {
        "steps": (0, 1, 0, 2),
        "routes": (0, 0, 1, 1),
        "activities": (0, 0, 0, 6),
        "resources": (1, 0, 0, 4),
        "sections": (0, 0, 0, 4),
    }
    assert everything() == before
    assert not found.is_nothing


def test_an_address_that_another_curriculum_has_is_a_conflict_and_changes_nothing():
    make_draft()
    before = everything()
    document = {**small_document()}
    document["curriculum"] = {
        **document["curriculum"],
        "key": "11111111-2222-4333-8444-555555555555",
        "steps": [],
    }

    with pytest.raises(
        ImportConflict, match="The address “way-up” belongs to “The way up”"
    ):
        actions.import_document(document, now=NOW)

    assert everything() == before


def test_keys_of_another_curriculum_are_a_conflict():
    make_draft()
    document = small_document()
    document["curriculum"] |= {
        "key": "11111111-2222-4333-8444-555555555555",
        "slug": "copy",
    }

    with pytest.raises(ImportConflict) as caught:
        actions.import_document(document, now=NOW)

    assert [problem.split("”")[0] for problem in caught.value.problems] == [
        "The key of “First encounter",
        "The key of “Deep dive",
        "The key of “The slow book",
        "The key of “The quick course",
    ]


def test_the_key_of_another_resources_section_is_a_conflict():
    make_draft()
    part = f"[{{id: x, title: X, key: {Section.objects.get(slug='ch1').key}}}]"
    text = (
        "format: 1\nresources:\n  b: "
        f"{{title: B, kind: book, url: 'https://b.org', sections: {part}}}\n"
    )

    with pytest.raises(
        ImportConflict,
        match="The key of “Neurons” belongs to something of “The slow book”",
    ):
        actions.import_document(fileformat.load(text), now=NOW)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(documents(), min_size=1, max_size=3))
def test_any_document_after_any_other_is_held_exactly(drawn):
    Activity.objects.all().delete()
    Section.objects.all().delete()
    Resource.objects.all().delete()
    Curriculum.objects.all().delete()
    for document in drawn:
        document["curriculum"] = {
            **document["curriculum"],
            "key": drawn[0]["curriculum"].get("key", str(NO_KEY)),
        }
        keyed = fileformat.derive_keys(document)

        try:
            curriculum = actions.import_document(keyed, now=NOW)
        except ImportConflict:
            continue

        exported = document_of(curriculum)
        assert exported["curriculum"] == keyed["curriculum"]
        assert changes(keyed, now=NOW).is_nothing


def test_a_release_can_be_imported_where_nothing_was():
    document = make_release().document
    Release.objects.all().delete()
    Curriculum.objects.all().delete()
    Section.objects.all().delete()
    Resource.objects.all().delete()

    curriculum = actions.import_document(
        fileformat.load(fileformat.dump(document)), now=NOW
    )

    assert document_of(curriculum) == document


# What came with the site
def test_what_came_with_the_site_follows_its_file():
    document = small_document()
    actions.import_shipped(document, now=NOW)
    assert actions.import_shipped(document, now=NOW).is_nothing

    found = actions.import_shipped(
        make_document(edited(SMALL, ("hours: 30", "hours: 33"))), now=LATER
    )

    assert [step.hours for step in found.steps.changed] == [33]
    assert Step.objects.get(slug="encounter").hours == 33


def test_what_curators_have_edited_is_left_alone():
    actions.import_shipped(small_document(), now=NOW)
    Step.objects.filter(slug="encounter").update(title="Our encounter")
    Resource.objects.filter(slug="slow-book").update(note="We love it.")
    text = edited(
        SMALL,
        ("hours: 30", "hours: 33"),
        ("kind: book\n    cost: free", "kind: book\n    cost: paid"),
        ("title: A first course", "title: The first course"),
    )

    found = actions.import_shipped(make_document(text), now=LATER)

    assert found.curriculum is None
    assert Step.objects.values_list("title", "hours").get(slug="encounter") == (
        "Our encounter",
        30,
    )
    assert Resource.objects.values_list("note", "cost").get(slug="slow-book") == (
        "We love it.",
        "free",
    )
    assert Resource.objects.get(slug="first-course").title == "The first course"


def test_resources_that_came_with_the_site_need_no_curriculum():
    text = "format: 1\nresources:\n" + SMALL.partition("\nresources:\n")[2]

    found = actions.import_shipped(fileformat.load(text), now=NOW)

    assert (found.curriculum, found.resources.total) == (None, 3)
