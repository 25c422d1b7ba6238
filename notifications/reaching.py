"""In which ways members hear of what happened: groups of kinds, each with a way.

A group is one row of the page of preferences.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from members.models import Member
from notifications.models import Notification, Reach, ReachWay

Kind = Notification.Kind
Way = ReachWay
ANNOUNCEMENT = "announcement"  # has no kind of notification: the post is read itself
USUAL = (Way.NEVER, Way.APP, Way.BUNDLE)


@dataclass(frozen=True, slots=True)
class KindGroup:
    """Kinds of notifications for which members choose one way."""

    name: str
    label: Any
    hint: Any
    kinds: tuple[str, ...]
    default: str = Way.BUNDLE
    ways: tuple[str, ...] = USUAL


GROUPS = (
    KindGroup(
        "answer",
        _("Answer to my question"),
        _("each comment below a question that I asked, and once whether one helped"),
        (Kind.ANSWER, Kind.HELPED),
        ways=(*USUAL, Way.ONCE),
    ),
    KindGroup(
        "reply",
        _("Reply to me"),
        _("to a comment or post of mine"),
        (Kind.REPLY,),
        ways=(*USUAL, Way.ONCE),
    ),
    KindGroup(
        "mention",
        _("Mention"),
        _("somebody wrote my name with @"),
        (Kind.MENTION,),
        ways=(*USUAL, Way.ONCE),
    ),
    KindGroup(
        "thanks",
        _("My answer was accepted or helped"),
        _("and “Same here” on my question; people are counted, never named"),
        (Kind.ACCEPTED, Kind.HELPFUL, Kind.SAME),
        default=Way.APP,
    ),
    KindGroup(
        "watched",
        _("New in a thread that I watch"),
        _("one line for each thread"),
        (Kind.WATCHED,),
    ),
    KindGroup(
        ANNOUNCEMENT,
        _("Announcement"),
        _("by curators and moderators"),
        (),
    ),
    KindGroup(
        "could_answer",
        _("A question that I could answer"),
        _("from steps that I have finished, if I agreed to it in the settings"),
        (Kind.COULD_ANSWER,),
    ),
    KindGroup(
        "poll_closed",
        _("A poll that I voted in has closed"),
        "",
        (Kind.POLL_CLOSED,),
        default=Way.APP,
    ),
)
BY_NAME: Mapping[str, KindGroup] = {group.name: group for group in GROUPS}
_OF_KIND: dict[str, KindGroup] = {}
for _group in GROUPS:
    _OF_KIND |= dict.fromkeys(map(str, _group.kinds), _group)


def group_of(kind: str) -> KindGroup | None:
    """The group of a kind of notifications; None for a kind that nobody chooses about."""
    return _OF_KIND.get(kind)


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways of one member: what was chosen, and else the defaults."""

    chosen: Mapping[str, str]

    def of(self, group: str) -> str:
        """The way of a group. One that is no longer offered counts as the default."""
        row = BY_NAME[group]
        way = self.chosen.get(group, row.default)
        return way if way in row.ways else row.default

    def of_kind(self, kind: str) -> str:
        group = group_of(kind)
        return self.of(group.name) if group else Way.APP

    def all(self) -> dict[str, str]:
        return {group.name: self.of(group.name) for group in GROUPS}


NO_CHOICE = Ways({})


def ways_of(members: Iterable[Member]) -> dict[int, Ways]:
    """The ways of members who have chosen any, by member id. One query."""
    chosen: dict[int, dict[str, str]] = {}
    rows = Reach.objects.filter(member__in=list(members))
    for member, group, way in rows.values_list("member_id", "group", "way"):
        chosen.setdefault(member, {})[group] = way
    return {member: Ways(found) for member, found in chosen.items()}
