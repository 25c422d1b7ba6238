import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from community.tests.make import make_post, make_reaction
from members.tests.make import make_group, make_member
from progress import actions
from progress.models import Enrollment, LoggedTime, Record, RouteChoice, StudyEvent
from progress.tests.make import (
    NOW,
    activity,
    document,
    key,
    make_curriculum,
    make_enrollment,
    make_release,
    route,
    step,
)

pytestmark = pytest.mark.django_db
START = "/learn/way-up/start/"
DEEP = "/learn/way-up/deep/"


@pytest.fixture
def ines():
    make_group()
    return make_member("Ines Duarte", goal="research")


@pytest.fixture
def browser(client, ines):
    client.force_login(ines)
    return client


def mark_url(name: str) -> str:
    return reverse("progress:mark", args=[key(name)])


def press(browser, name: str, *, at: str = "start", htmx: bool = False, **data: str):
    headers = {"HX-Request": "true", "HX-Target": f"activity-{key(name)}"} if htmx else {}
    return browser.post(mark_url(name), {"in": "way-up", "step": at, **data}, headers=headers)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# The step page


def test_a_visitor_reads_a_step_without_forms(client):
    make_curriculum()

    response = client.get(START)

    assert response.status_code == 200
    page = response.content.decode()
    assert "<form" not in page.split("<main")[1].split("</main>")[0]
    assert "Learn it with the group" in page
    assert "Deep" in page


def test_a_step_shows_what_there_is_to_do_with_what(browser):
    make_curriculum(
        step(
            "start",
            activity(
                "Derive it",
                "math",
                90,
                do="derive",
                resource="book",
                section="ch2",
                core=False,
                note="see",
            ),
            activity("Just try", "hack", 20, do="hack"),
        ),
        book={
            "title": "Old Book",
            "authors": ["Ann", "Bo", "Cy"],
            "year": 2015,
            "kind": "book",
            "cost": "paid",
            "price_note": "about 80 euros",
            "url": "https://book.example/",
            "archived_on": "2020-11-01",
            "archived_why": "The site is gone.",
            "archive_url": "https://archive.example/book",
            "successor": "new",
            "sections": [{"id": "ch2", "title": "Backpropagation", "url": "https://book.example/2"}],
        },
        new={"title": "New Book", "url": "https://new.example/"},
    )

    response = browser.get(START)

    page, text = response.content.decode(), text_of(response)
    assert '<a href="https://book.example/2" rel="noreferrer">Derive it</a>' in page
    for words in (
        "Old Book, Backpropagation",
        "Derive",
        "Book",
        "about 80 euros",
        "1 h 30",
        "Optional",
        "The site is gone.",
        "New Book",
        "Archived copy",
        "<b>Just try</b>",
    ):
        assert words in (page if "<" in words else text)


def test_intro_and_notes_are_shown_as_they_were_rendered(browser):
    curriculum = make_curriculum()
    frozen = document(step("start", activity("A", note="Only the **first** part")))
    notes = {str(key("start")): "<p>An <em>intro</em></p>", f"{key('A')}:note": "<p>Only the <b>first</b> part</p>"}
    make_release(curriculum, frozen, notes)

    page = browser.get(START).content.decode()

    assert "<p>An <em>intro</em></p>" in page
    assert "<p>Only the <b>first</b> part</p>" in page


def test_a_visit_remembers_the_step_without_enrolling(browser, ines):
    curriculum = make_curriculum()

    browser.get(DEEP)
    assert not Enrollment.objects.exists()

    actions.enroll(ines, curriculum, now=NOW)
    browser.get(DEEP)
    enrollment = Enrollment.objects.get()
    assert (enrollment.step_slug, enrollment.step_number) == ("deep", 2)
    assert enrollment.visited_at > NOW


def test_going_back_to_the_other_curriculum_makes_it_the_one_in_hand(browser, ines):
    for slug in ("way-up", "other"):
        actions.enroll(ines, make_curriculum(slug=slug), now=NOW)
    for slug in ("way-up", "other", "way-up"):
        browser.get(f"/learn/{slug}/start/")

    assert Enrollment.objects.newest_visit_first()[0].curriculum.slug == "way-up"


