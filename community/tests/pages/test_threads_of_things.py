"""The threads of activities and resources: opened and written in from their pages."""

from uuid import uuid4

import pytest
from django.test import Client

from community import threads
from community.models import Post
from community.subjects import ActivityRef, ResourceRef, subject_of
from community.tests.make import make_post
from community.tests.pages.reading import text
from curriculum.models import Activity, Curriculum, Step
from curriculum.tests.make import make_resource
from members.models import Member
from progress.tests.make import activity, key, make_curriculum, step

pytestmark = pytest.mark.django_db

PAGE = f"/progress/menu/way-up/start/{key('Derive it')}/"


@pytest.fixture
def exercise() -> str:
    """The key of an exercise in a curriculum of one step."""
    make_curriculum(step("start", activity("Derive it", do="exercise")))
    return str(key("Derive it"))


def test_the_page_of_an_activity_shows_its_thread_and_takes_a_post(
    client: Client, exercise: str
) -> None:
    page = text(client.get(PAGE))
    assert "Exercise" in page
    assert f'name="activity" value="{exercise}"' in page
    assert f"/posts/new/?kind=question&amp;activity={exercise}" in page

    client.post("/posts/new/", {"body": "Use the chain rule.", "activity": exercise})

    post = Post.objects.get()
    assert (post.thread.kind, post.thread.key) == ("activity", exercise)
    assert "Use the chain rule." in text(client.get(PAGE))
    assert "Use the chain rule." in text(client.get(f"/?activity={exercise}"))


def test_the_menu_in_a_row_leads_to_the_thread(client: Client, exercise: str) -> None:
    menu = text(client.get(PAGE, headers={"HX-Request": "true"}))

    assert f'href="{PAGE}#discussion"' in menu
    assert "composer" not in menu


def test_the_page_of_a_resource_shows_its_thread_and_takes_a_post(
    client: Client, member: Member
) -> None:
    book, other = make_resource("a-book"), make_resource("another")
    assert f'name="resource" value="{book.pk}"' in text(
        client.get("/learn/resources/a-book/")
    )

    client.post("/posts/new/", {"body": "Chapter 2 is hard.", "resource": book.pk})

    post = Post.objects.get()
    assert (post.thread.kind, post.thread.key) == ("resource", str(book.pk))
    assert "Chapter 2 is hard." in text(client.get("/learn/resources/a-book/"))
    assert "Chapter 2 is hard." not in text(
        client.get(f"/learn/resources/{other.slug}/")
    )


@pytest.mark.parametrize("path", ["/", "/posts/{pk}/"])
def test_a_post_names_the_activity_or_resource_that_it_is_about(
    client: Client, member: Member, exercise: str, path: str
) -> None:
    book = make_resource("a-book", title="A long book")
    thread = threads.stored(threads.of("activity", exercise))
    about_it = make_post(member, "One way", thread=thread)
    of_book = make_post(
        member, "Two ways", thread=threads.stored(threads.of("resource", book.pk))
    )

    pages = [text(client.get(path.format(pk=each.pk))) for each in (about_it, of_book)]

    assert f'<a href="{PAGE}#discussion">Derive it</a>' in pages[0]
    assert '<a href="/learn/resources/a-book/#discussion">A long book</a>' in pages[1]


@pytest.mark.parametrize(
    "place",
    [
        {"activity": str(uuid4())},
        {"activity": "nonsense"},
        {"resource": "17"},
        {"resource": "-1"},
        {"resource": "9" * 30},
        {"resource": "a-book"},
    ],
)
def test_what_is_not_there_is_refused_with_the_text_kept(
    client: Client, member: Member, place: dict[str, str]
) -> None:
    page = text(client.post("/posts/new/", {"body": "My words", **place}))

    assert "My words" in page
    assert 'role="alert"' in page
    assert not Post.objects.exists()
    assert client.get("/posts/new/", place).status_code == 404


def test_an_activity_that_its_curriculum_no_longer_has_can_still_be_written_about(
    client: Client, member: Member, exercise: str
) -> None:
    made = Step.objects.create(
        curriculum=Curriculum.objects.get(), slug="old", title="Old", key=uuid4()
    )
    row = Activity.objects.create(
        step=made, do="exercise", title="Once", aspect="math", key=uuid4()
    )

    client.post("/posts/new/", {"body": "I still do it.", "activity": str(row.key)})

    [post] = Post.objects.with_thread()
    assert post.thread.key == str(row.key)
    assert subject_of(post) is None


def test_subjects_are_named_as_in_the_release_that_the_reader_follows(
    member: Member, exercise: str
) -> None:
    book = make_resource("a-book")
    thread = threads.stored(threads.of("activity", exercise))
    make_post(member, "One way", thread=thread)
    [post] = Post.objects.with_thread()
    followed = Curriculum.objects.get().releases.get().outline

    named = subject_of(post), subject_of(post, followed)

    expected = ActivityRef(
        key("Derive it"), "Derive it", True, 1, key("start"), "way-up", "start"
    )
    assert named == (expected, expected)
    post.thread = threads.of("resource", book.pk)
    assert subject_of(post) == ResourceRef(book.pk, "A-book", "a-book")
