import pytest

from curriculum import actions, fileformat
from curriculum.export import document_of
from curriculum.models import Activity, Section
from curriculum.tests.documents import small_document
from curriculum.tests.edits import LATER
from curriculum.tests.make import NOW, make_draft

pytestmark = pytest.mark.django_db


# The desk
def asks(**fields) -> Activity:
    step = make_draft().steps.get(slug="encounter")
    return Activity(step=step, title="T", aspect="run", **fields)


def test_a_new_activity_shares_its_key_with_those_that_ask_for_the_same():
    activity = asks(do="derive")
    activity.section = Section.objects.get(slug="ch2")
    activity.resource = activity.section.resource

    actions.settle_key(activity)

    assert activity.key == Activity.objects.get(do="derive").key


def test_asking_for_something_else_is_another_activity():
    make_draft()
    activity = Activity.objects.get(do="derive")
    key = activity.key

    activity.title = "Derive them all"
    actions.settle_key(activity)
    assert activity.key == key

    activity.section = None
    actions.settle_key(activity)
    assert activity.key == fileformat.activity_key("slow-book", "", "derive")

    activity.resource = None
    actions.settle_key(activity)
    assert activity.key not in (key, fileformat.activity_key("slow-book", "", "derive"))


def test_a_bare_exercise_keeps_its_key_whatever_is_done():
    activity = asks(do="exercise")
    key = activity.key

    actions.settle_key(activity)
    activity.save()
    activity.do = "derive"
    actions.settle_key(activity)

    assert activity.key == key


def test_retired_rows_can_be_brought_back():
    curriculum = make_draft()

    assert actions.retire(curriculum.steps.filter(slug="encounter"), now=NOW) == 1
    assert actions.retire(curriculum.steps.all(), now=LATER) == 1
    assert actions.bring_back(curriculum.steps.all()) == 2
    assert document_of(curriculum)["curriculum"] == small_document()["curriculum"]
