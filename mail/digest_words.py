"""The texts of a digest, for its page and for both parts of its mail."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from look.times import hours_minutes
from mail import wording
from mail.digest import Digest
from mail.links import absolute, links
from mail.models import Delivery, What, preference_of
from mail.skeletons import Fact, Inlined
from mail.snippets import Fragment
from mail.wrapping import hang
from text.direction import isolated

Fragments = Mapping[str, Sequence[Fragment]]

SHARED = "subject heading remark preheader group_name total target days deeds"


def words(delivery: Delivery, digest: Digest, group: str) -> dict[str, Any]:
    """The context of the digest's page, from which `for_html` and `for_text` are made."""
    week, member = digest.week, delivery.member
    first, last = week.days
    weekday = preference_of(member).digest_weekday
    following = digest.next.path if digest.next else reverse("curriculum:list")
    announced = {"n": f"{digest.papers_announced:,}"}
    because = {"day": wording.weekday(weekday), "group": isolated(group)}
    return {
        "subject": _subject(delivery, week.total, group),
        "heading": wording.heading(member, week.total, week.target),
        "remark": wording.remark(digest),
        "preheader": wording.preheader(digest),
        "group_name": group,
        "digest": digest,
        "total": hours_minutes(week.total),
        "target": hours_minutes(week.target),
        "days": wording.days(first, last),
        "bars": wording.bars(digest),
        "deeds": wording.deeds(digest),
        "releases": [(each, absolute(each.path)) for each in digest.releases],
        "next_label": wording.next_label(digest.next),
        "papers_note": _("Out of %(n)s this week.") % announced,
        "why": _("One mail a week, on %(day)s, because you are a member of %(group)s.")
        % because,
        "links": links(delivery, What.DIGEST, following),
    }


def _subject(delivery: Delivery, minutes: int, group: str) -> str:
    values = {
        "group": isolated(group),
        "n": delivery.number,
        "time": hours_minutes(minutes),
    }
    if delivery.kind == Delivery.Kind.TEST:
        return _("Test: your week at %(group)s") % values
    if minutes:
        return _("Your week at %(group)s, no. %(n)s: %(time)s") % values
    return _("Your week at %(group)s, no. %(n)s") % values


def for_html(
    said: Mapping[str, Any], digest: Digest, fragments: Fragments
) -> dict[str, Any]:
    """The context of the HTML part, in texts only, as a skeleton needs it."""
    following = digest.next
    return {name: said[name] for name in SHARED.split()} | {
        "bars": [_bar(bar) for bar in said["bars"]],
        "next_kind": _next_kind(digest),
        "next_label": said["next_label"],
        "next_title": following.title if following else "",
        "next_number": str(following.step_number) if following else "",
        "curriculum": digest.curriculum,
        "step": str(digest.step or ""),
        "releases": [
            {"title": each.title, "words": str(each.words), "url": url}
            for each, url in said["releases"]
        ],
        "papers_note": said["papers_note"],
        "why": said["why"],
        "links": said["links"].texts(),
        **{
            name: Inlined("".join([each.html for each in found]))
            for name, found in fragments.items()
        },
    }


def for_text(
    said: Mapping[str, Any], digest: Digest, fragments: Fragments
) -> dict[str, Any]:
    """The context of the text part, laid out in lines."""
    completed = _("You have completed %(title)s. The other curricula:")
    return {
        "heading": f"{said['heading']} {said['remark']}".rstrip(),
        "days": said["days"],
        "total": said["total"],
        "target": said["target"],
        "bars": [{"drawn": _drawn(bar)} for bar in said["bars"]],
        "deeds": said["deeds"] and hang(said["deeds"], "  "),
        "next_kind": _next_kind(digest),
        "next_label": said["next_label"].upper(),
        "next_title": hang(digest.next.title, "  ") if digest.next else "",
        "completed": hang(completed % {"title": digest.curriculum}, "  "),
        "step": str(digest.step or ""),
        "releases": [
            {"words": _released(each.title, str(each.words)), "url": url}
            for each, url in said["releases"]
        ],
        "papers_note": hang(said["papers_note"], "  "),
        "why": hang(said["why"], ""),
        "links": said["links"].texts(),
        **{
            name: "".join([each.text for each in found])
            for name, found in fragments.items()
        },
    }


def _bar(bar: wording.AspectBar) -> dict[str, Any]:
    return {
        "aspect": Fact(bar.aspect),
        "shape": bar.shape,
        "name": bar.name,
        "value": bar.value,
        "share": str(bar.share),
        "begun": bar.share > 0,
        "full": bar.share >= 100,
    }


def _drawn(bar: wording.AspectBar) -> str:
    return f"{bar.name:5} {bar.value:>10}  {bar.drawn}  {bar.share:>3} %"


def _next_kind(digest: Digest) -> Fact:
    """Which of three texts the template shows about the next activity."""
    if digest.next:
        return Fact("activity")
    return Fact("completed" if digest.curriculum else "nothing")


def _released(title: str, changes: str) -> str:
    values = {"title": title, "words": changes}
    return hang(_("%(title)s: %(words)s. See what changed:") % values, "  ")
