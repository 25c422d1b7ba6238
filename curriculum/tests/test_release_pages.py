from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from curriculum import actions as teaching
from curriculum.fileformat import load
from curriculum.models import Curriculum, Release
from curriculum.tests.documents import SMALL, small_document
from curriculum.tests.make import NOW, make_draft, make_release
from curriculum.tests.pages import path, text
from curriculum.tests.pages import publish_all as publish
from members import budget
from members.tests.make import make_member
from progress import actions
from progress.tests.make import activity as study_activity
from progress.tests.make import document, key, make_curriculum
from progress.tests.make import make_release as make_study_release
from progress.tests.make import step as study_step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("group")]


def test_members_are_told_when_a_newer_release_is_out(client, member):
    (curriculum,) = publish("way-up")
    actions.enroll(member, curriculum, now=NOW)
    make_draft(SMALL.replace("First encounter", "The first encounter"))
    teaching.publish(curriculum, by=None, changelog="", now=NOW + timedelta(days=3))

    page = path(client)

    assert "You follow release 1. Release 2 came out on 7 May 2026." in page
    assert ">First encounter<" in page

    client.post(reverse("progress:change_enrollment", args=["way-up"]), {"do": "move"})
    page = path(client)
    assert "You follow release 1" not in page
    assert ">The first encounter<" in page


def test_a_draft_or_unknown_curriculum_is_not_found(client, member):
    make_draft(slug="a-draft")

    for slug in ("a-draft", "gone"):
        for name in ("curriculum", "releases"):
            assert (
                client.get(reverse(f"curriculum:{name}", args=[slug])).status_code
                == 404
            )
        for name in ("release", "release_file"):
            assert (
                client.get(reverse(f"curriculum:{name}", args=[slug, 1])).status_code
                == 404
            )


# Releases
def test_releases_are_listed_with_what_they_changed(
    client, member, django_assert_num_queries
):
    (curriculum,) = publish("way-up")
    make_draft(
        SMALL.replace("Watch lesson 2", "See lesson 2").replace(
            "First encounter", "<i>Encounter</i>"
        )
    )
    release = teaching.publish(
        curriculum, by=member, changelog="Clearer titles.\n\nThanks, Kofi.", now=NOW
    )

    # session with member and enrolment, the curriculum, its releases,
    # whether the member is enrolled
    with django_assert_num_queries(4):
        page = text(client.get(reverse("curriculum:releases", args=["way-up"])))

    assert page.index("Release 2") < page.index("Release 1")
    assert "<p>Clearer titles.</p> <p>Thanks, Kofi.</p>" in page
    assert "Step: &lt;i&gt;Encounter&lt;/i&gt;" in page
    assert "See lesson 2" in page
    assert "published by <bdi>Ines Duarte</bdi>" in page
    assert release.get_absolute_url() in page


def test_visitors_do_not_see_who_published(client):
    release = make_release(by=make_member("Cora Curator"))

    page = text(
        client.get(reverse("curriculum:releases", args=[release.curriculum.slug]))
    )

    assert "Cora Curator" not in page
    assert "Download" not in page


def test_a_member_reads_what_is_new_moves_and_goes_back(client, member):
    curriculum = make_curriculum()
    enrollment = actions.enroll(member, curriculum, now=NOW)
    actions.mark_done(member, key("B"), now=NOW)
    changed = study_step(
        "start",
        study_activity("A"),
        study_activity("Z"),
        study_activity("Y"),
        study_activity("X"),
    )
    make_study_release(curriculum, document(changed))
    page = reverse("curriculum:releases", args=["way-up"])

    first = text(client.get(page))

    assert "1 added, 2 replaced, 4 taken out, nothing of yours lost." in first
    assert "One activity that you did is no longer in it" in first
    assert first.index("Move to release 2") < first.index("You follow this one")
    assert "Go back" not in first
    assert first.count("Move to release 2") == 1

    change = reverse("progress:change_enrollment", args=["way-up"])
    assert client.post(change, {"do": "move", "number": "2"}).url == "/learn/way-up/"
    second = text(client.get(page))

    assert "Go back to release 1" in second
    assert "nothing of yours lost" not in second

    client.post(change, {"do": "move", "number": "1"})

    enrollment.refresh_from_db()
    assert enrollment.release.number == 1
    assert "You followed it before" in text(client.get(page))


def test_a_release_that_changes_words_only_says_so_once_and_lists_no_activities(
    client, member
):
    curriculum = make_curriculum()
    actions.enroll(member, curriculum, now=NOW)
    same = Release.objects.get(curriculum=curriculum).document
    make_study_release(curriculum, {**same, "summary": "Said anew."})

    page = text(client.get(reverse("curriculum:releases", args=["way-up"])))

    assert page.count("exts revised, the activities are the same") == 1
    assert "Which activities" not in page