@pytest.mark.parametrize("path", ["/learn/way-up/nowhere/", "/learn/nowhere/start/"])
@pytest.mark.parametrize("signed_in", [True, False])
def test_an_unknown_step_is_404(client, ines, path, signed_in):
    make_curriculum()
    if signed_in:
        client.force_login(ines)

    assert client.get(path).status_code == 404


def test_a_retired_curriculum_stays_open_to_those_who_take_it(client, browser, ines):
    enrollment = make_enrollment(ines)
    enrollment.curriculum.retired_at = NOW
    enrollment.curriculum.save()

    assert browser.get(START).status_code == 200
    client.force_login(make_member())
    assert client.get(START).status_code == 404


def test_she_reads_the_release_she_stands_on(browser, ines):
    enrollment = make_enrollment(ines)
    make_release(enrollment.curriculum, document(step("fresh", activity("A"))))

    assert browser.get(START).status_code == 200
    assert browser.get("/learn/way-up/fresh/").status_code == 404


def test_ids_on_a_step_page_are_unique_even_where_an_activity_stands_twice(browser):
    make_curriculum()

    page = browser.get(DEEP).content.decode()

    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert f"activity-{key('Shared')}-2" in ids


@pytest.mark.parametrize("count", [1, 3])
def test_a_step_takes_eight_queries(browser, ines, count, django_assert_num_queries):
    routes = tuple(route(f"r{n}", activity(f"R{n}")) for n in range(count))
    enrollment = make_enrollment(
        ines, make_curriculum(step("start", *(activity(f"A{n}") for n in range(count)), routes=routes))
    )
    for n in range(count):
        actions.mark_done(ines, key(f"A{n}"), now=NOW)
        actions.log_minutes(ines, aspect="run", minutes=5, now=NOW, enrollment=enrollment, step_key=key("start"))
        make_reaction(make_post(step_key=key("start")))
    browser.get(START)

    with django_assert_num_queries(8):
        # session, member, enrolment with release, records, routes, minutes, posts of the thread, reactions to them
        browser.get(START)


# Marking


def test_ticking_an_activity_enrols_and_goes_back_to_its_row(browser, ines):
    make_curriculum()

    response = press(browser, "A", done="1")

    assert response["Location"] == f"{START}#activity-{key('A')}"
    assert Record.objects.get().done_at
    assert list(StudyEvent.objects.values_list("kind", flat=True)) == ["enrolled", "done"]
    assert StudyEvent.objects.get(kind="done").curriculum.slug == "way-up"


def test_with_htmx_the_row_the_counts_and_the_rings_come_back(browser, ines):
    make_enrollment(ines)

    page = press(browser, "A", htmx=True, done="1").content.decode()

    assert page.lstrip().startswith(f'<li id="activity-{key("A")}" data-mark="done">')
    assert 'aria-pressed="true"' in page
    assert 'id="step-rings" hx-swap-oob="true"' in page
    assert "66%" in page
    assert "1 of 2 done" in page
    assert "<html" not in page


def test_the_second_row_of_an_activity_changes_too(browser, ines):
    make_enrollment(ines)

    page = press(browser, "Shared", at="deep", htmx=True, done="1").content.decode()

    assert f'<li id="activity-{key("Shared")}" data-mark="done">' in page
    assert f'<li id="activity-{key("Shared")}-2" data-mark="done" hx-swap-oob="true">' in page


def test_every_press_of_the_menu(browser, ines):
    make_enrollment(ines)

    press(browser, "A", started="1")
    assert Record.objects.get().started_at
    press(browser, "A", done="1", confidence="3")
    assert Record.objects.get().confidence == 3
    press(browser, "A", revisit="1")
    assert Record.objects.get().revisit_at
    press(browser, "A", revisit="0")
    assert not Record.objects.get().revisit_at
    press(browser, "A", undo="done")
    assert not Record.objects.get().done_at
    press(browser, "A", skipped="1", reason="Known already")
    assert Record.objects.get().skip_reason == "Known already"
    assert "Skipped: Known already" in text_of(browser.get(START))


