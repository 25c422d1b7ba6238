"""The pages about papers, as members and curators see them."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from kombu.exceptions import OperationalError
from pytest_django import (
    DjangoAssertNumQueries,
    DjangoCaptureOnCommitCallbacks,
    Settings,
)

from curriculum.models import Curriculum, Resource, Step
from members.models import Member
from members.tests.make import make_group, make_member
from papers import actions, tasks
from papers.models import Batch, Feed, Reading
from papers.tests.make import NOW, feed, make_paper
from progress.models import Enrollment
from progress.tests.make import activity, key, make_curriculum, make_enrollment, step

pytestmark = pytest.mark.django_db
TUESDAY, WEDNESDAY, THURSDAY = date(2025, 6, 10), date(2025, 6, 11), date(2025, 6, 12)
HX = {"HX-Request": "true"}


@pytest.fixture
def member() -> Member:
    make_group()
    return make_member()


@pytest.fixture
def page(member: Member, client: Client) -> Client:
    client.force_login(member)
    return client


@pytest.fixture
def curator(client: Client) -> Client:
    make_group()
    client.force_login(make_member("Cora Tor", curator_since=timezone.now()))
    return client


def html(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return str(response.content.decode())


def speech_step(member: Member) -> Enrollment:
    """The member at step 1, “Speech”, and a day on which papers about it
    came among others.
    """
    curriculum = make_curriculum(
        step("speech", activity("Transducers for speech"), title="Speech transducers")
    )
    enrollment = make_enrollment(member, curriculum)
    enrollment.step_key, enrollment.step_slug, enrollment.step_number = (
        key("speech"),
        "speech",
        1,
    )
    enrollment.save()
    make_paper(title="A speech paper", abstract="A transducer for speech.")
    for n in range(20):
        make_paper(title=f"Other {n}", abstract="Nothing of it.")
    return enrollment


# Headlines


def test_visitors_are_asked_to_sign_in(client: Client) -> None:
    for address in (
        "/papers/",
        "/papers/2025-06-11/",
        "/papers/2506.00001/",
        "/papers/feeds/",
        "/papers/list/",
    ):
        assert client.get(address).status_code == 302


def test_before_the_first_harvest_the_page_says_so(page: Client) -> None:
    assert "No papers yet" in html(page, "/papers/")


def test_the_newest_day_shows_its_new_papers_with_authors_category_and_number(
    page: Client,
) -> None:
    make_paper(title="Old", announced_on=TUESDAY)
    make_paper(
        title="On $x^2$",
        arxiv_id="2506.07001",
        authors=("J. Ho", "A. Jain", "P. Abbeel"),
    )
    make_paper(title="Crossed", kind="cross")
    make_paper(title="Replaced", kind="replace", version=2)

    shown = html(page, "/papers/")

    assert "3 papers that arXiv announced on Wednesday 11 June 2025." in shown
    assert "On $x^2$" in shown
    for words in (
        "J. Ho, A. Jain and P. Abbeel",
        "cs.LG",
        "2506.07001",
        'href="/papers/2506.07001/"',
    ):
        assert words in shown
    for other in ("Crossed", "Replaced", ">Old<"):
        assert other not in shown
    for count in ("New 1", "Cross-listed 1", "New versions 1"):
        assert count in shown


def test_a_paper_without_authors_begins_with_its_category(page: Client) -> None:
    make_paper(authors=())

    assert re.search(r'<p class="dots">\s*<span>cs.LG</span>', html(page, "/papers/"))


def test_cross_lists_and_new_versions_are_behind_their_tabs(page: Client) -> None:
    make_paper(title="Fresh")
    make_paper(title="Crossed", kind="cross")
    make_paper(title="Replaced", kind="replace", version=2)

    assert "Crossed" in html(page, "/papers/2025-06-11/?kind=cross")
    assert "Replaced" in html(page, "/papers/2025-06-11/?kind=replace")
    assert "Fresh" not in html(page, "/papers/2025-06-11/?kind=replace")


def test_a_day_with_cross_lists_only_opens_on_them(page: Client) -> None:
    make_paper(title="Crossed", kind="cross")

    assert "Crossed" in html(page, "/papers/")


def test_a_paper_of_several_categories_stands_once_as_new(page: Client) -> None:
    make_paper(title="In both", categories=("cs.LG", "stat.ML"))

    shown = html(page, "/papers/")

    assert shown.count(">In both<") == 1
    assert "New 1" in shown
    assert "Cross-listed 0" in shown


def test_a_category_shows_what_it_announced(page: Client) -> None:
    make_paper(title="In both", categories=("cs.LG", "stat.ML"))
    make_paper(title="Only vision", categories=("cs.CV",))

    statistics = html(page, "/papers/2025-06-11/?category=stat.ML")

    assert "In both" in statistics
    assert "Only vision" not in statistics
    assert "Cross-listed 1" in statistics
    assert "Only vision" in html(page, "/papers/2025-06-11/?category=no-such-one")


def test_days_lead_to_their_neighbours(page: Client) -> None:
    for day in (TUESDAY, WEDNESDAY, THURSDAY):
        make_paper(announced_on=day)

    middle, newest = html(page, "/papers/2025-06-11/"), html(page, "/papers/")

    assert 'href="/papers/2025-06-10/"' in middle
    assert 'href="/papers/2025-06-12/"' in middle
    assert 'href="/papers/2025-06-11/"' in newest
    assert "Tuesday 10 June" not in newest


def test_a_day_without_an_announcement_is_not_found(page: Client) -> None:
    make_paper()

    assert page.get("/papers/2025-06-14/").status_code == 404
    assert page.get("/papers/2025-02-30/").status_code == 404


@pytest.mark.parametrize(("now", "said"), [("2025-06-14", True), ("2025-06-11", False)])
def test_at_the_weekend_the_page_says_when_papers_come_again(
    page: Client, now: str, said: bool
) -> None:
    make_paper()

    with time_machine.travel(datetime.fromisoformat(now).replace(hour=15, tzinfo=UTC)):
        page.force_login(Member.objects.get())
        assert ("the next ones come on Monday" in html(page, "/papers/")) == said


def test_a_long_day_comes_in_pages_and_every_paper_once(page: Client) -> None:
    titles = [f"Paper {n:03}" for n in range(75)]
    for title in titles:
        make_paper(title=title)

    seen: list[str] = []
    address: str | None = "/papers/"
    while address:
        shown = html(page, address)
        seen += [title for title in titles if f">{title}<" in shown]
        link = re.search(r'href="(/papers/2025-06-11/[^"]*after=[^"]*)"', shown)
        address = unescape(link[1]) if link else None

    assert seen == titles
    assert '<data value="75">' in shown


def test_no_paper_stands_twice_on_a_page(page: Client, member: Member) -> None:
    speech_step(member)
    for n in range(40):
        make_paper(
            title=f"More {n}",
            abstract="A transducer for speech." if n == 39 else "Nothing of it.",
        )

    shown = html(page, "/papers/")
    link = re.search(r'href="(/papers/2025-06-11/[^"]*after=[^"]*)"', shown)
    assert link
    shown += html(page, unescape(link[1]), **HX)

    assert "For you" in shown
    ids = re.findall(r'<h3><a href="/papers/([\d.]+)/"', shown)
    assert len(ids) == len(set(ids)) == 61
    numbers = re.findall(r'<data value="(\d+)">', shown)
    assert numbers == [str(n) for n in range(1, 60)]


def test_a_row_says_which_kind_of_announcement_it_is(page: Client) -> None:
    make_paper(
        title="Old one", kind="replace", version=3, categories=("cs.LG", "cs.CL")
    )
    make_paper(title="Crossed", categories=("cs.CV", "cs.LG"), announced_in=("cs.LG",))

    replaced = html(page, "/papers/2025-06-11/?kind=replace")
    assert "<span>new version</span>" in replaced
    assert re.search(r"<span>2506\.\d+v3</span>", replaced)
    assert "<span>cross-list</span>" in html(page, "/papers/2025-06-11/?kind=cross")


def test_every_version_of_a_paper_has_its_address_and_a_withdrawn_one_says_so(
    page: Client,
) -> None:
    paper = make_paper(
        version=3, abstract="This paper has been withdrawn by its authors."
    )

    shown = html(page, f"/papers/{paper.arxiv_id}/")

    assert [f"abs/{paper.arxiv_id}v{n}" in shown for n in (1, 2, 3, 4)] == [
        True,
        True,
        True,
        False,
    ]
    assert "Withdrawn" in shown
    assert "Withdrawn" not in html(page, f"/papers/{make_paper().arxiv_id}/")


@pytest.mark.parametrize("without", ["x", "1,2,3,4,5,6,7", "-1", "9" * 40, "1,,2", "١"])
def test_odd_addresses_of_the_next_page_are_read(page: Client, without: str) -> None:
    make_paper()
    html(page, "/papers/2025-06-11/", **HX)

    assert (
        page.get(
            "/papers/2025-06-11/", {"without": without, "after": "0.0"}
        ).status_code
        == 200
    )


def test_readers_are_told_what_keeps_papers_away(
    page: Client, settings: Settings
) -> None:
    settings.ARXIV_CATEGORIES = ["cs.LG", "cs.CL", "cs.CV"]
    make_paper()
    Batch.objects.update(partial=True)
    actions.mark_feed_failed(actions.follow_feed("cs.LG"), "it is broken", now=NOW)
    actions.mark_feed_repeated(
        actions.follow_feed("cs.CL"), day=WEDNESDAY, etag="", last_modified="", now=NOW
    )
    actions.mark_feed_ok(
        actions.follow_feed("cs.CV"),
        announced_on=TUESDAY,
        etag="",
        last_modified="",
        now=NOW,
    )

    with time_machine.travel(NOW + timedelta(hours=3)):
        page.force_login(Member.objects.get())
        shown = html(page, "/papers/")

    assert "cs.LG: this day is not complete" in shown
    assert "cs.CL: arXiv shows papers of an earlier day" in shown
    assert "cs.CV: arXiv has not announced today’s papers yet" in shown


def test_htmx_gets_the_next_rows_alone(page: Client) -> None:
    for n in range(31):
        make_paper(title=f"Paper {n:02}")
    cursor = html(page, "/papers/").partition("after=")[2].partition('"')[0]

    rows = html(page, f"/papers/2025-06-11/?kind=new&after={cursor}", **HX)

    assert "<html" not in rows
    assert rows.count("<li") == 1
    assert "Paper 30" in rows


@pytest.mark.parametrize(
    "after", ["x", "1", "1.", ".1", "-1.2", "9" * 40, "١.١", "99999.1"]
)
def test_a_cursor_that_nobody_gave_out_does_no_harm(page: Client, after: str) -> None:
    make_paper()

    assert page.get("/papers/", {"after": after}).status_code == 200


def test_titles_and_names_of_a_hostile_feed_stay_text(page: Client) -> None:
    hostile = feed("trimmed_rss_csLG_2025-06-11.xml")
    entry = hostile.entries[0]
    script = "<script>alert(1)</script>"
    fields = {name: getattr(entry, name) for name in entry.__slots__}
    fields["title"] = script
    fields["abstract"] = f"$x${script}<img src=x onerror=alert(1)>"
    fields["authors"] = (script,)
    changed = entry.__class__(**fields)
    actions.store(hostile.__class__("rss", ("cs.LG",), WEDNESDAY, (changed,)), now=NOW)

    for address in ("/papers/?kind=cross", "/papers/", f"/papers/{entry.arxiv_id}/"):
        shown = html(page, address)
        assert "<script>alert" not in shown
        assert "<img" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html(
        page, f"/papers/{entry.arxiv_id}/"
    )


# For the member's step


def test_papers_for_the_members_step_stand_on_top_with_the_reason(
    page: Client, member: Member
) -> None:
    speech_step(member)

    shown = html(page, "/papers/")

    assert "because you are at Step 1: Speech transducers" in shown
    assert "because it is about speech, transducer" in shown
    assert (
        shown.index("For you")
        < shown.index("A speech paper")
        < shown.index("Headlines")
    )


def test_the_list_says_how_many_papers_stand_above_it(
    page: Client, member: Member
) -> None:
    before = html(page, "/papers/")
    speech_step(member)

    after = html(page, "/papers/")

    assert "under “For you”" not in before
    assert after.count("One more stands above, under “For you”.") == 1


def test_a_hidden_paper_is_suggested_to_others_only(
    page: Client, member: Member
) -> None:
    speech_step(member)
    html(page, "/papers/")
    actions.hide_paper(
        Reading.paper.field.related_model.objects.get(title="A speech paper"),
        member=member,
        now=NOW,
    )

    assert "A speech paper" not in html(page, "/papers/")


def test_without_an_enrolment_or_a_step_nothing_is_suggested(
    page: Client, member: Member
) -> None:
    enrollment = speech_step(member)
    enrollment.step_key = None
    enrollment.save()
    assert "For you" not in html(page, "/papers/")

    enrollment.step_key = UUID(int=5)
    enrollment.save()
    assert "For you" not in html(page, "/papers/")

    enrollment.delete()
    assert "For you" not in html(page, "/papers/")


# Query counts


@pytest.mark.parametrize("papers", [1, 3])
def test_the_headlines_ask_the_same_queries_for_any_number_of_papers(
    page: Client,
    member: Member,
    papers: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    speech_step(member)
    for n in range(papers):
        kept = make_paper(title=f"Kept {n}", categories=("cs.LG", "cs.CV"))
        actions.keep_paper(kept, member=member, now=NOW)
    # the papers for the step are worked out, the group is in memory
    html(page, "/papers/")

    # session with member and enrolment, newest days, marks on the papers,
    # reading list; the papers are cached
    with django_assert_num_queries(4):
        html(page, "/papers/")
    # the same, with the days around
    with django_assert_num_queries(4):
        html(page, "/papers/2025-06-11/")


@pytest.mark.parametrize("papers", [1, 3])
def test_the_reading_list_asks_the_same_queries_for_any_number_of_papers(
    page: Client,
    member: Member,
    papers: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(papers):
        actions.keep_paper(make_paper(), member=member, now=NOW)
    html(page, "/papers/list/")

    # session with member and enrolment, readings with their papers
    with django_assert_num_queries(2):
        html(page, "/papers/list/")


@pytest.mark.parametrize("versions", [1, 3])
def test_a_paper_asks_the_same_queries_for_any_number_of_versions(
    page: Client, versions: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    paper = make_paper()
    for number in range(2, versions + 1):
        paper.versions.create(number=number, announced_on=WEDNESDAY)
    html(page, f"/papers/{paper.arxiv_id}/")

    # session with member and enrolment, paper, versions, steps that use
    # it, thread, what of them is saved
    with django_assert_num_queries(6):
        html(page, f"/papers/{paper.arxiv_id}/")


@pytest.mark.parametrize("feeds", [1, 3])
def test_the_feeds_page_asks_the_same_queries_for_any_number_of_feeds(
    curator: Client,
    settings: Settings,
    feeds: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    settings.ARXIV_CATEGORIES = ["cs.LG", "cs.CL", "cs.CV"]
    for category in settings.ARXIV_CATEGORIES[:feeds]:
        actions.follow_feed(category)
    html(curator, "/papers/feeds/")

    # session with member and enrolment, feeds with their newest batches,
    # batches of two weeks, feeds no longer followed
    with django_assert_num_queries(4):
        html(curator, "/papers/feeds/")


# One paper


def test_a_paper_shows_its_abstract_authors_versions_and_ways_to_arxiv(
    page: Client,
) -> None:
    actions.store(feed("trimmed_new_atom_csAI_2025-08-20.xml"), now=NOW)

    shown = html(page, "/papers/2508.13426/")

    for words in (
        "ALIGN: Word Association Learning",
        "Chunhua Liu, Kabir Manandhar Shrestha, Sukai Huang",
        "As large language models (LLMs) increasingly mediate",
        'href="https://arxiv.org/pdf/2508.13426"',
        'href="https://arxiv.org/abs/2508.13426"',
        'href="https://arxiv.org/abs/2508.13426v1"',
        "20 August 2025",
        "CC BY-NC-SA 4.0",
    ):
        assert words in shown


def test_formulas_of_an_abstract_are_mathml(page: Client) -> None:
    actions.store(feed("old_rdf_hepex_2018-05-23.xml"), now=NOW)

    shown = html(page, "/papers/1805.08875/")

    assert "<math" in shown
    assert "$\\sqrt" not in shown


def test_a_paper_with_an_old_number_has_its_page(page: Client) -> None:
    make_paper(arxiv_id="cs/0601001", title="Of the old days")

    assert "Of the old days" in html(page, "/papers/cs/0601001/")


@pytest.mark.parametrize(
    "address",
    ["/papers/2506.99999/", "/papers/cs/0601001/", "/papers/nonsense/", "/papers/1/"],
)
def test_an_unknown_paper_is_not_found(page: Client, address: str) -> None:
    assert page.get(address).status_code == 404


def test_a_paper_names_the_steps_that_read_it(page: Client) -> None:
    paper = make_paper(arxiv_id="1706.03762", title="Attention Is All You Need")
    resource = {
        "title": "Attention",
        "url": "https://arxiv.org/abs/1706.03762",
        "arxiv_id": "1706.03762",
    }
    reads = activity("Read it", resource="attention")
    curriculum = make_curriculum(
        step("first", activity("A")),
        step("second", reads, title="Transformers"),
        attention=resource,
    )
    draft(curriculum, arxiv_id="1706.03762")

    shown = html(page, f"/papers/{paper.arxiv_id}/")

    assert "Step 2: Transformers" in shown
    assert 'href="/learn/way-up/second/"' in shown
    assert "Step 1" not in shown


def draft(curriculum: Curriculum, *, arxiv_id: str) -> None:
    """The curators' rows behind a release that was made by hand."""
    resource = Resource.objects.create(
        slug="attention",
        title="Attention",
        kind="paper",
        url="https://arxiv.org/abs/1706.03762",
        arxiv_id=arxiv_id,
    )
    row = Step.objects.create(
        curriculum=curriculum, slug="second", title="Transformers"
    )
    row.activities.create(title="Read it", do="read", aspect="math", resource=resource)


