"""Moments and minutes in words, in the reader's zone."""

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from functools import lru_cache

from django.template.defaultfilters import date as formatted
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]
from django.utils.translation import gettext as _
from markupsafe import Markup

from look.around import around


def exact(moment: datetime) -> str:
    """For `datetime` attributes, to the minute: HTML has no microseconds."""
    return moment.isoformat(timespec="minutes")


def in_reader_zone(value: datetime | date | None, style: str = "") -> str:
    """A day or a moment as Django's filter `date` writes it; empty
    for None.
    """
    if type(value) is date:  # a moment is one too
        return day_in_words(value, style)
    return str(formatted(template_localtime(value), style or None))


def day_in_words(day: date, style: str) -> str:
    """As Django's filter `date` writes it. A calendar shows the same days all the time."""
    return _day_in_words(day, style, around().language)


@lru_cache(maxsize=4_000)
def _day_in_words(day: date, style: str, language: str) -> str:
    return str(formatted(day, style or None))


def full_moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i")


# A unit, and how many of it.
Age = tuple[str, int]


def age(local: datetime, now: datetime) -> Age:
    """All that the words of `ago` depend on beside the moment;
    both in one zone.
    """
    minutes = int((now - local).total_seconds() // 60)
    if minutes < 1:
        return "moment", 0
    if minutes < 60:
        return "minutes", minutes
    if minutes < 24 * 60 and local.date() == now.date():
        return "hours", minutes // 60
    days = (now.date() - local.date()).days
    if days < 7:
        return "days", days
    return "years", now.year - local.year


def ago(moment: datetime) -> str:
    """How long ago, in the shortest words that help."""
    local = timezone.localtime(moment)
    unit, count = age(local, timezone.localtime())
    if unit == "moment":
        return _("just now")
    if unit == "minutes":
        return _("%(n)s min ago") % {"n": count}
    if unit == "hours":
        return _("%(n)s h ago") % {"n": count}
    if unit == "years":
        if not count:
            return date_format(local, "j F")
        return date_format(local, "j F Y")
    if count == 1:
        return _("yesterday")
    return _("%(n)s days ago") % {"n": count}


# Makes the element of a moment.
When = Callable[[datetime], Markup]


def kept_when(macro: When) -> When:
    """The component `when`, which makes a moment's element once for each
    zone, language and age. Lists show the same moments again and again.
    """

    @lru_cache(maxsize=10_000)
    def made(moment: datetime, zone: tzinfo | None, language: str, age: Age) -> Markup:
        return macro(moment)

    def when(moment: datetime) -> Markup:
        page = around()
        zone = page.now.tzinfo
        return made(moment, zone, page.language, age(moment.astimezone(zone), page.now))

    return when


def hours_minutes(minutes: int | None) -> str:
    """90 to “1 h 30”, 45 to “45 min”, 120 to “2 h”."""
    hours, rest = divmod(int(minutes or 0), 60)
    if not hours:
        return _("%(n)s min") % {"n": rest}
    if not rest:
        return f"{hours} h"
    return f"{hours} h {rest:02d}"
