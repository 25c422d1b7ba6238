"""Finished pieces of the pages of learning, which the process keeps by what they show
(decision 0080).
"""

from typing import NamedTuple

from markupsafe import Markup

from look.cards import Cards
from progress.checklist import StepPage
from progress.facts import LoggedRow

# A release has 150 activities. Each row looks one way to visitors, and three or four
# ways to members.
ROWS = Cards("progress/_row.html", most=3_000)
STOPS = Cards("curriculum/_stop.html", slots=("people",), most=1_000)
PEOPLE = Cards("curriculum/_people.html", most=1_000)
ENTRIES = Cards("progress/_logged_entry.html", slots=("csrf_input",), most=2_000)
NEWEST = Cards("progress/_newest_entry.html", slots=("csrf_input",), most=2_000)


class LoggedEntry(NamedTuple):
    """Minutes that were logged, as a list shows them."""

    logged: LoggedRow
    title: str = ""  # of the step or the curriculum, in a list of several
    page: StepPage | None = None  # that the list is on, for one of a step

    def html(self, csrf_input: str) -> Markup:
        cards = ENTRIES if self.page else NEWEST
        return cards(self, csrf_input=csrf_input)