@pytest.mark.parametrize(
    ("licence", "name"),
    [
        ("http://creativecommons.org/licenses/by/4.0/", "CC BY 4.0"),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "CC 0 1.0"),
        ("http://arxiv.org/licenses/nonexclusive-distrib/1.0/", "arXiv’s own licence"),
        ("http://example.org/mine", "http://example.org/mine"),
    ],
)
def test_a_licence_is_named(licence: str, name: str) -> None:
    paper = make_paper()
    paper.licence = licence

    assert paper.licence_name == name


# Keep and hide


def test_a_kept_paper_is_on_the_reading_list_until_it_is_taken_off(
    page: Client, member: Member
) -> None:
    paper = make_paper(title="Kept")

    answer = page.post(
        f"/papers/{paper.arxiv_id}/keep/",
        {"keep": "1"},
        headers={"Referer": "http://testserver/papers/"},
    )
    assert (answer.status_code, answer["Location"]) == (
        302,
        "http://testserver/papers/",
    )
    assert "Kept" in html(page, "/papers/list/")
    assert 'aria-pressed="true"' in html(page, "/papers/")
    assert 'aria-pressed="true"' in html(page, f"/papers/{paper.arxiv_id}/")

    page.post(f"/papers/{paper.arxiv_id}/keep/", {"keep": "0"})
    assert "Nothing kept" in html(page, "/papers/list/")
    assert 'aria-pressed="true"' not in html(page, "/papers/")


