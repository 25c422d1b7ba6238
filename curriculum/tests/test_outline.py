from uuid import UUID

from curriculum.difference import difference
from curriculum.outline import Outline
from curriculum.tests.documents import small_document


def make_outline() -> Outline:
    return Outline.from_document(small_document(), {})


def test_steps_are_numbered_and_found_by_slug_and_key():
    outline = make_outline()
    deep = outline.steps[1]

    assert [(step.number, step.slug) for step in outline.steps] == [
        (1, "encounter"),
        (2, "deep-dive"),
    ]
    assert outline.step_by_slug("deep-dive") == outline.step_by_key(deep.key) == deep
    assert outline.step_by_slug("gone") is outline.step_by_key(UUID(int=1)) is None
    assert outline.hours == 110


def test_an_activity_is_found_with_its_step_wherever_it_stands():
    outline = make_outline()
    lesson = outline.steps[1].routes[1].activities[0]

    assert outline.activity(lesson.key) == lesson
    assert outline.step_of(lesson.key) == outline.steps[1]
    assert outline.activity(UUID(int=1)) is outline.step_of(UUID(int=1)) is None


def test_the_default_route_fits_the_goal_else_it_is_the_first():
    encounter, deep = make_outline().steps

    assert deep.default_route("apply").slug == "course"
    assert deep.default_route("research").slug == "book"
    assert deep.default_route("overview").slug == deep.default_route().slug == "book"
    assert encounter.default_route("apply") is None
    assert deep.route(deep.routes[1].key) == deep.routes[1]
    assert deep.route(UUID(int=1)) is None


def test_a_source_says_where_to_go_and_what_came_after():
    document = small_document()
    activities = document["curriculum"]["steps"][0]["activities"]
    activities[0] |= {"resource": "old-library"}
    del activities[0]["section"]
    outline = Outline.from_document(document, {})

    old, lesson, bare = (activity.source for activity in outline.steps[0].activities)
    assert (old.url, old.archived_on) == ("https://example.org/old/", "2017-11-15")
    assert (old.successor_title, old.successor_url) == (
        "A first course",
        "https://example.org/course/",
    )
    assert (lesson.url, lesson.section_title, lesson.locator) == (
        "https://example.org/course/1",
        "Your first model",
        "lesson 1",
    )
    assert bare is None


def test_a_note_is_shown_where_the_document_has_one():
    document = small_document()
    step = document["curriculum"]["steps"][0]
    run, hack, _ = step["activities"]
    everywhere = {f"{run['key']}:note": "run", f"{hack['key']}:note": "hack"}
    here = {f"{step['key']}:{hack['key']}:note": "here"}

    def notes(rendered):
        return [
            a.note_html
            for a in Outline.from_document(document, rendered).steps[0].activities
        ]

    assert notes(everywhere) == ["", "hack", ""]
    assert notes(everywhere | here) == ["", "here", ""]
    assert notes({}) == ["", "", ""]


def test_a_difference_names_what_is_new_changed_and_gone():
    old, new = small_document(), small_document()
    steps = new["curriculum"]["steps"]
    steps[0]["title"] = "The first encounter"
    gone = steps[1]["routes"].pop()
    steps.append({"key": str(UUID(int=1)), "slug": "new", "title": "New"})

    assert difference(old, old) == {}
    assert difference(old, new) == {
        "changed": {"steps": ["The first encounter"]},
        "added": {"steps": ["New"]},
        "retired": {"routes": [gone["title"]], "activities": ["Watch lesson 2"]},
    }
