import time

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from curriculum import actions, fileformat, search
from curriculum.models import Resource, Section
from curriculum.tests.documents import SMALL
from curriculum.tests.make import NOW, make_resource
from curriculum.tests.pages import filled
from members.tests.make import make_member
from text.tests.piles import PILES, counting, pile
from text.typed import folded


@pytest.mark.parametrize(
    ("text", "as_searched"),
    [
        ("JÜRGEN Schmidhuber", "jurgen schmidhuber"),
        ("Léon François", "leon francois"),
        ("Straße", "strasse"),
        ("İSTANBUL Işık", "istanbul isik"),
        ("Đặng Nguyễn", "dang nguyen"),
        ("Nguye\u0302\u0303n", "nguyen"),
        ("Łódź Søren Æther", "lodz soren aether"),
        ("مُحَمَّد", "محمد"),
        ("علی\u200cرضا", "علیرضا"),
        ("深度学习", "深度学习"),
        ("がく", "がく"),
        ("शिक्षा", "शिक्षा"),
        ("ＴｅｎｓｏｒＦｌｏｗ", "tensorflow"),
        ("soft\u00adware", "software"),
        ("d’Alembert", "d'alembert"),
        ("O´Brien O`Brien Oʻahu", "o'brien o'brien o'ahu"),
        ("Self‑supervised Schrödinger–Bridge", "self-supervised schrodinger-bridge"),
    ],
)
def test_text_is_folded_alike_everywhere(text: str, as_searched: str) -> None:
    assert folded(text) == as_searched


