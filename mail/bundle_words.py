"""The texts of a daily mail, and of a mail at once, for both parts of the mail."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mail import wording
from mail.bundle_parts import (
    Kind,
    MailItem,
    MailList,
    Parts,
    Talk,
    names_of,
    parts,
    reminder_lines,
)
from mail.bundles import Bundle
from mail.letters import headers_to_stop, thread_id
from mail.links import absolute, links
from mail.models import Delivery, What, preference_of
from mail.news import MailNews
from mail.skeletons import Fact, Inlined
from mail.snippets import short
from mail.wrapping import hang
from text.direction import isolated

Part = Callable[[str, Mapping[str, Any]], str]
PAUSE_WEEKS = 2  # that the link in the mail proposes


def parts_of(
    delivery: Delivery, bundle: Bundle, news: MailNews, now: datetime
) -> Parts:
    """The parts of a mail, as far as its member has not seen them. No query."""
    member = delivery.member
    told = news.told_to(member, bundle)
    announced = news.announced_to(member, bundle)
    reminders = news.reminders_of(member, bundle)
    lines = reminder_lines(reminders, bundle.more_reminders)
    return parts(member, told, announced, _today(delivery, bundle), lines, now)


def _today(delivery: Delivery, bundle: Bundle) -> list[MailItem]:
    """The lines of a mail that are about the member alone."""
    items = []
    if bundle.pause_ends:
        items.append(_end_of_pause(delivery, bundle.pause_ends))
    if bundle.away and not preference_of(delivery.member).reminders_stopped_at:
        items.append(_away(delivery, bundle))
    if bundle.stands_in:
        url = absolute(reverse("notifications:notifications"))
        items.append(MailItem(bundle.stands_in, "", url))
    return items


def _end_of_pause(delivery: Delivery, ends: date) -> MailItem:
    day = date_format(ends, "l j F")
    return MailItem(
        title=_("Your pause of mail ends tomorrow"),
        about=_("From %(day)s on mail comes again. You can choose a later day.")
        % {"day": day},
        url=links(delivery, What.BUNDLE, "").preferences,
    )


def _away(delivery: Delivery, bundle: Bundle) -> MailItem:
    """The reminder after a quiet time, as one line, with the goal of the member."""
    assert bundle.away is not None
    goal = " ".join(delivery.member.goal_words.split())
    words = [
        _("You stopped here on %(day)s, and your place is kept.")
        % {"day": date_format(bundle.away.since, "l, j F")}
    ]
    if goal:
        words.append(_("What you came for: “%(goal)s”") % {"goal": isolated(goal)})
    following = bundle.away.next
    return MailItem(
        title=isolated(short(following.title)),
        about=" ".join(words),
        url=absolute(following.path),
    )


def headers(delivery: Delivery, found: Parts, unsubscribe: str) -> dict[str, str]:
    """The headers of the mail. Mails at once about one post are one thread."""
    member = delivery.member
    stop = headers_to_stop(member, What(delivery.kind), unsubscribe)
    posts = {talk.post for talk in found.talks}
    if delivery.kind == Delivery.Kind.ONCE and len(posts) == 1:
        stop["References"] = thread_id(member, f"post-{posts.pop()}")
    return stop


def words(
    delivery: Delivery, bundle: Bundle, found: Parts, group: str
) -> dict[str, Any]:
    """The texts that both parts of the mail have in common."""
    member = delivery.member
    path = reverse("notifications:notifications")
    addresses = links(delivery, What(delivery.kind), path).texts()
    pause = f"{addresses['preferences']}?weeks={PAUSE_WEEKS}#pause"
    return {
        "subject": _subject(found, member.pk),
        "heading": _heading(found) % {"name": wording.first_name(member)},
        "intro": _intro(delivery, bundle, found),
        "preheader": _preheader(found),
        "group_name": group,
        "more": _more(bundle),
        "why": _why(delivery, group),
        "links": addresses | {"pause": pause},
    }


def _subject(found: Parts, member: int) -> str:
    for kind, one, several in (
        (
            Kind.ANSWER,
            _("%(names)s answered your question"),
            _("%(names)s answered your questions"),
        ),
        (Kind.MENTION, _("%(names)s mentioned you"), _("%(names)s mentioned you")),
        (Kind.REPLY, _("%(names)s replied to you"), _("%(names)s replied to you")),
    ):
        if talks := found.of(kind):
            pattern = one if len(talks) == 1 else several
            sayings = chain.from_iterable(talk.sayings for talk in talks)
            return pattern % {"names": names_of(sayings)}
    if found.reminders:
        return _reminded_of(found.reminders)
    if found.watched:
        return _new_in(found.watched)
    [first, *_rest] = [*found.today, *found.thanks]
    return first.title


def _reminded_of(reminders: Sequence[MailItem]) -> str:
    if len(reminders) == 1:
        return _("Reminder: “%(title)s”") % {"title": reminders[0].title}
    return _("Reminders of what you saved")


def _new_in(watched: Sequence[MailItem]) -> str:
    if len(watched) == 1:
        return _("New in “%(title)s”") % {"title": watched[0].title}
    return _("New in %(n)s threads that you watch") % {"n": len(watched)}


def _heading(found: Parts) -> str:
    answers = sum(len(talk.sayings) for talk in found.of(Kind.ANSWER))
    if found.is_of_reminders:
        return _("For today, %(name)s.")
    if not answers:
        return _("New for you, %(name)s.")
    words = ngettext(
        "%(n)s answer for you, %%(name)s.", "%(n)s answers for you, %%(name)s.", answers
    )
    return words % {"n": answers}


def _intro(delivery: Delivery, bundle: Bundle, found: Parts) -> str:
    day = date_format(delivery.member.local(delivery.written_at), "l j F")
    if bundle.pause_ends:
        return f"{day}."
    if found.is_of_reminders:
        return _("%(day)s. What you wanted to come back to.") % {"day": day}
    return _("%(day)s. What you have not seen yet, and nothing else.") % {"day": day}


def _preheader(found: Parts) -> str:
    if found.talks:
        return f"“{found.talks[0].sayings[0].words}”"
    first = [*found.reminders, *found.others][0]
    return first.about or first.title


def _more(bundle: Bundle) -> str:
    if not bundle.more:
        return ""
    words = ngettext(
        "And %(n)s more thing in the app.",
        "And %(n)s more things in the app.",
        bundle.more,
    )
    return words % {"n": bundle.more}


def _why(delivery: Delivery, group: str) -> str:
    if delivery.kind == Delivery.Kind.ONCE:
        words = _("You get this at once because you chose so at %(group)s.")
        return words % {"group": isolated(group)}
    hour = preference_of(delivery.member).bundle_hour
    return _("One such mail a day at most, at %(hour)s, from %(group)s.") % {
        "hour": f"{hour}:00",
        "group": isolated(group),
    }


def for_html(said: Mapping[str, Any], found: Parts, part: Part) -> dict[str, Any]:
    """The context of the HTML part."""
    pieces = [part("_talk", _talk_context(talk)) for talk in found.talks]
    pieces += [part("_items", _items_context(each)) for each in found.lists()]
    return {**said, "parts": Inlined("".join(pieces))}


def _talk_context(talk: Talk) -> dict[str, Any]:
    return {
        "kind": Fact(talk.kind),
        "heading": _heading_of(talk),
        "title": talk.title,
        "about": f"{talk.about}. {talk.same}".strip(),
        "url": talk.url,
        "sayings": [
            {
                "who": saying.who,
                "when": saying.when,
                "words": saying.words,
                "label": saying.label,
                "url": saying.url,
            }
            for saying in talk.shown
        ],
        "rest": [{"words": words, "url": url} for words, url in talk.rest],
    }


def _heading_of(talk: Talk) -> str:
    if talk.kind == Kind.ANSWER:
        return talk.title
    if talk.kind == Kind.MENTION:
        return _("You were mentioned")
    return ngettext("A reply to you", "Replies to you", len(talk.sayings))


def _items_context(each: MailList) -> dict[str, Any]:
    rows = [
        {"title": item.title, "about": item.about, "url": item.url}
        for item in each.items
    ]
    return {"title": each.title, "items_of_it": rows}


def for_text(said: Mapping[str, Any], found: Parts) -> dict[str, Any]:
    """The context of the text part, laid out in lines."""
    pieces = [_talk_text(talk) for talk in found.talks]
    pieces += [_items_text(each) for each in found.lists()]
    return {
        "heading": hang(said["heading"], ""),
        "intro": hang(said["intro"], ""),
        "parts": "\n\n".join(pieces),
        "more": said["more"],
        "why": hang(said["why"], ""),
        "links": said["links"],
    }


def _talk_text(talk: Talk) -> str:
    is_answer = talk.kind == Kind.ANSWER
    if is_answer:
        lines = [hang(talk.about.upper(), ""), hang(talk.title, "")]
    else:
        title = _("in %(title)s") % {"title": talk.title}
        lines = [hang(f"{_heading_of(talk).upper()}, {title}", "")]
    if talk.same:
        lines.append(talk.same)
    for saying in talk.shown:
        lines += ["", hang(f"{saying.who}, {saying.when}", "  ")]
        lines += [hang(saying.words, "  > "), f"  {saying.label}:", f"  {saying.url}"]
    for words, url in talk.rest:
        lines += ["", hang(f"{words}:", "  "), f"  {url}"]
    if is_answer:
        lines += ["", hang(accept_hint(), "  ")]
    return "\n".join(lines)


def accept_hint() -> str:
    return _("If it helped, accept it there: the next who asks finds it.")


def _items_text(each: MailList) -> str:
    lines = [each.title.upper(), ""]
    for item in each.items:
        lines += [hang(item.title, "  * "), hang(item.about, "    "), f"    {item.url}"]
    return "\n".join(lines)
