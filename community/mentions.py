"""Handles in texts: whom they call, and who of them may see the text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from django.urls import reverse

from community.models.posts import Post
from members.audience import audiences_of
from members.models import Handle, Member
from text import handles_in


class Named(Protocol):
    """A post, or what knows its key."""

    @property
    def pk(self) -> int: ...


@dataclass(slots=True)
class Called:
    """The members whose handles stand in a text, by handle in small letters.

    Give `address_of` to the pipeline. `found` are then the members whom it has met: not
    those whose handle stands in code.
    """

    known: Mapping[str, int]
    found: dict[int, str] = field(default_factory=dict)

    def address_of(self, handle: str) -> str | None:
        name = handle.casefold()
        if name not in self.known:
            return None
        self.found.setdefault(self.known[name], name)
        return reverse("members:person", args=[name])


def called_in(body: str) -> Called:
    """One query, and none where there is nothing like a handle."""
    names = handles_in(body)
    if not names:
        return Called({})
    rows = Handle.objects.named(names).filter(member__in=Member.objects.active())
    return Called(dict(rows.values_list("name", "member")))


def who_may_see(post: Named, members: Iterable[int]) -> set[int]:
    """The ids of those of the members who may see the post. A query for each audience,
    and two more.
    """
    readers = list(Member.objects.active().filter(pk__in=set(members)))
    hidden = Post.objects.hidden_from(readers)
    may_see: dict[object, bool] = {}
    found = set()
    for pk, audience in audiences_of(readers).items():
        if audience not in may_see:
            posts = Post.objects.visible_to_audience(audience)
            may_see[audience] = posts.filter(pk=post.pk).exists()
        if may_see[audience] and post.pk not in hidden.get(pk, ()):
            found.add(pk)
    return found


def unreached(post: Post, body: str) -> list[str]:
    """The handles of a text, as typed, that nobody has or whose member may not see the
    post. Their members are not told.
    """
    typed = {name.casefold(): name for name in handles_in(body)}
    if not typed:
        return []
    known = called_in(body).known
    may_see = who_may_see(post, known.values())
    return [
        handle
        for name, handle in typed.items()
        if name not in known or known[name] not in may_see
    ]
