"""arXiv's feeds in three layouts, whole and broken."""

import contextlib
from datetime import date
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers import arxiv
from papers.arxiv import (
    AnnounceType,
    FeedRefused,
    document,
    parse,
    plain_tex,
    split_authors,
)

FEEDS = Path(__file__).parent / "feeds"
READABLE = {
    "trimmed_rss_csCL_2025-06-10.xml": ("rss", ("cs.CL",), date(2025, 6, 10), 12),
    "trimmed_rss_csCL_2025-06-11.xml": ("rss", ("cs.CL",), date(2025, 6, 11), 13),
    "trimmed_rss_csLG_2025-06-11.xml": ("rss", ("cs.LG",), date(2025, 6, 11), 10),
    "trimmed_rss_csCL+csLG+statML_2025-06-12.xml": (
        "rss",
        ("cs.CL", "cs.LG", "stat.ML"),
        date(2025, 6, 12),
        11,
    ),
    "trimmed_atom_csAI_2025-06-11.xml": ("atom", ("cs.AI",), date(2025, 6, 11), 9),
    "trimmed_new_atom_csAI_2025-08-20.xml": ("atom", ("cs.AI",), date(2025, 8, 20), 4),
    "trimmed_old_rdf_csCL.xml": ("rdf", ("cs.CL",), date(2025, 6, 10), 9),
    "old_rdf_hepex_2018-05-23.xml": ("rdf", ("hep-ex",), date(2018, 5, 24), 3),
    "new_rss_empty_weekend_2025-04-27.xml": ("rss", ("cs",), date(2025, 4, 27), 0),
    "derived_rss_csLG_empty_saturday.xml": ("rss", ("cs.LG",), date(2025, 6, 14), 0),
    "derived_atom_csLG_empty_saturday.xml": ("atom", ("cs.LG",), date(2025, 6, 14), 0),
}
REFUSED = {
    "derived_rss_error_http400.xml": (
        "arXiv answers with an error: Invalid archive or category 'cs.XX'"
    ),
    "malformed_empty_body.xml": "it is empty",
    "malformed_html_503.html": (
        "a web page came instead of a feed (“503 Service Temporarily Unavailable”)"
    ),
}


def body(name: str) -> bytes:
    return (FEEDS / name).read_bytes()


def rss(
    items: str = "",
    *,
    title: str = "cs.LG updates on arXiv.org",
    link: str = "",
    dated: str | None = None,
) -> bytes:
    dated = (
        "<pubDate>Wed, 11 Jun 2025 00:00:00 -0400</pubDate>" if dated is None else dated
    )
    return (
        '<rss xmlns:arxiv="http://arxiv.org/schemas/atom"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">'
        f"<channel><title>{title}</title><link>{link}</link>{dated}{items}</channel></rss>"
    ).encode()


def item(**changed: str) -> str:
    fields = {
        "guid": "oai:arXiv.org:2506.00001v1",
        "title": "A title",
        "description": "arXiv:2506.00001v1 Announce Type: new \nAbstract: We show.",
        "category": "cs.LG",
        "dc:creator": "A. One, B. Two",
        **changed,
    }
    return (
        "<item>"
        + "".join(f"<{tag}>{text}</{tag}>" for tag, text in fields.items())
        + "</item>"
    )


def only(feed: bytes) -> arxiv.Entry:
    (entry,) = parse(feed).entries
    return entry


@pytest.mark.parametrize("name", READABLE)
def test_every_readable_feed_gives_its_layout_categories_day_and_papers(
    name: str,
) -> None:
    feed = parse(body(name))

    assert (
        feed.layout,
        feed.categories,
        feed.announced_on,
        len(feed.entries),
    ) == READABLE[name]
    assert feed.fault == ""
    for entry in feed.entries:
        assert entry.title
        assert entry.abstract
        assert entry.authors
        assert entry.categories
        assert "Announce Type" not in entry.abstract
        assert "arXiv:" not in entry.title


@pytest.mark.parametrize("name", REFUSED)
def test_every_unreadable_feed_is_refused_by_name_with_the_reason(name: str) -> None:
    with pytest.raises(FeedRefused) as refused:
        parse(body(name), name="cs.LG")

    assert (refused.value.name, refused.value.reason) == ("cs.LG", REFUSED[name])
    assert str(refused.value) == f"cs.LG: {REFUSED[name]}"


