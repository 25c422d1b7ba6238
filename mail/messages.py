"""Messages built from deliveries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

from django.utils.translation import gettext as _

from mail import bundle_parts, bundle_words, digest_words, wording
from mail.bundles import Bundle
from mail.digest import Digest
from mail.eligibility import reasons_not_to_send
from mail.letters import Letters, headers_to_stop
from mail.links import absolute, links
from mail.mime import Letter
from mail.models import Delivery, What
from mail.news import MailNews
from mail.notices import Notice
from mail.reminders import Quiet
from mail.sending import Built, Withdrawn
from mail.snippets import Fragment, PostSnippet, Snippets, short
from mail.wrapping import hang
from members.models import Member, StudyGroup
from text.direction import isolated

Content: TypeAlias = Digest | Bundle | Quiet | Notice | Exception


class MessageBuilder:
    """Builds the messages of one run, and keeps the parts that they have in common."""

    def __init__(self, now: datetime) -> None:
        group = StudyGroup.objects.first()
        self.group = " ".join(group.name.split()) if group else "Minibatch"
        self.now = now
        self.snippets = Snippets(now)
        self.news = MailNews()
        self.letters = Letters(self.group)

    def __call__(self, batch: Sequence[Delivery], now: datetime) -> Built:
        """Build the messages of a batch, by delivery id.

        The deliveries must have their members and preferences loaded. Two queries, four
        more if there are reminders, and those of `MailNews.load` if there are daily mails.
        """
        hindered = reasons_not_to_send(batch, now)
        going = [delivery for delivery in batch if hindered[delivery.pk] is None]
        contents = {delivery.pk: _content(delivery) for delivery in going}
        self.now = now
        self._load([(delivery, contents[delivery.pk]) for delivery in going])
        return {
            delivery.pk: hindered[delivery.pk]
            or self._build(delivery, contents[delivery.pk])
            for delivery in batch
        }

    def _load(self, going: Sequence[tuple[Delivery, Content]]) -> None:
        """Read what the contents need."""
        digests: list[tuple[Member, Digest]] = []
        bundles: list[tuple[Member, Bundle]] = []
        for delivery, content in going:
            if isinstance(content, Digest):
                digests.append((delivery.member, content))
                if content.answers:
                    bundles.append((delivery.member, Bundle(content.answers)))
            elif isinstance(content, Bundle):
                bundles.append((delivery.member, content))
        self.snippets.load(digests)
        self.news.load(bundles)

    def _build(
        self, delivery: Delivery, content: Content
    ) -> Letter | Withdrawn | Exception:
        """The letter, or the exception if it cannot be built, so that the others of the
        batch are still sent.
        """
        try:
            match content:
                case Digest():
                    return self.digest(delivery, content)
                case Bundle():
                    return self.bundle(delivery, content) or Withdrawn(
                        _("The member has seen everything in it.")
                    )
                case Quiet():
                    return self.reminder(delivery, content)
                case Notice():
                    return self.notice(delivery, content)
                case _:
                    return content
        except Exception as error:
            return error

    def build(self, delivery: Delivery) -> Letter:
        """Build one message, whether it may be sent or not."""
        content = _content(delivery)
        self._load([(delivery, content)])
        built = self._build(delivery, content)
        if isinstance(built, Withdrawn):
            built = self._build(delivery, Bundle(stands_in=f"({built.why})"))
        if isinstance(built, Letter):
            return built
        raise built if isinstance(built, Exception) else TypeError(built)

    def bundle(self, delivery: Delivery, bundle: Bundle) -> Letter | None:
        """A daily mail, or a mail at once; None if the member has seen all of it."""
        parts = bundle_words.parts_of(delivery, bundle, self.news, self.now)
        if not parts:
            return None
        words = bundle_words.words(delivery, bundle, parts, self.group)
        html = bundle_words.for_html(words, parts, self.letters.part)
        text = bundle_words.for_text(words, parts)
        headers = bundle_words.headers(delivery, parts, words["links"]["unsubscribe"])
        return self.letters.write(delivery, "bundle", html, text, headers)

    def page(self, delivery: Delivery) -> dict[str, Any]:
        """The context of a digest's page. Two queries."""
        digest = Digest.from_content(delivery.content)
        self._load([(delivery, digest)])
        return digest_words.words(delivery, digest, self.group) | {
            "delivery": delivery,
            "answers": self._answers(delivery.member, digest),
            "questions": self.snippets.of_posts(delivery.member, digest.questions),
            "posts": self.snippets.of_posts(delivery.member, digest.posts),
            "papers": [
                (line, wording.why_this_paper(pick, digest))
                for line, pick in self.snippets.of_papers(digest.papers)
            ],
        }

    def digest(self, delivery: Delivery, digest: Digest) -> Letter:
        words = digest_words.words(delivery, digest, self.group)
        fragments = self._fragments(delivery.member, digest)
        html = digest_words.for_html(words, digest, fragments)
        text = digest_words.for_text(words, digest, fragments)
        stop = words["links"].unsubscribe
        headers = headers_to_stop(delivery.member, What.DIGEST, stop)
        return self.letters.write(delivery, "digest", html, text, headers)

    def _fragments(self, member: Member, digest: Digest) -> dict[str, list[Fragment]]:
        snippets = self.snippets
        questions = snippets.of_posts(member, digest.questions)
        papers = snippets.of_papers(digest.papers)
        return {
            "answers": [snippets.post(line) for line in self._answers(member, digest)],
            "questions": [snippets.post(line) for line in questions],
            "posts": [
                snippets.post(line) for line in snippets.of_posts(member, digest.posts)
            ],
            "papers": [
                snippets.paper(line, wording.why_this_paper(pick, digest), number)
                for number, (line, pick) in enumerate(papers, 1)
            ],
        }

    def _answers(self, member: Member, digest: Digest) -> list[PostSnippet]:
        """The answers of the digest that the member has still not read."""
        if not digest.answers:
            return []
        told = self.news.told_to(member, Bundle(digest.answers))
        lines = bundle_parts.answers(told)
        return [PostSnippet(line.title, line.about, line.url) for line in lines]

    def reminder(self, delivery: Delivery, content: Quiet) -> Letter:
        member, following = delivery.member, content.next
        addresses = links(delivery, What.REMINDERS, following.path)
        html: dict[str, Any] = {
            "subject": _("You stopped at “%(title)s”")
            % {"title": isolated(short(following.title))},
            "heading": _("Ready to go on, %(name)s?")
            % {"name": wording.first_name(member)},
            "opening": wording.last_heard(content.since, is_last=content.is_last),
            "goal": " ".join(member.goal_words.split())
            or (member.get_goal_display() if member.goal else ""),
            "preheader": wording.next_label(following),
            "group_name": self.group,
            "next_label": wording.next_label(following),
            "next_title": following.title,
            "next_number": str(following.step_number),
            "why": _(
                "You get this because you are a member of %(group)s and have been away "
                "for some time."
            )
            % {"group": isolated(self.group)},
            "links": addresses.texts(),
        }
        text = html | {
            "opening": hang(html["opening"], ""),
            "goal": html["goal"] and hang(html["goal"], "  > "),
            "next_label": hang(html["next_label"], ""),
            "next_title": hang(html["next_title"], "  "),
            "why": hang(html["why"], ""),
        }
        headers = headers_to_stop(member, What.REMINDERS, addresses.unsubscribe)
        return self.letters.write(delivery, "reminder", html, text, headers)

    def notice(self, delivery: Delivery, content: Notice) -> Letter:
        """A notice to an owner about the site. It cannot be unsubscribed from."""
        html: dict[str, Any] = {
            "subject": content.subject,
            "preheader": content.paragraphs[0],
            "paragraphs": [{"words": words} for words in content.paragraphs],
            "group_name": self.group,
            "address": absolute(content.path),
            "button": content.button,
            "why": _("You get this because you are an owner of %(group)s.")
            % {"group": self.group},
        }
        text = html | {
            "subject": hang(content.subject, ""),
            "paragraphs": [{"words": hang(words, "")} for words in content.paragraphs],
            "why": hang(html["why"], ""),
        }
        return self.letters.write(delivery, "notice", html, text)


def _content(delivery: Delivery) -> Content:
    kinds: dict[str, type[Bundle] | type[Quiet] | type[Notice]] = {
        Delivery.Kind.INACTIVITY: Quiet,
        Delivery.Kind.BUNDLE: Bundle,
        Delivery.Kind.ONCE: Bundle,
        Delivery.Kind.NOTICE: Notice,
    }
    try:
        return kinds.get(delivery.kind, Digest).from_content(delivery.content)
    except (KeyError, TypeError, ValueError) as error:
        return error
