"""The content of a member's weekly digest: their week, their next activity, the group's
questions and posts, and papers for their step.

`compose` runs a fixed number of queries for any number of members. Its result is stored
in the delivery as ids and numbers, without texts of other members. Those are read when
the mail is built, so a post that was removed in the meantime is not in it.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import chain, islice
from typing import Any
from uuid import UUID

from django.urls import reverse

from community.models import Post
from mail.due.slots import reported_day
from mail.models import Delivery
from mail.pool import Pool, PoolPost, PostPool, pool
from members.audience import audiences_of
from members.models import Member
from notifications.models import Notification
from papers.models import Reading
from papers.relevance import Suggestion
from progress import week
from progress.announcements import ReleaseAnnouncement, announcements
from progress.counting import NextActivity

QUESTIONS, POSTS, PAPERS = 3, 4, 5
ANSWERED, ANSWERS_MOST = 5, 100  # questions of the member, and answers to them
ANSWERED_WITHIN = timedelta(days=7)
# how far back earlier digests are read, to say nothing twice; no post or paper counts
# as new for longer
REMEMBERED = timedelta(days=84)


@dataclass(frozen=True, slots=True)
class WeekSummary:
    monday: str
    minutes: Mapping[str, int]  # by aspect
    target: int
    shares: Mapping[str, int]
    active_days: int
    activities_done: int

    @property
    def total(self) -> int:
        return sum(self.minutes.values())

    @property
    def days(self) -> tuple[date, date]:
        monday = date.fromisoformat(self.monday)
        return monday, monday + timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Next:
    title: str
    minutes: int
    aspect: str
    step_number: int
    step_title: str
    path: str

    def as_content(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Pick:
    """A paper, and the words of the member's step that its abstract contains."""

    id: int
    words: str


@dataclass(frozen=True, slots=True)
class Digest:
    week: WeekSummary
    next: Next | None
    curriculum: str  # the title of the current one; empty if there is none
    step: int | None  # the number of the member's current step
    questions: tuple[int, ...] = ()
    posts: tuple[int, ...] = ()
    papers: tuple[Pick, ...] = ()
    papers_announced: int = 0
    releases: tuple[ReleaseAnnouncement, ...] = ()
    answers: tuple[int, ...] = ()  # notifications of answers to the member's questions

    def as_content(self) -> dict[str, Any]:
        """The digest as JSON. Not by `asdict`, which would copy every value."""
        return {
            **_fields_of(self),
            "week": _fields_of(self.week),
            "next": _fields_of(self.next) if self.next else None,
            "papers": [_fields_of(pick) for pick in self.papers],
            "releases": [asdict(each) for each in self.releases],
        }

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "Digest":
        coming = content["next"]
        return cls(
            **{
                **content,
                "week": WeekSummary(**content["week"]),
                "next": Next(**coming) if coming else None,
                "questions": tuple(content["questions"]),
                "posts": tuple(content["posts"]),
                "answers": tuple(content.get("answers", ())),
                "papers": tuple(Pick(**pick) for pick in content["papers"]),
                "releases": tuple(
                    ReleaseAnnouncement(**each) for each in content.get("releases", ())
                ),
            }
        )


def _fields_of(value: Digest | WeekSummary | Next | Pick) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}


def compose(
    members: Sequence[Member],
    now: datetime,
    shared: Pool | None = None,
    days: Mapping[int, date] | None = None,
) -> dict[int, Digest]:
    """Compose the members' digests, by member id.

    `days` are the days for which the digests are due, by member id; without them it is
    today. A digest that is late reports the same week as one in time.

    Runs a fixed number of queries for any number of members, and two for each audience.
    Pass the same pool again for the next members to save the latter.
    """
    if not members:
        return {}
    shared = shared or pool(now)
    audiences = audiences_of(members)
    hidden = Post.objects.hidden_from(members)
    if days is None:
        days = {member.pk: member.local(now).date() for member in members}
    weeks = _weeks(members, now, days)
    coming = [each.next for each in weeks.values() if each.next]
    steps = {each.step.key: each.step for each in coming}
    suggestions = shared.suggestions(steps)
    told, read = _told(members, now), _read(members, suggestions.values())
    releases = announcements(members, since=now - REMEMBERED)
    answers = _answers(members, now)
    return {
        member.pk: _digest(
            member,
            weeks[member.pk],
            shared,
            shared.posts_for(audiences[member.pk]),
            told.get(member.pk, {}),
            hidden.get(member.pk, frozenset()),
            suggestions,
            read.get(member.pk, set()),
            releases.get(member.pk, ()),
            answers.get(member.pk, ()),
        )
        for member in members
    }


def _weeks(
    members: Sequence[Member], now: datetime, days: Mapping[int, date]
) -> dict[int, week.Week]:
    """The week that each member's digest reports, by member id. Six queries."""
    reported = {pk: reported_day(day) for pk, day in days.items()}
    return week.weeks(members, now, days=reported)


