"""What curators cause to be rendered or read is paid for before, and
nothing that they typed is lost.
"""

from collections.abc import Iterator

import pytest
import time_machine
from django.urls import reverse

from curriculum import fileformat
from curriculum.forms import fields
from curriculum.models import Release, Step
from curriculum.tests.documents import SMALL
from curriculum.tests.make import NOW, make_draft
from curriculum.tests.pages import IMPORT, address, filled, save, text
from members.budget import FILES, FORMS, RELEASES, RENDERED, Budget, spend
from members.models import Member
from text import render

pytestmark = pytest.mark.django_db
LONG = "The own words of a curator.\n" + "word " * 30_000


@pytest.fixture(autouse=True)
def _at_now(curator: Member) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def use_up(member: Member, budget: Budget, *, left: int = 0) -> None:
    spend(member, budget, budget.amount - left, now=NOW)


@pytest.mark.parametrize(
    ("page", "field"),
    [
        ("curate:draft", "intro"),
        ("curate:step", "intro"),
        ("curate:new_step", "intro"),
        ("curate:activity", "note"),
        ("curate:new_activity", "note"),
    ],
)
def test_what_is_saved_or_shown_at_the_desk_is_paid_for_before(
    client, draft, curator, monkeypatch, page, field
):
    at = address(page, draft)
    use_up(curator, RENDERED, left=10)
    opened = client.get(at)
    asked: list[str] = []
    whole = render
    monkeypatch.setattr(
        fields,
        "render",
        lambda source, *a, **options: asked.append(source) or whole(source),
    )
    words = "Words that took a long time to find."

    answer = client.post(at, {**filled_in(opened), field: words})

    assert answer.status_code == 429
    assert words in answer.content.decode()
    assert "Send it again" in answer.content.decode()
    assert 'name="opened" rows' not in answer.content.decode()
    assert words not in asked
    assert "Try again at" in answer.content.decode()


def filled_in(response) -> dict[str, object]:
    return {
        bound.html_name: bound.field.prepare_value(bound.value())
        for bound in response.context["form"]
        if bound.value() is not None
    }


def test_previews_end_and_a_long_text_is_in_the_answer_whole(client, draft):
    at = address("curate:step", draft)

    answers = [
        save(client, at, intro=LONG, preview="1")
        for _ in range(RENDERED.amount // len(LONG) + 1)
    ]

    assert [answer.status_code for answer in answers[-2:]] == [200, 429]
    assert LONG.strip() in answers[-1].content.decode()
    part = client.post(
        at, {"intro": LONG, "preview": "1"}, headers={"HX-Request": "true"}
    )
    assert part.status_code == 429
    assert part.content.decode().startswith(
        "You have had a great deal of text previewed or saved"
    )


@pytest.mark.parametrize("at", ["desk", "admin"])
def test_publishing_ends_and_the_line_stays_in_the_form(client, draft, curator, at):
    Step.objects.filter(slug="deep-dive").update(title="Deeper")
    use_up(curator, RELEASES)
    pages = {"desk": address("curate:publish", draft)}
    pages["admin"] = reverse("admin:curriculum_curriculum_publish", args=[draft.pk])

    answer = client.post(pages[at], {"changelog": "A line that took time."})

    page = text(answer)
    assert "You have published 30 times within an hour. Try again at" in page
    assert "A line that took time." in page
    assert Release.objects.count() == 1


@pytest.mark.parametrize("press", ["look", "import"])
def test_an_import_is_paid_for_before_it_is_read_and_its_text_stays(
    client, curator, monkeypatch, press
):
    use_up(curator, FILES, left=len(SMALL) - 1)
    read: list[object] = []
    monkeypatch.setattr(fileformat, "load", lambda *source: read.append(source))

    page = client.post(reverse(IMPORT), {"text": SMALL, press: "1"})

    assert (
        "twenty million characters of files read within an hour. Try again at"
        in text(page)
    )
    assert page.context["form"]["text"].value() == SMALL
    assert read == []


def test_a_member_who_sends_too_many_forms_keeps_the_text_of_a_whole_file(
    client, curator
):
    use_up(curator, FORMS)
    large = SMALL + "# more\n" * 30_000

    page = client.post(reverse(IMPORT), {"text": large})

    assert page.status_code == 429
    assert page.content.decode().count("# more\n") == 30_000


def test_forms_of_the_operators_desk_are_paid_for_too(client, draft, curator):
    step = draft.steps.get(slug="deep-dive")
    page = client.get(reverse("admin:curriculum_step_change", args=[step.pk]))
    use_up(curator, RENDERED)

    answer = client.post(
        page.request["PATH_INFO"], {**filled(page), "intro": "Words of a curator"}
    )

    assert answer.status_code == 429
    assert "Words of a curator" in answer.content.decode()
    assert draft.steps.get(slug="deep-dive").intro == ""


def test_a_file_is_mended_and_looked_at_as_often_as_it_takes(client):
    make_draft()

    for _ in range(20):
        assert client.post(reverse(IMPORT), {"text": SMALL}).status_code == 200
