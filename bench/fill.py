"""Rows for the measurements: a big group, made with bulk inserts, the same for the same seed."""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.core.management import call_command

import richtext
from community.models import Comment, Post, Reaction
from curriculum.models import Release
from members.models import Member, StudyGroup
from papers.models import Announcement, Batch, Paper
from progress.models import Enrollment, LoggedTime, Record

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
BODY = (
    "Ten classes, cross-entropy, plain SGD, and the loss sits at $\\ln 10$. I tried three learning rates.\n\n"
    "```python\nloss = F.cross_entropy(model(x), y)\nprint(loss.item())\n```\n\nWhat would you look at first?"
)
CHUNK = 2000


def fill(*, members: int, posts: int, comments: int, seed: int = 1) -> None:
    chance = random.Random(seed)
    StudyGroup.objects.create(pk=1, name="A big study group", set_up_at=NOW)
    call_command("import_curricula", verbosity=0)
    people = _members(members)
    release = Release.objects.newest().select_related("curriculum").order_by("pk").first()
    assert release is not None
    steps = [step.key for step in release.outline.steps]
    _progress(people, release, chance)
    _papers(chance)
    _posts(people, steps, posts, comments, chance)


def _members(count: int) -> list[Member]:
    rows = [
        Member(email=f"m{n}@example.org", name=f"Member Number{n}", password="!", onboarded_at=NOW, hours_per_week=6)
        for n in range(count)
    ]
    return Member.objects.bulk_create(rows, batch_size=CHUNK)


def _progress(people: list[Member], release: Release, chance: random.Random) -> None:
    Enrollment.objects.bulk_create(
        [
            Enrollment(
                member=member,
                curriculum=release.curriculum,
                release=release,
                enrolled_at=NOW - timedelta(days=90),
                visited_at=NOW,
                step_key=release.outline.steps[2].key,
                step_slug=release.outline.steps[2].slug,
                step_number=3,
            )
            for member in people
        ],
        batch_size=CHUNK,
    )
    keys = list(dict.fromkeys(a.key for step in release.outline.steps for a in step.every_activity()))
    records, times = [], []
    for member in people:
        for key in chance.sample(keys, min(12, len(keys))):
            records.append(Record(member=member, activity_key=key, done_at=NOW - timedelta(days=chance.randrange(80))))
        for day in range(10):
            aspect = chance.choice(["run", "hack", "math"])
            at = NOW - timedelta(days=day)
            times.append(LoggedTime(member=member, aspect=aspect, minutes=30, studied_on=at.date(), logged_at=at))
    Record.objects.bulk_create(records, batch_size=CHUNK)
    LoggedTime.objects.bulk_create(times, batch_size=CHUNK)


def _papers(chance: random.Random) -> None:
    batches = [
        Batch.objects.create(category="cs.LG", announced_on=(NOW - timedelta(days=day)).date(), stored_at=NOW)
        for day in range(5)
    ]
    abstract = (
        "We study backpropagation and attention in deep networks with $O(n^2)$ cost, and show that it works. " * 8
    )
    rows = [
        Paper(
            arxiv_id=f"2611.{n:05}",
            title=f"On convolution, attention and initialisation, part {n}",
            title_html=f"On convolution, attention and initialisation, part {n}",
            abstract=abstract,
            abstract_html=richtext.render_inline(abstract),
            authors=["A. One", "B. Two", "C. Three"],
            categories=["cs.LG", "stat.ML"],
            primary_category="cs.LG",
            announced_on=batches[n % 5].announced_on,
            stored_at=NOW,
        )
        for n in range(1500)
    ]
    papers = Paper.objects.bulk_create(rows, batch_size=CHUNK)
    Announcement.objects.bulk_create(
        [Announcement(batch=batches[n % 5], paper=p, kind="new", version=1, position=n) for n, p in enumerate(papers)],
        batch_size=CHUNK,
    )
    chance.random()


def _posts(people: list[Member], steps: list[UUID], posts: int, comments: int, chance: random.Random) -> None:
    html = richtext.render(BODY, doc_id="bench")
    answer = richtext.render("Look at the **initialisation** of the last layer first.", doc_id="bench-answer")
    made: list[Post] = []
    for start in range(0, posts, CHUNK):
        rows = []
        for n in range(start, min(start + CHUNK, posts)):
            at = NOW - timedelta(minutes=7 * (posts - n))
            rows.append(
                Post(
                    kind=chance.choice(["question", "discussion"]),
                    author=chance.choice(people),
                    title=f"Why does my loss sit still, case {n}?",
                    body=BODY,
                    body_html=html,
                    step_key=chance.choice(steps) if n % 3 == 0 else None,
                    posted_at=at,
                    active_at=at,
                )
            )
        made += Post.objects.bulk_create(rows)
    newest = made[-2000:]
    busy = made[-1]
    rows = [
        Comment(
            post=busy if n < 20 else chance.choice(newest),
            author=chance.choice(people),
            body="Look at the initialisation.",
            body_html=answer,
            commented_at=NOW - timedelta(minutes=chance.randrange(2000)),
        )
        for n in range(comments)
    ]
    Comment.objects.bulk_create(rows, batch_size=CHUNK)
    call_command("recount", verbosity=0)
    Reaction.objects.bulk_create(
        [
            Reaction(member=member, post=post, kind="helped", reacted_at=NOW)
            for post in made[-200:]
            for member in people[:10]
        ],
        batch_size=CHUNK,
    )
