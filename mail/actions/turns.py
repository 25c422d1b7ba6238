"""When each member who has news is looked at: their turns."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from bookmarks.models import Bookmark
from community.models import Post
from mail.bundles import ANNOUNCED_WITHIN, DAILY
from mail.due.looks import reachable
from mail.due.turns import SHORT_WHILE, next_bundle, next_bundle_on, quiet_until
from mail.models import MailTurn, Preference, Spread, preference_of
from members.models import Member
from notifications.models import Notification, ReachWay
from notifications.reaching import ANNOUNCEMENT, NO_CHOICE, ways_of

BATCH = 1_000  # notifications, reminders or members, in one transaction
# Where it is tomorrow first. A reminder is looked at before its day begins anywhere.
FURTHEST_EAST = timedelta(hours=14)
NO_DAYS: Mapping[int, date] = {}
Way = ReachWay


def make_turns(now: datetime) -> int:
    """Make the turns for what members were told of, once it is no longer
    fresh. Return how much that was.
    """
    fresh = now - SHORT_WHILE
    pending = Notification.objects.filter(to_mail=True, happened_at__lte=fresh)
    pending = pending.order_by("happened_at", "pk")
    count = 0
    while pending.exists():
        with transaction.atomic():
            locked = pending.select_for_update(skip_locked=True, no_key=True)
            columns = ("pk", "member_id", "kind", "read_at")
            rows = list(locked.values_list(*columns)[:BATCH])
            _make_turns_for([row[1:3] for row in rows if row[3] is None], now)
            keys = [row[0] for row in rows]
            Notification.objects.filter(pk__in=keys).update(to_mail=False)
        count += len(rows)
        if not rows:  # the rest is in the hands of other runs
            break
    return count


def _make_turns_for(told: Iterable[tuple[int, str]], now: datetime) -> None:
    told = set(told)
    members = reachable().in_bulk({member for member, _kind in told})
    ways = ways_of(members.values())
    daily: dict[int, Member] = {}
    at_once: dict[int, Member] = {}
    for pk, kind in told:
        if pk not in members:
            continue
        way = ways.get(pk, NO_CHOICE).of_kind(kind)
        if way in DAILY:
            daily[pk] = members[pk]
        if way == Way.ONCE:
            at_once[pk] = members[pk]
    _bring_forward(daily, at_once, now)


def make_turns_for_reminders(now: datetime) -> int:
    """Make the turns of members who set a reminder for a day that has
    come, or is the next. Return how many reminders that was.
    """
    pending = Bookmark.objects.for_mail((now + FURTHEST_EAST).date())
    pending = pending.order_by("remind_on", "pk")
    count = 0
    while pending.exists():
        with transaction.atomic():
            locked = pending.select_for_update(skip_locked=True, no_key=True)
            rows = list(locked.values_list("pk", "member_id", "remind_on")[:BATCH])
            _make_turns_on([row[1:] for row in rows], now)
            keys = [row[0] for row in rows]
            Bookmark.objects.filter(pk__in=keys).update(to_mail=False)
        count += len(rows)
        if not rows:  # the rest is in the hands of other runs
            break
    return count


def _make_turns_on(rows: Iterable[tuple[int, date | None]], now: datetime) -> None:
    """`rows` are members with days, the earliest first."""
    days: dict[int, date] = {}
    for pk, day in rows:
        assert day  # as filtered
        days.setdefault(pk, day)
    _bring_forward(reachable().in_bulk(days), {}, now, days)


def _bring_forward(
    daily: Mapping[int, Member],
    at_once: Mapping[int, Member],
    now: datetime,
    days: Mapping[int, date] = NO_DAYS,
) -> None:
    """Store when these members come, unless they come earlier; those in
    `days` not before their day.
    """
    daily = {
        pk: member
        for pk, member in daily.items()
        if not preference_of(member).bundle_stopped_at
    }
    moments = _Moments(now)
    turns = _locked_turns({*daily, *at_once})
    for turn in turns:
        if member := daily.get(turn.member_id):
            moment = moments.of_bundle(member, days.get(turn.member_id))
            turn.bundle_at = _earlier(turn.bundle_at, moment)
        if member := at_once.get(turn.member_id):
            quiet = quiet_until(member, preference_of(member), now)
            turn.once_at = _earlier(turn.once_at, quiet or now)
    store_turns(turns, "bundle_at", "once_at")


def store_turns(turns: Iterable[MailTurn], *columns: str) -> None:
    """Store these columns. Turns with the same values are stored by one statement: there
    are few moments, as members share hours and zones.
    """
    alike: dict[tuple[datetime | None, ...], list[int]] = {}
    for turn in turns:
        values = tuple(getattr(turn, column) for column in columns)
        alike.setdefault(values, []).append(turn.pk)
    for values, keys in alike.items():
        stored = dict(zip(columns, values, strict=True))
        MailTurn.objects.filter(pk__in=keys).update(**stored)


def _locked_turns(members: Iterable[int]) -> list[MailTurn]:
    """The turns of the members, made where there are none. In the order of
    members, so that two runs never wait for each other.
    """
    keys = sorted(members)
    new = [MailTurn(member_id=pk) for pk in keys]
    MailTurn.objects.bulk_create(new, ignore_conflicts=True, batch_size=BATCH)
    rows = MailTurn.objects.filter(member__in=keys).order_by("member_id")
    return list(rows.select_for_update(no_key=True))


def _earlier(stored: datetime | None, moment: datetime) -> datetime:
    return moment if stored is None else min(stored, moment)


class _Moments:
    """When daily mails are due next. Members of one zone and hour share the answer."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._kept: dict[tuple[str, int, date | None], datetime] = {}

    def of_bundle(self, member: Member, day: date | None) -> datetime:
        preference = preference_of(member)
        if preference.paused_until:
            return self._of_bundle(member, preference, day)
        key = (member.time_zone, preference.bundle_hour, day)
        if key not in self._kept:
            self._kept[key] = self._of_bundle(member, preference, day)
        return self._kept[key]

    def _of_bundle(
        self, member: Member, preference: Preference, day: date | None
    ) -> datetime:
        if day:
            return next_bundle_on(day, member, preference, self.now)
        return next_bundle(member, preference, self.now)