@pytest.mark.parametrize("name", PILES)
def test_no_search_costs_more_than_its_length(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    typed, cost = pile(name, 2_000), counting(monkeypatch)

    search.words_of(typed)

    assert cost.longest_run <= 4 * 30
    assert cost.characters <= 60 * len(typed)


@pytest.mark.parametrize(
    ("typed", "known", "near"),
    [
        ("transfromer", "transformer", True),
        ("backpropogation", "backpropagation", True),
        ("gradent", "gradient", True),
        ("gradiient", "gradient", True),
        ("gradients", "gradient", True),
        ("cats", "dogs", False),
        ("abcd", "badc", False),
        ("abcd", "abdc", True),
        ("abcd", "abcdef", False),
        ("abce", "abcdef", False),
        ("abc", "abd", False),
    ],
)
def test_one_typo_is_a_letter_more_less_or_other_or_two_that_changed_places(
    typed: str, known: str, near: bool
) -> None:
    if typed not in known:
        assert (known in search.spellings(typed, [known])) is near
    assert search.spellings(typed, [known])[0] == typed


def test_a_word_that_the_library_has_is_no_typo() -> None:
    known = frozenset(["gradients", "gradiend"])

    assert search.spellings("gradient", known) == ["gradient"]
    assert search.spellings("gradiens", known) == ["gradiens", "gradiend", "gradients"]


@pytest.fixture
def library(db: None) -> None:
    make_resource(
        "annotated",
        title="Long short-term memory",
        authors=["Jürgen Schmidhuber", "Léon Bottou"],
    )
    make_resource(
        "book",
        title="Stochastik",
        authors=["Martin Görner", "Hinrich Schütze"],
        note="Straßenverkehr",
    )
    make_resource("viet", title="Học sâu", authors=["Đặng Nguyễn"])
    make_resource("arab", title="مُقَدِّمة في التعلم", authors=["محمد"])
    make_resource("chinese", title="动手学深度学习", authors=["李沐"])
    make_resource("turkish", title="Derin öğrenme", authors=["Işık İnce"])
    sections = make_resource("d2l", title="Dive in", note="About convolutions")
    Section.objects.create(
        resource=sections,
        slug="a",
        title="The Transformer Architecture",
        locator="Chapter 11",
    )
    Section.objects.create(resource=sections, slug="b", title="Backpropagation")
    Resource.objects.index()


@pytest.mark.parametrize(
    ("typed", "slugs"),
    [
        ("Jürgen", ["annotated"]),
        ("Jurgen", ["annotated"]),
        ("JÜRGEN", ["annotated"]),
        ("Ju\u0308rgen", ["annotated"]),
        ("Gorner", ["book"]),
        ("GÖRNER schutze", ["book"]),
        ("strassenverkehr", ["book"]),
        ("É", ["annotated", "arab", "book", "chinese", "d2l", "turkish", "viet"]),
        ("léon jürgen", ["annotated"]),
        ("nguyen", ["viet"]),
        ("Hoc sau", ["viet"]),
        ("مقدمة", ["arab"]),
        ("深度", ["chinese"]),
        ("isik", ["turkish"]),
        ("IŞIK", ["turkish"]),
        ("öğrenme", ["turkish"]),
        ("transformer", ["d2l"]),
        ("transfromer", ["d2l"]),
        ("backpropogation", ["d2l"]),
        ("convolutions", ["d2l"]),
        ("schmidhuber transformer", []),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("'; --", []),
        ('"Long short-term memory"', ["annotated"]),
        ("zzzzzz", []),
        ("\u200b", ["annotated", "arab", "book", "chinese", "d2l", "turkish", "viet"]),
    ],
)
def test_the_library_finds_words_in_every_script(
    library: None, typed: str, slugs: list[str]
) -> None:
    found = sorted(Resource.objects.search(typed).values_list("slug", flat=True))

    if typed == "É":
        assert set(found) <= set(slugs)
        assert "annotated" in found
    else:
        assert found == slugs


def test_the_page_shows_the_section_that_matched(
    library: None, client: Client, django_assert_num_queries
) -> None:
    client.force_login(make_member())
    address = reverse("curriculum:resources")
    client.get(address, {"q": "transfromer"})

    page = client.get(address, {"q": "transfromer"}).content.decode()

    assert "Chapter 11: The Transformer Architecture" in page
    assert "Backpropagation</li>" not in page


def test_a_search_asks_the_same_number_of_queries_for_any_library(
    library: None, client: Client, django_assert_max_num_queries
) -> None:
    client.force_login(make_member())
    address = reverse("curriculum:resources")
    client.get(address, {"q": "e"})

    with django_assert_max_num_queries(12) as few:
        client.get(address, {"q": "dive"})
    with django_assert_max_num_queries(12) as many:
        client.get(address, {"q": "e"})

    assert len(few) == len(many)


@pytest.mark.django_db
def test_an_import_keeps_the_text_that_is_searched() -> None:
    actions.import_document(fileformat.load(SMALL), now=NOW)

    assert (
        Resource.objects.exclude(search_text="").count() == Resource.objects.count() > 0
    )
    assert Resource.objects.index() == []


@pytest.mark.django_db
def test_an_import_that_changes_a_section_changes_the_text_that_is_searched() -> None:
    document = fileformat.load(SMALL)
    actions.import_document(document, now=NOW)
    slug, resource = next(
        (slug, row)
        for slug, row in document["resources"].items()
        if row.get("sections")
    )
    resource["sections"][0]["title"] = "Überraschung"

    actions.import_document(document, now=NOW)

    assert [found.slug for found in Resource.objects.search("uberraschung")] == [slug]


@pytest.mark.django_db
def test_a_resource_saved_at_the_desk_is_found(client: Client) -> None:
    client.force_login(make_member(owner_since=NOW))
    resource = make_resource("a-book", title="Old")
    Section.objects.create(resource=resource, slug="s", title="First")
    page = client.get(reverse("admin:curriculum_resource_change", args=[resource.pk]))
    data = filled(page) | {"title": "Größe", "sections-0-title": "Zweite Übung"}

    answer = client.post(page.request["PATH_INFO"], data)

    assert answer.status_code == 302, answer.context["errors"]
    assert Resource.objects.search("grosse ubung").count() == 1


@pytest.mark.django_db
def test_the_built_in_library_is_found_by_its_authors_and_sections() -> None:
    call_command("import_curricula", verbosity=0)

    for typed in (
        "Jürgen",
        "Jurgen",
        "GÖRNER",
        "francois",
        "transformer",
        "transfromer",
        "backpropogation",
    ):
        assert Resource.objects.search(typed).count() > 0, typed
    counts = [
        Resource.objects.search(typed).count()
        for typed in ("Jürgen", "jurgen", "JÜRGEN")
    ]
    assert len(set(counts)) == 1


@pytest.mark.django_db
def test_ten_thousand_resources_are_searched_in_a_moment() -> None:
    rows = [
        Resource(
            slug=f"r{n}",
            title=f"Title {n}",
            kind="book",
            url="https://example.org/",
            search_text=f"title {n} w{n}x",
        )
        for n in range(10_000)
    ]
    Resource.objects.bulk_create(rows)
    Resource.objects.search("warm").count()
    began = time.perf_counter()

    assert Resource.objects.search("tilte 9999").count() == 1
    assert time.perf_counter() - began < 5
