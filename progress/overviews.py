"""A member's own progress on one page: her week, her curricula, the minutes of twelve weeks, the newest entries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import OuterRef, Subquery, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from curriculum.models import Release
from members.models import Member
from progress import tally
from progress.counting import ASPECTS, CurriculumTally, Standing, add_up
from progress.models import Enrollment, LoggedTime, Record

WEEKS = 12
NEWEST = 10


@dataclass(frozen=True, slots=True)
class Course:
    enrollment: Enrollment
    tally: CurriculumTally
    is_paused: bool
    tomorrow: date  # the first day until which she can pause
    newest_release: int

    @property
    def is_behind(self) -> bool:
        """Whether a newer release than hers is out."""
        return self.newest_release > self.enrollment.release.number


@dataclass(frozen=True, slots=True)
class Part:
    aspect: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One week, with the aspects on top of each other from Run up."""

    monday: date
    minutes: dict[str, int]
    x: int
    parts: tuple[Part, ...]
    label: str

    @property
    def total(self) -> int:
        return sum(self.minutes.values())


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    y: float

    @property
    def text_y(self) -> float:
        return self.y + 4


@dataclass(frozen=True, slots=True)
class Chart:
    """Where the strokes of the twelve weeks go, in units of the drawing."""

    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    finding: str
    width: int = 480
    height: int = 168
    left: int = 40
    bar_width: int = 26
    label_y: int = 164

    @property
    def minutes(self) -> dict[str, int]:
        return add_up(bar.minutes for bar in self.bars)

    @property
    def total(self) -> int:
        return sum(self.minutes.values())


FLOOR, CEILING = 140, 12  # of the bars


@dataclass(frozen=True, slots=True)
class Entry:
    logged: LoggedTime
    place: str  # the step or the curriculum, in words


@dataclass(frozen=True, slots=True)
class Overview:
    week: tally.Week
    courses: list[Course]
    chart: Chart
    entries: list[Entry]
    total_minutes: int


def by_aspect(logged: Iterable[LoggedTime]) -> dict[str, int]:
    total = dict.fromkeys(ASPECTS, 0)
    for entry in logged:
        total[entry.aspect] += entry.minutes
    return total


def overview(member: Member, now: datetime) -> Overview:
    """Six queries: enrolments, releases, records, routes, minutes by place, minutes of twelve weeks."""
    today = member.local(now).date()
    newest = Release.objects.filter(curriculum=OuterRef("curriculum")).order_by("-number").values("number")[:1]
    rows = Enrollment.objects.filter(member=member, withdrawn_at=None).select_related("curriculum")
    enrollments = list(rows.annotate(newest_release=Subquery(newest)).newest_visit_first())
    for enrollment in enrollments:
        enrollment.member = member
    records = list(Record.objects.filter(member=member))
    standings = tally.standings(enrollments, {member.pk: {r.activity_key: m for r in records if (m := r.mark)}})
    logged = _logged(member, now)
    sums = _minutes_by_place(member)
    current = next((enrollment for enrollment in enrollments if enrollment.is_current), None)
    return Overview(
        week=tally.week_of(
            member,
            now,
            _by_day(logged, tally.monday_of(today)),
            _done_by_day(member, records, now),
            current,
            standings[current.pk] if current else None,
        ),
        courses=[
            Course(
                enrollment,
                standings[enrollment.pk].tally(sums.get(enrollment.curriculum_id), at=enrollment.step_key),
                enrollment.is_paused_on(today),
                today + timedelta(days=1),
                enrollment.newest_release,  # type: ignore[attr-defined]  # an annotation
            )
            for enrollment in enrollments
        ],
        chart=chart(_by_week(logged, tally.monday_of(today))),
        entries=_entries(logged, standings.values()),
        total_minutes=sum(sum(part.values()) for places in sums.values() for part in places.values()),
    )


