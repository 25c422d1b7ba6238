"""The curricula and the library that the project ships, as files."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from curriculum import fileformat
from curriculum.fileformat import Document
from text.typed import clean_name

BUILTIN = Path(fileformat.__file__).parents[1] / "builtin"
CURRICULA = sorted(
    path.name for path in BUILTIN.glob("*.yaml") if path.name != "resources.yaml"
)
# The keys of activities that hosts have, and members' records with them. A
# new version of the files appends to it.
SHIPPED_KEYS = Path(__file__).parent / "shipped_keys.txt"
# What each text names, checked against the texts once, by hand.
NAMED = {
    "S0": """
        theano mnist imdb gj-self ng-ml ng-ml-review kaggle cifar10 imagenet dlnet-tut dlnet-lstm
        dlnet-rnnrbm ubuntu anaconda docker libsvm dettmers gpus hinton-nnml koller-pgm lin-mlt
        arxiv-rss awesome-dl duda prml solved lstm attention highway convlstm dl-fb gdb cmusphinx
        dnn-asr
    """,
    "S1": """
        ubuntu gpus lstm slp3 fsnlp sched curr python vncoder
    """,
    "S2": """
        kdn-7-dl kdn-7-ml dltv nips2015-tut nndl nndl-1 ng-linalg cs229-linalg leonard-deriv
        wiki-sigmoid quocle-1 toussaint-gd mazur kun-nn quocle-2 kdn-tf-dis kdn-tf-ter tensorflow
        tf-white theano caffe keras lasagne torch7 dl4j chainer mocha bengio-cv tf-cnn caffe-mnist
        theano-lenet alexnet karpathy-rnn tf-rnn theano-rnnslu kim-cnn britz-cnn olah-lstm britz-gru
        chung-gru wiki-rbm bengio-survey shakir-svdl cifar10 python
    """,
    "S4": """
        cs229-linalg tensorflow keras muens fastai gcp-nophd gcp-talk isikdogan jupyter cs229-prob
        dlbook matrixcalc numlinalg dlai d2l d2l-nb mit6s191 pytorch mxnet fastai-lib mnist camvid
        imdb blogcorpus simonini spinningup spinningup-talk ucl-dm ucl-dm-hw karpathy-pong weng-rl
        sutton dqn gym connect4 frogger skin dcgan tpdne pggan alphastar alphagozero wiki-dl wiki-ml
        wiki-rl wiki-gd wiki-la wiki-calc wiki-prob wiki-rnn wiki-cnn wiki-nlp wiki-sl wiki-bp
        wiki-go
    """,
}


def library() -> dict[str, Document]:
    return fileformat.load((BUILTIN / "resources.yaml").read_bytes())["resources"]


def curriculum(name: str) -> Document:
    resources = library()
    sections = {
        (slug, section["id"])
        for slug, row in resources.items()
        for section in row.get("sections", [])
    }
    return fileformat.load((BUILTIN / name).read_bytes(), resources.keys(), sections)[
        "curriculum"
    ]


def activities(name: str) -> Iterator[Document]:
    for step in curriculum(name)["steps"]:
        for holder in [step, *step.get("routes", ())]:
            yield from holder.get("activities", ())


@pytest.mark.parametrize("name", CURRICULA)
def test_every_step_of_a_built_in_curriculum_asks_for_running_hacking_and_maths(
    name: str,
):
    found = {
        step["slug"]: {
            activity["aspect"]
            for holder in [step, *step.get("routes", [])]
            for activity in holder.get("activities", [])
        }
        for step in curriculum(name)["steps"]
    }

    assert found == {slug: {"run", "hack", "math"} for slug in found}


@pytest.mark.parametrize("name", CURRICULA)
def test_no_goal_is_sent_down_two_routes_of_one_step(name: str):
    for step in curriculum(name)["steps"]:
        goals = [
            goal
            for route in step.get("routes", [])
            for goal in route.get("for_goals", [])
        ]

        assert sorted(goals) == sorted(set(goals)), step["slug"]


def test_the_practical_way_up_has_six_steps_with_three_routes_through_each_of_the_two_deep_ones():
    steps = curriculum("practical-way-up.yaml")["steps"]

    assert [
        (
            step["slug"],
            step["purpose"],
            [route["slug"] for route in step.get("routes", [])],
        )
        for step in steps
    ] == [
        ("practical-encounter", "practice", []),
        ("mathematical-foundations", "foundations", []),
        ("deep-dive", "depth", ["course", "book", "lectures"]),
        ("capstone-1", "project", []),
        ("deep-reinforcement-learning", "depth", ["practice", "balanced", "theory"]),
        ("capstone-2", "project", []),
    ]


def test_what_the_library_has_archived_says_why_and_leads_to_something_that_it_has_not():
    resources = library()
    archived = {slug: row for slug, row in resources.items() if row.get("archived_on")}

    assert archived
    for slug, row in archived.items():
        assert row["archived_why"], slug
        assert not resources[row["successor"]].get("archived_on"), slug


def test_every_resource_of_the_library_has_a_note_and_what_costs_money_says_how():
    silent = [slug for slug, row in library().items() if not row.get("note")]
    unpriced = [
        slug
        for slug, row in library().items()
        if row["cost"] in {"paid", "mixed"} and not row.get("price_note")
    ]

    assert (silent, unpriced) == ([], [])


@pytest.mark.parametrize("name", CURRICULA)
def test_titles_from_which_keys_are_made_are_clean_so_that_their_keys_never_change(
    name: str,
):
    for step in curriculum(name)["steps"]:
        for holder in [step, *step.get("routes", [])]:
            titles = [activity["title"] for activity in holder.get("activities", [])]

            assert titles == [clean_name(title) for title in titles]


def test_ticks_shared_under_two_titles_are_written_out_in_the_built_in_files():
    titles: dict[str, set[str]] = {}
    written: set[str] = set()
    for name in CURRICULA:
        for step in curriculum(name)["steps"]:
            for holder in [step, *step.get("routes", [])]:
                for activity in holder.get("activities", []):
                    titles.setdefault(activity["key"], set()).add(activity["title"])
        text = (BUILTIN / name).read_text("utf-8")
        written |= {key for key in titles if text.count(f"key: {key}")}

    shared = {key for key, of_key in titles.items() if len(of_key) > 1}

    assert len(shared) == 10
    assert shared <= written
    one = [
        of_key
        for of_key in titles.values()
        if "Find a class of CIFAR-10 that you confuse too" in of_key
    ]
    assert one == [{"Find a class of CIFAR-10 that you confuse too"}]


def core_hours(holder: Document) -> float:
    return (
        sum(
            each.get("minutes", 0)
            for each in holder.get("activities", ())
            if each.get("core", True)
        )
        / 60
    )


@pytest.mark.parametrize("name", CURRICULA)
def test_hours_of_a_route_are_its_own_and_hours_of_a_step_are_with_one_route(name: str):
    for step in curriculum(name)["steps"]:
        routes = step.get("routes", ())
        for route in routes:
            assert abs(route["hours"] - core_hours(route)) <= 1, (
                step["slug"],
                route["slug"],
            )
        with_one = [core_hours(step) + core_hours(route) for route in routes] or [
            core_hours(step)
        ]
        assert min(abs(step["hours"] - hours) for hours in with_one) <= 1.5, (
            step["slug"],
            with_one,
        )


@pytest.mark.parametrize("name", CURRICULA)
def test_every_activity_has_a_note_that_says_what_to_do(name: str):
    silent = [
        activity["title"]
        for activity in activities(name)
        if len(activity.get("note", "").split()) < 4
    ]

    assert silent == []


def test_no_sentence_stands_in_two_notes():
    sentences = Counter(
        sentence
        for name in CURRICULA
        for activity in activities(name)
        for sentence in re.split(r"(?<=[.!?])\s+", activity["note"])
        if len(sentence.split()) > 3
    )

    assert [sentence for sentence, times in sentences.items() if times > 1] == []


def test_no_key_of_an_activity_that_hosts_have_is_gone():
    now = {activity["key"] for name in CURRICULA for activity in activities(name)}

    assert set(SHIPPED_KEYS.read_text("utf-8").split()) - now == set()


def test_every_resource_says_whose_work_it_is():
    assert [slug for slug, row in library().items() if not row.get("authors")] == []


@pytest.mark.parametrize("text", NAMED)
def test_everything_that_a_text_names_is_in_the_library_under_its_name(text: str):
    resources = library()
    missing = [
        slug
        for slug in NAMED[text].split()
        if text not in resources.get(slug, {}).get("named_by", ())
    ]

    assert missing == []


def test_what_a_text_describes_without_naming_it_is_marked_and_no_step_needs_a_lost_text():
    marked = {slug for slug, row in library().items() if row.get("unverified")}
    needed = {
        each.get("resource")
        for name in CURRICULA
        for each in activities(name)
        if each.get("core", True)
    }

    assert {
        "vncoder",
        "gj-self",
        "bengio-cv",
        "chung-gru",
        "bengio-survey",
        "attention",
    } <= marked
    assert {"vncoder", "gj-self", "bengio-cv"} & needed == set()


def test_step_two_has_part_one_of_the_deep_learning_book_and_all_notebooks():
    steps = {
        step["slug"]: step for step in curriculum("practical-way-up.yaml")["steps"]
    }
    asked = {
        (each.get("resource"), each.get("section"))
        for each in steps["mathematical-foundations"]["activities"]
    }

    assert asked >= {("dlbook", f"ch{number}") for number in range(2, 6)}
    assert asked >= {("numlinalg", f"nb-{number}") for number in range(1, 9)}


def test_the_first_of_the_texts_bears_the_title_that_its_author_gave_it():
    title = "Learning Machine Learning - Some Personal Experience"
    credit = {
        each["author"]: each.get("title")
        for each in curriculum("learning-to-learn.yaml")["credit"]
    }

    assert (credit["Arthur Chan"], library()["gj-self"]["title"]) == (title, title)