def test_a_captured_entry_is_read_whole() -> None:
    entry = parse(body("trimmed_new_atom_csAI_2025-08-20.xml")).entries[0]

    assert entry.arxiv_id == "2508.13426"
    assert entry.version == 1
    assert entry.title == (
        "ALIGN: Word Association Learning for Cross-Cultural Generalization in "
        "Large Language Models"
    )
    assert entry.abstract.startswith(
        "As large language models (LLMs) increasingly mediate"
    )
    assert entry.abstract.endswith(
        "without costly retraining. " + entry.abstract.rsplit("retraining. ", 1)[1]
    )
    assert entry.authors == ("Chunhua Liu", "Kabir Manandhar Shrestha", "Sukai Huang")
    assert entry.categories == ("cs.CL", "cs.AI")
    assert entry.primary_category == "cs.CL"
    assert entry.announce_type is AnnounceType.CROSS
    assert entry.licence == "http://creativecommons.org/licenses/by-nc-sa/4.0/"


def test_the_old_layout_gives_plain_text_from_html_and_the_kind_from_the_title() -> (
    None
):
    new, cross, update = parse(body("old_rdf_hepex_2018-05-23.xml")).entries

    assert new.title == "Measurement of Transverse Single Spin Asymmetries"
    assert "range of $2.6<\\eta<4$. Within" in new.abstract
    assert new.authors == ("Christopher Dilks",)
    assert (new.announce_type, cross.announce_type) == (
        AnnounceType.NEW,
        AnnounceType.CROSS,
    )
    assert (update.arxiv_id, update.version) == ("1805.06430", 2)
    assert update.announce_type is AnnounceType.REPLACE_CROSS
    assert update.categories == ("nucl-th", "hep-ex")
    assert update.authors[:2] == ("Shu-Sheng Xu", "Zhu-Fang Cui")
    assert not any(
        "<" in entry.abstract.replace("$2.6<\\eta<4$", "")
        for entry in (new, cross, update)
    )


def test_the_old_layout_knows_an_update_at_home_from_one_abroad() -> None:
    kinds = {
        e.arxiv_id: (e.primary_category, e.announce_type)
        for e in parse(body("trimmed_old_rdf_csCL.xml")).entries
    }

    assert {kind for primary, kind in kinds.values() if primary == "cs.CL"} == {
        AnnounceType.NEW,
        AnnounceType.REPLACE,
    }
    assert {kind for primary, kind in kinds.values() if primary != "cs.CL"} == {
        AnnounceType.CROSS,
        AnnounceType.REPLACE_CROSS,
    }


def test_the_old_layout_leaves_out_items_without_a_number_behind_the_title() -> None:
    feed = parse(
        body("old_rdf_hepex_2018-05-23.xml").replace(
            b"(arXiv:1805.09166v1", b"(1805.09166"
        )
    )

    assert [e.arxiv_id for e in feed.entries] == ["1805.08875", "1805.06430"]
    assert feed.fault == "items without an arXiv number, left out: 1"


def test_the_old_layout_without_a_date_is_refused() -> None:
    with pytest.raises(FeedRefused, match="does not say which day"):
        parse(
            body("old_rdf_hepex_2018-05-23.xml").replace(
                b"2018-05-23T20:30:00-05:00", b"in spring"
            )
        )


def test_a_feed_that_breaks_off_keeps_its_whole_papers_and_says_so() -> None:
    feed = parse(body("malformed_truncated.xml"))

    assert len(feed.entries) == 19
    assert (
        feed.fault
        == "it is broken at line 271 (no element found); items that could not be read: 1"
    )
    assert feed.entries == parse(body("malformed_truncated.xml")[:-200]).entries


BAD_BITS = [
    b"\x0b", b"\x00", b"&#11;", b"&#0;", b"&#xFFFF;", b"&nbsp;", b"&eacute;",
    b"&bogus;", b" & ", b"R&D", b" a < b ", b"x<y", b"<b", b"\xe9", b"\xff\xfe",
    b"\xed\xa0\x80", b"<p>", b"</p>", b"<br/>", b"]]>", b"<![CDATA[", b"<!-- ",
    b"<!ELEMENT x>", b"<?php ?>", b"&", b"<",
]  # fmt: skip