# Announcements


def spread_announcements(now: datetime) -> int:
    """Make a turn for everybody who wants announcements by mail, batch by
    batch, for each announcement that is no longer fresh. Return how many
    members were looked at.
    """
    count = 0
    for post in _to_spread(now):
        Spread.objects.get_or_create(post_id=post)
        while looked := _spread_on(post, now):
            count += looked
    return count


def _to_spread(now: datetime) -> Sequence[int]:
    since, fresh = now - ANNOUNCED_WITHIN, now - SHORT_WHILE
    posts = Post.objects.announced_since(since)
    posts = posts.filter(removed_at=None, posted_at__lte=fresh)
    done = Spread.objects.filter(done_at__isnull=False)
    return list(posts.exclude(pk__in=done.values("post")).values_list("pk", flat=True))


@transaction.atomic
def _spread_on(post: int, now: datetime) -> int:
    """Make the turns of the next members. Return how many were looked at;
    0 if all were, or another run is at it.
    """
    rows = Spread.objects.filter(post=post, done_at=None)
    spread = rows.select_for_update(skip_locked=True, no_key=True).first()
    if spread is None:
        return 0
    members = reachable().filter(pk__gt=spread.last_member).order_by("pk")[:BATCH]
    batch = list(members)
    ways = ways_of(batch)
    wanting = {
        member.pk: member
        for member in batch
        if ways.get(member.pk, NO_CHOICE).of(ANNOUNCEMENT) in DAILY
    }
    _bring_forward(wanting, {}, now)
    if batch:
        spread.last_member = batch[-1].pk
    else:
        spread.done_at = now
    spread.save(update_fields=["last_member", "done_at"])
    return len(batch)


# Preferences


def move_turn(
    member: Member,
    preference: Preference,
    *,
    now: datetime,
) -> None:
    """Store when the member comes next, after they changed the hour or
    began a pause.

    A member who has just paused mail gets a turn, since the end of the
    pause is told.
    """
    if preference.paused_until:
        _locked_turns([member.pk])
    turns = MailTurn.objects.filter(member=member)
    if not preference.paused_until:
        turns = turns.filter(bundle_at__isnull=False)
    turns.update(bundle_at=next_bundle(member, preference, now))
