"""Finished pieces of the pages of learning, which the process keeps by what they show
(decision 0080).
"""

from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from look.cards import Cards
from progress.checklist import StepPage
from progress.facts import LoggedRow
from progress.week import Day, Week
from progress.weeks_chart import Chart, chart

# A release has 150 activities. Each row looks one way to visitors, and three or four
# ways to members.
ROWS = Cards("progress/_row.html", most=3_000)
STOPS = Cards("curriculum/_stop.html", slots=("people",), most=1_000)
PEOPLE = Cards("curriculum/_people.html", most=1_000)
ENTRIES = Cards("progress/_logged_entry.html", slots=("csrf_input",), most=2_000)
NEWEST = Cards("progress/_newest_entry.html", slots=("csrf_input",), most=2_000)
WEEKS = Cards("progress/_week_card.html", most=500)
WEEK_SHEETS = Cards("progress/_week_sheet.html", most=500)
CHARTS = Cards("progress/_weeks_sheet.html", most=500)


class LoggedEntry(NamedTuple):
    """Minutes that were logged, as a list shows them."""

    logged: LoggedRow
    title: str = ""  # of the step or the curriculum, in a list of several
    page: StepPage | None = None  # that the list is on, for one of a step

    def html(self, csrf_input: str) -> Markup:
        cards = ENTRIES if self.page else NEWEST
        return cards(self, csrf_input=csrf_input)


class WeekCard(NamedTuple):
    """What the rail shows of a week, as the key of its cached card."""

    monday: date
    minutes: tuple[tuple[str, int], ...]
    targets: tuple[tuple[str, int], ...]
    target_minutes: int
    shares: tuple[tuple[str, int], ...]
    days: tuple[Day, ...]
    activities_done: int
    revisit: int  # number of activities marked to revisit

    @classmethod
    def of(cls, week: Week, revisit: int) -> "WeekCard":
        return cls(
            monday=week.monday,
            minutes=tuple(week.minutes.items()),
            targets=tuple(week.targets.items()),
            target_minutes=week.target_minutes,
            shares=tuple(week.shares.items()),
            days=week.days,
            activities_done=week.activities_done,
            revisit=revisit,
        )

    def html(self) -> Markup:
        """For a rail."""
        return WEEKS(self)

    @property
    def week(self) -> Week:
        """The week without its next activity, which the rail shows separately."""
        return Week(
            monday=self.monday,
            minutes=dict(self.minutes),
            targets=dict(self.targets),
            target_minutes=self.target_minutes,
            shares=dict(self.shares),
            days=self.days,
            activities_done=self.activities_done,
            enrollment=None,
            next=None,
        )


class WeekSheet(NamedTuple):
    """The top of the page of progress: this week, and how much there is in all."""

    card: WeekCard
    total_minutes: int

    def html(self) -> Markup:
        return WEEK_SHEETS(self)


class WeeksSheet(NamedTuple):
    """The minutes of some weeks by aspect, as a drawing and as a table."""

    weeks: tuple[tuple[date, tuple[tuple[str, int], ...]], ...]

    def html(self) -> Markup:
        return CHARTS(self)

    @property
    def chart(self) -> Chart:
        return chart([(monday, dict(minutes)) for monday, minutes in self.weeks])