def test_minutes_may_come_with_done(browser, ines):
    make_curriculum()
    form = {"done": "done", "minutes": "35", "confidence": "4", "deed": str(uuid4())}

    press(browser, "B", **form)
    page = press(browser, "B", htmx=True, **form).content.decode()

    logged = LoggedTime.objects.get()
    assert (logged.aspect, logged.minutes, logged.activity_key, logged.step_key, logged.curriculum.slug) == (
        "hack",
        35,
        key("B"),
        key("start"),
        "way-up",
    )
    assert Record.objects.get().confidence == 4
    assert 'id="log" hx-swap-oob="true"' in page
    assert "35 min logged" in text_of(browser.get(START))


@pytest.mark.parametrize("minutes", ["abc", "0", "5000"])
def test_bad_minutes_with_done_are_refused_and_nothing_is_marked(browser, ines, minutes):
    make_enrollment(ines)

    page = press(browser, "B", htmx=True, done="done", minutes=minutes)

    assert "between 1 and 960" in text_of(page)
    assert not Record.objects.exists()
    assert not LoggedTime.objects.exists()


def test_minutes_without_a_deed_are_logged_too(browser, ines):
    make_enrollment(ines)

    press(browser, "B", done="done", minutes="35")

    assert LoggedTime.objects.count() == 1


@pytest.mark.parametrize("confidence", ["0", "5", "abc", "²", "9" * 30])
@pytest.mark.parametrize("htmx", [True, False])
def test_a_confidence_out_of_range_is_refused_in_words(browser, ines, confidence, htmx):
    make_enrollment(ines)

    response = press(browser, "A", htmx=htmx, done="1", confidence=confidence)

    page = response if htmx else browser.get(response["Location"])
    assert "Confidence is between 1 and 4." in text_of(page)
    assert not Record.objects.exists()


@pytest.mark.parametrize(
    ("name", "at", "slug"),
    [("Nothing", "start", "way-up"), ("C1", "start", "way-up"), ("A", "nowhere", "way-up"), ("A", "start", "nowhere")],
)
def test_an_activity_that_is_not_there_is_404(browser, name, at, slug):
    make_curriculum()

    assert browser.post(mark_url(name), {"in": slug, "step": at, "done": "1"}).status_code == 404
    assert not Enrollment.objects.exists()


def test_an_unknown_press_is_refused_before_anything_happens(browser):
    make_curriculum()

    assert press(browser, "A", explode="1").status_code == 400
    assert not Enrollment.objects.exists()


def test_an_activity_that_left_the_newest_release_is_still_hers(browser, ines):
    enrollment = make_enrollment(ines)
    make_release(enrollment.curriculum, document(step("start", activity("New"))))

    assert press(browser, "A", done="1").status_code == 302
    assert press(browser, "New", done="1").status_code == 404


@pytest.mark.parametrize("path", [mark_url("A"), "/progress/", "/progress/minutes/", "/progress/enroll/way-up/"])
def test_progress_is_for_members(client, path):
    make_curriculum()

    response = client.post(path, {"in": "way-up", "step": "start", "done": "1"})

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_presses_are_posted(browser):
    make_curriculum()

    assert browser.get(mark_url("A")).status_code == 405


@pytest.mark.parametrize("seen_before", [False, True])
def test_a_mark_takes_ten_queries(browser, ines, seen_before, django_assert_num_queries):
    make_enrollment(ines)
    if seen_before:
        actions.mark_started(ines, key("A"), now=NOW)

    with django_assert_num_queries(9):
        # session, member, enrolment with release, savepoint, record, record written, event, release, records again
        press(browser, "A", htmx=True, done="1")


def test_a_mark_at_a_fork_takes_ten_queries(browser, ines, django_assert_num_queries):
    make_enrollment(ines)

    with django_assert_num_queries(10):  # as above, and the routes
        press(browser, "Common", at="deep", htmx=True, done="1")


# Routes


