from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from community import actions, threads
from community.actions import polls
from community.actions.reactions import on
from community.actions.words import columns
from community.models import Comment, PollOption, Post, Reaction, Thread
from community.polls.shown import visible_poll
from curriculum.models import Curriculum, Release
from members.models import Member
from members.tests.make import make_member
from papers.models import Paper
from progress.models import Enrollment

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
BODY = "Ten classes, cross-entropy, plain SGD: the loss sits at **2.303**."


def make_post(
    author: Member | None = None,
    body: str = BODY,
    *,
    kind: str = "discussion",
    title: str = "",
    posted_at: datetime = NOON,
    step_key: UUID | None = None,
    paper: Paper | None = None,
    **fields: Any,
) -> Post:
    author = author or make_member("Noor Haddad")
    values = {
        **columns(actions.render(body)),
        "active_at": posted_at,
        "thread": threads.stored(_thread_of(step_key, paper)),
        **fields,
    }
    return Post.objects.create(
        author=author, kind=kind, title=title, posted_at=posted_at, **values
    )


def _thread_of(step_key: UUID | None, paper: Paper | None) -> Thread:
    if step_key:
        return threads.of("step", step_key)
    return threads.of("paper", paper.arxiv_id) if paper else threads.of("group")


def make_question(
    author: Member | None = None, title: str = "Why 2.303?", **fields: Any
) -> Post:
    return make_post(author, kind="question", title=title, **fields)


def make_announcement(
    author: Member | None = None, title: str = "Circles close on Sunday", **fields: Any
) -> Post:
    return make_post(author, kind="announcement", title=title, **fields)


def make_poll(
    author: Member | None = None,
    *options: str,
    way: str = "single",
    title: str = "What next?",
    now: datetime = NOON,
    body: str = "",
    **details: Any,
) -> Post:
    names = options or ("Diffusion", "Graphs", "State spaces")
    named = {f"option{number}": name for number, name in enumerate(names, 1)}
    return actions.write_post(
        author or make_member("Ilse Brandt"),
        kind="poll",
        title=title,
        body=body,
        now=now,
        details={**named, "way": way, **details},
    )


def options_of(post: Post) -> dict[str, int]:
    """The ids of the options of a poll by their names, in their order."""
    options = PollOption.objects.filter(poll=post.pk, removed_at=None)
    return dict(options.order_by("position").values_list("name", "pk"))


def make_vote(
    post: Post, *names: str, by: Member | None = None, now: datetime = NOON
) -> Member:
    """A vote for the options of these names; return who voted."""
    member = by or make_member("Yuki Arai")
    poll = visible_poll(member, post.pk, now)
    assert poll
    options = options_of(post)
    chosen = [options[name] for name in names]
    polls.vote(poll, by=member, options=chosen, now=now)
    return member


def make_comment(
    post: Post,
    author: Member | None = None,
    body: str = "It is ln 10.",
    *,
    parent: Comment | None = None,
    minutes: int = 1,
) -> Comment:
    """A comment, `minutes` after its post."""
    author = author or make_member("Kofi Mensah")
    now = post.posted_at + timedelta(minutes=minutes)
    comment = actions.write_comment(
        post, author=author, body=body, parent=parent, now=now
    )
    post.refresh_from_db()
    return comment


def make_reaction(
    target: Post | Comment, member: Member | None = None, kind: str = "helped"
) -> Reaction:
    member = member or make_member("Yuki Arai")
    actions.react(target, by=member, kind=kind, now=NOON)
    return Reaction.objects.get(member=member, kind=kind, **on(target))


def make_step(title: str = "Deep dive", *, slug: str = "practical-way-up") -> UUID:
    """The key of the only step of a released curriculum."""
    curriculum = Curriculum.objects.create(
        slug=slug, title="Deep learning, the practical way up"
    )
    step = {"key": str(uuid4()), "slug": "deep-dive", "title": title}
    head = {
        "key": str(curriculum.key),
        "slug": slug,
        "title": curriculum.title,
        "steps": [step],
    }
    Release.objects.create(
        curriculum=curriculum,
        number=1,
        document={"curriculum": head},
        published_at=NOON,
    )
    return UUID(step["key"])


def make_paper(
    arxiv_id: str = "1706.03762", title: str = "Attention Is All You Need"
) -> Paper:
    return Paper.objects.create(
        arxiv_id=arxiv_id,
        title=title,
        title_html=title,
        abstract="We propose a new architecture.",
        abstract_html="<p>We propose a new architecture.</p>",
        primary_category="cs.CL",
        announced_on=NOON.date(),
        stored_at=NOON,
    )


def make_enrollment(member: Member, step_key: UUID) -> Enrollment:
    """In the curriculum of `make_step`, at that step."""
    release = next(
        r
        for r in Release.objects.select_related("curriculum")
        if r.outline.step_by_key(step_key)
    )
    return Enrollment.objects.create(
        member=member,
        curriculum=release.curriculum,
        release=release,
        enrolled_at=NOON,
        visited_at=NOON,
        step_key=step_key,
        step_slug="deep-dive",
        step_number=1,
    )


def make_moderator() -> Member:
    return make_member("Ilse Brandt", moderator_since=NOON)
