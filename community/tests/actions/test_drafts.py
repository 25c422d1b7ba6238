"""Drafts: nobody's words are lost, and what was sent does not come back."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from community import actions
from community.actions import drafts
from community.drafts import address_of
from community.kinds.question import QuestionKind
from community.models import Draft
from community.tests.make import NOON
from members.budget import DRAFTED, spend
from members.limits import TooMany
from members.models import Member
from members.tests.make import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Member:
    return make_member()


def a_save(body: str = "Half", *known: UUID, key: UUID | None = None) -> actions.Save:
    return actions.Save(
        key=key or uuid4(),
        version=uuid4(),
        known=known,
        spare=uuid4(),
        address="/posts/new/",
        fields=[("kind", "question"), ("title", "Why?"), ("body", body)],
    )


def next_save(save: actions.Save, body: str) -> actions.Save:
    """What the same browser saves after `save`."""
    fields = [("body", body)]
    return replace(save, version=uuid4(), known=[save.version], fields=fields)


def bodies(member: Member) -> list[str]:
    rows = Draft.objects.of(member).order_by("pk")
    return [row.fields["body"][0] for row in rows]


def test_a_draft_is_one_row_however_often_it_is_saved(member: Member) -> None:
    first = a_save("Half")
    actions.keep_draft(member, first, now=NOON)
    actions.keep_draft(member, next_save(first, "Half of it"), now=NOON)

    row = Draft.objects.get()
    assert (row.key, row.beginning, row.word_count) == (first.key, "Half of it", 3)


def test_a_draft_is_named_by_what_was_written(member: Member) -> None:
    body = f"[run.log](file:{uuid4()}) ends **at once** ![](picture:{uuid4()})"
    actions.keep_draft(member, a_save(body), now=NOON)
    asked = replace(
        a_save(), fields=[("kind", "question"), ("body", QuestionKind().beginning())]
    )
    actions.keep_draft(member, asked, now=NOON)

    rows = Draft.objects.order_by("pk").values_list("beginning", "word_count")
    assert list(rows) == [("run.log ends at once Picture", 5), ("", 0)]


def test_a_draft_keeps_every_value_of_every_field(member: Member) -> None:
    fields = [("option", "Red"), ("option", "Blue"), ("many", "on"), ("body", " x ")]
    save = replace(a_save(), fields=fields)
    actions.keep_draft(member, save, now=NOON)

    data = Draft.objects.get().data()
    assert data.getlist("option") == ["Red", "Blue"]
    assert (data["many"], data["body"]) == ("on", " x ")
    assert (data["draft"], data["draft_versions"]) == (
        str(save.key),
        str(save.version),
    )


def test_the_same_save_twice_is_one(member: Member) -> None:
    save = a_save()
    for _ in range(2):
        assert actions.keep_draft(member, save, now=NOON) == actions.SavedDraft(
            save.key
        )

    assert bodies(member) == ["Half"]


def test_a_save_whose_answer_was_lost_is_gone_on_from(member: Member) -> None:
    first = a_save()
    actions.keep_draft(member, first, now=NOON)
    lost = next_save(first, "Lost")
    actions.keep_draft(member, lost, now=NOON)
    later = replace(lost, version=uuid4(), known=[first.version, lost.version])

    assert actions.keep_draft(member, later, now=NOON).other is None


def test_a_draft_that_was_changed_elsewhere_is_kept_beside(member: Member) -> None:
    first = a_save("Half")
    actions.keep_draft(member, first, now=NOON)
    there = next_save(first, "There")
    here = replace(next_save(first, "Here"), spare=uuid4())
    actions.keep_draft(member, there, now=NOON)

    kept = actions.keep_draft(member, here, now=NOON)

    assert kept.key == here.spare
    assert kept.other
    assert kept.other.fields["body"] == ["There"]
    assert bodies(member) == ["There", "Here"]
    again = actions.keep_draft(member, here, now=NOON)
    assert (again.key, bodies(member)) == (here.spare, ["There", "Here"])


def test_a_spare_key_that_is_taken_takes_nothing_away(member: Member) -> None:
    first, taken = a_save("Half"), a_save("Taken")
    actions.keep_draft(member, first, now=NOON)
    actions.keep_draft(member, taken, now=NOON)
    stale = replace(a_save("Stale"), key=first.key, spare=taken.key)

    with pytest.raises(actions.Refused):
        actions.keep_draft(member, stale, now=NOON)
    assert bodies(member) == ["Half", "Taken"]


def test_what_was_sent_does_not_come_back_with_a_late_save(member: Member) -> None:
    first = a_save()
    actions.keep_draft(member, first, now=NOON)
    on_the_way = next_save(first, "Half of it")
    sent = [first.version, on_the_way.version]
    actions.end_draft(member, first.key, versions=sent, now=NOON)

    assert actions.keep_draft(member, on_the_way, now=NOON).other is None
    assert bodies(member) == []


def test_what_was_sent_before_its_first_save_does_not_come_back(member: Member) -> None:
    save = a_save()
    actions.end_draft(member, save.key, versions=[save.version], now=NOON)
    actions.keep_draft(member, save, now=NOON)

    assert bodies(member) == []


def test_what_is_typed_elsewhere_after_it_was_sent_is_kept(member: Member) -> None:
    first = a_save()
    actions.keep_draft(member, first, now=NOON)
    actions.end_draft(member, first.key, versions=[first.version], now=NOON)

    kept = actions.keep_draft(member, next_save(first, "More"), now=NOON)

    assert kept.other
    assert kept.other.ended_at
    assert bodies(member) == ["More"]


def test_sending_an_older_version_leaves_the_newer_one(member: Member) -> None:
    first = a_save()
    actions.keep_draft(member, first, now=NOON)
    actions.keep_draft(member, next_save(first, "More"), now=NOON)

    actions.end_draft(member, first.key, versions=[first.version], now=NOON)

    assert bodies(member) == ["More"]


def test_a_form_without_a_draft_ends_none(member: Member) -> None:
    actions.end_draft(member, None, versions=[uuid4()], now=NOON)
    actions.end_draft(member, uuid4(), versions=[], now=NOON)

    assert not Draft.objects.exists()


def test_a_deleted_draft_keeps_no_words(member: Member) -> None:
    save = a_save("Secret")
    actions.keep_draft(member, save, now=NOON)

    assert actions.delete_draft(member, save.key, now=NOON)
    assert not actions.delete_draft(member, save.key, now=NOON)
    row = Draft.objects.get()
    assert (row.fields, row.title, row.beginning) == ({}, "", "")


def test_emptying_a_form_deletes_its_own_version_only(member: Member) -> None:
    first = a_save()
    actions.keep_draft(member, first, now=NOON)
    there = next_save(first, "There")
    actions.keep_draft(member, there, now=NOON)

    actions.delete_draft(member, first.key, known=[first.version], now=NOON)
    assert bodies(member) == ["There"]
    actions.delete_draft(member, first.key, known=[there.version], now=NOON)
    assert bodies(member) == []


def test_a_draft_of_another_member_is_never_reached(member: Member) -> None:
    save = a_save("Mine")
    actions.keep_draft(member, save, now=NOON)
    other = make_member()

    actions.keep_draft(other, next_save(save, "Theirs"), now=NOON)
    actions.end_draft(other, save.key, versions=[save.version], now=NOON)
    actions.delete_draft(other, save.key, now=NOON)

    assert bodies(member) == ["Mine"]


def test_more_drafts_than_a_member_may_have_are_refused(
    member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "DRAFTS_MAX", 2)
    first = a_save("One")
    actions.keep_draft(member, first, now=NOON)
    actions.keep_draft(member, a_save("Two"), now=NOON)

    with pytest.raises(actions.Refused, match="You have 2 drafts"):
        actions.keep_draft(member, a_save("Three"), now=NOON)
    actions.keep_draft(member, next_save(first, "One more"), now=NOON)
    assert bodies(member) == ["One more", "Two"]


@pytest.mark.parametrize(
    "fields", [[("body", "x" * drafts.LENGTH_MAX)], [("option", "x")] * 201]
)
def test_too_much_is_refused(member: Member, fields: list[tuple[str, str]]) -> None:
    with pytest.raises(actions.Refused, match="too long"):
        actions.keep_draft(member, replace(a_save(), fields=fields), now=NOON)


def test_saving_without_end_is_refused(member: Member) -> None:
    save = a_save("x" * 100_000)
    spend(member, DRAFTED, DRAFTED.amount - 100_000, now=NOON)

    with pytest.raises(TooMany):
        actions.keep_draft(member, save, now=NOON)
    assert not Draft.objects.exists()


def test_ended_drafts_are_forgotten_after_a_day(member: Member) -> None:
    save, other = a_save(), a_save("Stays")
    actions.keep_draft(member, save, now=NOON)
    actions.keep_draft(member, other, now=NOON)
    actions.delete_draft(member, save.key, now=NOON)

    soon, later = NOON + timedelta(hours=23), NOON + timedelta(hours=24)
    assert actions.forget_ended_drafts(now=soon) == 0
    assert actions.forget_ended_drafts(now=later) == 1
    assert bodies(member) == ["Stays"]


@pytest.mark.parametrize("step", ["é" * 300, "x" * 10_000, "\x00"])
def test_an_address_that_names_nothing_is_no_longer_than_its_column(step: str) -> None:
    address = address_of("/posts/new/", {"step": step})

    assert len(address) <= Draft._meta.get_field("address").max_length
    assert address.startswith("/posts/new/")