def test_an_inactive_route_says_what_carries_over_before_she_takes_it(browser, ines):
    make_enrollment(ines)
    actions.mark_done(ines, key("Shared"), now=NOW)

    text = text_of(browser.get(DEEP))

    assert "1 of its 2 carry over from what you did, 1 h 30 would be left." in text


def test_routes_are_switched_added_and_left(browser, ines):
    make_enrollment(ines)

    response = browser.post("/progress/route/way-up/deep/course/", {"do": "switch"})
    assert response["Location"] == f"{DEEP}#resources"
    assert [choice.route_key for choice in RouteChoice.objects.all()] == [key("course")]
    browser.post("/progress/route/way-up/deep/book/", {"do": "besides"})
    assert RouteChoice.objects.count() == 2
    assert "Leave this route" in text_of(browser.get(DEEP))
    browser.post("/progress/route/way-up/deep/course/", {"do": "leave"})
    assert [choice.route_key for choice in RouteChoice.objects.all()] == [key("book")]


def test_an_unknown_route_is_404(browser):
    make_curriculum()

    assert browser.post("/progress/route/way-up/deep/nowhere/", {"do": "switch"}).status_code == 404
    assert not Enrollment.objects.exists()


# Steps


def test_a_step_is_marked_done_skipped_and_taken_up_again(browser, ines):
    make_enrollment(ines)
    url = "/progress/step/way-up/start/"

    response = browser.post(url, {"do": "skip", "reason": "Known"})
    assert response["Location"] == f"{START}#finish"
    assert "Skipped for now" in text_of(browser.get(START))
    browser.post(url, {"do": "undo"})
    assert not Record.objects.exclude(skipped_at=None).exists()
    browser.post(url, {"do": "done"})
    assert "This step is done" in text_of(browser.get(START))


def test_a_member_without_a_goal_is_welcomed_back_all_the_same(client):
    enrollment = make_enrollment(make_member("Omar"))
    client.force_login(enrollment.member)

    response = client.post("/progress/curricula/way-up/", {"do": "resume"}, follow=True)

    assert "where you left it. Next is step 1" in text_of(response)


def test_a_step_marked_one_by_one_is_not_undone_as_a_whole(browser, ines):
    make_enrollment(ines)
    for name in ("A", "B"):
        press(browser, name, done="1")

    response = browser.post("/progress/step/way-up/start/", {"do": "undo"}, follow=True)

    assert "one by one" in text_of(response)
    assert Record.objects.exclude(done_at=None).count() == 2


def test_an_unknown_deed_on_a_step_is_refused(browser):
    make_curriculum()

    assert browser.post("/progress/step/way-up/start/", {"do": "explode"}).status_code == 400


# Minutes


def log(browser, *, htmx: bool = False, **data: str):
    headers = {"HX-Request": "true"} if htmx else {}
    return browser.post("/progress/minutes/", {"aspect": "math", "minutes": "40", **data}, headers=headers)


def test_minutes_logged_at_a_step_enrol_and_show(browser):
    make_curriculum()

    response = log(browser, **{"in": "way-up", "step": "deep"})

    assert response["Location"] == f"{DEEP}#log"
    logged = LoggedTime.objects.get()
    assert (logged.aspect, logged.minutes, logged.step_key, logged.curriculum.slug) == (
        "math",
        40,
        key("deep"),
        "way-up",
    )
    assert "40 min logged" in text_of(browser.get(DEEP))


def test_minutes_logged_with_htmx_bring_the_section_and_the_sums(browser, ines):
    make_enrollment(ines)

    page = log(browser, htmx=True, **{"in": "way-up", "step": "deep"}).content.decode()

    assert page.lstrip().startswith('<section aria-labelledby="log-h" id="log">')
    assert 'id="step-legend" hx-swap-oob="true"' in page
    assert 'id="step-hours" hx-swap-oob="true"' in page
    assert "Logged 40 min." in page


