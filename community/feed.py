"""The group's feed: which posts, in which order, one page of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Case, Subquery, TextChoices, TextField, Value, When
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from community.cursors import Cursor
from community.models import Comment, Post, PostQuerySet
from community.places import EVERYWHERE, Place, StepPlace, step_places
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
    ACTIVITY = "activity", _("Active")
    NEWEST = "newest", _("New")


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
class Notice:
    """The pinned announcement, as the top of the feed shows it: its HTML, or an excerpt of a long one."""

    pk: int
    title: str
    author: str
    excerpt: str
    html: str


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    older: Cursor | None
    notice: Notice | None


def feed(
    member: Member,
    *,
    place: Place = EVERYWHERE,
    show: Show = Show.ALL,
    order: Order = Order.ACTIVITY,
    cursor: Cursor | None = None,
    with_notice: bool = False,
) -> Page:
    """One page of the feed, or of the thread of `place`; the notice comes along where asked for. Two queries."""
    field = FIELDS[order]
    visible = Post.objects.visible_to(member)
    here = visible
    if place != EVERYWHERE:
        here = here.in_place(step_key=place.step.key if place.step else None, paper=place.paper)
    here = chosen(here, show, member).before(cursor, field).for_list().order_by(f"-{field}", "-pk")
    if with_notice:
        here = here.annotate(notice=_newest_pinned(visible))
    posts = list(here[: ROWS + 1])
    older = Cursor(getattr(posts[ROWS - 1], field), posts[ROWS - 1].pk) if len(posts) > ROWS else None
    found = getattr(posts[0], "notice", None) if posts else None
    notice = Notice(**found) if found else None
    return Page(rows(member, posts[:ROWS]), older, notice)


def chosen(posts: PostQuerySet, show: Show, member: Member) -> PostQuerySet:
    match show:
        case Show.QUESTIONS:
            return posts.questions()
        case Show.UNANSWERED:
            return posts.open_questions()
        case Show.ANNOUNCEMENTS:
            return posts.announcements()
        case Show.MINE:
            return posts.by(member)
        case _:
            return posts


def rows(member: Member, posts: Iterable[Post]) -> list[Row]:
    """Posts from `PostQuerySet.for_list()` with their reactions. One query."""
    posts = list(posts)
    pressed: Mapping[Post | Comment, list[Button]] = buttons(member, posts)
    places = step_places() if any(post.step_key for post in posts) else {}
    return [Row(post, places.get(post.step_key) if post.step_key else None, pressed[post]) for post in posts]


def _newest_pinned(posts: PostQuerySet) -> Subquery:
    """The pinned announcement beside every row, which the database looks up once: a query less for the page."""
    facts = JSONObject(
        pk="pk",
        title="title",
        author="author__name",
        excerpt="excerpt",
        html=Case(When(excerpt="", then="body_html"), default=Value("", TextField())),
    )
    return Subquery(posts.filter(pinned_at__isnull=False).order_by("-pinned_at").values(facts=facts)[:1])