@pytest.mark.parametrize(
    "layout",
    ["trimmed_rss_csLG_2025-06-11.xml", "trimmed_new_atom_csAI_2025-08-20.xml"],
)
@pytest.mark.parametrize("bad", BAD_BITS)
def test_one_bad_character_costs_no_paper(layout: str, bad: bytes) -> None:
    whole = parse(body(layout))
    third = whole.entries[2]
    word = max(
        third.abstract.encode().split(), key=lambda each: each.isalpha() and len(each)
    )

    broken = body(layout).replace(word, word[:2] + bad + word[2:])
    feed = parse(broken)

    assert [entry.arxiv_id for entry in feed.entries] == [
        entry.arxiv_id for entry in whole.entries
    ]
    assert feed.fault == ""
    assert (
        "could be repaired" in feed.note
        or bad in (b"]]>", b"<!-- ")
        or b"CDATA" in bad
        or b"?" in bad
        or b"<" in bad
    )


def test_a_feed_whose_head_is_broken_is_read() -> None:
    feed = parse(body("malformed_unescaped_amp.xml"))

    assert feed.categories == ("cs.CL",)
    assert len(feed.entries) == 2
    assert feed.fault.endswith("items that could not be read: 1")


def test_an_item_beyond_repair_is_left_out_and_the_rest_is_read() -> None:
    whole = parse(body("trimmed_rss_csLG_2025-06-11.xml"))
    number = (
        f'<guid isPermaLink="false">oai:arXiv.org:{whole.entries[1].arxiv_id}v'.encode()
    )
    assert number in body("trimmed_rss_csLG_2025-06-11.xml")

    feed = parse(
        body("trimmed_rss_csLG_2025-06-11.xml").replace(number, b"</title>" + number)
    )

    assert len(feed.entries) == len(whole.entries) - 1
    assert feed.fault.endswith("items that could not be read: 1")


def test_a_feed_that_repair_makes_too_long_keeps_what_came_before_the_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = rss(item() + item(title="& " * 100))
    monkeypatch.setattr(document, "MAX_BYTES", len(broken))

    feed = parse(broken)

    assert [entry.arxiv_id for entry in feed.entries] == ["2506.00001"]
    assert feed.fault.startswith("it is broken at line 2 (")
    assert "repaired" not in feed.note


def test_items_below_a_root_that_is_none_are_left_out() -> None:
    root = f'<rss note="{"x" * 4_001}" '.encode()
    broken = rss(item() + item(title="</item><feed>")).replace(b"<rss ", root)

    feed = parse(broken)

    assert [entry.arxiv_id for entry in feed.entries] == ["2506.00001"]
    assert feed.fault.startswith("it is broken at line 2 (")


def test_repair_is_linear_in_the_length_of_a_feed() -> None:
    for bad in (
        b"<item>",
        b"<![CDATA[",
        b"<!--",
        b"&",
        b"<rss ",
        b"</item>",
        b"<item></item>",
    ):
        hostile = body("trimmed_rss_csLG_2025-06-11.xml").replace(
            b"</channel>", bad * 200_000
        )
        with contextlib.suppress(FeedRefused):
            parse(hostile[: arxiv.MAX_BYTES])


def test_a_feed_that_breaks_off_before_its_first_whole_paper_is_refused() -> None:
    with pytest.raises(FeedRefused, match="broken at line"):
        parse(body("malformed_truncated.xml")[:1500])


def test_a_feed_of_several_categories_makes_one_batch_for_each() -> None:
    feed = parse(
        rss(
            item(category="cs.LG</category><category>stat.ML")
            + item(guid="oai:arXiv.org:2506.00002v2", category="stat.ML")
            + item(
                guid="oai:arXiv.org:2506.00003v1",
                category="math.ST</category><category>stat.ML",
                **{"arxiv:announce_type": "cross"},
            )
            + item(
                guid="oai:arXiv.org:2506.00004v1",
                category="stat.ML</category><category>cs.LG",
                **{"arxiv:announce_type": "cross"},
            )
            + item(
                guid="oai:arXiv.org:2506.00005v3",
                category="cs.LG",
                **{"arxiv:announce_type": "replace-cross"},
            ),
            title="cs.LG, stat.ML updates on arXiv.org",
        ).replace(b"Announce Type: new", b"")
    )

    learning, statistics = feed.batches()

    assert (learning.category, statistics.category) == ("cs.LG", "stat.ML")
    assert learning.announced_on == statistics.announced_on == date(2025, 6, 11)
    assert [(e.arxiv_id[-1], kind.value) for e, kind in learning.entries] == [
        ("1", "new"),
        ("4", "cross"),
        ("5", "replace"),
    ]
    assert [(e.arxiv_id[-1], kind.value) for e, kind in statistics.entries] == [
        ("1", "cross"),
        ("2", "replace"),
        ("3", "cross"),
    ]