def test_the_deed_of_the_form_makes_a_double_click_one_entry(browser):
    deed = str(uuid4())

    log(browser, deed=deed)
    log(browser, deed=deed)

    assert LoggedTime.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"minutes": "abc"}, "between 1 and 960"),
        ({"minutes": "5000"}, "between 1 and 960"),
        ({"minutes": "0"}, "between 1 and 960"),
        ({"minutes": ""}, "between 1 and 960"),
        ({"minutes": "9" * 5000}, "between 1 and 960"),
        ({"aspect": "sleep"}, "run, hack or math"),
        ({"aspect": ""}, "run, hack or math"),
        ({"studied_on": "2999-01-01"}, "still to come"),
        ({"studied_on": "yesterday"}, "no day of the calendar"),
        ({"deed": "not-a-uuid"}, "once more"),
    ],
)
@pytest.mark.parametrize("place", [{}, {"in": "way-up", "step": "start"}])
def test_bad_minutes_are_refused_in_words_and_what_was_typed_stays(browser, data, words, place):
    make_curriculum()

    response = log(browser, **place, **{"minutes": "41", **data})

    assert response.status_code == 422
    assert words in text_of(response)
    kept = data.get("minutes", "41")
    assert f'value="{kept}"' in response.content.decode()
    assert not LoggedTime.objects.exists()


def test_bad_minutes_with_htmx_come_back_as_the_section(browser):
    make_curriculum()

    response = log(browser, htmx=True, minutes="abc", **{"in": "way-up", "step": "start"})

    assert response.status_code == 200
    assert 'aria-invalid="true"' in response.content.decode()
    assert not Enrollment.objects.exists()


@pytest.mark.parametrize("page", [START, "/progress/"])
def test_minutes_typed_when_the_session_had_ended_are_still_there_after_signing_in(client, ines, page):
    make_curriculum()

    response = client.post(
        "/progress/minutes/", {"aspect": "hack", "minutes": "47"}, headers={"Referer": f"http://testserver{page}"}
    )
    assert response["Location"].startswith("/accounts/login/")
    client.force_login(ines)

    shown = client.get(page).content.decode()
    assert 'value="47"' in shown
    assert re.search(r'value="hack"\s+checked', shown)


def test_minutes_are_taken_back(browser, ines):
    enrollment = make_enrollment(ines)
    logged = actions.log_minutes(ines, aspect="run", minutes=25, now=NOW, enrollment=enrollment, step_key=key("start"))

    response = browser.post(f"/progress/minutes/{logged.pk}/undo/", {"in": "way-up", "step": "start"})

    assert response["Location"] == f"{START}#log"
    assert LoggedTime.objects.get().undone_at
    assert "nothing logged yet" in text_of(browser.get(START))


def test_somebody_elses_minutes_are_404(browser):
    logged = actions.log_minutes(make_member(), aspect="run", minutes=25, now=NOW)

    assert browser.post(f"/progress/minutes/{logged.pk}/undo/").status_code == 404
    assert browser.post("/progress/minutes/999999/undo/").status_code == 404
    assert not LoggedTime.objects.get().undone_at


# Enrolments


def test_enrolling_leads_to_the_first_step_and_later_to_where_she_was(browser, ines):
    make_curriculum()

    assert browser.post("/progress/enroll/way-up/")["Location"] == START
    browser.get(DEEP)
    browser.post("/progress/curricula/way-up/", {"do": "withdraw"})
    assert browser.post("/progress/enroll/way-up/")["Location"] == DEEP
    assert Enrollment.objects.get().withdrawn_at is None


def test_an_unknown_curriculum_is_404(browser):
    assert browser.post("/progress/enroll/nowhere/").status_code == 404
    assert browser.post("/progress/curricula/nowhere/", {"do": "resume"}).status_code == 404


def test_somebody_elses_enrolment_is_404(browser):
    make_enrollment(make_member("Omar"))

    assert browser.post("/progress/curricula/way-up/", {"do": "withdraw"}).status_code == 404


def test_pausing_and_resuming(browser, ines):
    make_enrollment(ines)
    day = timezone.localdate() + timedelta(days=21)

    response = browser.post("/progress/curricula/way-up/", {"do": "pause", "until": day.isoformat()}, follow=True)
    assert "paused until" in text_of(response)
    assert "paused until" in text_of(browser.get(START))
    browser.post("/progress/curricula/way-up/", {"do": "resume"})
    assert Enrollment.objects.get().paused_until is None


