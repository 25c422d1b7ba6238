import pytest
from django.db import connection

from curriculum import actions
from curriculum.actions import LintFailed, NothingChanged, releases
from curriculum.export import document_of, resources_document
from curriculum.models import Activity, Curriculum, Release, Resource, Step
from curriculum.tests.documents import SMALL
from curriculum.tests.edits import COURSE_ROUTE, LATER, edited
from curriculum.tests.make import NOW, make_draft, make_release, make_resource
from members.tests.make import make_member

pytestmark = pytest.mark.django_db


# Export
def test_an_export_asks_a_fixed_number_of_queries(django_assert_num_queries):
    curriculum = make_draft()

    # activities with their resources, routes, steps, sections
    with django_assert_num_queries(4):
        document_of(curriculum)


def test_an_export_holds_the_chain_of_successors():
    last = make_resource("last")
    middle = make_resource("middle", successor=last)
    first = make_resource("first", successor=middle)

    assert list(resources_document([first])["resources"]) == ["first", "last", "middle"]


# Publish
def test_a_release_freezes_the_document_with_its_html():
    member = make_member()
    curriculum = make_draft()

    release = actions.publish(curriculum, by=member, changelog="First.", now=NOW)

    assert release.number == 1
    assert (release.published_at, release.published_by, release.changelog) == (
        NOW,
        member,
        "First.",
    )
    assert release.document == document_of(curriculum)
    outline = release.outline
    assert "<em>derive</em>" in outline.intro_html
    assert "<math" in outline.intro_html
    assert "<em>change one thing</em>" in outline.steps[0].intro_html
    assert [a.note_html for a in outline.steps[0].activities] == [
        "",
        "<p>Ten pictures of each kind are enough.</p>\n",
        "",
    ]


def test_the_same_activity_may_have_another_note_in_another_place():
    line = (
        "        - "
        "{do: hack, title: Change the data set, resource: first-course, section: lesson-1, "
    )
    line += "aspect: hack, note: Other.}\n"
    text = edited(
        SMALL, ("        - {do: implement", line + "        - {do: implement")
    )

    steps = make_release(make_draft(text)).outline.steps

    assert steps[0].activities[1].key == steps[1].activities[0].key
    assert "Ten pictures" in steps[0].activities[1].note_html
    assert steps[1].activities[0].note_html == "<p>Other.</p>\n"


def test_the_next_release_has_the_next_number_and_tells_what_is_new():
    curriculum = make_draft()
    make_release(curriculum)
    make_draft(
        edited(
            SMALL,
            ("hours: 30", "hours: 31"),
            (COURSE_ROUTE, ""),
            ("Read chapter 1", "Read the chapter"),
        )
    )

    release = actions.publish(curriculum, by=None, changelog="", now=LATER)

    assert release.number == 2
    assert release.difference == {
        "changed": {"steps": ["First encounter"], "activities": ["Read the chapter"]},
        "retired": {"routes": ["The quick course"], "activities": ["Watch lesson 2"]},
    }
    assert Release.objects.get(number=1).document != release.document


def test_nothing_new_is_not_published():
    release = make_release()

    with pytest.raises(NothingChanged, match=r"Nothing has changed since release 1\."):
        make_release(release.curriculum)

    assert Release.objects.count() == 1


def test_a_step_without_work_is_not_published():
    curriculum = make_draft()
    actions.retire(Activity.objects.filter(step__slug="encounter"), now=NOW)
    actions.retire(Activity.objects.filter(route__slug="course"), now=NOW)

    with pytest.raises(LintFailed) as caught:
        make_release(curriculum)

    assert caught.value.problems == [
        "The step “First encounter” has nothing to do: give it an activity.",
        (
            "The route “The quick course” of the step “Deep dive” has nothing to do: give "
            "it an activity."
        ),
    ]
    assert not Release.objects.exists()


def test_a_curriculum_without_steps_is_not_published():
    with pytest.raises(LintFailed, match=r"The curriculum has no steps\."):
        make_release(Curriculum.objects.create(slug="empty", title="Empty"))


def test_a_draft_that_no_file_could_hold_is_not_published():
    curriculum = make_draft()
    Resource.objects.filter(slug="slow-book").update(url="ftp://example.org/")

    with pytest.raises(
        LintFailed, match=r"resources\.slow-book\.url: Must be a whole address"
    ):
        make_release(curriculum)


@pytest.mark.django_db(transaction=True)
def test_publish_renders_and_checks_before_it_locks(monkeypatch):
    draft = make_draft()
    states = []

    def watched(name, function):
        def watching(*args, **options):
            states.append((name, connection.in_atomic_block))
            return function(*args, **options)

        return watching

    monkeypatch.setattr(releases, "lint", watched("lint", releases.lint))
    monkeypatch.setattr(releases, "render", watched("render", releases.render))

    actions.publish(draft, by=None, changelog="x", now=NOW)

    assert {name for name, _ in states} == {"lint", "render"}
    assert {locked for _, locked in states} == {False}


@pytest.mark.django_db
def test_publish_stops_when_the_draft_changes_while_it_is_rendered(monkeypatch):
    draft = make_draft()
    step, render = draft.steps.get(slug="encounter"), releases.render

    def interrupted(*args, **options):
        Step.objects.filter(pk=step.pk).update(title="Meanwhile")
        return render(*args, **options)

    monkeypatch.setattr(releases, "render", interrupted)

    with pytest.raises(actions.DraftChanged):
        actions.publish(draft, by=None, changelog="x", now=NOW)
    assert not draft.releases.exists()


@pytest.mark.django_db
def test_publish_stops_when_the_title_of_the_curriculum_changed_meanwhile():
    draft = make_draft()
    Curriculum.objects.filter(pk=draft.pk).update(title="Meanwhile")

    with pytest.raises(actions.DraftChanged):
        actions.publish(draft, by=None, changelog="x", now=NOW)
    assert not draft.releases.exists()


@pytest.mark.django_db
def test_two_who_publish_the_same_draft_at_once_make_one_release(monkeypatch):
    draft, render = make_draft(), releases.render

    def overtaken(*args, **options):
        monkeypatch.setattr(releases, "render", render)
        make_release(draft)
        return render(*args, **options)

    monkeypatch.setattr(releases, "render", overtaken)

    with pytest.raises(NothingChanged, match=r"Nothing has changed since release 1\."):
        actions.publish(draft, by=None, changelog="x", now=NOW)
    assert draft.releases.count() == 1
