"""The kinds of posts. Each is a module of this package; a new one is added to KINDS.

Feed, forms, pages, reactions and mail know no kind by name: they use this registry.
"""

from collections.abc import Iterator

from community.kinds import (
    announcement,
    discussion,
    journey,
    mistake,
    poll,
    question,
    roundup,
    showcase,
)
from community.kinds.base import Filter, PostKind
from members.models import Member

# in the order of the forms
KINDS: dict[str, PostKind] = {
    kind.name: kind
    for kind in (
        discussion.DiscussionKind(),
        question.QuestionKind(),
        poll.PollKind(),
        mistake.MistakeKind(),
        journey.JourneyKind(),
        showcase.ShowcaseKind(),
        announcement.AnnouncementKind(),
        roundup.RoundupKind(),
    )
}
DEFAULT = discussion.DiscussionKind.name


def of(name: str) -> PostKind:
    """The kind of this name; that of a discussion if the name is unknown."""
    return KINDS.get(name) or KINDS[DEFAULT]


def written_by(member: Member) -> list[PostKind]:
    """The kinds that the forms offer to `member`."""
    offered = [kind for kind in KINDS.values() if kind.is_offered]
    return [kind for kind in offered if kind.may_be_written_by(member)]


def filters() -> Iterator[Filter]:
    for kind in KINDS.values():
        yield from kind.filters
