"""What a member was told of, as pages show it: rows of plain values, and their cards."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from community import kinds
from look.cards import Cards
from look.times import When
from text import plain

SAID = 200  # characters; two lines on a wide page
LINES = Cards("notifications/_line.html", slots=("posted",), most=4_000)
BELL_LINES = Cards("notifications/_bell_line.html", slots=("posted",), most=1_000)
NOTES = Cards("notifications/_note.html", slots=("csrf_input", "lines"), most=2_000)


class Line(NamedTuple):
    """One thing that happened below a post."""

    kind: str  # of notifications.models.Notification, or "announcement"
    url: str
    is_unread: bool
    actor: str = ""  # the name of whoever did it
    number: int = 0  # of people or comments
    post_kind: str = ""
    excerpt: str = ""
    markdown: str = ""  # what was said, where there is no excerpt

    @property
    def first_words(self) -> str:
        """The first words of what was said, as plain text."""
        return plain(self.markdown, SAID) if self.markdown else self.excerpt[:SAID]

    @property
    def people(self) -> str:
        return ngettext("%(n)s person", "%(n)s people", self.number) % {
            "n": self.number
        }

    @property
    def comments(self) -> str:
        """As in “4 new answers”."""
        count = kinds.of(self.post_kind).comment_count(self.number)
        return _("New: %(comments)s") % {"comments": count}


class Head(NamedTuple):
    """The post that lines are below, and why it concerns the member."""

    post: int
    title: str
    url: str
    facts: tuple[str, ...]
    initials: str
    hue: int
    level: str
    is_unread: bool
    is_announcement: bool = False


class BellLine(NamedTuple):
    """One thing that happened, with the post that it is below: for the menu of the bell."""

    head: Head
    line: Line

    def html(self, posted: object) -> Markup:
        return BELL_LINES(self, posted=posted)


@dataclass(slots=True)
class Note:
    """All lines of one day below one post, newest first."""

    head: Head
    lines: list[tuple[Line, datetime]] = field(default_factory=list)

    def html(self, csrf_input: str, when: When) -> Markup:
        lines = Markup("").join(
            LINES(line, posted=when(moment)) for line, moment in self.lines
        )
        return NOTES(self.head, csrf_input=csrf_input, lines=lines)


@dataclass(frozen=True, slots=True)
class DayOfNotes:
    title: str
    notes: Sequence[Note]
