"""The short form: kept where it is empty, made for the request where it is not."""

import pytest

from community import kinds
from community.composer import SHORT_FORMS, ShortForm
from community.rail import WEEKS, rail
from community.subjects import PaperRef
from community.tests.make import NOON, make_enrollment, make_step
from members.models import Member
from members.tests.make import make_member
from progress import actions

pytestmark = pytest.mark.django_db


def short_form(member: Member, subject: PaperRef | None = None) -> ShortForm:
    offered = tuple(kind.name for kind in kinds.written_by(member))
    return ShortForm(member.pk, member.name, member.email, offered, subject)


def test_the_short_form_is_that_of_the_reader_and_the_thread() -> None:
    paper = PaperRef("1706.03762", "Attention <i>")
    moderator = make_member("Kofi Mensah", moderator_since=NOON)
    forms = [
        short_form(make_member("Ines Duarte")),
        short_form(moderator),
        short_form(moderator, paper),
    ]

    shown = [form.html("<t0ken>") for form in forms for _ in range(2)]

    assert shown == [
        SHORT_FORMS.fresh(form, csrf_input="<t0ken>")
        for form in forms
        for _ in range(2)
    ]
    assert len(SHORT_FORMS) == len(set(shown)) == 3
    assert ["Announcement" in form for form in shown[::2]] == [False, True, True]
    assert "talk about, Ines?" in shown[0]
    assert 'value="1706.03762"' in shown[-1]


def test_the_week_in_the_rail_is_rendered_again_when_anything_of_it_changes() -> None:
    member = make_member()
    enrollment = make_enrollment(member, make_step())

    def shown() -> str:
        card = rail(member, enrollment, NOON)["week_card"]
        assert card.html() == card.html() == WEEKS.fresh(card)
        return str(card.html())

    before = shown()
    actions.log_minutes(member, aspect="hack", minutes=25, now=NOON)
    after = shown()

    assert "<b>25 min</b>" in after
    assert before != after
    assert len(WEEKS) == 2
