"""What the harvest stores, and what members keep and hide."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from pytest_django import DjangoAssertNumQueries

from members.models import Member
from papers import actions, arxiv
from papers.actions import Stored
from papers.models import Announcement, Batch, Feed, Paper, PaperVersion, Reading
from papers.tests.make import NOW, feed, feed_bytes, make_paper
from text import PIPELINE_VERSION, render_inline

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=5)
WEDNESDAY = ["trimmed_rss_csCL_2025-06-11.xml", "trimmed_rss_csLG_2025-06-11.xml"]


def ada() -> Member:
    return Member.objects.create_user("ada@example.org", name="Ada")


def everything() -> list[object]:
    """Every row that the harvest makes, without the surrogate keys."""
    return [
        sorted(
            Paper.objects.values_list(
                "arxiv_id", "version", "title", "abstract", "announced_on", "stored_at"
            )
        ),
        sorted(
            PaperVersion.objects.values_list(
                "paper__arxiv_id", "number", "announced_on"
            )
        ),
        sorted(
            Batch.objects.values_list(
                "category", "announced_on", "stored_at", "partial"
            )
        ),
        sorted(
            Announcement.objects.values_list(
                "batch__category",
                "batch__announced_on",
                "paper__arxiv_id",
                "kind",
                "version",
                "position",
            )
        ),
    ]


def one_entry(
    version: int = 1,
    *,
    day: date = date(2025, 6, 11),
    title: str = "",
    category: str = "cs.LG",
    fault: str = "",
) -> arxiv.FeedDocument:
    kind = arxiv.AnnounceType.NEW if version == 1 else arxiv.AnnounceType.REPLACE
    entry = arxiv.Entry(
        arxiv_id="2506.00001",
        version=version,
        title=title or f"Title {version}",
        abstract=f"Abstract {version} with $x^{version}$",
        authors=("Ada Lovelace", f"Author {version}"),
        categories=("cs.LG", "stat.ML"),
        announce_type=kind,
        licence="",
    )
    return arxiv.FeedDocument("rss", (category,), day, (entry,), fault)


def test_a_feed_becomes_papers_versions_a_batch_and_announcements() -> None:
    stored = actions.store(feed("trimmed_rss_csCL_2025-06-10.xml"), now=NOW)

    assert stored == Stored(papers=12, versions=12, announcements=12)
    assert [str(batch) for batch in Batch.objects.all()] == ["cs.CL of 2025-06-10"]
    assert sorted(Announcement.objects.values_list("position", flat=True)) == list(
        range(12)
    )
    paper = Paper.objects.get(arxiv_id="2506.07691")
    assert paper.title == "Training Superior Sparse Autoencoders for Instruct Models"
    assert paper.authors[:3] == ["Jiaming Li", "Haoran Ye", "Yukun Chen"]
    assert paper.categories == ["cs.CL", "cs.LG"]
    assert paper.announced_on == date(2025, 6, 10)
    assert paper.stored_at == NOW
    assert paper.abstract_html == render_inline(paper.abstract, links=True)
    assert paper.pipeline_version == PIPELINE_VERSION


def test_the_same_feed_again_changes_nothing() -> None:
    for name in WEDNESDAY:
        actions.store(feed(name), now=NOW)
    before = everything()

    assert [actions.store(feed(name), now=LATER) for name in WEDNESDAY] == [
        Stored(),
        Stored(),
    ]
    assert everything() == before


def test_a_paper_of_several_feeds_is_one_paper_announced_in_each() -> None:
    in_both = {e.arxiv_id for e in feed(WEDNESDAY[0]).entries} & {
        e.arxiv_id for e in feed(WEDNESDAY[1]).entries
    }
    assert in_both

    for name in WEDNESDAY:
        actions.store(feed(name), now=NOW)

    for paper in Paper.objects.filter(arxiv_id__in=in_both):
        assert sorted(
            paper.announcements.values_list("batch__category", flat=True)
        ) == ["cs.CL", "cs.LG"]


def test_the_order_in_which_feeds_arrive_makes_no_difference() -> None:
    names = [
        "trimmed_rss_csCL_2025-06-10.xml",
        *WEDNESDAY,
        "trimmed_rss_csCL+csLG+statML_2025-06-12.xml",
    ]
    results = []
    for order in permutations(names):
        for name in order:
            actions.store(feed(name), now=NOW)
        results.append(everything())
        Paper.objects.all().delete()
        Batch.objects.all().delete()

    assert all(result == results[0] for result in results)


def test_a_replacement_of_an_unknown_paper_makes_it() -> None:
    actions.store(one_entry(3), now=NOW)

    paper = Paper.objects.get()
    assert (paper.version, paper.title) == (3, "Title 3")
    assert list(paper.versions.values_list("number", flat=True)) == [3]


def test_a_newer_version_replaces_the_text_and_an_older_one_never_does() -> None:
    actions.store(one_entry(2), now=NOW)

    assert actions.store(one_entry(3, day=date(2025, 6, 12)), now=LATER) == Stored(
        versions=1, announcements=1
    )
    assert actions.store(one_entry(1, day=date(2025, 6, 2)), now=LATER) == Stored(
        versions=1, announcements=1
    )

    paper = Paper.objects.get()
    assert (paper.version, paper.title, paper.authors[1]) == (3, "Title 3", "Author 3")
    assert "3" in paper.abstract_html
    assert paper.announced_on == date(2025, 6, 2)
    assert paper.stored_at == NOW
    assert sorted(paper.versions.values_list("number", "announced_on")) == [
        (1, date(2025, 6, 2)),
        (2, date(2025, 6, 11)),
        (3, date(2025, 6, 12)),
    ]


def test_the_same_version_with_other_words_changes_nothing() -> None:
    actions.store(one_entry(2), now=NOW)
    actions.store(one_entry(2, title="Other words", category="stat.ML"), now=LATER)

    assert Paper.objects.get().title == "Title 2"


def test_a_text_that_a_rival_harvest_made_newer_meanwhile_is_left_alone() -> None:
    actions.store(one_entry(1), now=NOW)
    stale = {paper.arxiv_id: paper for paper in Paper.objects.all()}
    actions.store(one_entry(3, day=date(2025, 6, 13)), now=NOW)

    actions._replace_texts(stale, {"2506.00001": {"version": 2, "title": "Title 2"}})

    assert Paper.objects.get().title == "Title 3"


def test_a_partial_feed_is_marked_and_completed_by_the_whole_one() -> None:
    partial = arxiv.parse(feed_bytes("malformed_truncated.xml")[:20_000])
    whole = arxiv.parse(feed_bytes("malformed_truncated.xml"))
    whole = arxiv.FeedDocument(
        whole.layout, whole.categories, whole.announced_on, whole.entries
    )

    assert partial.fault
    assert actions.store(partial, now=NOW).papers == len(partial.entries)
    assert Batch.objects.get().partial is True
    assert actions.store(whole, now=LATER).papers == len(whole.entries) - len(
        partial.entries
    )
    assert Batch.objects.get().partial is False
    assert sorted(Announcement.objects.values_list("position", flat=True)) == list(
        range(len(whole.entries))
    )


def test_a_partial_feed_after_the_whole_one_does_not_mark_the_batch() -> None:
    actions.store(one_entry(), now=NOW)
    actions.store(one_entry(fault="it is broken at line 9"), now=LATER)

    assert Batch.objects.get().partial is False


def test_a_weekends_feed_leaves_no_batch() -> None:
    assert (
        actions.store(feed("derived_rss_csLG_empty_saturday.xml"), now=NOW) == Stored()
    )
    assert not Batch.objects.exists()


def test_a_feed_of_several_categories_makes_their_batches() -> None:
    actions.store(feed("trimmed_rss_csCL+csLG+statML_2025-06-12.xml"), now=NOW)

    assert sorted(Batch.objects.values_list("category", flat=True)) == [
        "cs.CL",
        "cs.LG",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "trimmed_rss_csCL_2025-06-10.xml",
        "trimmed_new_atom_csAI_2025-08-20.xml",
        "old_rdf_hepex_2018-05-23.xml",
        "trimmed_rss_csCL+csLG+statML_2025-06-12.xml",
    ],
)
def test_storing_asks_the_same_number_of_queries_for_any_feed(
    name: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    read = feed(name)

    # known papers; begin; known papers; new papers; all of them; what search
    # finds them by; what was announced earlier; known versions; new versions; new batches; their
    # partial mark; batches; known announcements; new announcements; their
    # categories; later repeats; commit. (Nothing to move asks nothing.)
    with django_assert_num_queries(17):
        actions.store(read, now=NOW)


def test_papers_of_an_older_pipeline_are_rendered_again() -> None:
    old = make_paper(
        title="On $x^2$", abstract="Of $y$; code: https://example.org/code."
    )
    Paper.objects.filter(pk=old.pk).update(pipeline_version=0)

    assert actions.render_again() == 1
    assert actions.render_again() == 0

    old.refresh_from_db()
    assert old.title_html == render_inline("On $x^2$", names=True)
    assert "<math" in old.abstract_html
    assert '<a href="https://example.org/code"' in old.abstract_html


def test_a_feed_is_followed_once() -> None:
    assert actions.follow_feed("cs.LG") == actions.follow_feed("cs.LG")
    assert Feed.objects.count() == 1


def test_a_good_visit_is_kept_with_its_marks_and_the_next_one_is_tomorrow() -> None:
    row = actions.follow_feed("cs.LG")

    actions.mark_feed_ok(
        row, announced_on=date(2025, 6, 11), etag='"v1"', last_modified="Wed", now=NOW
    )

    row.refresh_from_db()
    assert (row.etag, row.last_modified) == ('"v1"', "Wed")
    assert (row.checked_at, row.ok_at, row.failed_at, row.failures) == (
        NOW,
        NOW,
        None,
        0,
    )
    assert row.next_try_at == datetime(2025, 6, 12, 4, 15, tzinfo=UTC)


def test_failures_in_a_row_are_counted_explained_and_spaced_out() -> None:
    row = actions.follow_feed("cs.LG")
    actions.mark_feed_ok(
        row,
        announced_on=None,
        etag='"v1"',
        last_modified="Wed",
        now=NOW - timedelta(days=1),
    )

    pauses = []
    for _ in range(3):
        actions.mark_feed_failed(row, "arXiv did not answer", now=NOW)
        pauses.append(row.next_try_at - NOW)

    row.refresh_from_db()
    assert (row.failure, row.failures, row.failed_at) == (
        "arXiv did not answer",
        3,
        NOW,
    )
    assert (row.etag, row.last_modified) == ("", "")
    assert row.ok_at == NOW - timedelta(days=1)
    assert pauses == [
        timedelta(minutes=50),
        timedelta(minutes=100),
        timedelta(minutes=200),
    ]


def test_a_server_that_asks_for_longer_gets_it() -> None:
    row = actions.follow_feed("cs.LG")

    actions.mark_feed_failed(row, "x" * 600, now=NOW, asked=timedelta(hours=3))

    assert row.next_try_at == NOW + timedelta(hours=3)
    assert len(row.failure) == 500


def test_a_success_ends_the_row_of_failures_and_keeps_the_last_one_to_read() -> None:
    row = actions.follow_feed("cs.LG")
    actions.mark_feed_failed(row, "arXiv did not answer", now=NOW)

    actions.mark_feed_ok(row, announced_on=None, etag="", last_modified="", now=LATER)

    row.refresh_from_db()
    assert (row.failures, row.failure, row.failed_at, row.ok_at) == (
        0,
        "arXiv did not answer",
        NOW,
        LATER,
    )


def test_keeping_twice_is_keeping_once() -> None:
    member, paper = ada(), make_paper()

    actions.keep_paper(paper, member=member, now=NOW)
    actions.keep_paper(paper, member=member, now=LATER)

    reading = Reading.objects.get()
    assert (reading.kept_at, reading.hidden_at) == (NOW, None)


def test_hiding_takes_a_paper_off_the_list_and_keeping_brings_it_back() -> None:
    member, paper = ada(), make_paper()

    actions.keep_paper(paper, member=member, now=NOW)
    actions.hide_paper(paper, member=member, now=NOW)
    assert Reading.objects.values_list("kept_at", "hidden_at").get() == (None, NOW)
    actions.hide_paper(paper, member=member, now=LATER)
    assert Reading.objects.values_list("kept_at", "hidden_at").get() == (None, NOW)

    actions.keep_paper(paper, member=member, now=LATER)
    assert Reading.objects.values_list("kept_at", "hidden_at").get() == (LATER, None)


def test_what_was_kept_or_hidden_can_be_taken_back() -> None:
    member, kept, hidden = ada(), make_paper(), make_paper()
    actions.keep_paper(kept, member=member, now=NOW)
    actions.hide_paper(hidden, member=member, now=NOW)

    actions.unkeep_paper(kept, member=member)
    actions.unhide_paper(hidden, member=member)
    actions.unkeep_paper(make_paper(), member=member)

    assert (
        list(Reading.objects.values_list("kept_at", "hidden_at")) == [(None, None)] * 2
    )