def _told(members: Sequence[Member], now: datetime) -> dict[int, dict[str, set[Any]]]:
    """What earlier digests told each member, by member id: ids of posts and papers,
    slugs and numbers of releases. One query.
    """
    rows = Delivery.objects.filter(
        member__in=members, kind=Delivery.Kind.DIGEST, written_at__gt=now - REMEMBERED
    ).values_list(
        "member_id",
        "content__questions",
        "content__posts",
        "content__papers",
        "content__releases",
    )
    told: dict[int, dict[str, set[Any]]] = {}
    for member_id, questions, posts, papers, releases in rows:
        mine = told.setdefault(
            member_id, {"posts": set(), "papers": set(), "releases": set()}
        )
        # A digest that was missed has no content.
        mine["posts"].update(questions or (), posts or ())
        mine["papers"].update(pick["id"] for pick in papers or ())
        mine["releases"].update(
            (each["slug"], each["number"]) for each in releases or ()
        )
    return told


def _answers(members: Sequence[Member], now: datetime) -> dict[int, list[int]]:
    """The answers of the last week that each member has not read, to some questions, the
    newest first, by member id. One query.
    """
    rows = Notification.objects.unread().filter(
        member__in=members,
        kind=Notification.Kind.ANSWER,
        happened_at__gt=now - ANSWERED_WITHIN,
        happened_at__lte=now,
    )
    found: dict[int, dict[int, list[int]]] = {}
    ordered = rows.order_by("member_id", "-happened_at", "-pk")
    for member, post, pk in ordered.values_list("member_id", "post_id", "pk"):
        found.setdefault(member, {}).setdefault(post, []).append(pk)
    return {member: _of_some(list(posts.values())) for member, posts in found.items()}


def _of_some(questions: Sequence[Sequence[int]]) -> list[int]:
    return list(chain.from_iterable(questions[:ANSWERED]))[:ANSWERS_MOST]


def _read(
    members: Sequence[Member], suggestions: Iterable[Sequence[Suggestion]]
) -> dict[int, set[int]]:
    """The suggested papers that each member has kept or hidden, by member id. One query."""
    papers: set[int] = set()
    for each in suggestions:
        papers.update(suggestion.paper.pk for suggestion in each)
    found: dict[int, set[int]] = {}
    rows = Reading.objects.filter(member__in=members, paper__in=papers)
    for member_id, paper_id in rows.values_list("member_id", "paper_id"):
        found.setdefault(member_id, set()).add(paper_id)
    return found


def _digest(
    member: Member,
    studied: week.Week,
    shared: Pool,
    pool: PostPool,
    told: Mapping[str, set[Any]],
    hidden: Set[int],
    suggestions: Mapping[UUID, Sequence[Suggestion]],
    read: set[int],
    releases: Sequence[ReleaseAnnouncement],
    answers: Sequence[int],
) -> Digest:
    here = studied.next.step if studied.next else None
    passed = told.get("posts", set()) | hidden
    curriculum = studied.enrollment.curriculum if studied.enrollment else None
    asked = pool.questions_for(here, curriculum.slug if curriculum else "")
    questions = _first(QUESTIONS, asked, member, passed)
    return Digest(
        week=_week(studied),
        next=following(studied.next) if studied.next else None,
        curriculum=curriculum.title if curriculum else "",
        step=here.number if here else None,
        questions=questions,
        posts=_first(POSTS, pool.posts, member, passed),
        papers=tuple(
            Pick(suggestion.paper.pk, suggestion.words)
            for suggestion in (suggestions[here.key] if here else ())
            if suggestion.paper.pk not in told.get("papers", set()) | read
        )[:PAPERS],
        papers_announced=shared.papers_announced,
        releases=tuple(
            each
            for each in releases
            if (each.slug, each.number) not in told.get("releases", ())
        ),
        answers=tuple(answers),
    )


def _week(studied: week.Week) -> WeekSummary:
    return WeekSummary(
        monday=studied.monday.isoformat(),
        minutes=dict(studied.minutes),
        target=studied.target_minutes,
        shares=dict(studied.shares),
        active_days=studied.active_days,
        activities_done=studied.activities_done,
    )


def following(coming: NextActivity) -> Next:
    page = _page_of_step(coming.curriculum_slug, coming.step.slug)
    return Next(
        title=coming.activity.title,
        minutes=coming.activity.minutes,
        aspect=coming.activity.aspect,
        step_number=coming.step.number,
        step_title=coming.step.title,
        path=f"{page}#activity-{coming.activity.key}",
    )


@lru_cache(maxsize=1_000)
def _page_of_step(curriculum: str, step: str) -> str:
    """Most members of a run stand at one of few steps, and `reverse` is slow."""
    return reverse("curriculum:step", args=[curriculum, step])


def _first(
    count: int, posts: Iterable[PoolPost], member: Member, passed: Set[int]
) -> tuple[int, ...]:
    """The ids of the first `count` posts by others that the member may see and was not
    told of before.
    """
    news = (
        post.id
        for post in posts
        if post.author_id != member.pk and post.id not in passed
    )
    return tuple(islice(news, count))
