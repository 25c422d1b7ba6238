"""What a mail says about a member's week. The words must be true of its numbers."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from look.aspects import aspect_name
from look.times import hours_minutes
from mail.digest import Digest, Next, Pick
from members.models import Member
from text.direction import isolated

SHAPES = {"run": "▶", "hack": "◆", "math": "●"}
DRAWN = 20  # characters of a bar in the text part


@dataclass(frozen=True, slots=True)
class AspectBar:
    aspect: str
    name: str
    shape: str
    value: str
    share: int

    @property
    def drawn(self) -> str:
        full = round(self.share * DRAWN / 100)
        return f"[{'#' * full}{'-' * (DRAWN - full)}]"


def bars(digest: Digest) -> list[AspectBar]:
    return [
        AspectBar(
            aspect,
            aspect_name(aspect),
            shape,
            hours_minutes(digest.week.minutes.get(aspect, 0)),
            digest.week.shares.get(aspect, 0),
        )
        for aspect, shape in SHAPES.items()
    ]


def why_this_paper(pick: Pick, digest: Digest) -> str:
    return (
        _("because step %(n)s is about %(words)s")
        % {"n": digest.step, "words": pick.words}
        if pick.words
        else ""
    )


def first_name(member: Member) -> str:
    return isolated((member.name.split() or [_("you")])[0])


def heading(member: Member, minutes: int, target: int) -> str:
    name = {"name": first_name(member)}
    if minutes >= target:
        return _("You did what you planned, %(name)s.") % name
    if minutes * 2 >= target:
        return _("A good week, %(name)s.") % name
    if minutes:
        return _("A beginning, %(name)s.") % name
    return _("A quiet week, %(name)s.") % name


def remark(digest: Digest) -> str:
    """A sentence about an aspect that is well behind the others; empty if none is."""
    shares = {aspect: digest.week.shares.get(aspect, 0) for aspect in SHAPES}
    behind = min(shares, key=lambda aspect: shares[aspect])
    if (
        digest.week.total
        and shares[behind] < 50
        and max(shares.values()) - shares[behind] >= 20
    ):
        return _("%(aspect)s is well behind the others.") % {
            "aspect": aspect_name(behind)
        }
    return ""


def preheader(digest: Digest) -> str:
    if digest.next:
        return _("%(label)s: %(title)s") % {
            "label": next_label(digest.next),
            "title": digest.next.title,
        }
    return _("What the group asked and answered this week.")


def next_label(following: Next | None) -> str:
    if following is None:
        return ""
    if not following.minutes:
        return _("Next in step %(n)s") % {"n": following.step_number}
    return _("Next in step %(n)s, about %(time)s") % {
        "n": following.step_number,
        "time": hours_minutes(following.minutes),
    }


def deeds(digest: Digest) -> str:
    week = digest.week
    if not week.active_days:
        return ""
    on = ngettext("On %(n)s day", "On %(n)s days", week.active_days) % {
        "n": week.active_days
    }
    if not week.activities_done:
        return f"{on}."
    done = ngettext(
        "%(n)s activity done", "%(n)s activities done", week.activities_done
    ) % {"n": week.activities_done}
    return f"{on}, {done}."


def last_heard(day: date, *, is_last: bool) -> str:
    """The first sentences of a reminder after a quiet time."""
    words = _(
        "We last heard from you on %(day)s. That is fine: nothing was lost, and your "
        "place is kept."
    )
    coming = _("This is the last reminder until you are back.")
    if not is_last:
        coming = _("At most three reminders come, after one, two and four weeks.")
    return f"{words % {'day': date_format(day, 'l, j F')}} {coming}"


def days(first: date, last: date) -> str:
    """“16 to 22 November”, “30 November to 6 December”."""
    return _days(first, last, get_language())


@lru_cache(maxsize=100)
def _days(first: date, last: date, language: str | None) -> str:
    begin = date_format(first, "j" if first.month == last.month else "j F")
    return _("%(first)s to %(last)s") % {
        "first": begin,
        "last": date_format(last, "j F"),
    }


def weekday(number: int) -> str:
    return _weekday(number, get_language())


@lru_cache(maxsize=100)
def _weekday(number: int, language: str | None) -> str:
    # that was a Monday
    return date_format(date(2024, 1, 1) + timedelta(days=number), "l")
