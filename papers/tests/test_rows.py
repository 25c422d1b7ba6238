"""Papers as rows of lists, which a process keeps for a minute."""

import pytest
from pytest_django import DjangoAssertNumQueries

from lists.cache import forget_all
from papers import rows
from papers.models import Paper
from papers.rows import Headline
from papers.tests.make import make_paper

pytestmark = pytest.mark.django_db


def test_only_papers_that_are_not_at_hand_are_asked_for(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    one, other = make_paper().pk, make_paper().pk
    rows.headlines([one])

    with django_assert_num_queries(1):  # the other one
        found = rows.headlines([one, other])
    with django_assert_num_queries(0):
        assert rows.headlines([other, one]) == found

    assert found.keys() == {one, other}


def test_a_paper_that_is_gone_is_left_out() -> None:
    paper = make_paper().pk

    assert rows.headlines([paper, paper + 1]).keys() == {paper}
    assert rows.headlines([]) == {}


def test_a_new_version_is_shown_after_the_minute() -> None:
    paper = make_paper(title="Old")
    rows.headlines([paper.pk])
    Paper.objects.filter(pk=paper.pk).update(title="New", version=2)

    forget_all()

    shown = rows.headlines([paper.pk])[paper.pk]
    assert (shown.title, shown.name) == ("New", f"{paper.arxiv_id}v2")


def test_a_row_of_a_paper_is_what_the_statement_reads_and_can_be_a_key() -> None:
    paper = make_paper(authors=("A", "B", "C", "D", "E", "F"))

    row = rows.headlines([paper.pk])[paper.pk]

    assert row == Headline.of(paper)
    assert row.authors == ("A", "B", "C", "D")
    assert hash(row) == hash(Headline.of(paper))


@pytest.mark.parametrize(
    ("authors", "words"),
    [
        ((), ""),
        (("J. Ho",), "J. Ho"),
        (("J. Ho", "A. Jain"), "J. Ho and A. Jain"),
        (("J. Ho", "A. Jain", "P. Abbeel"), "J. Ho, A. Jain and P. Abbeel"),
        (("E. Hu", "Y. Shen", "P. Wallis", "Z. Allen-Zhu"), "E. Hu and others"),
    ],
)
def test_a_byline_is_short(authors: tuple[str, ...], words: str) -> None:
    assert rows.byline(authors) == words