def test_the_way_back_stays_on_this_site(page: Client) -> None:
    paper = make_paper()

    for referer in ("https://evil.example/papers/", "javascript:alert(1)", ""):
        answer = page.post(
            f"/papers/{paper.arxiv_id}/keep/",
            {"keep": "1"},
            headers={"Referer": referer},
        )
        assert answer["Location"] == f"/papers/{paper.arxiv_id}/"


def test_keeping_with_htmx_answers_with_the_buttons_and_the_list(page: Client) -> None:
    paper = make_paper(title="Kept")

    answer = page.post(
        f"/papers/{paper.arxiv_id}/keep/", {"keep": "1", "number": "4"}, headers=HX
    ).content.decode()

    assert "<html" not in answer
    assert 'value="0" aria-pressed="true"' in answer
    assert 'id="reading-list"' in answer
    assert 'hx-swap-oob="true"' in answer


def test_keeping_on_the_papers_page_answers_with_its_button(page: Client) -> None:
    paper = make_paper()

    answer = page.post(
        f"/papers/{paper.arxiv_id}/keep/", {"keep": "1", "here": "paper"}, headers=HX
    ).content.decode()

    assert "On your list" in answer
    assert "reading-list" not in answer


def test_a_hidden_paper_leaves_the_members_headlines_only(
    page: Client, member: Member
) -> None:
    paper, other = make_paper(title="Hidden"), make_paper(title="Shown")

    page.post(f"/papers/{paper.arxiv_id}/hide/", {"hide": "1"})

    assert "is hidden from your headlines" in html(page, "/papers/")
    shown = html(page, "/papers/")
    assert ">Hidden<" not in shown
    assert other.title in shown
    page.force_login(make_member("Wei Tan"))
    assert ">Hidden<" in html(page, "/papers/")