@pytest.mark.parametrize("number", ["9", "-1", "x", "²", "9" * 30])
def test_a_release_that_is_not_there_is_refused_in_words(client, member, number):
    actions.enroll(member, make_curriculum(), now=NOW)

    client.post(
        reverse("progress:change_enrollment", args=["way-up"]),
        {"do": "move", "number": number},
    )

    assert member.enrollments.get().release.number == 1
    assert "There is no such release." in text(client.get("/progress/"))


def test_home_announces_a_release_until_the_member_moves_or_puts_it_away(
    client, member
):
    curriculum = make_curriculum()
    actions.enroll(member, curriculum, now=NOW)
    assert "See what changed" not in text(client.get("/"))
    wider = study_step(
        "start", study_activity("A"), study_activity("B"), study_activity("Z")
    )
    make_study_release(curriculum, document(wider))

    assert "See what changed" in text(client.get("/"))

    change = reverse("progress:change_enrollment", args=["way-up"])
    assert (
        client.post(change, {"do": "put_away", "number": "2", "from": "home"}).url
        == "/"
    )
    assert "See what changed" not in text(client.get("/"))
    assert "Move to release 2" in text(
        client.get(reverse("curriculum:releases", args=["way-up"]))
    )

    make_study_release(
        curriculum,
        document(study_step("start", study_activity("A"), study_activity("Y"))),
    )
    assert "See what changed" in text(client.get("/"))
    client.post(change, {"do": "move"})
    assert "See what changed" not in text(client.get("/"))


def test_an_old_release_is_shown_as_it_was(client):
    (curriculum,) = publish("way-up")
    make_draft(SMALL.replace("First encounter", "New encounter"))
    teaching.publish(curriculum, by=None, changelog="", now=NOW)

    page = text(client.get(reverse("curriculum:release", args=["way-up", 1])))

    assert "First encounter" in page
    assert "New encounter" not in page
    assert "Ten pictures of each kind are enough." in page
    assert (
        client.get(reverse("curriculum:release", args=["way-up", 3])).status_code == 404
    )


def test_members_download_a_release_as_a_file(client, member):
    publish("way-up")
    address = reverse("curriculum:release_file", args=["way-up", 1])

    response = client.get(address)

    assert response["Content-Disposition"] == 'attachment; filename="way-up-1.yaml"'
    assert load(response.content)["curriculum"] == small_document()["curriculum"]
    client.logout()
    assert client.get(address).status_code == 302


def test_the_file_of_a_release_is_written_once(client, member, monkeypatch):
    publish("way-up")
    address = reverse("curriculum:release_file", args=["way-up", 1])
    first = client.get(address).content
    monkeypatch.delattr("curriculum.fileformat.dump")

    assert client.get(address).content == first
    client.logout()
    assert client.get(address).status_code == 302


def test_a_browser_that_has_the_file_of_a_release_is_not_sent_it_again(client, member):
    publish("way-up")
    address = reverse("curriculum:release_file", args=["way-up", 1])
    first = client.get(address)

    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    other = client.get(address, headers={"If-None-Match": '"another"'})

    assert first["Cache-Control"] == "private, no-cache"
    assert (again.status_code, again.content) == (304, b"")
    assert (other.status_code, other.content) == (200, first.content)


def test_a_member_downloads_so_many_files_in_ten_minutes(client, member, monkeypatch):
    publish("way-up")
    address = reverse("curriculum:release_file", args=["way-up", 1])
    monkeypatch.setattr(budget, "DOWNLOADS", replace(budget.DOWNLOADS, amount=2))

    codes = [client.get(address).status_code for _each in range(3)]

    assert codes == [200, 200, 429]
    assert b"You have downloaded" in client.get(address).content


def test_a_retired_curriculum_is_gone_for_visitors_and_stays_for_those_in_it(
    client, member
):
    (curriculum,) = publish("way-up")
    actions.enroll(member, curriculum, now=NOW)
    teaching.retire(Curriculum.objects.all(), now=NOW)
    addresses = [
        reverse("curriculum:curriculum", args=["way-up"]),
        reverse("curriculum:releases", args=["way-up"]),
        reverse("curriculum:release", args=["way-up", 1]),
    ]

    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]
    assert "The way up" in text(client.get(reverse("curriculum:list")))
    client.logout()
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]
    assert "No curriculum yet" in text(client.get(reverse("curriculum:list")))
