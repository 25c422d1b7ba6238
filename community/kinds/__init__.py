"""The kinds of posts. Each is a module of this package; a new one is added to KINDS.

Everything else asks this registry: feed, forms, pages, reactions and mail know no kind.
"""

from collections.abc import Iterator

from community.kinds import (
    announcement,
    discussion,
    journey,
    question,
    roundup,
    showcase,
)
from community.kinds.base import Filter, PostKind
from members.models import Member

# in the order in which the forms offer them
KINDS: dict[str, PostKind] = {
    kind.name: kind
    for kind in (
        discussion.DiscussionKind(),
        question.QuestionKind(),
        journey.JourneyKind(),
        showcase.ShowcaseKind(),
        announcement.AnnouncementKind(),
        roundup.RoundupKind(),
    )
}
DEFAULT = discussion.DiscussionKind.name


def of(name: str) -> PostKind:
    """The kind of this name; one that the site no longer knows is shown as a discussion."""
    return KINDS.get(name) or KINDS[DEFAULT]


def written_by(member: Member) -> list[PostKind]:
    """Those that the forms offer to `member`."""
    offered = [kind for kind in KINDS.values() if kind.is_offered]
    return [kind for kind in offered if kind.may_be_written_by(member)]


def filters() -> Iterator[Filter]:
    for kind in KINDS.values():
        yield from kind.filters
