"""Deliveries made into messages: HTML that holds in mail clients, and a text part
written for reading.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from config.plaintext import plain, render_text
from look.times import hours_minutes
from mail import tokens, wording
from mail.digest import Digest
from mail.eligibility import reasons_not_to_send
from mail.ledger import EARLY
from mail.mime import Letter
from mail.models import Delivery, What, preference_of
from mail.notices import Notice
from mail.reminders import Quiet
from mail.sending import Built
from mail.skeletons import Fact, Inlined, Skeletons
from mail.snippets import Fragment, Snippets, absolute, inlined, short
from mail.wrapping import hang
from members.models import Member, StudyGroup
from text.direction import isolated


@dataclass(frozen=True, slots=True)
class Links:
    unsubscribe: str
    preferences: str
    next: str
    page: str


class MessageBuilder:
    """Builds the messages of one run; keeps what they share."""

    def __init__(self, now: datetime) -> None:
        group = StudyGroup.objects.first()
        self.group = " ".join(group.name.split()) if group else "Minibatch"
        self.snippets = Snippets(now)
        self.skeletons = Skeletons(inlined)

    def __call__(self, batch: Sequence[Delivery], now: datetime) -> Built:
        """Two queries for any number of deliveries with their members and preferences,
        four more for reminders.
        """
        hindered = reasons_not_to_send(batch, now)
        going = [delivery for delivery in batch if hindered[delivery.pk] is None]
        contents = {delivery.pk: _content(delivery) for delivery in going}
        needed = []
        for delivery in going:
            content = contents[delivery.pk]
            if isinstance(content, Digest):
                needed.append((delivery.member, content))
        self.snippets.load(needed)
        return {
            delivery.pk: hindered[delivery.pk]
            or self._build(delivery, contents[delivery.pk])
            for delivery in batch
        }

    def _build(
        self, delivery: Delivery, content: Digest | Quiet | Notice | Exception
    ) -> Letter | Exception:
        """One mail that cannot be built does not hold up the others: what went wrong
        stands in its place.
        """
        try:
            match content:
                case Digest():
                    return self.digest(delivery, content)
                case Quiet():
                    return self.reminder(delivery, content)
                case Notice():
                    return self.notice(delivery, content)
                case _:
                    return content
        except Exception as error:
            return error

    def build(self, delivery: Delivery) -> Letter:
        """One message, whether it may go out or not."""
        content = _content(delivery)
        if isinstance(content, Digest):
            self.snippets.load([(delivery.member, content)])
        built = self._build(delivery, content)
        if isinstance(built, Exception):
            raise built
        return built

    def page(self, delivery: Delivery) -> dict[str, Any]:
        """What the page of a digest shows. Two queries."""
        digest = Digest.from_content(delivery.content)
        self.snippets.load([(delivery.member, digest)])
        return self.digest_context(delivery, digest) | {
            "delivery": delivery,
            "questions": self.snippets.of_posts(delivery.member, digest.questions),
            "posts": self.snippets.of_posts(delivery.member, digest.posts),
            "papers": [
                (line, wording.why_this_paper(pick, digest))
                for line, pick in self.snippets.of_papers(digest.papers)
            ],
        }

    def digest(self, delivery: Delivery, digest: Digest) -> Letter:
        context = self._words_of_letter(delivery, digest)
        fragments = self._fragments(delivery, digest)
        html = {
            name: Inlined("".join(each.html for each in found))
            for name, found in fragments.items()
        }
        text = {
            name: "".join(each.text for each in found)
            for name, found in fragments.items()
        }
        return self._message(delivery, context, html, text, "digest", What.DIGEST)

    def _fragments(
        self, delivery: Delivery, digest: Digest
    ) -> dict[str, list[Fragment]]:
        snippets, member = self.snippets, delivery.member
        papers = snippets.of_papers(digest.papers)
        return {
            "questions": [
                snippets.post(line)
                for line in snippets.of_posts(member, digest.questions)
            ],
            "posts": [
                snippets.post(line) for line in snippets.of_posts(member, digest.posts)
            ],
            "papers": [
                snippets.paper(line, wording.why_this_paper(pick, digest), number)
                for number, (line, pick) in enumerate(papers, 1)
            ],
        }

    def _words_of_letter(self, delivery: Delivery, digest: Digest) -> dict[str, Any]:
        """As `digest_context`, in texts only."""
        context = self.digest_context(delivery, digest)
        following = digest.next
        names = "subject heading remark preheader group_name total target days deeds"
        return {name: context[name] for name in names.split()} | {
            "bars": [_bar(bar) for bar in context["bars"]],
            "next_kind": _next_kind(digest),
            "next_label": context["next_label"],
            "next_title": following.title if following else "",
            "next_number": str(following.step_number) if following else "",
            "curriculum": digest.curriculum,
            "step": str(digest.step or ""),
            "releases": [
                {"title": each.title, "words": str(each.words), "url": url}
                for each, url in context["releases"]
            ],
            "papers_note": context["papers_note"],
            "why": context["why"],
            "links": asdict(context["links"]),
        }

    def digest_context(self, delivery: Delivery, digest: Digest) -> dict[str, Any]:
        """The words of a digest, for its mail and for its page."""
        week, member = digest.week, delivery.member
        first, last = week.days
        weekday = preference_of(member).digest_weekday
        return {
            "subject": self._subject(delivery, week.total),
            "heading": wording.heading(member, week.total, week.target),
            "remark": wording.remark(digest),
            "preheader": wording.preheader(digest),
            "group_name": self.group,
            "digest": digest,
            "total": hours_minutes(week.total),
            "target": hours_minutes(week.target),
            "days": wording.days(first, last),
            "bars": wording.bars(digest),
            "deeds": wording.deeds(digest),
            "releases": [(each, absolute(each.path)) for each in digest.releases],
            "next_label": wording.next_label(digest.next),
            "papers_note": _("Out of %(n)s this week.")
            % {"n": f"{digest.papers_announced:,}"},
            "why": _(
                "One mail a week, on %(day)s, because you are a member of %(group)s."
            )
            % {"day": wording.weekday(weekday), "group": isolated(self.group)},
            "links": links(
                delivery,
                What.DIGEST,
                digest.next.path if digest.next else reverse("curriculum:list"),
            ),
        }

    def _subject(self, delivery: Delivery, minutes: int) -> str:
        values = {
            "group": isolated(self.group),
            "n": delivery.number,
            "time": hours_minutes(minutes),
        }
        if delivery.kind == Delivery.Kind.TEST:
            return _("Test: your week at %(group)s") % values
        if minutes:
            return _("Your week at %(group)s, no. %(n)s: %(time)s") % values
        return _("Your week at %(group)s, no. %(n)s") % values

    def reminder(self, delivery: Delivery, content: Quiet) -> Letter:
        member, following = delivery.member, content.next
        context = {
            "subject": _("You stopped at “%(title)s”")
            % {"title": isolated(short(following.title))},
            "heading": _("Ready to go on, %(name)s?")
            % {"name": wording.first_name(member)},
            "opening": _(
                "We last heard from you on %(day)s. That is fine: nothing was lost, and your place is kept. "
                "This is the only reminder until you are back."
            )
            % {"day": date_format(content.since, "l, j F")},
            "goal": " ".join(member.goal_words.split())
            or (member.get_goal_display() if member.goal else ""),
            "preheader": wording.next_label(following),
            "group_name": self.group,
            "next_label": wording.next_label(following),
            "next_title": following.title,
            "next_number": str(following.step_number),
            "why": _(
                "You get this because you are a member of %(group)s and have not been there for a week."
            )
            % {"group": isolated(self.group)},
            "links": asdict(links(delivery, What.REMINDERS, following.path)),
        }
        return self._message(delivery, context, {}, {}, "reminder", What.REMINDERS)

    def notice(self, delivery: Delivery, content: Notice) -> Letter:
        """To the owner, about the site itself: no kind of mail that can be stopped."""
        context = {
            "subject": content.subject,
            "preheader": content.paragraphs[0],
            "paragraphs": [{"words": words} for words in content.paragraphs],
            "group_name": self.group,
            "address": absolute(content.path),
            "button": content.button,
            "why": _("You get this because you are an owner of %(group)s.")
            % {"group": self.group},
        }
        return self._letter(delivery, context, {}, {}, "notice", {})

    def _message(
        self,
        delivery: Delivery,
        context: Mapping[str, Any],
        html: Mapping[str, Inlined],
        text: Mapping[str, str],
        template: str,
        what: str,
    ) -> Letter:
        """With the headers of a mail that can be stopped."""
        unsubscribe = context["links"]["unsubscribe"]
        ways = [f"<{unsubscribe}>"]
        if mailbox := settings.UNSUBSCRIBE_MAILBOX:
            token = tokens.unsubscribe_token(delivery.member, what)
            ways.append(f"<mailto:{mailbox}?subject={token}>")
        headers = {
            "References": thread_id(delivery.member, what),
            "List-Id": f"<{what}.{settings.MAIL_DOMAIN}>",
            "List-Unsubscribe": ", ".join(ways),
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Precedence": "bulk",
        }
        return self._letter(delivery, context, html, text, template, headers)

    def _letter(
        self,
        delivery: Delivery,
        context: Mapping[str, Any],
        html: Mapping[str, Inlined],
        text: Mapping[str, str],
        template: str,
        headers: Mapping[str, str],
    ) -> Letter:
        name = f"mail/letters/{template}"
        words = render_text(f"{name}.txt", {**context, **text, "hang": hang})
        letter = Letter(
            plain(context["subject"]),
            words,
            formataddr((self.group, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
            [delivery.member.email],
            headers={
                "Message-ID": message_id(delivery),
                "Auto-Submitted": "auto-generated",
                **headers,
            },
        )
        whole = self.skeletons.fill(f"{name}.html", {**context, **html})
        letter.attach_alternative(whole, "text/html")
        return letter


def _bar(bar: wording.Bar) -> dict[str, Any]:
    return {
        "aspect": Fact(bar.aspect),
        "shape": bar.shape,
        "name": bar.name,
        "value": bar.value,
        "share": str(bar.share),
        "drawn": bar.drawn,
        "begun": bar.share > 0,
        "full": bar.share >= 100,
    }


def _next_kind(digest: Digest) -> Fact:
    """Which of its three texts the template shows for what comes next."""
    if digest.next:
        return Fact("activity")
    return Fact("completed" if digest.curriculum else "nothing")


def _content(delivery: Delivery) -> Digest | Quiet | Notice | Exception:
    kinds: dict[str, type[Quiet] | type[Notice]] = {
        Delivery.Kind.INACTIVITY: Quiet,
        Delivery.Kind.NOTICE: Notice,
    }
    try:
        return kinds.get(delivery.kind, Digest).from_content(delivery.content)
    except (KeyError, TypeError, ValueError) as error:
        return error


def message_id(delivery: Delivery) -> str:
    """The same for the same delivery, whoever sends it and however often."""
    key = delivery.key.partition(EARLY)[0]
    secret = salted_hmac(
        "mail.message-id", f"{delivery.kind}.{key}.{delivery.pk}"
    ).hexdigest()[:12]
    return f"<{delivery.kind}.{key}.{delivery.pk}.{secret}@{settings.MAIL_DOMAIN}>"


def thread_id(member: Member, what: str) -> str:
    """A message that was never sent, and that all of a member's digests answer: mail
    clients keep them together.
    """
    secret = salted_hmac("mail.thread-id", f"{what}.{member.pk}").hexdigest()[:16]
    return f"<{what}.{secret}@{settings.MAIL_DOMAIN}>"


def links(delivery: Delivery, what: str, following: str) -> Links:
    member = delivery.member
    return Links(
        unsubscribe=absolute(
            reverse("mail:unsubscribe", args=[tokens.unsubscribe_token(member, what)])
        ),
        preferences=absolute(
            reverse("mail:preferences_by_link", args=[tokens.preferences_token(member)])
        ),
        next=absolute(following),
        page=absolute(delivery.get_absolute_url()),
    )
