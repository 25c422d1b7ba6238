"""A small group in which every model has a row, for tests that walk all
models, all addresses and all roles.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

import bookmarks.actions as saving
import community.actions as talk
import curriculum.actions as curate
import mail.actions as post_office
import members.actions as people
import notifications.actions as tells
import papers.actions as library
import pictures.actions as store
import progress.actions as study
from bookmarks.keys import ThingKey
from bookmarks.models import Bookmark
from community import threads
from community.actions import polls
from community.models import Comment, Draft, Mention, Post, ReadMark
from community.polls.shown import visible_poll
from config.tests.hostile import models_in_use
from config.tests.parameters import Rows, parameters
from curriculum.models import Curriculum, Resource, Section, Step
from curriculum.tests.make import make_draft
from documents import rebuilding
from mail import outbox
from mail.models import Delivery, LastLook, MailTurn, Spread, Stop
from mail.reminders import Quiet
from members.models import KeptWords, Member
from members.tests.make import make_group, make_member
from operate.models import Prepared, SetAsideMessage, Standstill
from papers.days import newest_days
from papers.models import Feed, Paper
from papers.ranking import Ranked
from papers.tests.make import make_paper
from pictures.models import Upload
from pictures.tests.make import SMALL_PICTURE
from progress.models import LoggedTime
from search import actions as searches
from search import vocabulary
from search.sources import SOURCES

ROLES = ("visitor", "member", "other", "suspended", "curator", "moderator", "owner")
STAFF = ("curator", "moderator", "owner")


@dataclass(slots=True)
class World:
    now: datetime
    people: dict[str, Member]
    # by name of a route, or "" for those that mean the same on every route
    parameters: dict[str, dict[str, Any]]

    def __getitem__(self, role: str) -> Member:
        return self.people[role]


def make_world() -> World:
    now = timezone.now()
    make_group()
    who = _people(now)
    rows = _rows(who, now)
    return World(now, who, parameters(who, rows))


def _people(now: datetime) -> dict[str, Member]:
    roles = {
        "member": {},
        "other": {},
        "suspended": {},
        "curator": {"curator_since": now},
        "moderator": {"moderator_since": now},
        "owner": {"owner_since": now},
    }
    who = {
        role: make_member(
            role.capitalize() + " Person",
            goal_words="To see for myself",
            joined_at=now,
            **fields,
        )
        for role, fields in roles.items()
    }
    Member.objects.filter(pk=who["suspended"].pk).update(is_active=False)
    for member in who.values():
        EmailAddress.objects.create(
            user=member, email=member.email, verified=True, primary=True
        )
    return who


def _rows(who: dict[str, Member], now: datetime) -> Rows:
    release = _publish(who["curator"], now)
    logged = _study(who, release, now)
    _publish_again(release.curriculum, who["curator"], now)
    step, forked = release.outline.steps
    paper, feed = _papers(who["member"], step.key, now)
    question, answer, notice = _talk(who, step.key, paper, now)
    poll = _poll(who, now)
    deliveries = _mail(who, release, now)
    sign_in_token, outbox_name = _small_things(who, now)
    upload = _uploads(who, now)
    _search(who["member"], now)
    bookmark = _bookmarks(who, question, answer, paper, now)
    _read(who["member"], question, now)
    Mention.objects.create(
        post=question, comment=answer, member=who["member"], mentioned_at=now
    )
    draft_key = _draft(who["member"], question, now)
    _notifications(who["member"], question, notice, now)
    return Rows(
        now=now,
        curriculum=release.curriculum,
        step=step,
        forked=forked,
        logged=logged,
        paper=paper,
        feed=feed,
        question=question,
        answer=answer,
        notice=notice,
        poll=poll,
        deliveries=deliveries,
        sign_in_token=sign_in_token,
        outbox_name=outbox_name,
        draft_key=draft_key,
        upload=upload,
        bookmark=bookmark,
    )


def _bookmarks(
    who: dict[str, Member], question: Post, answer: Comment, paper: Paper, now: datetime
) -> Bookmark:
    """One of the member, with a day and a note, and some of each kind."""
    member = who["member"]
    book = Resource.objects.get(slug="slow-book")
    for kind, key in [
        ("comment", answer.pk),
        ("paper", paper.arxiv_id),
        ("resource", book.pk),
    ]:
        saving.save(member, ThingKey(kind, str(key)), now=now)
    mine = saving.save(member, ThingKey("post", str(question.pk)), now=now)
    saving.note(mine, "Read this once more")
    saving.remind(mine, member.local(now).date(), now=now)
    saving.save(who["other"], ThingKey("post", str(question.pk)), now=now)
    return mine


def _read(member: Member, post: Post, now: datetime) -> None:
    """The member opened the post before its comments came."""
    mark = ReadMark(post=post, member=member, seen_at=now)
    talk.note_read(mark, before=None)
    talk.ask_to_see(post, by=member, now=now)


def _draft(member: Member, question: Post, now: datetime) -> UUID:
    """A draft below a post, and the key of one for the feed."""
    key = UUID(int=7)
    texts = {
        "/posts/new/": {"title": ["Half a thought"], "body": ["I was about to say"]},
        f"/posts/{question.pk}/comment/": {"body": ["Then it stops because"]},
    }
    for number, (address, fields) in enumerate(texts.items()):
        Draft.objects.create(
            member=member,
            key=UUID(int=key.int + number),
            version=UUID(int=1),
            address=address,
            fields=fields,
            title="Half a thought" if number == 0 else "",
            beginning=fields["body"][0],
            saved_at=now,
        )
    return key


def _uploads(who: dict[str, Member], now: datetime) -> Upload:
    """A picture that a post shows, and one of the member that no text shows yet."""
    shown = store.upload(who["moderator"], name="rate.png", data=SMALL_PICTURE, now=now)
    talk.write_post(
        who["moderator"],
        body=f"Like this: ![A curve](picture:{shown.key})",
        now=now - timedelta(minutes=5),
    )
    return store.upload(who["member"], name="loss.png", data=SMALL_PICTURE, now=now)


def _search(member: Member, now: datetime) -> None:
    rebuilding.rebuild(SOURCES, most=1_000)
    vocabulary.build(now=now)
    searches.remember(member, "hidden layers", now=now)


def _notifications(member: Member, post: Post, notice: Post, now: datetime) -> None:
    tells.tell_everything(now=now)
    tells.watch(member, post, "watching", now=now)
    tells.read_announcements(member, [notice.pk], now=now)
    tells.choose_ways(member, {"watched": "app"}, now=now)
    MailTurn.objects.create(member=member, announced_until=now)
    Spread.objects.create(post=notice)


def _study(who: dict[str, Member], release: Any, now: datetime) -> LoggedTime:
    member, curriculum = who["member"], release.curriculum
    enrollment = study.enroll(member, curriculum, now=now)
    study.enroll(who["other"], curriculum, now=now)
    step, forked = release.outline.steps
    first, second, *_ = step.activities
    study.visit(enrollment, step, now=now)
    study.choose_route(enrollment, forked.key, forked.routes[1].key, now=now)
    study.mark_done(member, first.key, now=now, confidence=3, curriculum=curriculum)
    study.mark_skipped(
        member, second.key, now=now, reason="Known already", curriculum=curriculum
    )
    return study.log_minutes(
        member,
        aspect="run",
        minutes=30,
        now=now,
        enrollment=enrollment,
        step_key=step.key,
    )


def _papers(member: Member, step_key: UUID, now: datetime) -> tuple[Paper, Feed]:
    paper = make_paper(
        title="Hidden layers", announced_on=now.date(), categories=("cs.LG", "cs.CL")
    )
    make_paper(title="Older", announced_on=now.date() - timedelta(days=1))
    library.keep_paper(paper, member=member, now=now)
    feed = library.follow_feed("cs.LG")
    library.mark_feed_failed(feed, "It did not answer", now=now)
    Paper.objects.update(licence="http://creativecommons.org/licenses/by/4.0/")
    days = newest_days()
    fits = [Ranked(paper.pk, 1.0, ("hidden", "layers"))]
    library.store_step_papers(days.on, days.last_batch, {step_key: fits})
    return paper, feed


def _publish(curator: Member, now: datetime) -> Any:
    draft = make_draft()
    return curate.publish(draft, by=curator, changelog="The first.", now=now)


def _publish_again(draft: Curriculum, curator: Member, now: datetime) -> None:
    """With a step renamed, an archived resource and a section with an
    address: the second release shows it all.
    """
    Step.objects.filter(curriculum=draft, slug="encounter").update(
        title="The very first encounter"
    )
    Section.objects.filter(url="").update(url="https://example.org/part")
    Resource.objects.filter(slug="first-course").update(
        archived_on=date(2024, 5, 1),
        archived_why="Nobody keeps it up",
        archive_url="https://example.org/archived",
        successor=Resource.objects.get(slug="slow-book"),
        doi="10.1/x",
        arxiv_id="1706.03762",
        price_note="by the month",
    )
    curate.publish(draft, by=curator, changelog="One title is better.", now=now)


def _talk(
    who: dict[str, Member], step_key: Any, paper: Paper, now: datetime
) -> tuple[Post, Comment, Post]:
    earlier = now - timedelta(minutes=5)
    question = talk.write_post(
        who["member"],
        kind="question",
        title="Why does it stop?",
        body="It stops.",
        thread=threads.of("step", step_key),
        now=earlier,
    )
    talk.edit_post(
        question,
        by=who["member"],
        title="Why does it stop early?",
        body="It *stops*.",
        seen_edited_at=None,
        now=earlier,
    )
    answer = talk.write_comment(
        question, author=who["other"], body="Look at the rate.", now=earlier
    )
    talk.edit_comment(
        answer,
        by=who["other"],
        body="Look at the **rate**.",
        seen_edited_at=None,
        now=earlier,
    )
    talk.write_comment(
        question, author=who["member"], body="That was it.", parent=answer, now=earlier
    )
    talk.accept_answer(answer, by=who["member"], now=earlier)
    talk.react(question, by=who["other"], kind="thanks", now=earlier)
    talk.react(answer, by=who["member"], kind="helped", now=earlier)
    talk.write_post(
        who["other"],
        title="On this paper",
        body="A neat one.",
        thread=threads.of("paper", paper.arxiv_id),
        now=earlier,
    )
    talk.write_post(
        who["other"], title="Long", body="Word after word. " * 90, now=earlier
    )
    notice = talk.write_post(
        who["moderator"],
        kind="announcement",
        title="We meet",
        body="On Sunday.",
        now=earlier,
    )
    talk.pin(notice, by=who["moderator"], now=earlier)
    talk.put_away(notice, by=who["other"], now=now)
    return question, answer, notice


def _poll(who: dict[str, Member], now: datetime) -> Post:
    """An open poll with names, and a ranked one that is closed."""
    earlier = now - timedelta(minutes=5)
    names = {"option1": "Hidden layers", "option2": "Wide layers"}
    details = {**names, "is_named": True, "may_add": True, "results": "before"}
    ranked = talk.write_post(
        who["other"],
        kind="poll",
        title="In which order?",
        body="",
        details={**names, "way": "ranked"},
        now=earlier,
    )
    open_one = talk.write_post(
        who["member"],
        kind="poll",
        title="Which layers?",
        body="Ask *us*.",
        details=details,
        now=earlier,
    )
    polls.add_option(open_one, by=who["other"], name="Both", now=earlier)
    for post, voter in ((ranked, "member"), (open_one, "other"), (open_one, "member")):
        shown = visible_poll(who[voter], post.pk, earlier)
        assert shown
        chosen = [shown.options[0].pk]
        polls.vote(shown, by=who[voter], options=chosen, now=earlier)
    polls.close_poll(ranked, by=who["other"], now=earlier)
    return open_one


def _mail(who: dict[str, Member], release: Any, now: datetime) -> dict[str, Delivery]:
    post_office.write_test(who["owner"], now=now)
    test = Delivery.objects.get()
    post_office.stop_mail(who["other"], "reminders", now=now)
    common = {"written_at": now, "not_before": now}
    following = {
        "step_number": 1,
        "title": "Run the first notebook",
        "aspect": "run",
        "minutes": 60,
        "step_title": "First encounter",
        "path": f"/learn/{release.curriculum.slug}/encounter/",
    }
    digest = Delivery.objects.create(
        member=who["member"],
        kind="digest",
        key="2026-W01",
        content={**test.content, "next": following},
        **common,
    )
    quiet = Quiet.from_content({"since": "2026-01-05", "next": following})
    Delivery.objects.create(
        member=who["other"],
        kind="inactivity",
        key="2026-01-05",
        content=quiet.as_content(),
        **common,
    )
    given_up = Delivery.objects.create(
        member=who["other"],
        kind="digest",
        key="2026-W01",
        content=test.content,
        given_up_at=now,
        error="550 No",
        **common,
    )
    unheard = Delivery.objects.create(
        member=who["curator"],
        kind="digest",
        key="2026-W01",
        content=test.content,
        claimed_at=now - timedelta(hours=1),
        handed_over_at=now - timedelta(hours=1),
        **common,
    )
    return {"owner": test, "member": digest, "given up": given_up, "unheard": unheard}


def _small_things(who: dict[str, Member], now: datetime) -> tuple[str, str]:
    """Rows that libraries own, and a mail in the outbox."""
    token = people.make_sign_in_link(who["member"], now=now)
    KeptWords.objects.create(
        member=who["member"],
        path="/posts/new/",
        fields={"title": "Typed", "body": "Too"},
        kept_at=now,
    )
    SetAsideMessage.objects.create(
        set_aside_at=now,
        reason="No such task",
        task="mail.tasks.gone",
        text="[[1], {}]",
    )
    Prepared.objects.create(what="built-in curricula", digest="0", prepared_at=now)
    Standstill.objects.create(
        kind="disk", began_at=now, seen_at=now, text="It was full", ended_at=now
    )
    LastLook.objects.create(kind=LastLook.Kind.DIGEST, looked_at=now)
    Stop.objects.create(kind="inactivity", key="2026-01-05", stopped_at=now)
    EmailConfirmation.create(EmailAddress.objects.get(user=who["other"]))
    Authenticator.objects.create(
        user=who["other"], type="totp", data={"secret": "JBSWY3DPEHPK3PXP"}
    )
    UserSession.objects.create(
        user=who["other"],
        ip="127.0.0.1",
        session_key=uuid4().hex[:32],
        user_agent="A browser",
        data={},
    )
    LogEntry.objects.create(
        user=who["curator"],
        content_type=ContentType.objects.get_for_model(Step),
        object_id="1",
        object_repr="A step",
        action_flag=CHANGE,
        change_message="changed",
    )
    message = EmailMessage()
    message["Message-ID"], message["To"], message["Subject"] = (
        "<world@example.org>",
        "a@example.org",
        "A mail",
    )
    message.set_content("Plain words")
    message.add_alternative("<p>Words</p>", subtype="html")
    path = outbox.write(
        Path(settings.OUTBOX_DIR), "<world@example.org>", bytes(message)
    )
    return token, path.name


def models_without_rows() -> list[str]:
    return [
        model._meta.label
        for model in models_in_use()
        if not model._default_manager.exists()
    ]
