"""The short form: kept where it is empty, made for the request where it is not."""

import pytest
from django.template.loader import render_to_string

from community import kinds
from community.composer import (
    COMMENT_FORMS,
    SHORT_FORMS,
    EmptyCommentForm,
    EmptyComposer,
    ShortForm,
)
from community.forms import CommentForm, PostForm
from community.rail import rail
from community.subjects import PaperRef
from community.tests.make import NOON, make_enrollment, make_post, make_step
from members.models import Member
from members.tests.make import make_member
from progress import actions
from progress.pieces import WEEKS

pytestmark = pytest.mark.django_db


def short_form(member: Member, subject: PaperRef | None = None) -> EmptyComposer:
    offered = tuple(kind.name for kind in kinds.written_by(member))
    return EmptyComposer(ShortForm(offered, subject), member)


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
        SHORT_FORMS.fresh(form.row, csrf_input="<t0ken>", **form.slots)
        for form in forms
        for _ in range(2)
    ]
    assert len(SHORT_FORMS) == len(set(shown)) == 3
    assert ["Announcement" in form for form in shown[::2]] == [False, True, True]
    assert "want to say, Ines?" in shown[0]
    assert 'value="1706.03762"' in shown[-1]


def test_members_share_the_card_of_their_short_form() -> None:
    ines, ed = make_member("Ines Duarte"), make_member("<Ed> Mensah")

    first, second = (short_form(member).html("") for member in (ines, ed))

    assert len(SHORT_FORMS) == 1
    assert "want to say, Ines?" in first
    assert "want to say, &lt;Ed&gt;?" in second
    assert f'data-hue="{ed.hue}" aria-hidden="true">&lt;M</span>' in second
    assert second == render_to_string(
        "community/_composer_form.html",
        {
            "composer": PostForm(member=ed, initial={"kind": kinds.DEFAULT}),
            "subject": None,
            "user": ed,
            "csrf_input": "",
        },
    )


def test_posts_of_a_kind_share_the_card_of_the_form_below_them() -> None:
    ines, ed = make_member("Ines Duarte"), make_member("<Ed> Mensah")
    posts = [
        make_post(author, kind="question", title="Why?") for author in (ines, ed, ines)
    ]

    forms = [EmptyCommentForm.of(post, ines) for post in posts]
    shown = [form.html("<t0ken>") for form in forms]

    assert len(COMMENT_FORMS) == 1
    assert shown[0] != shown[2]
    for post, form in zip(posts, shown, strict=True):
        assert form == render_to_string(
            "community/_comment_form.html",
            {
                "form": CommentForm(),
                "post": post,
                "parent": None,
                "user": ines,
                "csrf_input": "<t0ken>",
            },
        )


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
