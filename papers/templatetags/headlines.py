"""One headline as HTML, built in Python because a page shows dozens: four times as fast as a partial for each."""

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from config.look import icon, sanitised
from papers.models import Paper
from papers.relevance import Suggestion

register = template.Library()


@register.simple_tag(takes_context=True)
def headline(
    context: Context, paper: Paper, number: int | str = "", place: str = "", why: Suggestion | None = None
) -> str:
    """A row of a list: `{% headline paper number place="you" why=suggestion %}`.

    `paper` has `kept`; `place` is "you" in the list for the reader, so that ids differ from those of the day's list.
    """
    return format_html(
        '<li class="rank" id="paper-{}{}">{}<div class="paper"><h3><a href="{}">{}</a></h3>'
        '<p class="dots">{}<span>{}</span><span>{}</span></p>{}</div>{}</li>',
        paper.pk,
        place,
        format_html('<data value="{0}">{0}</data>', number) if number else SafeString("<span></span>"),
        address(paper),
        sanitised(paper.title_html),
        format_html("<span>{}</span>", paper.byline) if paper.authors else "",
        paper.primary_category,
        paper.arxiv_id,
        _why(why) if why else "",
        deeds(context, paper, number, place),
    )


@register.simple_tag(takes_context=True)
def deeds(context: Context, paper: Paper, number: int | str = "", place: str = "") -> SafeString:
    """Keep and hide, as one form that also works without JavaScript."""
    here = address(paper)
    return format_html(
        '<form class="paper-deeds" method="post" action="{here}keep/">'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{token}">'
        '<input type="hidden" name="number" value="{number}"><input type="hidden" name="place" value="{place}">'
        '<button class="button plain icon-only small" name="keep" id="keep-{pk}{place}" value="{turn}" '
        'aria-pressed="{kept}" hx-post="{here}keep/" hx-target="closest form" hx-swap="outerHTML">'
        '{bookmark}<span class="visually-hidden">{keep}: {title}</span></button>'
        '<button class="button plain icon-only small" name="hide" value="1" formaction="{here}hide/" '
        'hx-post="{here}hide/" hx-target="closest li" hx-swap="outerHTML">'
        '{eye}<span class="visually-hidden">{hide}: {title}</span></button></form>',
        here=here,
        token=context.get("csrf_token", ""),
        number=number,
        place=place,
        pk=paper.pk,
        turn="0" if paper.kept else "1",
        kept="true" if paper.kept else "false",
        bookmark=icon("bookmark"),
        eye=icon("eye-off"),
        keep=_("Keep"),
        hide=_("Hide"),
        title=paper.title,
    )


def address(paper: Paper) -> str:
    """The page of a paper; those of keep/ and hide/ stand below it. Quicker than resolving three names for each row."""
    return f"{reverse('papers:today')}{paper.arxiv_id}/"


def _why(suggestion: Suggestion) -> SafeString:
    return format_html(
        '<p class="why">{}<span>{}</span></p>',
        icon("footprints"),
        _("because it is about %(words)s") % {"words": suggestion.words},
    )