def test_what_one_member_keeps_is_not_on_the_list_of_another(
    page: Client, member: Member
) -> None:
    kept, other = make_paper(), make_paper()
    actions.keep_paper(kept, member=member, now=NOW)
    actions.keep_paper(other, member=make_member("Wei Tan"), now=NOW)
    pressed = re.compile(r'id="keep-(\d+)" value="0" aria-pressed="true"')

    def shown_as_kept() -> list[str]:
        return pressed.findall(html(page, "/papers/"))

    assert shown_as_kept() == [str(kept.pk)]
    page.force_login(Member.objects.get(name="Wei Tan"))
    assert shown_as_kept() == [str(other.pk)]
    page.force_login(member)
    assert shown_as_kept() == [str(kept.pk)]


def test_each_page_of_headlines_has_the_token_of_its_own_request(page: Client) -> None:
    make_paper()
    token = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')

    first, second = (set(token.findall(html(page, "/papers/"))) for _ in range(2))

    assert first
    assert not first & second


def test_hiding_with_htmx_can_be_undone_in_place(page: Client) -> None:
    paper = make_paper(title="Hidden one")

    gone = page.post(
        f"/papers/{paper.arxiv_id}/hide/", {"hide": "1", "number": "4"}, headers=HX
    ).content.decode()
    assert "Hidden: Hidden one" in gone
    assert "Undo" in gone
    back = page.post(
        f"/papers/{paper.arxiv_id}/hide/", {"hide": "0", "number": "4"}, headers=HX
    ).content.decode()
    assert '<data value="4">4</data>' in back
    assert ">Hidden one<" in html(page, "/papers/")


