import pytest
from django.urls import reverse

from members.tests.make import make_member
from progress import actions
from progress.models import Enrollment, LoggedTime, Record, StudyEvent
from progress.tests.make import NOW, key, make_enrollment

pytestmark = pytest.mark.django_db
MODELS = ["enrollment", "record", "loggedtime", "studyevent"]


@pytest.fixture
def enrollment():
    enrollment = make_enrollment()
    actions.mark_done(enrollment.member, key("A"), now=NOW)
    actions.log_minutes(enrollment.member, aspect="run", minutes=5, now=NOW, enrollment=enrollment)
    return enrollment


@pytest.mark.parametrize("name", MODELS)
def test_the_owner_looks_at_progress_and_changes_nothing(client, enrollment, name):
    client.force_login(make_member("Olga Owner", owner_since=NOW))
    model = {"enrollment": Enrollment, "record": Record, "loggedtime": LoggedTime, "studyevent": StudyEvent}[name]
    row = reverse(f"admin:progress_{name}_change", args=[model.objects.first().pk])

    assert "Ines Duarte" in client.get(reverse(f"admin:progress_{name}_changelist"), {"q": "Ines"}).content.decode()
    assert client.get(row).status_code == 200
    assert client.post(row, {"minutes": "900"}).status_code == 403
    assert client.get(reverse(f"admin:progress_{name}_add")).status_code == 403
    assert client.post(reverse(f"admin:progress_{name}_delete", args=[model.objects.first().pk])).status_code == 403


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("role", ["curator_since", "moderator_since"])
def test_other_roles_see_nobodys_progress(client, enrollment, name, role):
    client.force_login(make_member("Cora Curator", **{role: NOW}))

    assert client.get(reverse(f"admin:progress_{name}_changelist")).status_code == 403
