"""Two tabs, two devices, an impatient finger: what happens at the same
moment happens once. Needs a database server.
"""

import threading
from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection

from members.tests.make import make_member
from progress import actions, rebuild
from progress.models import Enrollment, LoggedTime, Record, StudyEvent
from progress.tests.make import NOW, key, make_curriculum, make_enrollment

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite in memory has one connection"
    ),
]


def at_once(action: Callable[[], object], times: int = 4) -> None:
    ready, failures = threading.Barrier(times), []

    def run() -> None:
        try:
            ready.wait()
            action()
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_an_activity_is_marked_once():
    member = make_member()

    at_once(lambda: actions.mark_done(member, key("A"), now=NOW))

    assert Record.objects.get().done_at == NOW
    assert StudyEvent.objects.count() == 1


def test_an_undo_that_names_what_it_takes_back_is_done_once():
    member = make_member()
    actions.mark_started(member, key("A"), now=NOW)
    actions.mark_done(member, key("A"), now=NOW)

    at_once(lambda: actions.undo(member, key("A"), now=NOW, was="done"))

    assert Record.objects.get().mark == "started"
    assert rebuild.from_log(member) == rebuild.from_rows(member)


def test_a_member_enrols_once():
    member, curriculum = make_member(), make_curriculum()

    at_once(lambda: actions.enroll(member, curriculum, now=NOW))

    assert Enrollment.objects.count() == 1
    assert StudyEvent.objects.count() == 1


def test_a_form_of_minutes_logs_once():
    member, press_id = make_member(), uuid4()

    at_once(
        lambda: actions.log_minutes(
            member, aspect="run", minutes=20, now=NOW, press_id=press_id
        )
    )

    assert LoggedTime.objects.count() == 1
    assert StudyEvent.objects.count() == 1


def test_minutes_are_taken_back_once():
    logged = actions.log_minutes(make_member(), aspect="run", minutes=20, now=NOW)

    at_once(lambda: actions.undo_minutes(logged, now=NOW))

    assert StudyEvent.objects.filter(kind="time_undone").count() == 1


def test_a_step_is_marked_done_and_a_route_chosen_and_a_pause_begun_once():
    enrollment = make_enrollment()
    step = enrollment.release.outline.steps[1]

    def fresh() -> Enrollment:
        return Enrollment.objects.select_related("member").get(pk=enrollment.pk)

    at_once(lambda: actions.choose_route(fresh(), step.key, key("course"), now=NOW))
    at_once(lambda: actions.mark_step_done(fresh(), step, now=NOW))
    at_once(lambda: actions.pause(fresh(), until=date(2026, 6, 1), now=NOW))

    kinds = list(StudyEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["enrolled", "route_chosen", "done", "done", "done", "paused"]
    assert rebuild.from_log(enrollment.member) == rebuild.from_rows(enrollment.member)