def test_undoing_without_htmx_leads_back(page: Client) -> None:
    paper = make_paper()
    actions.hide_paper(paper, member=Member.objects.get(), now=NOW)

    assert (
        page.post(f"/papers/{paper.arxiv_id}/hide/", {"hide": "0"})["Location"]
        == f"/papers/{paper.arxiv_id}/"
    )


@pytest.mark.parametrize("deed", ["keep", "hide"])
def test_keeping_and_hiding_are_posted_and_need_a_paper(
    page: Client, deed: str
) -> None:
    paper = make_paper()

    assert page.get(f"/papers/{paper.arxiv_id}/{deed}/").status_code == 405
    assert page.post(f"/papers/2999.00001/{deed}/").status_code == 404


def test_a_long_reading_list_comes_in_pages(page: Client, member: Member) -> None:
    for n in range(51):
        actions.keep_paper(
            make_paper(title=f"Kept {n:02}"),
            member=member,
            now=NOW + timedelta(minutes=n),
        )

    first = html(page, "/papers/list/")
    older = first.partition('href="?before=')[2].partition('"')[0]

    assert "Kept 50" in first
    assert "Kept 00" not in first
    assert ">Kept 00<" in html(page, f"/papers/list/?before={older}")
    first_of_all, last_of_all = (
        "0001-01-01T00:00:00%2B14:00",
        "9999-12-31T23:59:59-14:00",
    )
    for nonsense in (
        "x",
        "2025-06-11",
        "2025-13-45T00:00:00Z",
        first_of_all,
        last_of_all,
    ):
        assert "Kept 50" in html(page, f"/papers/list/?before={nonsense}")