def test_a_replacement_abroad_is_a_replaced_cross_list_there() -> None:
    feed = parse(
        rss(
            item(guid="oai:arXiv.org:2506.00001v2", category="cs.LG</category><category>stat.ML",
                 **{"arxiv:announce_type": "replace"}),
            title="cs.LG, stat.ML updates on arXiv.org",
        )
    )  # fmt: skip

    assert [kind.value for batch in feed.batches() for _, kind in batch.entries] == [
        "replace",
        "replace-cross",
    ]


def test_a_feed_of_one_category_keeps_the_kinds_that_arxiv_gave() -> None:
    feed = parse(body("trimmed_rss_csCL_2025-06-11.xml"))

    (batch,) = feed.batches()

    assert [kind for _, kind in batch.entries] == [
        entry.announce_type for entry in feed.entries
    ]


def test_the_feed_of_a_whole_archive_covers_its_classes() -> None:
    feed = parse(rss(item(), title="cs, stat updates on arXiv.org"))

    assert [len(batch.entries) for batch in feed.batches()] == [1, 0]


def test_the_same_paper_twice_in_a_feed_counts_once_at_its_highest_version() -> None:
    two = item(guid="oai:arXiv.org:2506.00001v2", title="Second")
    three = item(guid="oai:arXiv.org:2506.00001v3", title="Third")

    assert only(rss(two + three + item(title="First"))).title == "Third"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"guid": "oai:arXiv.org:cs/0601001v2"}, ("cs/0601001", 2)),
        ({"guid": "oai:arXiv.org:math.AG/0601001v12"}, ("math.AG/0601001", 12)),
        ({"guid": "oai:arXiv.org:cond-mat/0601001v1"}, ("cond-mat/0601001", 1)),
        ({"guid": f"oai:arXiv.org:{'a' * 50}/0601001v2"}, ("2506.00001", 1)),
        ({"guid": "tag:nobody"}, ("2506.00001", 1)),
        (
            {
                "guid": "",
                "description": "arXiv:2506.00009v4 Announce Type: replace Abstract: A.",
            },
            ("2506.00009", 4),
        ),
        (
            {
                "guid": "",
                "description": "None.",
                "link": "https://arxiv.org/abs/2506.00007",
            },
            ("2506.00007", 1),
        ),
        (
            {
                "guid": "arXiv:2506.00001",
                "description": "arXiv:2506.00001v3 Announce Type: new",
            },
            ("2506.00001", 3),
        ),
        ({"guid": "oai:arXiv.org:2506.00001v0"}, ("2506.00001", 1)),
        ({"guid": "oai:arXiv.org:2506.00001v999999"}, ("2506.00001", 9999)),
    ],
)
def test_the_number_and_version_are_found_wherever_the_item_has_them(
    changed: dict[str, str], expected: tuple[str, int]
) -> None:
    entry = only(rss(item(**changed)))

    assert (entry.arxiv_id, entry.version) == expected


def test_an_unknown_announce_type_is_told_from_the_version() -> None:
    unknown = {"arxiv:announce_type": "withdrawn", "description": "Abstract."}

    assert only(rss(item(**unknown))).announce_type is AnnounceType.NEW
    assert (
        only(rss(item(guid="oai:arXiv.org:2506.00001v2", **unknown))).announce_type
        is AnnounceType.REPLACE
    )


def test_a_feed_whose_items_have_no_arxiv_number_is_refused() -> None:
    with pytest.raises(FeedRefused, match="none of its items has an arXiv number"):
        parse(rss(item(guid="", description="")))


