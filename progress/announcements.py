"""New releases of the curricula that members follow: the newest one of each, until the
member moves to it or hides the announcement.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from curriculum.models import Release
from curriculum.news import News, news
from lists.cache import TimedCache
from lists.statement import Statement
from members.audience import EVERYBODY
from members.models import Member
from progress.models import Enrollment, Record, StudyEvent


@dataclass(frozen=True, slots=True)
class ReleaseAnnouncement:
    """The line about a new release: its curriculum, and how many activities it adds,
    replaces, changes and removes.
    """

    title: str
    slug: str
    number: int
    added: int
    replaced: int
    changed: int
    gone: int

    @property
    def words(self) -> str:
        return in_words(self.added, self.replaced, self.changed, self.gone)

    @property
    def path(self) -> str:
        return reverse("curriculum:releases", args=[self.slug])

    def as_content(self) -> dict[str, Any]:
        return asdict(self)


def in_words(added: int, replaced: int, changed: int, gone: int) -> str:
    """As in “2 added, 1 replaced”."""
    parts = [
        (added, ngettext("%(n)s added", "%(n)s added", added)),
        (replaced, ngettext("%(n)s replaced", "%(n)s replaced", replaced)),
        (gone, ngettext("%(n)s taken out", "%(n)s taken out", gone)),
        (changed, ngettext("%(n)s revised", "%(n)s revised", changed)),
    ]
    said = ", ".join(words % {"n": n} for n, words in parts if n)
    return said or _("texts revised, the activities are the same")


def counts(found: News) -> str:
    return in_words(
        len(found.added), len(found.replaced), len(found.changed), len(found.gone)
    )


def announcements(
    members: Collection[Member], *, since: datetime | None = None
) -> Mapping[int, list[ReleaseAnnouncement]]:
    """The announcements for each member, by member id; only of releases published after
    `since` if it is given.

    One query, a second one for lines that are not cached, and one more for each outline
    that is not cached.
    """
    if since is None and len(members) == 1:
        [member] = members
        rows = BEHIND(member=member)
    else:
        rows = [Behind(*row) for row in _behind(since).filter(member__in=members)]
    lines = _lines({(row.release_id, row.newest) for row in rows})
    found: dict[int, list[ReleaseAnnouncement]] = {}
    for row in rows:
        line = lines[row.release_id, row.newest]
        found.setdefault(row.member_id, []).append(line)
    return found


class Behind(NamedTuple):
    """A member follows a release of a curriculum that has a newer one."""

    member_id: int
    release_id: int
    newest: int


def _behind(since: datetime | None = None) -> QuerySet[Enrollment, Any]:
    newest = Release.objects.filter(curriculum=OuterRef("curriculum"))
    newest = newest.order_by("-number")
    rows = (
        Enrollment.objects.current()
        .filter(curriculum__retired_at=None)
        .annotate(newest=Subquery(newest.values("pk")[:1]))
        .annotate(newest_number=Subquery(newest.values("number")[:1]))
        .annotate(newest_at=Subquery(newest.values("published_at")[:1]))
        .filter(newest_number__gt=F("release__number"))
        .filter(newest_number__gt=Coalesce("told_of_release", 0))
        .order_by("-visited_at", "-pk")
        .values_list(*Behind._fields)
    )
    return rows.filter(newest_at__gt=since) if since else rows


BEHIND = Statement(
    Behind, lambda member: _behind().filter(member=member), member=Member
)
# by the two releases, which do not change; for a minute, as their curriculum may
LINES = TimedCache[ReleaseAnnouncement](seconds=60, most=500)


def _lines(
    pairs: Collection[tuple[int, int]],
) -> dict[tuple[int, int], ReleaseAnnouncement]:
    """The line for each pair of the release followed and the newest one. At most one query."""
    releases: dict[int, Release] = {}

    def line(old: int, new: int) -> ReleaseAnnouncement:
        if not releases:
            wanted = set(chain.from_iterable(pairs))
            rows = Release.objects.light().select_related("curriculum")
            releases.update(rows.in_bulk(wanted))
        return _line(releases[old], releases[new])

    return {
        (old, new): LINES.get(EVERYBODY, old, new, ask=partial(line, old, new))
        for old, new in pairs
    }


def _line(old: Release, new: Release) -> ReleaseAnnouncement:
    brought = news(old.outline, new.outline)
    return ReleaseAnnouncement(
        title=new.outline.title,
        slug=new.curriculum.slug,
        number=new.number,
        added=len(brought.added),
        replaced=len(brought.replaced),
        changed=len(brought.changed),
        gone=len(brought.gone),
    )


# One member, on the page of releases


@dataclass(frozen=True, slots=True)
class Offer:
    """What the newest release would bring a member who follows an older one."""

    number: int
    news: News
    words: str
    yours: int  # activities done by the member that the newest release does not have
    is_put_away: bool


def offer(enrollment: Enrollment, newest: Release) -> Offer | None:
    """The offer for an enrolment; None if it follows the newest release.

    One query, and one more if the outline is not cached.
    """
    if newest.number <= enrollment.release.number:
        return None
    found = news(enrollment.release.outline, newest.outline)
    keys = [activity.key for activity in found.lost]
    done = Record.objects.filter(
        member=enrollment.member_id, activity_key__in=keys
    ).exclude(done_at=None)
    return Offer(
        number=newest.number,
        news=found,
        words=counts(found),
        yours=done.count(),
        is_put_away=(enrollment.told_of_release or 0) >= newest.number,
    )


def followed_releases(enrollment: Enrollment) -> set[int]:
    """Numbers of the releases that the enrolment has followed, with the present one. One
    query.
    """
    lines = StudyEvent.objects.filter(
        member=enrollment.member_id,
        curriculum=enrollment.curriculum_id,
        kind__in=[StudyEvent.Kind.ENROLLED, StudyEvent.Kind.MOVED],
    )
    numbers = lines.values_list("data__release", flat=True)
    return {enrollment.release.number, *(number for number in numbers if number)}
