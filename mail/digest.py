"""What a member's weekly digest says: her week, what comes next, what the group asked, papers for her step.

`compose` asks a fixed number of queries for any number of members. What it gives back is kept in the delivery: ids and
numbers, no words of other members. Their words are read when the mail is built, so what was removed meanwhile is gone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
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
QUESTION_POOL, POST_POOL = 2000, 200  # candidates that are looked at in one run
BEFORE_HER = 3
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


@dataclass(frozen=True, slots=True)
class Said:
    """A post as far as it is needed to choose it."""

    id: int
    author_id: int
    step_key: UUID | None


@dataclass(slots=True)
class Pool:
    """What is the same for everyone who gets a digest in one run; what depends on the step is worked out once each."""

    now: datetime
    questions: Sequence[Said]  # the newest first
    posts: Sequence[Said]  # the liveliest first
    papers_announced: int
    places: Mapping[UUID, StepPlace]
    _ranked: dict[tuple[UUID | None, str], list[Said]] = field(default_factory=dict)
    _suggestions: dict[UUID, list[Suggestion]] = field(default_factory=dict)

    def questions_for(self, here: Step | None, curriculum: str) -> Sequence[Said]:
        """Those of her step first, then of the steps behind her, then of no step; never of a step still before her."""
        key = (here.key if here else None, curriculum)
        if key not in self._ranked:
            places = ((self._place(said, here, curriculum), n, said) for n, said in enumerate(self.questions))
            self._ranked[key] = [
                said for place, _, said in sorted(places, key=lambda row: row[:2]) if place < BEFORE_HER
            ]
        return self._ranked[key]

    def _place(self, said: Said, here: Step | None, curriculum: str) -> int:
        place = self.places.get(said.step_key) if said.step_key else None
        if here is not None and said.step_key == here.key:
            return 0
        if place is None or place.curriculum_slug != curriculum:
            return 2
        return 1 if here is None or place.number < here.number else BEFORE_HER

    def suggestions(self, steps: Mapping[UUID, Step]) -> Mapping[UUID, Sequence[Suggestion]]:
        """Two queries when there is a step that was not asked for before in this run."""
        missing = {key: texts_of(step) for key, step in steps.items() if key not in self._suggestions}
        if missing:
            since = (self.now - THIS_WEEK).date()
            self._suggestions |= papers_for_steps(missing, since=since, limit=SUGGESTIONS)
        return self._suggestions


def pool(reader: Member, now: datetime) -> Pool:
    """Four queries.

    `reader` is any of the members that the digest is for: what may be seen does not differ between them yet. When it
    does, ask `visible_to` for each pair here, before anything is picked.
    """
    seen = Post.objects.visible_to(reader)
    asked = seen.open_questions().filter(posted_at__gt=now - QUESTIONS_FROM).order_by("-posted_at", "-pk")
    settled = seen.filter(posted_at__gt=now - THIS_WEEK).exclude(pk__in=seen.open_questions().values("pk"))
    return Pool(
        now,
        questions=_said(asked[:QUESTION_POOL]),
        posts=_said(_by_echo(settled)[:POST_POOL]),
        papers_announced=Paper.objects.announced_since((now - THIS_WEEK).date()).count(),
        places=step_places(),
    )


def _said(posts: PostQuerySet) -> list[Said]:
    return [Said(*row) for row in posts.values_list("pk", "author_id", "step_key")]


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
    done = _done_on(members, now)
    told, read = _told(members, now), _read(members, suggestions.values())
    return {
        member.pk: _digest(
            member,
            weeks[member.pk],
            done.get(member.pk, []),
            shared,
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
    told: Mapping[str, set[int]],
    suggestions: Mapping[UUID, Sequence[Suggestion]],
    read: set[int],
) -> Digest:
    here = week.next.step if week.next else None
    passed = told.get("posts", set())
    curriculum = week.enrollment.curriculum if week.enrollment else None
    asked = shared.questions_for(here, curriculum.slug if curriculum else "")
    questions = _first(QUESTIONS, asked, member, passed)
    return Digest(
        week=_week(week, done),
        next=following(week.next) if week.next else None,
        curriculum=curriculum.title if curriculum else "",
        step=here.number if here else None,
        questions=questions,
        posts=_first(POSTS, shared.posts, member, passed),
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
    page = reverse("curriculum:step", args=[coming.curriculum_slug, coming.step.slug])
    return Next(
        title=coming.activity.title,
        minutes=coming.activity.minutes,
        aspect=coming.activity.aspect,
        step_number=coming.step.number,
        step_title=coming.step.title,
        path=f"{page}#activity-{coming.activity.key}",
    )


def _first(count: int, said: Iterable[Said], member: Member, told: set[int]) -> tuple[int, ...]:
    """The first few that are not hers and that she was not told of."""
    news = (one.id for one in said if one.author_id != member.pk and one.id not in told)
    return tuple(islice(news, count))