def test_an_item_among_others_without_a_number_is_left_out_and_named() -> None:
    feed = parse(rss(item(guid="", description="") + item()))

    assert len(feed.entries) == 1
    assert feed.fault == "items without an arXiv number, left out: 1"


def test_an_item_without_title_abstract_authors_or_category_still_has_a_name_and_a_category() -> (
    None
):
    entry = only(rss("<item><guid>oai:arXiv.org:2506.00001v1</guid></item>"))

    assert entry.title == "2506.00001"
    assert (entry.abstract, entry.authors, entry.categories, entry.licence) == (
        "",
        (),
        ("cs.LG",),
        "",
    )


def test_a_feed_of_too_many_items_is_read_in_part() -> None:
    feed = parse(
        rss("".join(item(guid=f"oai:arXiv.org:2506.{n:05}v1") for n in range(5_003)))
    )

    assert len(feed.entries) == 5_000
    assert feed.fault == "only its first 5000 items were read"


HEAVY = {
    "title": "\\(" * 1_000,
    "dc:creator": "\\(" * 60_000,
    "description": "\\emph{" * 60_000,
    "category": "</category><category>" * 3_000,
}


@pytest.mark.parametrize("field", HEAVY)
def test_fields_that_are_made_to_be_slow_are_not(field: str) -> None:
    feed = rss(
        "".join(
            item(guid=f"oai:arXiv.org:2506.{n:05}v1", **{field: HEAVY[field]})
            for n in range(10)
        )
    )

    started = process_time()
    entries = parse(feed).entries

    assert len(entries) == 10
    assert (
        process_time() - started < 5
        # seconds of work; the author line took fifteen when every opening
        # was searched for its end
    )


def test_only_a_plain_web_address_is_taken_for_a_licence() -> None:
    good, bad = "http://creativecommons.org/licenses/by/4.0/", "javascript:alert(1)"

    assert only(rss(item(**{"dc:rights": good}))).licence == good
    assert only(rss(item(**{"dc:rights": bad}))).licence == ""


def test_categories_of_other_schemes_are_left_out() -> None:
    entry = only(
        rss(
            item(
                category="cs.lg</category><category>68T05</category><category>I.2.6; I.5.1"
            )
        )
    )

    assert entry.categories == ("cs.LG",)


@pytest.mark.parametrize(
    ("title", "link", "expected"),
    [
        ("cs.ai, q-bio.nc updates on arXiv.org", "", ("cs.AI", "q-bio.NC")),
        ("cond-mat.mes-hall updates on arXiv.org", "", ("cond-mat.mes-hall",)),
        ("Something", "http://rss.arxiv.org/rss/cs.LG+stat.ML", ("cs.LG", "stat.ML")),
    ],
)
def test_the_categories_come_from_the_title_or_the_address(
    title: str, link: str, expected: tuple[str, ...]
) -> None:
    assert parse(rss(title=title, link=link)).categories == expected


def test_a_feed_of_somebody_else_is_refused() -> None:
    with pytest.raises(FeedRefused, match="not a feed of arXiv"):
        parse(rss(title="News", link="https://example.org/cs.LG"))


@pytest.mark.parametrize(
    ("dated", "expected"),
    [
        ("<pubDate>Wed, 11 Jun 2025 03:00:00 +0000</pubDate>", date(2025, 6, 10)),
        ("<pubDate>Wed, 11 Jun 2025 05:00:00 -0000</pubDate>", date(2025, 6, 11)),
        (
            "<pubDate>soon</pubDate><lastBuildDate>Wed, 11 Jun 2025 04:00:11 +0000</lastBuildDate>",
            date(2025, 6, 11),
        ),
        ("<pubDate>2025-06-11T00:00:00-04:00</pubDate>", date(2025, 6, 11)),
    ],
)
def test_the_day_is_arxivs_own(dated: str, expected: date) -> None:
    assert parse(rss(dated=dated)).announced_on == expected


@pytest.mark.parametrize(
    "dated",
    [
        "",
        "<pubDate>soon</pubDate>",
        "<pubDate>Wed, 11 Jun 1025 00:00:00 -0400</pubDate>",
        "<pubDate>0001-01-01T00:00:00+23:00</pubDate>",
        "<pubDate>Fri, 31 Dec 9999 23:59:59 -2300</pubDate>",
        "<pubDate>Wed, 11 Jun 1990 00:00:00 -0400</pubDate>",
    ],
)
def test_a_feed_without_a_believable_day_is_refused(dated: str) -> None:
    with pytest.raises(FeedRefused, match="does not say which day"):
        parse(rss(dated=dated))


