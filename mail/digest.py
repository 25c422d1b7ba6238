"""What a member's weekly digest says: her week, what comes next, what the group asked, papers for her step.

`compose` asks a fixed number of queries for any number of members. What it gives back is kept in the delivery: ids and
numbers, no words of other members. Their words are read when the mail is built, so what was removed meanwhile is gone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from community.models import Post, PostQuerySet, Reaction
from community.places import StepPlace, step_places
from curriculum.outline import Step
from mail.models import Delivery
from members.models import Member
from papers.models import Paper, Reading
from papers.relevance import Suggestion, papers_for_steps, texts_of
from progress import tally
from progress.models import Record

QUESTIONS, POSTS, PAPERS = 3, 4, 5
QUESTIONS_FROM = timedelta(days=28)
THIS_WEEK = timedelta(days=7)
REMEMBERED = timedelta(days=84)  # longer than anything here stays new
THURSDAY = 3
POOL = 300  # candidates of each kind that are looked at
SUGGESTIONS = 20  # for a step, of which PAPERS that she has not seen are taken


@dataclass(frozen=True, slots=True)
class Week:
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
    """A paper, and the words of her step that stand in its abstract."""

    id: int
    words: str


@dataclass(frozen=True, slots=True)
class Digest:
    week: Week
    next: Next | None
    curriculum: str  # the title of the one in hand; empty without one
    step: int | None  # the number of the step she is on
    questions: tuple[int, ...] = ()
    posts: tuple[int, ...] = ()
    papers: tuple[Pick, ...] = ()
    papers_announced: int = 0

    def as_content(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "Digest":
        coming = content["next"]
        return cls(
            **{
                **content,
                "week": Week(**content["week"]),
                "next": Next(**coming) if coming else None,
                "questions": tuple(content["questions"]),
                "posts": tuple(content["posts"]),
                "papers": tuple(Pick(**pick) for pick in content["papers"]),
            }
        )


@dataclass(slots=True)
class Pool:
    """What is the same for everyone who gets a digest in one run; steps are looked up once each."""

    now: datetime
    questions: list[Post]
    posts: list[Post]
    papers_announced: int
    _suggestions: dict[UUID, list[Suggestion]] = field(default_factory=dict)

    def suggestions(self, steps: Mapping[UUID, Step]) -> Mapping[UUID, list[Suggestion]]:
        """Two queries when there is a step that was not asked for before in this run."""
        missing = {key: texts_of(step) for key, step in steps.items() if key not in self._suggestions}
        if missing:
            since = (self.now - THIS_WEEK).date()
            self._suggestions |= papers_for_steps(missing, since=since, limit=SUGGESTIONS)
        return self._suggestions


def pool(reader: Member, now: datetime) -> Pool:
    """Three queries.

    `reader` is any of the members that the digest is for: what may be seen does not differ between them yet. When it
    does, ask `visible_to` for each pair here, before anything is picked.
    """
    seen = Post.objects.visible_to(reader)
    return Pool(
        now,
        questions=list(
            _light(seen.open_questions().filter(posted_at__gt=now - QUESTIONS_FROM)).order_by("-posted_at", "-pk")[
                :POOL
            ]
        ),
        posts=list(_light(_by_echo(seen.filter(posted_at__gt=now - THIS_WEEK)))[:POOL]),
        papers_announced=Paper.objects.announced_since((now - THIS_WEEK).date()).count(),
    )


def _light(posts: PostQuerySet) -> PostQuerySet:
    return posts.only("pk", "kind", "author_id", "step_key", "accepted_comment_id", "posted_at")


def _by_echo(posts: PostQuerySet) -> PostQuerySet:
    """Those with the most comments and reactions first."""
    reactions = Reaction.objects.filter(post=OuterRef("pk")).order_by().values("post").annotate(n=Count("pk"))
    counted = Coalesce(Subquery(reactions.values("n"), output_field=IntegerField()), 0)
    return posts.annotate(echo=F("comment_count") + counted).order_by("-echo", "-posted_at", "-pk")


def compose(members: Sequence[Member], now: datetime, shared: Pool | None = None) -> dict[int, Digest]:
    """Member id to digest. At most 21 queries for any number of members, of which the pool saves six."""
    if not members:
        return {}
    shared = shared or pool(members[0], now)
    weeks = _weeks(members, now)
    steps = {week.next.step.key: week.next.step for week in weeks.values() if week.next}
    suggestions = shared.suggestions(steps)
    places = step_places()
    done = _done_on(members, now)
    told, read = _told(members, now), _read(members, suggestions.values())
    return {
        member.pk: _digest(
            member,
            weeks[member.pk],
            done.get(member.pk, []),
            shared,
            places,
            told.get(member.pk, {}),
            suggestions,
            read.get(member.pk, set()),
        )
        for member in members
    }


def _weeks(members: Sequence[Member], now: datetime) -> dict[int, tally.Week]:
    """Of each member the week that lies behind her for the most part: until Wednesday it is the last one.

    Six queries for each of the two weeks.
    """
    last = [member for member in members if member.local(now).weekday() < THURSDAY]
    this = [member for member in members if member.local(now).weekday() >= THURSDAY]
    found = tally.weeks(this, now) if this else {}
    return found | (tally.weeks(last, now - timedelta(days=THURSDAY)) if last else {})


def _done_on(members: Sequence[Member], now: datetime) -> dict[int, list[date]]:
    """By member the days, on her calendar, of what she did in the last two weeks; each deed a day. One query."""
    found: dict[int, list[date]] = {}
    by_pk = {member.pk: member for member in members}
    rows = Record.objects.filter(member__in=members, done_at__gt=now - timedelta(days=15), done_at__lte=now)
    for member_id, done_at in rows.values_list("member_id", "done_at"):
        found.setdefault(member_id, []).append(by_pk[member_id].local(done_at).date())  # type: ignore[arg-type]
    return found


def _told(members: Sequence[Member], now: datetime) -> dict[int, dict[str, set[int]]]:
    """By member the ids of what earlier digests told her. One query."""
    rows = Delivery.objects.filter(
        member__in=members, kind=Delivery.Kind.DIGEST, written_at__gt=now - REMEMBERED
    ).values_list("member_id", "content__questions", "content__posts", "content__papers")
    told: dict[int, dict[str, set[int]]] = {}
    for member_id, questions, posts, papers in rows:
        mine = told.setdefault(member_id, {"posts": set(), "papers": set()})
        mine["posts"].update(questions, posts)
        mine["papers"].update(pick["id"] for pick in papers)
    return told


def _read(members: Sequence[Member], suggestions: Iterable[Sequence[Suggestion]]) -> dict[int, set[int]]:
    """By member the ids of suggested papers that she has kept or hidden already. One query."""
    papers = {suggestion.paper.pk for found in suggestions for suggestion in found}
    found: dict[int, set[int]] = {}
    rows = Reading.objects.filter(member__in=members, paper__in=papers)
    for member_id, paper_id in rows.values_list("member_id", "paper_id"):
        found.setdefault(member_id, set()).add(paper_id)
    return found


def _digest(
    member: Member,
    week: tally.Week,
    done: Sequence[date],
    shared: Pool,
    places: Mapping[UUID, StepPlace],
    told: Mapping[str, set[int]],
    suggestions: Mapping[UUID, Sequence[Suggestion]],
    read: set[int],
) -> Digest:
    here = week.next.step if week.next else None
    passed = told.get("posts", set())
    curriculum = week.enrollment.curriculum if week.enrollment else None
    questions = _questions(member, shared.questions, passed, places, curriculum.slug if curriculum else "", here)
    return Digest(
        week=_week(week, done),
        next=following(week.next) if week.next else None,
        curriculum=curriculum.title if curriculum else "",
        step=here.number if here else None,
        questions=questions,
        posts=_posts(member, shared.posts, passed | set(questions)),
        papers=tuple(
            Pick(suggestion.paper.pk, suggestion.words)
            for suggestion in (suggestions[here.key] if here else ())
            if suggestion.paper.pk not in told.get("papers", set()) | read
        )[:PAPERS],
        papers_announced=shared.papers_announced,
    )


def _week(week: tally.Week, done: Sequence[date]) -> Week:
    hers = [day for day in done if timedelta() <= day - week.monday < THIS_WEEK]
    return Week(
        monday=week.monday.isoformat(),
        minutes=dict(week.minutes),
        target=week.target_minutes,
        shares=dict(week.shares),
        active_days=len({day.on for day in week.days if day.minutes} | set(hers)),
        activities_done=len(hers),
    )


def following(coming: tally.NextActivity) -> Next:
    return Next(
        title=coming.activity.title,
        minutes=coming.activity.minutes,
        aspect=coming.activity.aspect,
        step_number=coming.step.number,
        step_title=coming.step.title,
        path=reverse("curriculum:step", args=[coming.curriculum_slug, coming.step.slug]),
    )


def _questions(
    member: Member,
    asked: Sequence[Post],
    told: set[int],
    places: Mapping[UUID, StepPlace],
    curriculum: str,
    here: Step | None,
) -> tuple[int, ...]:
    """Those of her step first, then of the steps behind her, then of no step; never of a step still before her."""

    def rank(post: Post) -> int | None:
        place = places.get(post.step_key) if post.step_key else None
        if here is not None and post.step_key == here.key:
            return 0
        if place is None or place.curriculum_slug != curriculum:
            return 2
        return 1 if here is None or place.number < here.number else None

    ranked = [
        (position, number, post.pk)
        for number, post in enumerate(asked)
        if post.author_id != member.pk and post.pk not in told and (position := rank(post)) is not None
    ]
    return tuple(pk for _position, _number, pk in sorted(ranked)[:QUESTIONS])


def _posts(member: Member, posts: Sequence[Post], told: set[int]) -> tuple[int, ...]:
    """The liveliest that she did not write; open questions have their own place."""
    chosen: list[int] = []
    for post in posts:
        is_open_question = post.kind == Post.Kind.QUESTION and post.accepted_comment_id is None
        if post.author_id != member.pk and post.pk not in told and not is_open_question:
            chosen.append(post.pk)
            if len(chosen) == POSTS:
                break
    return tuple(chosen)
