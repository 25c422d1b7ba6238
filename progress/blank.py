"""The form to log minutes, which looks the same to many until something is typed."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from markupsafe import Markup

from look.cards import Cards
from progress.checklist import StepPage
from progress.forms import MinutesForm

BLANKS = Cards(
    "progress/_blank_minutes.html", slots=("csrf_input", "press_id"), most=1_000
)


class BlankMinutes(NamedTuple):
    """The form before anything is typed: what it shows, the key of its card."""

    aspect: str
    page: StepPage | None = None
    today: date | None = None  # where it asks for the day as well

    @property
    def is_blank(self) -> bool:
        return True

    def html(self, csrf_input: str) -> Markup:
        return BLANKS(self, csrf_input=csrf_input, press_id=uuid.uuid4())

    @property
    def form(self) -> MinutesForm:
        return MinutesForm(initial={"aspect": self.aspect, "studied_on": self.today})


def minutes_form(
    aspect: str,
    typed: Mapping[str, Any],
    *,
    page: StepPage | None = None,
    today: date | None = None,
) -> MinutesForm | BlankMinutes:
    """With what was `typed` when a session had ended; of a step, or with the day."""
    if not typed:
        return BlankMinutes(aspect, page, today)
    initial: dict[str, Any] = {"aspect": aspect, "studied_on": today}
    return MinutesForm(initial=initial | dict(typed))