def test_an_atom_feed_without_papers_takes_the_day_it_was_made() -> None:
    feed = body("derived_atom_csLG_empty_saturday.xml").replace(
        b"2025-06-14T04:00:14", b"2025-06-15T03:59:59"
    )

    assert parse(feed).announced_on == date(2025, 6, 14)


def test_a_feed_from_the_future_is_refused() -> None:
    with pytest.raises(
        FeedRefused, match="dated 2025-06-11, a day that has not come yet"
    ):
        parse(rss(), not_after=date(2025, 6, 10))

    assert parse(rss(), not_after=date(2025, 6, 11)).announced_on == date(2025, 6, 11)


BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz
[<!ENTITY a "1234567890"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<rss version="2.0"><channel><title>&b;</title></channel></rss>"""
FETCHING = b"""<?xml version="1.0"?><!DOCTYPE rss SYSTEM "file:///etc/passwd">
<rss version="2.0"><channel><title>a</title></channel></rss>"""


@pytest.mark.parametrize(
    ("hostile", "reason"),
    [
        (BOMB, "document type"),
        (FETCHING, "document type"),
        (b"<!DOCTYPE html><html><title>Sign in</title></html>", "Sign in"),
        (b"<html><body>", "web page came instead of a feed$"),
        (b"\x1f\x8b\x08\x00garbage", "not XML"),
        (b"{}", "not XML"),
        (b" \n ", "empty"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "begins with <http://www.w3.org/2000/svg svg>",
        ),
        (b"<rss>" + b"<a>" * 100_000, "nested more than 32 deep"),
        (b"<rss>" + b" " * arxiv.MAX_BYTES, "longer than 10 MB"),
        (b"<?xml version='1.0' encoding='klingon'?><rss></rss>", "can be decoded"),
        (b"<?xml version='1.0' encoding='utf-7'?><rss></rss>", "can be decoded"),
        (
            b"<rss version='2.0'><channel><title>cs.LG updates on arXiv.org</title>\xff\xfe",
            "broken at line 1",
        ),
        (
            (
                b"<rss version='2.0'><channel><title>cs.LG updates on arXiv.org</title>"
                b"</channel>&undeclared;"
            ),
            "broken",
        ),
    ],
)
def test_hostile_input_is_refused_with_a_reason(hostile: bytes, reason: str) -> None:
    with pytest.raises(FeedRefused, match=reason):
        parse(hostile)


def test_titles_of_other_elements_are_not_taken_for_the_feeds() -> None:
    feed = rss(
        "<image><title>News</title></image>" + item(media="<title>Not this</title>")
    )

    assert parse(feed).categories == ("cs.LG",)
    assert only(feed).title == "A title"


def test_markup_inside_a_field_gives_its_text() -> None:
    assert only(rss(item(title="A <b>bold</b> title"))).title == "A bold title"


def test_an_item_inside_an_item_counts_once() -> None:
    assert len(parse(rss(item(media=item()))).entries) == 1


def test_long_fields_are_clipped() -> None:
    entry = only(
        rss(
            item(
                title="t" * 600_000,
                description="arXiv:2506.00001v1 Announce Type: new \nAbstract: "
                + "a " * 300_000,
                category="</category><category>".join(
                    f"a-{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(60)
                ),
                **{"dc:creator": ", ".join(["N" * 300] * 6_000)},
            )
        )
    )

    assert (len(entry.title), len(entry.abstract), len(entry.categories)) == (
        500,
        10_000,
        40,
    )
    assert entry.title.endswith("t…")
    assert entry.abstract.endswith("a…")
    assert len(entry.authors) < 5_000
    assert {len(name) for name in entry.authors[:-1]} == {200}


def test_controls_and_direction_marks_do_not_reach_a_title() -> None:
    assert (
        only(rss(item(title="one\u202etwo\u0085three\n four"))).title
        == "one two three four"
    )


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"Paulo Andr\'e Lima", "Paulo André Lima"),
        (r"Erd\H{o}s and \v{C}ech", "Erdős and Čech"),
        (r"{\L}ukasz and {\'E}va", "Łukasz and Éva"),
        (r"\c{C}a\u{g}atay Y{\i}ld{\i}z", "Çağatay Yıldız"),
        (
            r"Mart\'{\i}n, J\"urgen, Stra\ss e, \AA ngstr\"om",
            "Martín, Jürgen, Straße, Ångström",
        ),
        (r"\o re, \O{}re", "øre, Øre"),
        (r"R\&D gains 5\% in \emph{all} of ``it''", "R&D gains 5% in all of “it”"),
        (
            r"cost \$5 and $\alpha\_b$ and \[\'e\] and \(\c c\)",
            r"cost \$5 and $\alpha\_b$ and \[\'e\] and \(\c c\)",
        ),
        (r"with $\mathcal{A}$ and {x}", r"with $\mathcal{A}$ and x"),
        ("It's 'quoted' as is", "It's 'quoted' as is"),
        (r"\unknown{kept}", r"\unknown{kept}"),
    ],
)
def test_tex_of_running_text_becomes_letters_and_maths_stays(
    tex: str, text: str
) -> None:
    assert plain_tex(tex) == text


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("", ()),
        ("Ada Lovelace", ("Ada Lovelace",)),
        ("A. One, B. Two, and C. Three", ("A. One", "B. Two", "C. Three")),
        ("John Roe, Jr., Ann Poe, III", ("John Roe, Jr.", "Ann Poe, III")),
        ("Jr.", ("Jr.",)),
        (
            "A. One (1), B. Two (1 and 2) ((1) Here, Now, (2) There)",
            ("A. One", "B. Two"),
        ),
        ("A. One (unclosed, B. Two", ("A. One unclosed", "B. Two")),
        ("A. One), B. Two", ("A. One", "B. Two")),
        (r"Andr\'e A, {\O}ystein B", ("André A", "Øystein B")),
    ],
)
def test_one_author_line_becomes_names(line: str, names: tuple[str, ...]) -> None:
    assert split_authors(line) == names


# Fuzzing: whatever bytes come, the answer is a feed or a refusal.

SEEDS = [body(name) for name in (*READABLE, *REFUSED)]
FRAGMENTS = [
    *(
        b"<",
        b">",
        b"&",
        b"\x00",
        b"\xff",
        b"$",
        b"\\",
        b"(",
        b"{",
        b"v99999",
        b"99999",
        b"-0400",
    ),
    *(
        b"</item>",
        b"<item>",
        b"<entry>",
        b"<title>",
        b"<!DOCTYPE x>",
        b"<![CDATA[",
        b"]]>",
    ),
    *(b"&#0;", b"&#x202e;", b"<?x ?>", b"xmlns=''"),
]


@st.composite
def mutated_feeds(draw: st.DrawFn) -> bytes:
    feed = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(feed)))
        upto = min(len(feed), at + draw(st.integers(0, 400)))
        feed[at:upto] = draw(
            st.sampled_from(FRAGMENTS)
            | st.binary(max_size=20)
            | st.just(bytes(feed[:at][-300:]))
        )
    return (
        bytes(feed[: draw(st.integers(0, len(feed)))])
        if draw(st.booleans())
        else bytes(feed)
    )


@settings(max_examples=300, deadline=None)
@given(mutated_feeds())
def test_a_mutated_feed_is_read_or_refused_and_nothing_else(feed: bytes) -> None:
    try:
        read = parse(feed, name="fuzzed")
    except FeedRefused:
        return

    for entry in read.entries:
        assert 0 < len(entry.title) <= arxiv.MAX_TITLE
        assert len(entry.abstract) <= arxiv.MAX_ABSTRACT
        assert 0 < entry.version <= arxiv.MAX_VERSION
        assert len(entry.arxiv_id) <= 32
        assert "\x00" not in entry.title + entry.abstract
    assert {id(e) for batch in read.batches() for e, _ in batch.entries} <= {
        id(e) for e in read.entries
    }


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab\\'\"{}()$[] ,&%`^~=.uvHc\u0301", max_size=200))
def test_tex_never_fails_and_never_grows(text: str) -> None:
    assert len(plain_tex(text)) <= len(text)
    assert sum(map(len, split_authors(text))) <= 2 * len(text) + 2
