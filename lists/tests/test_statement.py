from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from config.values import BIGGEST
from lists.arguments import FIRST, Several
from lists.statement import CannotCompile, Statement, compile_again
from lists.tests.compare import assert_same
from members.models import Member
from members.tests.make import make_member
from progress.models import LoggedTime, Record, StudyEvent
from progress.tests.make import rolled_back

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
KEY = UUID("00000000-0000-4000-8000-000000000001")


class Person(NamedTuple):
    pk: int
    name: str
    joined_at: datetime
    study_days: list[int]


def people(since: datetime, hours: int) -> QuerySet[Any, Any]:
    return (
        Member.objects.filter(joined_at__gte=since)
        .filter(Q(hours_per_week=hours) | Q(hours_per_week=None))
        .order_by("pk")
        .values_list("pk", "name", "joined_at", "study_days")
    )


class Done(NamedTuple):
    activity_key: UUID
    done_at: datetime | None
    member_name: str


def done(member: Member, key: UUID) -> QuerySet[Any, Any]:
    records = Record.objects.filter(member=member, activity_key=key)
    return records.values_list("activity_key", "done_at", "member__name")


class Minutes(NamedTuple):
    day: date
    entries: int


def minutes(member: int, since: date) -> QuerySet[Any, Any]:
    return (
        LoggedTime.objects.filter(member=member, studied_on__gte=since)
        .order_by()
        .values("studied_on")
        .annotate(entries=Count("pk"), day=F("studied_on"))
        .values_list("day", "entries")
    )


class Pk(NamedTuple):
    pk: int


@pytest.fixture(name="person")
def _person() -> Statement[Person]:
    return Statement(Person, people, since=datetime, hours=int)


@settings(max_examples=25, deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(1, 80),
    st.lists(st.integers(1, 80), max_size=3),
)
def test_a_statement_is_its_queryset_for_every_argument(
    since: datetime, hours: int, planned: list[int]
) -> None:
    statement = Statement(Person, people, since=datetime, hours=int)
    with rolled_back():
        for each in planned:
            make_member(joined_at=NOON, hours_per_week=each, study_days=[1, each])

        assert_same(statement, since=since, hours=hours)


def test_rows_are_converted_as_the_columns_say(person: Statement[Person]) -> None:
    member = make_member(joined_at=NOON, hours_per_week=6, study_days=[0, 2])

    rows = assert_same(person, since=NOON, hours=6)

    assert rows == [Person(member.pk, member.name, NOON, [0, 2])]


def test_keys_and_joined_columns_are_those_of_the_queryset() -> None:
    statement = Statement(Done, done, member=Member, key=UUID)
    member = make_member("Wei Tan")
    Record.objects.create(member=member, activity_key=KEY, done_at=NOON)
    Record.objects.create(member=make_member(), activity_key=KEY, started_at=NOON)

    rows = assert_same(statement, member=member, key=KEY)

    assert rows == [Done(KEY, NOON, "Wei Tan")]


def test_days_and_counts_are_those_of_the_queryset() -> None:
    statement = Statement(Minutes, minutes, member=int, since=date)
    member = make_member()
    for day in (3, 4, 4):
        LoggedTime.objects.create(
            member=member,
            minutes=30,
            aspect="run",
            studied_on=date(2026, 3, day),
            logged_at=NOON,
        )

    rows = assert_same(statement, member=member.pk, since=date(2026, 3, 4))

    assert rows == [Minutes(date(2026, 3, 4), 2)]


def test_a_statement_is_one_query(
    person: Statement[Person], django_assert_num_queries: Any
) -> None:
    for _ in range(2):
        with django_assert_num_queries(1):
            person(since=NOON, hours=6)


def test_first_is_the_first_row_or_none(person: Statement[Person]) -> None:
    assert person.first(since=NOON, hours=6) is None

    member = make_member(joined_at=NOON)

    row = person.first(since=NOON, hours=6)
    assert row is not None
    assert row.pk == member.pk


def test_no_argument_may_be_none(person: Statement[Person]) -> None:
    with pytest.raises(TypeError, match="since must be of type datetime, not None"):
        person(since=None, hours=6)


@pytest.mark.parametrize(
    "wrong",
    [
        {"since": NOON},
        {"since": NOON, "hours": 6, "more": 1},
        {"since": NOON, "hours": "6"},
        {"since": NOON.date(), "hours": 6},
    ],
)
def test_wrong_arguments_are_refused(
    person: Statement[Person], wrong: dict[str, Any]
) -> None:
    with pytest.raises(TypeError):
        person(**wrong)


def test_a_moment_is_no_day() -> None:
    statement = Statement(Minutes, minutes, member=int, since=date)

    with pytest.raises(TypeError):
        statement(member=1, since=NOON)


def test_a_constant_that_equals_a_stand_in_remains_a_constant() -> None:
    def build(member: int) -> QuerySet[Any, Any]:
        either = Q(pk=member) | Q(pk=FIRST)
        return Member.objects.filter(either).order_by("pk").values_list("pk")

    statement = Statement(Pk, build, member=int)
    member, other = make_member(), make_member(pk=FIRST)

    found = assert_same(statement, member=member.pk)
    assert found == [Pk(pk) for pk in sorted([member.pk, other.pk])]