def test_a_pause_that_is_over_is_not_spoken_of(browser, ines):
    make_enrollment(ines)
    Enrollment.objects.update(paused_at=NOW, paused_until=NOW.date())

    assert "paused until" not in text_of(browser.get(START))
    assert "paused until" not in text_of(browser.get("/progress/"))


def test_coming_back_from_a_pause_says_why_she_came_and_what_is_next(browser, ines):
    enrollment = make_enrollment(ines)
    ines.goal_words = "Read papers without fear."
    ines.save()

    response = browser.post("/progress/curricula/way-up/", {"do": "resume"}, follow=True)
    assert "You came for this: Read papers without fear. Next is step 1, “A”." in text_of(response)

    for each in enrollment.release.outline.steps:
        actions.mark_step_done(enrollment, each, now=NOW)
    response = browser.post("/progress/curricula/way-up/", {"do": "resume"}, follow=True)
    assert "Next is" not in text_of(response)


@pytest.mark.parametrize("until", ["", "soon", "2020-01-01"])
def test_a_pause_needs_a_day_to_come(browser, ines, until):
    make_enrollment(ines)

    response = browser.post("/progress/curricula/way-up/", {"do": "pause", "until": until}, follow=True)

    assert response.status_code == 200
    assert Enrollment.objects.get().paused_until is None


def test_finishing_is_offered_when_all_is_done(browser, ines):
    enrollment = make_enrollment(ines)
    assert "Finish this curriculum" not in text_of(browser.get("/progress/"))
    early = browser.post("/progress/curricula/way-up/", {"do": "finish"}, follow=True)
    assert "still open" in text_of(early)
    for each in enrollment.release.outline.steps:
        actions.mark_step_done(enrollment, each, now=NOW)

    assert "Finish this curriculum" in text_of(browser.get("/progress/"))
    response = browser.post("/progress/curricula/way-up/", {"do": "finish"}, follow=True)

    assert "Finished on" in text_of(response)


def test_a_new_release_is_offered_and_moving_keeps_what_was_done(browser, ines):
    enrollment = make_enrollment(ines)
    actions.mark_done(ines, key("A"), now=NOW)
    make_release(enrollment.curriculum, document(step("start", activity("A"))))

    assert "Release 2 is out, you are on 1." in text_of(browser.get("/progress/"))
    browser.post("/progress/curricula/way-up/", {"do": "move"})

    text = text_of(browser.get("/progress/"))
    assert "is out" not in text
    assert "100 % done" in text


def test_an_unknown_change_is_refused(browser, ines):
    make_enrollment(ines)

    assert browser.post("/progress/curricula/way-up/", {"do": "explode"}).status_code == 400


# The overview


def test_a_new_member_is_told_where_to_begin(browser):
    text = text_of(browser.get("/progress/"))

    assert "You are not enrolled yet." in text
    assert "Nothing logged in the last twelve weeks." in text


def test_the_overview_shows_the_week_the_next_activity_and_the_newest_minutes(browser, ines):
    enrollment = make_enrollment(ines)
    actions.log_minutes(
        ines, aspect="hack", minutes=95, now=timezone.now(), enrollment=enrollment, step_key=key("deep")
    )

    page = browser.get("/progress/")

    text = text_of(page)
    assert "1 h 35 of 6 h" in text
    assert "Your next activity A" in text
    assert "95 in twelve weeks" in page.content.decode()
    assert "1 active day" in text
    assert "Deep Undo" in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_overview_takes_eight_queries(browser, ines, count, django_assert_num_queries):
    for n in range(count):
        enrollment = make_enrollment(ines, make_curriculum(slug=f"way-{n}"))
        actions.choose_route(enrollment, key("deep"), key("course"), now=NOW)
        actions.log_minutes(ines, aspect="run", minutes=5, now=timezone.now(), enrollment=enrollment)
        actions.mark_done(ines, key("A"), now=NOW)
    browser.get("/progress/")

    with django_assert_num_queries(8):
        # session, member, enrolments, records, releases, routes, minutes of twelve weeks, minutes by place
        browser.get("/progress/")
