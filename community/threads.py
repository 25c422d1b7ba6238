"""The thread of a place: what the group has said about a step or a paper."""

from dataclasses import dataclass
from uuid import UUID

from community.feed import Row, rows
from community.models import Post
from community.places import Place, step_place
from members.models import Member
from papers.models import Paper

POSTS = 10


@dataclass(frozen=True, slots=True)
class Thread:
    """The newest posts of a place by activity; `more` when there are others on the place's own page."""

    place: Place
    rows: list[Row]
    more: bool


def thread_for(
    member: Member,
    *,
    step_key: UUID | None = None,
    paper: Paper | None = None,
    limit: int = POSTS,
) -> Thread:
    """What `member` sees of the thread of a step or a paper. Two queries."""
    step = step_place(step_key) if step_key else None
    here = Post.objects.visible_to(member).in_place(step_key=step_key, paper=paper)
    posts = list(here.for_list().order_by("-active_at", "-pk")[: limit + 1])
    return Thread(Place(step=step, paper=paper), rows(member, posts[:limit]), len(posts) > limit)
