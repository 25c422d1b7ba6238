"""The rows of a step, built in Python: there are up to fifty on a page, and in a template each costs a millisecond."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import template
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from config.look import aspect_name, hours_minutes, icon, mark, sanitised
from progress.actions import MOST_MINUTES
from progress.checklist import Row
from progress.counting import ASPECTS
from progress.models import Record
from progress.places import Place

register = template.Library()
NOTHING = SafeString("")


@register.simple_tag(takes_context=True)
def activities(context: dict[str, Any], rows: Iterable[Row], *, oob: bool = False) -> SafeString:
    """The list items of activities. needs: place in the context; oob: swap in place from another answer."""
    write = Writer(context["place"], str(context.get("csrf_token", "")), oob)
    return format_html_join("\n", "{}", ((write.row(row),) for row in rows))


class Writer:
    """What the rows of one list share, made once."""

    def __init__(self, place: Place, token: str, oob: bool) -> None:
        self.place, self.token = place, token
        self.oob = format_html(' hx-swap-oob="{}"', "true") if oob else NOTHING
        self.chips = {
            each: format_html('<span class="chip" data-aspect="{}">{}{}</span>', each, mark(each), aspect_name(each))
            for each in ASPECTS
        }
        self.check = icon("check")
        self.optional = format_html('<span class="chip">{}</span>', _("Optional"))

    def row(self, row: Row) -> SafeString:
        url = reverse("progress:mark", args=[row.activity.key]) if self.place.member else ""
        return format_html(
            '<li id="{}" data-mark="{}"{}>{}<p class="what">{}</p><div class="chips">{}{}</div>'
            '<p class="dots">{}</p>{}</li>',
            row.id,
            row.mark,
            self.oob,
            self._tick(row, url),
            self._title(row),
            self._chips(row),
            self._menu(row, url) if self.place.member else NOTHING,
            format_html_join(" ", "<span>{}</span>", ((fact,) for fact in self._facts(row))),
            self._asides(row),
        )

    def _tick(self, row: Row, url: str) -> SafeString:
        if not url:
            return NOTHING
        is_done = row.mark == "done"
        return format_html(
            '<button class="tick" id="tick-{}" form="marks" formaction="{}" hx-post="{}" name="{}" value="done"'
            ' aria-pressed="{}">{}<span class="visually-hidden">{}</span></button>',
            row.id,
            url,
            url,
            "undo" if is_done else "done",
            "true" if is_done else "false",
            self.check,
            _("Done: %(title)s") % {"title": row.activity.title},
        )

    def _title(self, row: Row) -> SafeString:
        if row.activity.source and row.activity.source.url:
            return format_html('<a href="{}" rel="noreferrer">{}</a>', row.activity.source.url, row.activity.title)
        return format_html("<b>{}</b>", row.activity.title)

    def _facts(self, row: Row) -> Iterable[str | SafeString]:
        yield row.do
        if row.source_line and row.activity.source:
            where = reverse("curriculum:resource", args=[row.activity.source.slug])
            yield format_html('<a href="{}">{}</a>', where, row.source_line)
        if row.kind:
            yield row.kind
        if row.activity.minutes:
            yield hours_minutes(row.activity.minutes).replace(" ", "\N{NO-BREAK SPACE}")
        if row.cost:
            yield row.cost

    def _chips(self, row: Row) -> SafeString:
        chips = [self.chips[row.activity.aspect]]
        if not row.activity.core:
            chips.insert(0, self.optional)
        if row.is_flagged:
            chips.insert(0, self.said["revisit"])
        if row.mark in ("skipped", "started"):
            chips.insert(0, self.said[row.mark])
        elif row.record and row.record.confidence:
            chips.insert(0, format_html('<span class="chip">{}</span>', row.record.get_confidence_display()))
        return format_html_join("", "{}", ((chip,) for chip in chips))

    @cached_property
    def said(self) -> dict[str, SafeString]:
        return {
            name: format_html('<span class="chip">{}{}</span>', icon(drawing), word)
            for name, drawing, word in (
                ("skipped", "skip-forward", _("Skipped")),
                ("started", "play", _("Started")),
                ("revisit", "bookmark", _("To revisit")),
            )
        }

    # The menu

    def _menu(self, row: Row, url: str) -> SafeString:
        head, feelings, skip = self.menu
        return format_html(
            '<details class="menu row-menu" name="row-menu">{}{}</span></summary><div><ul>{}</ul>{}{}</div></details>',
            head,
            row.activity.title,
            self._presses(row, url),
            format_html(feelings, url=url, id=row.id),
            format_html(skip, url=url, id=row.id) if row.mark != "skipped" else NOTHING,
        )

    @cached_property
    def menu(self) -> tuple[SafeString, str, str]:
        """The parts that are the same in every row; the last two are formats with {url} and {id}."""
        head = format_html(
            '<summary class="button plain icon-only small">{}<span class="visually-hidden">{} ',
            icon("chevron-down"),
            _("More about:"),
        )
        place = format_html(
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="in" value="{}">'
            '<input type="hidden" name="step" value="{}">',
            self.token,
            self.place.curriculum.slug,
            self.place.step.slug,
        )
        form = '<form class="menu-part" method="post" action="{{url}}" hx-post="{{url}}">{}'
        feelings = format_html(
            form + '<input type="hidden" name="done" value="done"><input type="hidden" name="deed" value="{}">'
            '<div class="row"><label for="after-{{id}}">{}</label><input class="input small" id="after-{{id}}"'
            ' name="minutes" type="number" min="1" max="{}" inputmode="numeric"><span>{}</span>'
            '<button class="button outline small">{}</button></div>'
            "<fieldset><legend>{}</legend>{}</fieldset></form>",
            place,
            uuid4(),
            _("Done, after"),
            MOST_MINUTES,
            _("min"),
            _("Done"),
            _("and I feel"),
            format_html_join(
                " ",
                '<button class="button outline small" name="confidence" value="{}">{}</button>',
                Record.Confidence.choices,
            ),
        )
        skip = format_html(
            form + '<label for="why-{{id}}">{}</label><div class="row"><input class="input small" id="why-{{id}}"'
            ' name="reason" maxlength="200" placeholder="{}">'
            '<button class="button outline small" name="skipped" value="1">{}</button></div></form>',
            place,
            _("Skip it, because"),
            _("known already, not for me"),
            _("Skip"),
        )
        return head, feelings, skip

    def _presses(self, row: Row, url: str) -> SafeString:
        presses = []
        if row.mark in ("", "skipped"):
            presses.append(("started", "1", *self.words["started"]))
        presses.append(
            ("revisit", "0", *self.words["unflag"]) if row.is_flagged else ("revisit", "1", *self.words["flag"])
        )
        if row.mark:
            presses.append(("undo", row.mark, *self.words["undo " + row.mark]))
        return format_html_join(
            "",
            '<li><button form="marks" formaction="{}" hx-post="{}" name="{}" value="{}">{}{}</button></li>',
            ((url, url, *press) for press in presses),
        )

    @cached_property
    def words(self) -> dict[str, tuple[SafeString, str]]:
        return {
            "started": (icon("play"), _("Started")),
            "flag": (icon("bookmark"), _("To revisit")),
            "unflag": (icon("bookmark"), _("No longer to revisit")),
            "undo done": (icon("undo"), _("Not done after all")),
            "undo skipped": (icon("undo"), _("Not skipped after all")),
            "undo started": (icon("undo"), _("Not started after all")),
        }

    # Below the title

    def _asides(self, row: Row) -> SafeString:
        asides = []
        if row.record and row.record.skip_reason:
            reason = _("Skipped: %(reason)s") % {"reason": row.record.skip_reason}
            asides.append(format_html('<p class="aside">{}</p>', reason))
        if row.activity.note_html:
            asides.append(format_html('<div class="aside">{}</div>', sanitised(row.activity.note_html)))
        if row.is_archived:
            asides.append(self._archived(row))
        return format_html_join("", "{}", ((aside,) for aside in asides))

    def _archived(self, row: Row) -> SafeString:
        source = row.activity.source
        assert source
        link = '<a href="{}" rel="noreferrer">{}</a>'
        successor = format_html(" {} " + link + ".", _("In its place:"), source.successor_url, source.successor_title)
        copy = format_html(" " + link, source.archive_url, _("Archived copy"))
        return format_html(
            '<p class="aside">{} {}{}{}</p>',
            icon("unlink"),
            source.archived_why or _("Archived: nobody keeps it up any more."),
            successor if source.successor_url else NOTHING,
            copy if source.archive_url else NOTHING,
        )
