"""The compiled statements of papers are their querysets."""

from datetime import date, timedelta

import pytest

from lists.tests.compare import assert_same
from members.models import Member
from members.tests.make import make_group, make_member
from papers import actions, days, details, readings, rows
from papers.models import Paper
from papers.tests.make import NOW, make_paper

pytestmark = pytest.mark.django_db
TUESDAY, WEDNESDAY = date(2025, 6, 10), date(2025, 6, 11)


@pytest.fixture
def member() -> Member:
    make_group()
    return make_member()


@pytest.fixture
def papers(member: Member) -> list[Paper]:
    """Three papers of two days; the member keeps two and has hidden one."""
    made = [make_paper(announced_on=TUESDAY), make_paper(), make_paper()]
    actions.keep_paper(made[0], member=member, now=NOW)
    actions.keep_paper(made[1], member=member, now=NOW + timedelta(minutes=1))
    actions.hide_paper(made[2], member=member, now=NOW)
    return made


def test_days(papers: list[Paper]) -> None:
    assert [row.announced_on for row in assert_same(days.NEWEST)] == [
        WEDNESDAY,
        TUESDAY,
    ]
    [around] = assert_same(days.AROUND, day=TUESDAY)
    assert (around.previous, around.next) == (None, WEDNESDAY)
    assert len(assert_same(days.ANNOUNCED, day=WEDNESDAY)) == 2


def test_readings(papers: list[Paper], member: Member) -> None:
    newest, older = assert_same(readings.NEWEST, member=member)
    assert assert_same(
        readings.OLDER, member=member, moment=newest.kept_at, pk=newest.pk
    ) == [older]
    assert len(assert_same(readings.TITLES, member=member)) == 2
    marks = assert_same(readings.MARKS, member=member, day=WEDNESDAY)
    assert {mark.paper_id for mark in marks} == {papers[1].pk, papers[2].pk}


def test_papers(papers: list[Paper], member: Member) -> None:
    paper = papers[0]

    ids = [one.pk for one in papers]
    filled = [*ids, *range(1_000, 1_000 + rows.AT_ONCE - len(ids))]
    assert len(assert_same(rows.HEADLINES, pks=filled)) == 3
    [row] = assert_same(details.PAPER, arxiv_id=paper.arxiv_id, member=member)
    assert row.is_kept is True
    assert assert_same(details.VERSIONS, paper=paper.pk) == [(1, TUESDAY)]
    assert assert_same(details.USING, arxiv_id=paper.arxiv_id) == []
