"""What bookmarks name, as a list shows it: read for one member, or for an audience.

A thing that is gone, or that the reader may not see, is not in the answer.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookmarks.keys import Kind, ThingKey, key_of
from community.folding import Foldable
from community.kinds.base import Text
from community.models import Comment, CommentQuerySet, Post, PostQuerySet
from curriculum.models import Release, Resource
from curriculum.newest import newest_releases
from lists.cache import TimedCache
from members.audience import EVERYBODY, Audience
from members.models import Member
from papers.models import Paper
from progress.enrolled import enrollments_of
from text import plain, plain_title

TITLE = 80  # characters of a text without a title
POST = ("kind", "title", "body", "thread__kind", "thread__key")
NAMED = Iterable[str]
ACTIVITY = gettext_lazy("Activity")  # kept for readers of any language


@dataclass(frozen=True, slots=True)
class Thing:
    label: Text
    icon: str
    title: str  # plain text
    url: str
    post: int = 0  # the post that it is or stands below


Things = Mapping[ThingKey, Thing]
# every member reads every curriculum
ACTIVITIES = TimedCache[Things](seconds=60, most=1)


def find(member: Member, key: ThingKey) -> Thing | None:
    """At most two queries."""
    return for_member(member, [key]).get(key)


def for_member(member: Member, keys: Iterable[ThingKey]) -> Things:
    """What `member` may see of these.

    One query for each kind but activities, which ask one if the newest releases no
    longer have all of them.
    """
    wanted = set(keys)
    posts = Post.objects.visible_to(member)
    things = _read(wanted, posts, Comment.objects.visible_to(member))
    missing = {key for key in wanted - things.keys() if key.kind == Kind.ACTIVITY}
    if missing:
        followed = _activities(each.release for each in enrollments_of(member))
        things |= {key: followed[key] for key in missing & followed.keys()}
    return things


def for_audience(audience: Audience, keys: Iterable[ThingKey]) -> Things:
    """What members of `audience` may see of these; posts may still be hidden from one of
    them. One query for each kind but activities.
    """
    posts = Post.objects.visible_to_audience(audience)
    return _read(set(keys), posts, Comment.objects.visible_to_audience(audience))


def _read(
    wanted: set[ThingKey], posts: PostQuerySet, comments: CommentQuerySet
) -> dict[ThingKey, Thing]:
    readers: Mapping[Kind, Callable[[NAMED], Iterator[tuple[object, Thing]]]] = {
        Kind.POST: lambda keys: _posts(posts, keys),
        Kind.COMMENT: lambda keys: _comments(comments, keys),
        Kind.PAPER: _papers,
        Kind.RESOURCE: _resources,
    }
    # a key of another form names nothing, and databases refuse it
    wanted = {key for key in wanted if key_of(*key) == key}
    things: dict[ThingKey, Thing] = {}
    for kind, read in readers.items():
        keys = [key for named, key in wanted if named == kind]
        if keys:
            things |= {ThingKey(kind, str(key)): thing for key, thing in read(keys)}
    if any(key.kind == Kind.ACTIVITY for key in wanted):
        newest = ACTIVITIES.get(EVERYBODY, ask=lambda: _activities(newest_releases()))
        things |= {key: newest[key] for key in wanted & newest.keys()}
    return things


def _title(post: Post) -> str:
    """The title, or the first words. In the thread of an exercise these are folded for
    some: the kind of the post stands there for everybody.
    """
    if title := plain_title(post.title):
        return title
    if Foldable.of(post).is_of_exercise:
        return str(post.traits.label)
    return plain(post.body, TITLE)


def _posts(posts: PostQuerySet, keys: NAMED) -> Iterator[tuple[int, Thing]]:
    for post in posts.filter(pk__in=keys).select_related("thread").only(*POST):
        traits = post.traits
        url = post.get_absolute_url()
        yield post.pk, Thing(str(traits.label), traits.icon, _title(post), url, post.pk)


def _comments(comments: CommentQuerySet, keys: NAMED) -> Iterator[tuple[int, Thing]]:
    of_post = [f"post__{name}" for name in POST]
    rows = comments.filter(pk__in=keys).select_related("author", "post__thread")
    for comment in rows.only("parent", "author__name", *of_post):
        post, name = comment.post, comment.author.name
        label = _("Comment by %(name)s") % {"name": name}
        if not comment.parent_id:
            label = post.traits.comment_by(name)
        url = comment.get_absolute_url()
        yield comment.pk, Thing(label, "message-circle", _title(post), url, post.pk)


def _papers(keys: NAMED) -> Iterator[tuple[str, Thing]]:
    for paper in Paper.objects.filter(arxiv_id__in=keys).only("arxiv_id", "title"):
        title, url = plain_title(paper.title), paper.get_absolute_url()
        yield paper.arxiv_id, Thing(_("Paper"), "newspaper", title, url)


def _resources(keys: NAMED) -> Iterator[tuple[int, Thing]]:
    for row in Resource.objects.filter(pk__in=keys).only("slug", "title"):
        url = reverse("curriculum:resource", args=[row.slug])
        yield row.pk, Thing(_("Resource"), "book-open", plain_title(row.title), url)


def _activities(releases: Iterable[Release]) -> dict[ThingKey, Thing]:
    """Each activity at the first step that has it."""
    things: dict[ThingKey, Thing] = {}
    for release in releases:
        for step in release.outline.steps:
            page = reverse("curriculum:step", args=[release.outline.slug, step.slug])
            for activity in step.every_activity():
                key = ThingKey(Kind.ACTIVITY, str(activity.key))
                url = f"{page}#activity-{activity.key}"
                thing = Thing(ACTIVITY, "list-checks", activity.title, url)
                things.setdefault(key, thing)
    return things
