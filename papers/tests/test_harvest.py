"""The harvest end to end, against a real server on this machine, and the
command that starts it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import CommandError, call_command
from pytest_django import Settings
from pytest_httpserver import HTTPServer

from papers import fetch
from papers import harvest as harvesting
from papers.actions import Stored
from papers.harvest import Visit, due_categories
from papers.models import Batch, Feed, Paper
from papers.tasks import harvest
from papers.tests.make import FEEDS, NOW, feed_bytes, make_paper

pytestmark = pytest.mark.django_db
LEARNING = "trimmed_rss_csLG_2025-06-11.xml"


@pytest.fixture(autouse=True)
def _a_server_here(
    settings: Settings, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    settings.OUTBOUND_PRIVATE_HOSTS = ["localhost"]
    settings.ARXIV_RSS_URL = httpserver.url_for("/rss/")
    settings.ARXIV_CATEGORIES = ["cs.LG", "cs.CL"]
    monkeypatch.setattr(fetch, "sleep", lambda seconds: None)
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def serve(httpserver: HTTPServer, category: str, name: str, status: int = 200) -> None:
    httpserver.expect_request(f"/rss/{category}").respond_with_data(
        feed_bytes(name), status=status
    )


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("harvest", *arguments, stdout=out)
    return out.getvalue()


def refused(*arguments: str) -> str:
    with pytest.raises(CommandError) as error:
        call_command("harvest", *arguments, stdout=StringIO())
    return str(error.value)


def test_the_harvest_stores_every_feed_of_the_settings(httpserver: HTTPServer) -> None:
    serve(httpserver, "cs.LG", LEARNING)
    serve(httpserver, "cs.CL", "trimmed_rss_csCL_2025-06-11.xml")

    assert harvest() == 2

    assert sorted(Batch.objects.values_list("category", flat=True)) == [
        "cs.CL",
        "cs.LG",
    ]
    assert Paper.objects.count() == 16
    assert set(Feed.objects.values_list("failures", "next_try_at")) == {
        (0, datetime(2025, 6, 12, 4, 15, tzinfo=UTC))
    }


def test_a_feed_is_asked_again_only_when_it_is_due(httpserver: HTTPServer) -> None:
    serve(httpserver, "cs.LG", LEARNING)
    serve(httpserver, "cs.CL", "derived_rss_error_http400.xml", status=400)

    assert harvest() == 1
    assert harvest() == 0
    assert len(httpserver.log) == 2

    assert due_categories(NOW + timedelta(minutes=51)) == ["cs.CL"]
    assert due_categories(NOW + timedelta(days=1)) == ["cs.LG", "cs.CL"]


def test_a_visit_that_a_wrong_clock_planned_is_due_now(settings: Settings) -> None:
    settings.ARXIV_CATEGORIES = ["cs.LG", "cs.CL"]
    Feed.objects.create(category="cs.LG", next_try_at=NOW + timedelta(days=300))
    Feed.objects.create(category="cs.CL", next_try_at=NOW + timedelta(days=3))

    assert due_categories(NOW) == ["cs.LG"]


def test_the_harvest_renders_papers_of_an_older_pipeline_again(
    settings: Settings,
) -> None:
    settings.ARXIV_CATEGORIES = []
    old = make_paper(abstract="Of $y$")

    assert harvest() == 0

    old.refresh_from_db()
    assert "<math" in old.abstract_html


def test_one_bad_feed_does_not_keep_the_others_away(httpserver: HTTPServer) -> None:
    serve(httpserver, "cs.LG", "malformed_html_503.html")
    serve(httpserver, "cs.CL", "trimmed_rss_csCL_2025-06-11.xml")

    assert harvest() == 1

    assert Feed.objects.get(category="cs.LG").failure.startswith(
        "a web page came instead of a feed"
    )
    assert Batch.objects.get().category == "cs.CL"


def test_what_is_here_stays_when_arxiv_is_down_and_the_reason_is_logged(
    httpserver: HTTPServer, caplog: pytest.LogCaptureFixture
) -> None:
    kept = make_paper()
    httpserver.expect_request("/rss/cs.LG").respond_with_data(
        b"", status=503, headers={"Retry-After": "7200"}
    )

    assert harvest("cs.LG") == 0

    row = Feed.objects.get()
    assert row.failure == "arXiv answered 503 SERVICE UNAVAILABLE"
    assert row.next_try_at == NOW + timedelta(hours=2)
    assert "The feed of cs.LG: arXiv answered 503" in caplog.text
    assert list(Paper.objects.all()) == [kept]


def test_arxivs_own_words_about_an_error_are_told(httpserver: HTTPServer) -> None:
    serve(httpserver, "cs.XX", "derived_rss_error_http400.xml", status=400)

    visited = harvesting.visit("cs.XX", now=NOW)

    assert visited.failure == (
        "arXiv answered 400 BAD REQUEST: arXiv answers with an error: "
        "Invalid archive or category 'cs.XX'"
    )


def test_a_feed_that_breaks_off_leaves_its_papers_and_is_asked_again(
    httpserver: HTTPServer,
) -> None:
    serve(httpserver, "cs.CL", "malformed_truncated.xml")

    visited = harvesting.visit("cs.CL", now=NOW)

    assert visited.stored.papers == 19
    assert (
        visited.failure
        == "it is broken at line 271 (no element found); items that could not be read: 1"
    )
    row = Feed.objects.get()
    assert (row.failure, row.failures, row.ok_at, row.etag) == (
        visited.failure,
        1,
        None,
        "",
    )
    assert row.next_try_at == NOW + timedelta(minutes=50)
    assert Batch.objects.get().partial


def test_a_feed_that_has_not_changed_is_fine(httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/rss/cs.LG").respond_with_data(
        feed_bytes(LEARNING), headers={"ETag": '"v1"'}
    )
    httpserver.expect_ordered_request(
        "/rss/cs.LG", headers={"If-None-Match": '"v1"'}
    ).respond_with_data(status=304)

    harvesting.visit("cs.LG", now=NOW)
    visited = harvesting.visit("cs.LG", now=NOW)

    assert visited == Visit("cs.LG", NOW.date(), Stored(), changed=False)
    assert Feed.objects.get().etag == '"v1"'


def test_an_empty_feed_of_a_weekend_is_fine(httpserver: HTTPServer) -> None:
    serve(httpserver, "cs.LG", "derived_rss_csLG_empty_saturday.xml")
    saturday = datetime(2025, 6, 14, 9, tzinfo=UTC)

    assert harvesting.visit("cs.LG", now=saturday) == Visit("cs.LG", saturday.date())
    assert Feed.objects.get().next_try_at == datetime(2025, 6, 16, 4, 15, tzinfo=UTC)


def test_the_feed_of_another_category_is_refused(httpserver: HTTPServer) -> None:
    serve(httpserver, "cs.CV", LEARNING)

    assert harvesting.visit("cs.CV", now=NOW).failure == "it is the feed of cs.LG"
    assert not Paper.objects.exists()


def test_a_feed_from_the_future_is_refused(httpserver: HTTPServer) -> None:
    serve(httpserver, "cs.LG", LEARNING)

    assert (
        "a day that has not come yet"
        in harvesting.visit("cs.LG", now=NOW - timedelta(days=3)).failure
    )
    assert not Paper.objects.exists()


def test_a_mistake_of_ours_is_told_as_well(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("no space left")

    serve(httpserver, "cs.LG", LEARNING)
    monkeypatch.setattr(harvesting.actions, "store", broken)

    assert (
        harvesting.visit("cs.LG", now=NOW).failure
        == "it could not be stored (RuntimeError)"
    )
    assert Feed.objects.get().failures == 1


def test_the_command_tells_what_was_stored(httpserver: HTTPServer) -> None:
    serve(httpserver, "cs.LG", LEARNING)
    serve(httpserver, "cs.CL", "trimmed_rss_csCL_2025-06-11.xml")

    assert told() == (
        "cs.LG of 11 June 2025: 10 new announcements, 10 new papers, 10 new versions\n"
        "cs.CL of 11 June 2025: 13 new announcements, 6 new papers, 6 new versions\n"
    )


def test_the_command_tells_that_nothing_is_new(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/rss/cs.LG").respond_with_data(status=304)

    assert told("--category", "cs.LG") == "cs.LG: nothing new since no day yet\n"
    make_paper()
    assert told("--category", "cs.LG") == "cs.LG: nothing new since 11 June 2025\n"


def test_the_command_reads_a_file_without_asking_arxiv(httpserver: HTTPServer) -> None:
    expected = (
        "cs.LG of 11 June 2025: 10 new announcements, 10 new papers, 10 new versions\n"
    )

    assert told(str(FEEDS / LEARNING)) == expected
    assert told(str(FEEDS / LEARNING), "--category", "cs.LG") == expected.replace(
        "10", "0"
    )
    assert httpserver.log == []
    assert not Feed.objects.exists()


def test_the_command_fails_with_the_reason_and_the_name(
    httpserver: HTTPServer, tmp_path: Path
) -> None:
    assert (
        refused(str(FEEDS / "malformed_empty_body.xml"))
        == "malformed_empty_body.xml: it is empty"
    )
    assert refused(str(tmp_path / "none.xml")).endswith(
        "none.xml: No such file or directory"
    )
    assert (
        refused(str(FEEDS / LEARNING), "--category", "cs.CV")
        == f"{LEARNING}: it is not the feed of cs.CV"
    )
    assert "cs.CV: arXiv answered 500" in refused("--category", "cs.CV")
    assert not Paper.objects.exists()


@pytest.mark.parametrize("category", ["cs.lg", "machine learning", "x" * 50, ""])
def test_the_command_refuses_what_is_no_category(category: str) -> None:
    assert refused("--category", category).startswith("arXiv has no category")
    assert not Feed.objects.exists()


def test_the_command_stores_what_is_whole_of_a_broken_file_and_fails() -> None:
    said = refused(str(FEEDS / "malformed_truncated.xml"))

    assert said == (
        "malformed_truncated.xml: it is broken at line 271 (no element found); "
        "items that could not be read: 1"
        "; the papers before the fault are kept, the rest comes with the next feed"
    )
    assert Paper.objects.count() == 19


def test_a_bad_file_that_is_said_to_be_a_category_shows_on_its_feed() -> None:
    refused(str(FEEDS / "malformed_empty_body.xml"), "--category", "cs.LG")

    assert Feed.objects.get().failure == "malformed_empty_body.xml: it is empty"


@pytest.mark.parametrize("name", sorted(path.name for path in FEEDS.glob("*ml")))
def test_every_file_is_stored_or_refused_by_name(name: str) -> None:
    bad = name.startswith("malformed") or "error" in name

    with time_machine.travel(datetime(2025, 8, 21, tzinfo=UTC)):
        said = refused(str(FEEDS / name)) if bad else told(str(FEEDS / name))

    if bad:
        assert said.startswith(f"{name}: ")
    else:
        assert "new announcements" in said
    in_part = ("malformed_truncated.xml", "malformed_unescaped_amp.xml")
    assert Paper.objects.exists() == (name in in_part or not (bad or "empty" in name))
