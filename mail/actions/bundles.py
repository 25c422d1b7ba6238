"""Writing daily mails, and mails at once.

Any number of these runs may go on at the same time. Each takes rows that no other has
locked, in small transactions, and what an interrupted run has not finished the next does.
Where nothing is due, no transaction is opened: on SQLite it would keep others from
writing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import chain

from django.db import transaction

from bookmarks.actions import mark_named
from bookmarks.due import next_days
from mail import bundles, ledger, reminders
from mail.actions.turns import (
    make_turns,
    make_turns_for_reminders,
    spread_announcements,
    store_turns,
)
from mail.bundles import Bundle, Waiting, local_days
from mail.due.looks import reachable
from mail.due.reminders import away_among
from mail.due.turns import (
    SHORT_WHILE,
    Due,
    LastBundle,
    Verdict,
    is_paused,
    next_bundle_on,
    quiet_until,
    verdict,
)
from mail.models import Delivery, MailTurn, preference_of
from mail.reminders import Quiet
from members.models import Member
from notifications.models import Notification

BATCH = 200  # members in one transaction
MOST_AT_ONCE = 24  # mails of one member and day; what follows is in the daily mail
LAST_BUNDLES = timedelta(days=6)  # a mail is sent or given up within that time


def write_bundles(now: datetime) -> int:
    """Write the daily mails and the mails at once that are due. Return how many."""
    make_turns(now)
    make_turns_for_reminders(now)
    spread_announcements(now)
    return _in_rounds("bundle_at", _write_daily, now) + _in_rounds(
        "once_at", _write_at_once, now
    )


def _in_rounds(
    field: str, write: Callable[[list[MailTurn], datetime], int], now: datetime
) -> int:
    due = MailTurn.objects.filter(**{f"{field}__lte": now}).order_by(field, "pk")
    count = 0
    while due.exists():
        with transaction.atomic():
            locked = due.select_for_update(skip_locked=True, no_key=True)
            turns = list(locked[:BATCH])
            count += write(turns, now)
        if not turns:  # the rest is in the hands of other runs
            break
    return count


def _members_of(turns: Iterable[MailTurn]) -> dict[int, Member]:
    """Those who may get mail, by id."""
    members = reachable().filter(pk__in=[turn.member_id for turn in turns])
    return {member.pk: member for member in members}


# Daily mails


def _write_daily(turns: list[MailTurn], now: datetime) -> int:
    """Write the daily mails of these turns, and store when each comes again."""
    members = _members_of(turns)
    last = _last_bundles(members, now)
    verdicts = {
        turn.member_id: _verdict(turn, members, last.get(turn.member_id), now)
        for turn in turns
    }
    with_news = [
        member for pk, member in members.items() if verdicts[pk].due is Due.NEWS
    ]
    found = _waiting(with_news, turns, now)
    away = _away([member for member in with_news if found[member.pk]], now)
    written: list[Delivery] = []
    for turn in turns:
        due = verdicts[turn.member_id].due
        if due is Due.NEWS and (waits := found[turn.member_id]):
            bundle = replace(waits.bundle(), away=away.get(turn.member_id))
            written.append(_daily(members[turn.member_id], turn, bundle, now))
        elif due is Due.END_OF_PAUSE:
            written.append(_end_of_pause(members[turn.member_id], turn, now))
    ledger.write(written)
    _note_mailed(found.values(), now)
    days = local_days(with_news, now)
    _note_named(found, days)
    for pk, at in _next_reminders(members, days, now).items():
        verdicts[pk] = replace(verdicts[pk], next_at=at)
    _store(turns, verdicts, now)
    return len(written)


def _verdict(
    turn: MailTurn,
    members: Mapping[int, Member],
    last: LastBundle | None,
    now: datetime,
) -> Verdict:
    member = members.get(turn.member_id)
    if member is None or turn.bundle_at is None:
        return Verdict(Due.NOTHING)
    return verdict(member, preference_of(member), turn.bundle_at, last, now)


def _last_bundles(
    members: Mapping[int, Member], now: datetime
) -> dict[int, LastBundle]:
    """The newest daily mail of each member who has one of the last days. One query."""
    rows = Delivery.objects.filter(
        member__in=members,
        kind=Delivery.Kind.BUNDLE,
        written_at__gt=now - LAST_BUNDLES,
    )
    columns = ("member_id", "key", "written_at", "sent_at", "given_up_at")
    found: dict[int, LastBundle] = {}
    newest = rows.order_by("member_id", "-key").values_list(*columns)
    for member, key, written_at, sent_at, given_up_at in newest:
        day = date.fromisoformat(key[:10])
        is_open = sent_at is None and given_up_at is None
        found.setdefault(member, LastBundle(day, written_at, sent_at, is_open))
    return found


def _waiting(
    members: Sequence[Member], turns: Sequence[MailTurn], now: datetime
) -> dict[int, Waiting]:
    if not members:
        return {}
    until = {turn.member_id: turn.announced_until for turn in turns}
    return bundles.waiting(members, until, now)


def _away(members: Sequence[Member], now: datetime) -> Mapping[int, Quiet]:
    """The reminder after a quiet time, of those to whom it is due now."""
    if not members:
        return {}
    return reminders.compose(away_among(members, now), now)


def _daily(member: Member, turn: MailTurn, bundle: Bundle, now: datetime) -> Delivery:
    assert turn.bundle_at is not None
    return Delivery(
        member=member,
        kind=Delivery.Kind.BUNDLE,
        key=member.local(turn.bundle_at).date().isoformat(),
        content=bundle.as_content(),
        written_at=now,
        not_before=now,
    )


def _end_of_pause(member: Member, turn: MailTurn, now: datetime) -> Delivery:
    ends = preference_of(member).paused_until
    return _daily(member, turn, Bundle(pause_ends=ends), now)


def _note_mailed(found: Iterable[Waiting], now: datetime) -> None:
    keys = list(chain.from_iterable(waits.notifications for waits in found))
    if keys:
        Notification.objects.filter(pk__in=keys).in_turn().update(mailed_at=now)


def _note_named(found: Mapping[int, Waiting], days: Mapping[int, date]) -> None:
    """One query for each day, of which there are three at most."""
    named: dict[date, list[int]] = {}
    for pk, waits in found.items():
        if waits.reminders:
            named.setdefault(days[pk], []).extend(waits.reminders)
    for day, bookmarks in named.items():
        mark_named(bookmarks, on=day)


def _next_reminders(
    members: Mapping[int, Member], days: Mapping[int, date], now: datetime
) -> dict[int, datetime]:
    """When those of the members come next who have a reminder for one of the next days,
    which was looked at already. One query.
    """
    if not days:
        return {}
    return {
        pk: next_bundle_on(day, members[pk], preference_of(members[pk]), now)
        for pk, day in next_days(days).items()
    }


def _store(
    turns: Sequence[MailTurn], verdicts: Mapping[int, Verdict], now: datetime
) -> None:
    for turn in turns:
        turn.bundle_at = verdicts[turn.member_id].next_at
        if verdicts[turn.member_id].due is Due.NEWS:
            turn.announced_until = now - SHORT_WHILE
    store_turns(turns, "bundle_at", "announced_until")


# Mails at once


def _write_at_once(turns: list[MailTurn], now: datetime) -> int:
    """Write one mail to each member for all that they want at once and have not read.
    Whoever had very many today has it in the daily mail.
    """
    members = _members_of(turns)
    quiet = {
        pk: until
        for pk, member in members.items()
        if (until := quiet_until(member, preference_of(member), now))
    }
    ready = [
        member
        for pk, member in members.items()
        if pk not in quiet and not is_paused(member, preference_of(member), now)
    ]
    numbers = _numbers(ready, now)
    ready = [member for member in ready if numbers.get(member.pk, 0) < MOST_AT_ONCE]
    found = bundles.waiting(ready, {}, now, at_once=True) if ready else {}
    written = [
        _at_once(member, found[member.pk].bundle(), numbers.get(member.pk, 0), now)
        for member in ready
        if found[member.pk]
    ]
    ledger.write(written)
    _note_mailed(found.values(), now)
    for turn in turns:
        turn.once_at = quiet.get(turn.member_id)
    store_turns(turns, "once_at")
    return len(written)


def _at_once(member: Member, bundle: Bundle, before: int, now: datetime) -> Delivery:
    day = member.local(now).date().isoformat()
    return Delivery(
        member=member,
        kind=Delivery.Kind.ONCE,
        key=f"{day}.{before + 1}",
        content=bundle.as_content(),
        written_at=now,
        not_before=now,
    )


def _numbers(members: Sequence[Member], now: datetime) -> dict[int, int]:
    """How many mails at once each member has of the present day. One query."""
    today = {
        member.pk: f"{member.local(now).date().isoformat()}." for member in members
    }
    rows = Delivery.objects.filter(
        member__in=members,
        kind=Delivery.Kind.ONCE,
        written_at__gt=now - timedelta(days=2),
    )
    found: dict[int, int] = {}
    for member, key in rows.values_list("member_id", "key"):
        if key.startswith(today[member]):
            found[member] = max(found.get(member, 0), int(key.rpartition(".")[2]))
    return found
