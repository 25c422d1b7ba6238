"""New papers for the step that members are on."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from curriculum.models import Release
from curriculum.outline import Activity, Route, Source, Step
from lists.cache import forget_all
from papers import harvest
from papers.actions import Stored
from papers.days import newest_days
from papers.models import StepPapers
from papers.relevance import (
    NewPapers,
    papers_for_step,
    papers_for_steps,
    texts_of,
    todays_papers,
)
from papers.tests.make import make_paper
from progress.tests.make import make_curriculum, step

RELEASE = 1
pytestmark = pytest.mark.django_db
WEDNESDAY = date(2025, 6, 11)


def make_activity(title: str, source: Source | None = None) -> Activity:
    return Activity(
        key=uuid4(),
        do="read",
        title=title,
        aspect="math",
        minutes=30,
        core=True,
        source=source,
    )


def make_step(
    title: str = "Deep dive",
    activities: tuple[Activity, ...] = (),
    routes: tuple[Route, ...] = (),
) -> Step:
    return Step(
        key=uuid4(),
        number=3,
        slug="deep-dive",
        title=title,
        summary="Into the mathematics",
        purpose="depth",
        hours=30,
        intro_html="",
        done_when="",
        activities=activities,
        routes=routes,
    )


def make_theme() -> None:
    """Two papers on speech, and enough others that speech is a rare theme."""
    make_paper(title="Speech transducers", abstract="A transducer for speech.")
    make_paper(title="Another", abstract="Old speech with a new transducer.")
    for n in range(20):
        make_paper(title=f"Other {n}", abstract="Nothing of it.")


def test_a_step_is_its_title_and_what_is_to_do_and_read() -> None:
    source = Source(
        slug="nndl",
        title="Neural Networks and Deep Learning",
        section_title="Backpropagation",
    )
    route = Route(
        uuid4(),
        "book",
        "The book",
        "",
        "book",
        70,
        "",
        (),
        (make_activity("Derive it", source),),
    )

    step = make_step(activities=(make_activity("Run it"),), routes=(route,))

    assert texts_of(step) == [
        "Deep dive",
        "Deep dive",
        "Deep dive",
        "Into the mathematics",
        "The book",
        "Run it",
        "Derive it",
        "Neural Networks and Deep Learning",
        "Backpropagation",
    ]


def test_each_step_gets_its_papers_with_the_words_that_say_why() -> None:
    make_theme()
    speech, nothing = uuid4(), uuid4()

    found = papers_for_steps(
        {speech: ["Speech transducers"], nothing: ["Pottery"]}, since=WEDNESDAY, limit=5
    )

    assert [(one.paper.title, one.terms, one.words) for one in found[speech]] == [
        ("Speech transducers", ("speech", "transducer"), "speech, transducer"),
        ("Another", ("speech", "transducer"), "speech, transducer"),
    ]
    assert found[nothing] == []


def test_only_papers_that_are_new_since_the_day_are_suggested() -> None:
    for n in range(20):
        make_paper(title=f"Other {n}", abstract="Nothing of it.")
    make_paper(
        title="Old", abstract="A speech transducer.", announced_on=date(2025, 6, 1)
    )
    make_paper(
        title="Replaced", abstract="A speech transducer.", kind="replace", version=2
    )
    make_paper(title="Fresh", abstract="A speech transducer.")
    make_paper(title="Crossed", abstract="A speech transducer.", kind="cross")

    found = papers_for_step(["Speech transducers"], since=WEDNESDAY, limit=5)

    assert sorted(one.paper.title for one in found) == ["Crossed", "Fresh"]


@pytest.mark.parametrize("steps", [1, 3])
def test_any_number_of_steps_asks_two_queries(
    steps: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_theme()

    with django_assert_num_queries(2):  # candidates, the chosen papers
        found = papers_for_steps(
            {uuid4(): ["Speech transducers"] for _ in range(steps)},
            since=WEDNESDAY,
            limit=5,
        )
        assert [len(suggestions) for suggestions in found.values()] == [2] * steps


def test_who_asks_again_reads_the_candidates_once(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_theme()
    papers = NewPapers(WEDNESDAY)

    with django_assert_num_queries(3):  # candidates, and twice the chosen papers
        for _ in range(2):
            step = uuid4()
            found = papers.for_steps({step: ["Speech transducers"]}, 5)
            assert len(found[step]) == 2


def test_the_days_papers_of_a_step_are_worked_out_once_for_each_batch(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_theme()
    step, asked = make_step("Speech transducers"), []

    def find_step() -> Step:
        asked.append(1)
        return step

    days = newest_days()
    assert days is not None
    # what the harvest chose, candidates, the chosen papers
    with django_assert_num_queries(3):
        first = todays_papers(RELEASE, step.key, find_step, days)
    with django_assert_num_queries(0):
        again = todays_papers(RELEASE, step.key, find_step, days)

    assert first is not None
    assert (first.number, first.title, len(first.suggestions)) == (
        3,
        "Speech transducers",
        2,
    )
    assert again == first
    assert asked == [1]

    make_paper(
        title="In a new batch", abstract="A speech transducer.", categories=("cs.CL",)
    )
    days = newest_days()
    assert days is not None
    with_new = todays_papers(RELEASE, step.key, find_step, days)
    assert with_new is not None
    assert len(with_new.suggestions) == 3


def test_a_step_that_is_gone_has_no_papers_and_is_not_looked_for_again() -> None:
    make_paper()
    asked = []
    days = newest_days()
    assert days is not None

    for _ in range(2):
        assert (
            todays_papers(RELEASE, UUID(int=1), lambda: asked.append(1), days) is None
        )

    assert asked == [1]


def test_another_release_names_its_own_step() -> None:
    make_paper()
    days = newest_days()
    assert days is not None
    old, new = make_step("Speech transducers"), make_step("Speech, again")

    found = [
        todays_papers(1, old.key, lambda: old, days),
        todays_papers(2, old.key, lambda: None, days),
        todays_papers(3, old.key, lambda: new, days),
        todays_papers(1, old.key, lambda: new, days),
    ]

    titles = [each and each.title for each in found]
    assert titles == [old.title, None, new.title, old.title]


def harvested_step(title: str) -> Step:
    """A step of a release, for which the harvest has chosen papers."""
    curriculum = make_curriculum(step("about", title=title))
    harvest.rank_newest_day()
    return Release.objects.get(curriculum=curriculum).outline.steps[0]


def test_the_harvest_chooses_for_a_step_what_a_page_would() -> None:
    make_theme()
    about = harvested_step("Speech transducers")
    days = newest_days()
    assert days is not None

    chosen = todays_papers(RELEASE, about.key, lambda: about, days)
    StepPapers.objects.all().delete()
    forget_all()
    ranked = todays_papers(RELEASE, about.key, lambda: about, days)

    assert chosen == ranked
    assert chosen is not None
    assert len(chosen.suggestions) == 2


def test_a_page_ranks_nothing_that_the_harvest_has_ranked(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_theme()
    about = harvested_step("Speech transducers")
    days = newest_days()
    assert days is not None
    monkeypatch.delattr("papers.relevance.Index")

    with django_assert_num_queries(2):  # what was chosen, the chosen papers
        assert todays_papers(RELEASE, about.key, lambda: about, days) is not None


def test_the_steps_that_the_harvest_has_not_seen_share_an_index(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_theme()
    curriculum = make_curriculum(
        step("one", title="Speech transducers"),
        step("two", title="A transducer of speech"),
    )
    one, two = Release.objects.get(curriculum=curriculum).outline.steps
    days = newest_days()
    assert days is not None

    with django_assert_num_queries(3):  # the choice, the candidates, the papers
        assert todays_papers(RELEASE, one.key, lambda: one, days)
    with django_assert_num_queries(2):  # the choice, the papers
        assert todays_papers(RELEASE, two.key, lambda: two, days)


def test_a_new_batch_is_ranked_once(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_theme()
    about = harvested_step("Speech transducers")
    with django_assert_num_queries(2):  # the newest days, whether it was done
        harvest.rank_newest_day()

    make_paper(
        title="In a new batch", abstract="A speech transducer.", categories=("cs.CL",)
    )
    harvest.rank_newest_day()

    row = StepPapers.objects.get(step_key=about.key)
    days = newest_days()
    assert days is not None
    assert (len(row.chosen), row.last_batch) == (3, days.last_batch)


def test_without_papers_nothing_is_ranked() -> None:
    make_curriculum()

    harvest.rank_newest_day()

    assert not StepPapers.objects.exists()


def test_the_rest_of_a_batch_that_came_in_part_is_ranked_too() -> None:
    make_theme()
    about = harvested_step("Speech transducers")

    make_paper(title="The rest", abstract="A speech transducer.")
    visited = harvest.Visit("cs.LG", WEDNESDAY, Stored(announcements=1))
    harvest.rank_newest_day([visited])

    assert len(StepPapers.objects.get(step_key=about.key).chosen) == 3