def test_nobody_sees_what_another_member_keeps(page: Client) -> None:
    actions.keep_paper(
        make_paper(title="Private"), member=make_member("Wei Tan"), now=NOW
    )

    assert "Private" not in html(page, "/papers/list/")
    assert 'aria-pressed="true"' not in html(page, "/papers/")


# How the harvest goes


def test_the_feeds_page_is_for_curators(page: Client) -> None:
    assert page.get("/papers/feeds/").status_code == 404
    assert page.post("/papers/feeds/cs.LG/").status_code == 404


def test_the_feeds_page_tells_what_went_well_what_failed_and_when_it_is_tried_again(
    curator: Client, settings: Settings
) -> None:
    settings.ARXIV_CATEGORIES = ["cs.LG", "cs.CL", "stat.ML"]
    actions.store(feed("trimmed_rss_csLG_2025-06-11.xml"), now=NOW)
    actions.mark_feed_ok(
        actions.follow_feed("cs.LG"),
        announced_on=WEDNESDAY,
        etag="",
        last_modified="",
        now=NOW,
    )
    for _ in range(2):
        actions.mark_feed_failed(
            actions.follow_feed("cs.CL"), "it is broken at line 4", now=NOW
        )
    actions.follow_feed("hep-ex")

    with time_machine.travel(NOW, tick=False):
        curator.force_login(Member.objects.get())
        shown = html(curator, "/papers/feeds/")

    assert "Fine" in shown
    assert 'href="/papers/2025-06-11/"' in shown
    assert "it is broken at line 4" in shown
    assert "Failed 2 times" in shown
    assert "11 June, 10:40" in shown
    assert "Not asked yet" in shown
    assert "No longer followed: hep-ex" in " ".join(shown.split())