def test_two_arguments_of_one_kind_are_told_apart() -> None:
    def build(most: int, least: int) -> QuerySet[Any, Any]:
        hours = Q(hours_per_week__gte=least, hours_per_week__lte=most)
        return Member.objects.filter(hours).values_list("pk")

    statement = Statement(Pk, build, most=int, least=int)
    member = make_member(hours_per_week=6)

    assert assert_same(statement, least=5, most=7) == [Pk(member.pk)]
    assert assert_same(statement, least=7, most=5) == []


def test_several_values_are_padded_and_bounded() -> None:
    def build(pks: list[int]) -> QuerySet[Any, Any]:
        rows = Member.objects.filter(pk__in=pks, is_active=True)
        return rows.order_by("pk").values_list("pk")

    statement = Statement(Pk, build, pks=Several(int, 3))
    pks = [make_member().pk for _ in range(3)]

    assert assert_same(statement, pks=pks) == [Pk(pk) for pk in pks]
    assert statement(pks=pks[:1]) == [Pk(pks[0])]
    for wrong in ([], [*pks, 1]):
        with pytest.raises(ValueError, match="between 1 and 3"):
            statement(pks=wrong)


def test_a_queryset_that_looks_at_more_than_the_key_is_not_compiled() -> None:
    def build(member: Member) -> QuerySet[Any, Any]:
        rows = Member.objects.exclude(pk=member.pk)
        return (rows if member.is_owner else rows.active()).values_list("pk")

    with pytest.raises(Member.DoesNotExist):
        Statement(Pk, build, member=Member)(member=make_member())


def test_sql_that_depends_on_an_argument_is_not_compiled() -> None:
    def build(active: bool) -> QuerySet[Any, Any]:
        rows = Member.objects.all()
        return (rows.active() if active else rows).values_list("pk")

    with pytest.raises(CannotCompile, match="depends on active"):
        Statement(Pk, build, active=bool)(active=True)


def test_an_argument_that_is_not_used_is_not_compiled() -> None:
    statement = Statement(Pk, lambda name: Member.objects.values_list("pk"), name=str)

    with pytest.raises(CannotCompile, match="does not use name"):
        statement(name="Wei")


def test_an_argument_that_a_lookup_changes_is_not_compiled() -> None:
    def build(word: str) -> QuerySet[Any, Any]:
        return Member.objects.filter(name__icontains=word).values_list("pk")

    with pytest.raises(CannotCompile, match="changes word"):
        Statement(Pk, build, word=str)(word="Wei")


def test_days_of_the_readers_zone_are_not_compiled() -> None:
    def build(member: int) -> QuerySet[Any, Any]:
        events = StudyEvent.objects.filter(member=member)
        return events.annotate(day=TruncDate("at")).values_list("pk", "day")

    class Event(NamedTuple):
        pk: int
        day: date

    with timezone.override("UTC"), pytest.raises(CannotCompile, match="time zone"):
        Statement(Event, build, member=int)(member=1)


def test_the_names_of_the_columns_are_those_of_the_row() -> None:
    swapped = Statement(
        Person,
        lambda name: Member.objects.filter(name=name).values_list("name", "pk"),
        name=str,
    )

    with pytest.raises(CannotCompile, match="columns"):
        swapped(name="Wei")


@pytest.fixture(name="threads")
def _threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def test_threads_that_compile_at_once_send_their_own_arguments(
    threads: ThreadPoolExecutor, person: Statement[Person]
) -> None:
    def parameters(number: int) -> list[Any]:
        since = NOON + timedelta(hours=number)
        try:
            return person.parameters(since=since, hours=number)
        finally:
            connection.close()

    numbers = range(1, 65)
    sent = list(threads.map(parameters, numbers))

    assert sent == [
        person.parameters(since=NOON + timedelta(hours=number), hours=number)
        for number in numbers
    ]


def test_a_reader_need_not_be_used() -> None:
    """What everybody may see today may be hidden from some tomorrow."""
    mira = make_member()
    statement = Statement(
        Pk, lambda member: Member.objects.values_list("pk"), member=Member
    )

    assert statement(member=mira) == [(mira.pk,)]


@pytest.mark.django_db
def test_a_constant_too_large_for_its_field_is_sent_as_it_is() -> None:
    member = make_member("Ines Duarte")
    none = Subquery(Member.objects.filter(pk=0).values("pk"))
    from_least = Statement(
        Pk,
        lambda least: Member.objects.filter(
            pk__gte=least, pk__lte=Coalesce(none, Value(BIGGEST))
        ).values_list("pk"),
        least=int,
    )

    assert from_least(least=1) == [(member.pk,)]


@pytest.mark.django_db
def test_a_queryset_that_a_test_changes_is_compiled_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    member = make_member("Ines Duarte")
    visible = Statement(
        Pk,
        lambda reader: Member.objects.visible_to(reader).values_list("pk"),
        reader=Member,
    )
    assert visible(reader=member) == [(member.pk,)]

    queryset = type(Member.objects.all())
    monkeypatch.setattr(
        queryset, "visible_to", lambda self, reader: self.filter(pk__gt=reader.pk)
    )
    compile_again()

    assert visible(reader=member) == []
    monkeypatch.undo()
    compile_again()


def test_nul_finds_nothing_and_is_no_error() -> None:
    make_member("Ada")
    named = Statement(
        Pk,
        lambda name: Member.objects.filter(name=name).values_list("pk"),
        name=str,
    )

    assert named(name="Ada\0") == []
    assert len(named(name="Ada")) == 1
