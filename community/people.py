"""People to offer while somebody types `@`: those of the thread first, then all members."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from community.models import Comment, Post
from members.models import Handle, Member
from text.typed import folded

OFFERED_MOST = 8
COMMENTS_MOST = 200  # the newest below a post, whose authors are of the thread
TYPED_MAX = 40


@dataclass(frozen=True, slots=True)
class Offered:
    """A member, as the list shows them."""

    member: Member
    handle: str
    is_here: bool  # wrote in this thread


def offered(reader: Member, typed: str, post: Post | None) -> list[Offered]:
    """Members whose handle, or a word of whose name, begins with what was typed, and who
    are not `reader`. Five queries at most.
    """
    words = folded(typed[:TYPED_MAX])
    here = [one for one in _of_thread(reader, post) if _begins(one, words)]
    found = here[:OFFERED_MOST]
    if words and len(found) < OFFERED_MOST:
        keys = {one.member.pk for one in found}
        found += [one for one in _others(reader, words) if one.member.pk not in keys]
    return found[:OFFERED_MOST]


def _of_thread(reader: Member, post: Post | None) -> list[Offered]:
    """Who wrote in the thread, the latest first."""
    if post is None:
        return []
    comments = Comment.objects.visible_to(reader).filter(post=post).order_by("-pk")
    authors = comments.values_list("author", flat=True)[:COMMENTS_MOST]
    keys = [*dict.fromkeys([*authors, post.author_id])]
    members = Member.objects.visible_to(reader).in_bulk(keys)
    return _named([members[pk] for pk in keys if pk in members], reader, is_here=True)


def _others(reader: Member, words: str) -> list[Offered]:
    handles = Handle.objects.filter(
        name__startswith=words, member__in=Member.objects.visible_to(reader)
    )
    keys = handles.order_by("name").values_list("member", flat=True)
    members = Member.objects.in_bulk(list(keys[: OFFERED_MOST + 1]))
    return _named(members.values(), reader, is_here=False)


def _named(
    members: Iterable[Member], reader: Member, *, is_here: bool
) -> list[Offered]:
    """Those of the members who have a handle, in the same order."""
    others = [member for member in members if member.pk != reader.pk]
    handles = newest_handles(member.pk for member in others)
    return [
        Offered(member, handles[member.pk], is_here)
        for member in others
        if member.pk in handles
    ]


def newest_handles(members: Iterable[int]) -> Mapping[int, str]:
    """The handle that is offered for each of the members. One query."""
    rows = Handle.objects.filter(member__in=list(members)).order_by("given_at", "pk")
    return dict(rows.values_list("member", "name"))


def _begins(one: Offered, words: str) -> bool:
    names: Sequence[str] = [one.handle, *folded(one.member.name).split()]
    return any(name.startswith(words) for name in names)
