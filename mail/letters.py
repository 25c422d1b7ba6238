"""Deliveries made into messages: HTML that holds in mail clients, and a text part written for reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import get_template
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from config.look import hours_minutes
from mail import due, tokens, wording
from mail.digest import Digest
from mail.hindrances import hindrances
from mail.lines import Lines, absolute, inlined, short
from mail.models import Delivery, What
from mail.reminders import Quiet
from mail.sending import Built
from members.models import Member, StudyGroup


@dataclass(frozen=True, slots=True)
class Links:
    unsubscribe: str
    preferences: str
    next: str
    page: str


class Letterer:
    """Builds the messages of one run; keeps what they share."""

    def __init__(self, now: datetime) -> None:
        group = StudyGroup.objects.first()
        self.group = " ".join(group.name.split()) if group else "Minibatch"
        self.lines = Lines(now)

    def __call__(self, batch: Sequence[Delivery], now: datetime) -> Built:
        """Two queries for any number of deliveries with their members and preferences, four more for reminders."""
        hindered = hindrances(batch, now)
        going = [delivery for delivery in batch if hindered[delivery.pk] is None]
        contents = {delivery.pk: _content(delivery) for delivery in going}
        if digests := [content for content in contents.values() if isinstance(content, Digest)]:
            self.lines.load(digests, going[0].member)
        return {
            delivery.pk: hindered[delivery.pk] or self._build(delivery, contents[delivery.pk]) for delivery in batch
        }

    def _build(self, delivery: Delivery, content: Digest | Quiet | Exception) -> EmailMultiAlternatives | Exception:
        """One mail that cannot be built does not hold up the others: what went wrong stands in its place."""
        try:
            match content:
                case Digest():
                    return self.digest(delivery, content)
                case Quiet():
                    return self.reminder(delivery, content)
                case _:
                    return content
        except Exception as error:
            return error

    def build(self, delivery: Delivery) -> EmailMultiAlternatives:
        """One message, whether it may go out or not."""
        content = _content(delivery)
        if isinstance(content, Digest):
            self.lines.load([content], delivery.member)
        built = self._build(delivery, content)
        if isinstance(built, Exception):
            raise built
        return built

    def page(self, delivery: Delivery) -> dict[str, Any]:
        """What the page of a digest shows. Two queries."""
        digest = Digest.from_content(delivery.content)
        self.lines.load([digest], delivery.member)
        return self.digest_context(delivery, digest) | {
            "delivery": delivery,
            "questions": self.lines.of_posts(digest.questions),
            "posts": self.lines.of_posts(digest.posts),
            "papers": [
                (line, wording.why_this_paper(pick, digest)) for line, pick in self.lines.of_papers(digest.papers)
            ],
        }

    def digest(self, delivery: Delivery, digest: Digest) -> EmailMultiAlternatives:
        member, context = delivery.member, self.digest_context(delivery, digest)
        questions = [self.lines.post(line) for line in self.lines.of_posts(digest.questions)]
        posts = [self.lines.post(line) for line in self.lines.of_posts(digest.posts)]
        papers = [
            self.lines.paper(line, wording.why_this_paper(pick, digest), number)
            for number, (line, pick) in enumerate(self.lines.of_papers(digest.papers), 1)
        ]
        shown = {"questions": questions, "posts": posts, "papers": papers}
        html = _html("mail/letters/digest.html", context | {f"has_{name}": bool(f) for name, f in shown.items()})
        for name, fragments in shown.items():
            html = html.replace(f"<!--{name}-->", "".join(fragment.html for fragment in fragments))
        text = get_template("mail/letters/digest.txt").render(
            context | {name: "".join(fragment.text for fragment in fragments) for name, fragments in shown.items()}
        )
        return self._message(delivery, member, context, text, html, What.DIGEST)

    def digest_context(self, delivery: Delivery, digest: Digest) -> dict[str, Any]:
        """The words of a digest, for its mail and for its page."""
        week, member = digest.week, delivery.member
        first, last = week.days
        weekday = due.preference_of(member).digest_weekday
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
            "next_label": wording.next_label(digest.next),
            "papers_note": _("Out of %(n)s this week.") % {"n": f"{digest.papers_announced:,}"},
            "why": _("One mail a week, on %(day)s, because you are a member of %(group)s.")
            % {"day": wording.weekday(weekday), "group": self.group},
            "links": links(delivery, What.DIGEST, digest.next.path if digest.next else reverse("curriculum:list")),
        }

    def _subject(self, delivery: Delivery, minutes: int) -> str:
        values = {"group": self.group, "n": delivery.number, "time": hours_minutes(minutes)}
        if delivery.kind == Delivery.Kind.TEST:
            return _("Test: your week at %(group)s") % values
        if minutes:
            return _("Your week at %(group)s, no. %(n)s: %(time)s") % values
        return _("Your week at %(group)s, no. %(n)s") % values

    def reminder(self, delivery: Delivery, content: Quiet) -> EmailMultiAlternatives:
        member, following = delivery.member, content.next
        context = {
            "subject": _("%(title)s is where you stopped") % {"title": short(following.title)},
            "heading": _("Shall we go on, %(name)s?") % {"name": wording.first_name(member)},
            "opening": _(
                "The last we heard of you was on %(day)s. That is fine: nothing was lost, and your place is kept. "
                "This is the only reminder until you are back."
            )
            % {"day": date_format(content.since, "l, j F")},
            "goal": " ".join(member.goal_words.split()) or (member.get_goal_display() if member.goal else ""),
            "preheader": wording.next_label(following),
            "group_name": self.group,
            "next": following,
            "next_label": wording.next_label(following),
            "why": _("You get this because you are a member of %(group)s and have not been there for a week.")
            % {"group": self.group},
            "links": links(delivery, What.REMINDERS, following.path),
        }
        html = _html("mail/letters/reminder.html", context)
        text = get_template("mail/letters/reminder.txt").render(context)
        return self._message(delivery, member, context, text, html, What.REMINDERS)

    def _message(
        self, delivery: Delivery, member: Member, context: Mapping[str, Any], text: str, html: str, what: str
    ) -> EmailMultiAlternatives:
        token = tokens.unsubscribe_token(member.pk, what)
        mailbox = settings.UNSUBSCRIBE_MAILBOX
        ways = [f"<{context['links'].unsubscribe}>", *([f"<mailto:{mailbox}?subject={token}>"] if mailbox else [])]
        message = EmailMultiAlternatives(
            context["subject"],
            text,
            formataddr((self.group, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
            [member.email],
            headers={
                "Message-ID": message_id(delivery),
                "References": thread_id(member, what),
                "List-Id": f"<{what}.{settings.MAIL_DOMAIN}>",
                "List-Unsubscribe": ", ".join(ways),
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
                "Precedence": "bulk",
            },
        )
        message.attach_alternative(html, "text/html")
        return message


def _content(delivery: Delivery) -> Digest | Quiet | Exception:
    kind = Quiet if delivery.kind == Delivery.Kind.INACTIVITY else Digest
    try:
        return kind.from_content(delivery.content)
    except (KeyError, TypeError, ValueError) as error:
        return error


def _html(template: str, context: Mapping[str, Any]) -> str:
    return inlined(get_template(template).render(dict(context)))


def message_id(delivery: Delivery) -> str:
    """The same for the same delivery, whoever sends it and however often."""
    secret = salted_hmac("mail.message-id", f"{delivery.kind}.{delivery.key}.{delivery.pk}").hexdigest()[:12]
    return f"<{delivery.kind}.{delivery.key}.{delivery.pk}.{secret}@{settings.MAIL_DOMAIN}>"


def thread_id(member: Member, what: str) -> str:
    """A message that was never sent, and that all of a member's digests answer: mail clients keep them together."""
    secret = salted_hmac("mail.thread-id", f"{what}.{member.pk}").hexdigest()[:16]
    return f"<{what}.{secret}@{settings.MAIL_DOMAIN}>"


def links(delivery: Delivery, what: str, following: str) -> Links:
    member_id = delivery.member_id
    return Links(
        unsubscribe=absolute(reverse("mail:unsubscribe", args=[tokens.unsubscribe_token(member_id, what)])),
        preferences=absolute(reverse("mail:preferences_by_link", args=[tokens.preferences_token(member_id)])),
        next=absolute(following),
        page=absolute(delivery.get_absolute_url()),
    )