def _logged(member: Member, now: datetime) -> list[LoggedTime]:
    first = tally.monday_of(member.local(now).date()) - timedelta(weeks=WEEKS - 1)
    rows = LoggedTime.objects.counted().filter(member=member, studied_on__gte=first).select_related("curriculum")
    return list(rows.order_by("-studied_on", "-pk"))


def _minutes_by_place(member: Member) -> dict[int | None, dict[UUID | None, dict[str, int]]]:
    found: dict[int | None, dict[UUID | None, dict[str, int]]] = {}
    rows = LoggedTime.objects.counted().filter(member=member).order_by()
    sums = rows.values_list("curriculum_id", "step_key", "aspect").annotate(Sum("minutes"))
    for curriculum_id, step_key, aspect, minutes in sums:
        found.setdefault(curriculum_id, {}).setdefault(step_key, {})[aspect] = minutes
    return found


def _by_day(logged: Iterable[LoggedTime], monday: date) -> dict[date, dict[str, int]]:
    days: dict[date, list[LoggedTime]] = {}
    for entry in logged:
        if timedelta() <= entry.studied_on - monday < timedelta(days=7):
            days.setdefault(entry.studied_on, []).append(entry)
    return {day: by_aspect(entries) for day, entries in days.items()}


def _by_week(logged: Iterable[LoggedTime], monday: date) -> list[tuple[date, dict[str, int]]]:
    found = {monday - timedelta(weeks=n): dict.fromkeys(ASPECTS, 0) for n in reversed(range(WEEKS))}
    for entry in logged:
        week = found.get(tally.monday_of(entry.studied_on))
        if week:  # a day to come, of a member who went west, waits
            week[entry.aspect] += entry.minutes
    return list(found.items())


def _done_by_day(member: Member, records: Iterable[Record], now: datetime) -> Mapping[date, int]:
    monday = tally.monday_of(member.local(now).date())
    days: dict[date, int] = {}
    for record in records:
        if record.done_at and (day := member.local(record.done_at).date()) >= monday:
            days[day] = days.get(day, 0) + 1
    return days


def _entries(logged: list[LoggedTime], standings: Iterable[Standing]) -> list[Entry]:
    titles = {step.key: step.title for standing in standings for step in standing.outline.steps}
    return [
        Entry(
            entry,
            titles.get(entry.step_key, "") if entry.step_key else entry.curriculum.title if entry.curriculum else "",
        )
        for entry in logged[:NEWEST]
    ]


def chart(weeks: list[tuple[date, dict[str, int]]]) -> Chart:
    """Bars up to the next full hour above the fullest week; the label of the whole says how much and when most."""
    most = max(sum(minutes.values()) for _day, minutes in weeks)
    top = max(60, -(-most // 60) * 60)
    scale = (FLOOR - CEILING) / top
    bars = tuple(_bar(n, monday, minutes, scale) for n, (monday, minutes) in enumerate(weeks))
    lines = tuple(Line(_("%(n)s h") % {"n": f"{hours / 60:g}"}, FLOOR - hours * scale) for hours in (0, top / 2, top))
    return Chart(bars, lines, _finding(bars))


def _bar(n: int, monday: date, minutes: dict[str, int], scale: float) -> Bar:
    parts, y = [], float(FLOOR)
    for aspect, spent in minutes.items():
        y -= spent * scale
        if spent:
            parts.append(Part(aspect, round(y, 1), round(spent * scale, 1)))
    label = date_format(monday, "j M") if n % 3 == 2 else ""
    return Bar(monday, minutes, 46 + n * 36, tuple(parts), label)


def _finding(bars: tuple[Bar, ...]) -> str:
    fullest = max(bars, key=lambda bar: bar.total)
    if not fullest.total:
        return _("Minutes by week: nothing logged in the last twelve weeks.")
    return _("Minutes by week: %(total)s in twelve weeks, most of them, %(most)s, in the week from %(day)s.") % {
        "total": sum(bar.total for bar in bars),
        "most": fullest.total,
        "day": date_format(fullest.monday, "j F"),
    }
