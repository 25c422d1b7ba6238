"""The minutes of some weeks as a drawing: a bar a week, the aspects on top of each
other. Asks no query.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from look.times import day_in_words
from progress.weights import add_up


@dataclass(frozen=True, slots=True)
class BarSegment:
    aspect: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class WeekBar:
    """One week, with the aspects on top of each other from Run up."""

    monday: date
    minutes: dict[str, int]
    x: int
    parts: tuple[BarSegment, ...]
    label: str
    is_labelled_always: bool  # the others only where there is room

    @property
    def total(self) -> int:
        return sum(self.minutes.values())


@dataclass(frozen=True, slots=True)
class ChartLine:
    label: str
    y: float

    @property
    def text_y(self) -> float:
        return self.y + 4


@dataclass(frozen=True, slots=True)
class Chart:
    """Where the strokes of the twelve weeks go, in units of the drawing."""

    bars: tuple[WeekBar, ...]
    lines: tuple[ChartLine, ...]
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


def chart(weeks: list[tuple[date, dict[str, int]]]) -> Chart:
    """Bars up to the next full hour above the fullest week; the label of the whole says
    how much and when most.
    """
    most = max(sum(minutes.values()) for _day, minutes in weeks)
    top = max(60, -(-most // 60) * 60)
    scale = (FLOOR - CEILING) / top
    bars = tuple(
        _bar(n, monday, minutes, scale) for n, (monday, minutes) in enumerate(weeks)
    )
    lines = tuple(
        ChartLine(_("%(n)s h") % {"n": f"{hours / 60:g}"}, FLOOR - hours * scale)
        for hours in (0, top / 2, top)
    )
    return Chart(bars, lines, _finding(bars))


def _bar(n: int, monday: date, minutes: dict[str, int], scale: float) -> WeekBar:
    parts, y = [], float(FLOOR)
    for aspect, spent in minutes.items():
        y -= spent * scale
        if spent:
            parts.append(BarSegment(aspect, round(y, 1), round(spent * scale, 1)))
    return WeekBar(
        monday,
        minutes,
        46 + n * 36,
        tuple(parts),
        day_in_words(monday, "j M"),
        is_labelled_always=n % 3 == 2,
    )


def _finding(bars: tuple[WeekBar, ...]) -> str:
    fullest = max(bars, key=lambda bar: bar.total)
    if not fullest.total:
        return _("Minutes by week: nothing logged in the last twelve weeks.")
    return _(
        "Minutes by week: %(total)s in twelve weeks, most of them, %(most)s, "
        "in the week from %(day)s."
    ) % {
        "total": sum(bar.total for bar in bars),
        "most": fullest.total,
        "day": day_in_words(fullest.monday, "j F"),
    }