def test_a_curator_has_a_feed_asked_at_once(
    curator: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(tasks.harvest, "delay", asked.append)

    with django_capture_on_commit_callbacks(execute=True):
        answer = curator.post("/papers/feeds/cs.LG/", follow=True)

    assert asked == ["cs.LG"]
    assert "arXiv is being asked for cs.LG" in answer.content.decode()
    assert curator.post("/papers/feeds/hep-ex/").status_code == 404
    assert curator.get("/papers/feeds/cs.LG/").status_code == 405
    assert not Feed.objects.exists()


def test_a_worker_that_is_away_is_told(
    curator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_category: str) -> None:
        raise OperationalError("refused")

    monkeypatch.setattr(tasks.harvest, "delay_on_commit", away)

    assert (
        "The worker cannot be reached"
        in curator.post("/papers/feeds/cs.LG/", follow=True).content.decode()
    )


def test_the_operators_desk_shows_papers_batches_and_feeds_and_no_readings(
    client: Client,
) -> None:
    owner = make_member("Olga Wner", owner_since=timezone.now())
    paper = make_paper()
    actions.keep_paper(paper, member=owner, now=NOW)
    actions.follow_feed("cs.LG")
    client.force_login(owner)

    for address in ("paper", f"paper/{paper.pk}/change", "batch", "feed", "feed/add"):
        assert client.get(f"/admin/papers/{address}/").status_code == 200
    assert client.get("/admin/papers/reading/").status_code == 404
    assert (
        client.post(
            f"/admin/papers/paper/{paper.pk}/delete/", {"post": "yes"}
        ).status_code
        == 403
    )
    assert client.get("/admin/papers/paper/add/").status_code == 403
    assert client.get("/admin/papers/batch/add/").status_code == 403


def test_the_page_of_feeds_looks_for_the_answer_a_few_times(client: Client) -> None:
    curator = Client()
    curator.force_login(make_member("Ilse Brandt", curator_since=NOW))

    page = curator.get("/papers/feeds/?look=2").content.decode()
    last = curator.get("/papers/feeds/?look=0").content.decode()

    assert 'hx-get="/papers/feeds/?look=1"' in page
    assert 'id="feeds" hx-get' not in last
    for nonsense in ("x", "-1", "9" * 30, "²", ""):
        assert curator.get("/papers/feeds/", {"look": nonsense}).status_code == 200
