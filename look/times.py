"""Moments and minutes in words, in the reader's zone."""

from datetime import date, datetime

from django.template.defaultfilters import date as formatted
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]
from django.utils.translation import gettext as _


def exact(moment: datetime) -> str:
    """For `datetime` attributes, to the minute: HTML has no microseconds."""
    return moment.isoformat(timespec="minutes")


def in_reader_zone(value: datetime | date | None, style: str = "") -> str:
    """A day or a moment as Django's filter `date` writes it; empty for None."""
    return str(formatted(template_localtime(value), style or None))


def full_moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i")


def ago(moment: datetime) -> str:
    """How long ago, in the shortest words that help."""
    local, now = timezone.localtime(moment), timezone.localtime()
    minutes = int((now - local).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    if minutes < 24 * 60 and local.date() == now.date():
        return _("%(n)s h") % {"n": minutes // 60}
    days = (now.date() - local.date()).days
    if days == 1:
        return _("yesterday")
    if days < 7:
        return _("%(n)s days ago") % {"n": days}
    return date_format(local, "j F" if local.year == now.year else "j F Y")


def hours_minutes(minutes: int | None) -> str:
    """90 to “1 h 30”, 45 to “45 min”, 120 to “2 h”."""
    hours, rest = divmod(int(minutes or 0), 60)
    if not hours:
        return _("%(n)s min") % {"n": rest}
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"
