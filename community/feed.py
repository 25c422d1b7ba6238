"""The group's feed: which posts, in which order, one page of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from community.cursors import Cursor
from community.models import Comment, Post, PostQuerySet
from community.places import Place, StepPlace, step_places
from community.reactions import Button, buttons
from members.models import Member

ROWS = 20


class Show(TextChoices):
    ALL = "all", _("All")
    QUESTIONS = "questions", _("Questions")
    UNANSWERED = "unanswered", _("Open questions")
    ANNOUNCEMENTS = "announcements", _("Announcements")
    MINE = "mine", _("Mine")


class Order(TextChoices):
    ACTIVITY = "activity", _("Newest activity")
    NEWEST = "newest", _("Newest posts")


FIELDS = {Order.ACTIVITY: "active_at", Order.NEWEST: "posted_at"}


@dataclass(frozen=True, slots=True)
class Row:
    """A post in a list, with all that the list shows of it."""

    post: Post
    step: StepPlace | None
    buttons: list[Button]

    @property
    def answer(self) -> Comment | None:
        """The accepted answer, unless it was removed."""
        answer = self.post.accepted_comment
        return answer if answer and not answer.removed_at else None

    @property
    def more_answers(self) -> int:
        return self.post.comment_count - (1 if self.answer else 0)


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    older: Cursor | None


def feed(
    member: Member,
    *,
    place: Place = Place(),  # noqa: B008  (frozen)
    show: Show = Show.ALL,
    order: Order = Order.ACTIVITY,
    cursor: Cursor | None = None,
) -> Page:
    """One page of the group's feed, or of the thread of `place`. Two queries."""
    field = FIELDS[order]
    here = Post.objects.visible_to(member)
    if place.step or place.paper:
        here = here.in_place(step_key=place.step and place.step.key, paper=place.paper)
    posts = list(chosen(here, show, member).before(cursor, field).for_list().order_by(f"-{field}", "-pk")[: ROWS + 1])
    older = Cursor(getattr(posts[ROWS - 1], field), posts[ROWS - 1].pk) if len(posts) > ROWS else None
    return Page(rows(member, posts[:ROWS]), older)


def chosen(posts: PostQuerySet, show: Show, member: Member) -> PostQuerySet:
    filters = {
        Show.ALL: posts.all,
        Show.QUESTIONS: posts.questions,
        Show.UNANSWERED: posts.open_questions,
        Show.ANNOUNCEMENTS: posts.announcements,
        Show.MINE: partial(posts.by, member),
    }
    return filters[show]()


def rows(member: Member, posts: Iterable[Post]) -> list[Row]:
    """Posts from `PostQuerySet.for_list()` with their reactions. One query."""
    posts = list(posts)
    pressed: Mapping[Post | Comment, list[Button]] = buttons(member, posts)
    places = step_places() if any(post.step_key for post in posts) else {}
    return [Row(post, places.get(post.step_key) if post.step_key else None, pressed[post]) for post in posts]


def pinned(member: Member) -> Post | None:
    """The announcement at the top of the feed. One query."""
    posts = Post.objects.visible_to(member).filter(pinned_at__isnull=False)
    return posts.for_list().order_by("-pinned_at").first()
