"""One run over the ledger: claim a batch, build its messages, send each over one reused
connection.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import TypeAlias

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from mail import ledger
from mail.backends import (
    DeadLine,
    HandOver,
    Later,
    MailRefused,
    NoServer,
    NotOurs,
    OutboxBackend,
    SmtpBackend,
    Unheard,
)
from mail.models import Delivery

log = logging.getLogger(__name__)

BATCH = 100
DEAD_LINES = 3  # lost connections in a row; then the server is taken to be down

Clock: TypeAlias = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A mail that must no longer be sent. `why` says the reason."""

    why: str


@dataclass(frozen=True, slots=True)
class PutOff:
    """A mail that must not be sent before `until`."""

    until: datetime


Built: TypeAlias = Mapping[int, EmailMessage | Withdrawn | PutOff | Exception]
"""By delivery id. An exception is the one that building this message raised; the others go on."""
Build: TypeAlias = Callable[[list[Delivery], datetime], Built]


class AttemptResult(Enum):
    """What the attempt to send one mail means for the next ones."""

    DONE = auto()
    DEAD_LINE = auto()
    NOT_OURS = auto()


@dataclass(slots=True)
class Run:
    sent: int = 0
    later: int = 0
    given_up: int = 0
    unconfirmed: int = 0
    stopped: str = ""


def send(build: Build, clock: Clock) -> Run:
    """Send everything that is due until nothing is left or the server is down.

    `clock` instead of a fixed `now`: a run may last longer than a claim does.
    """
    run = Run()
    ledger.forget_the_future(clock())
    ledger.repeat_unconfirmed(clock())
    connection = get_connection()
    one = getattr(connection, "resends_are_one", False)
    try:
        while not run.stopped and (
            batch := ledger.claim(clock(), limit=BATCH, resends_are_one=one)
        ):
            _send_batch(batch, build(batch, clock()), connection, clock, run)
    finally:
        connection.close()
    return run


def _send_batch(
    batch: list[Delivery],
    built: Built,
    connection: BaseEmailBackend,
    clock: Clock,
    run: Run,
) -> None:
    dead_lines = 0
    stopped = ledger.of_stopped_runs(batch)
    for position, delivery in enumerate(batch):
        if delivery.pk in stopped:
            ledger.let_go(delivery)
            continue
        try:
            outcome = _send_one(delivery, built[delivery.pk], connection, clock, run)
        except NoServer as error:
            run.stopped = str(error)
        else:
            if outcome is AttemptResult.NOT_OURS:
                # The claim is gone, or the run was stopped in the meantime.
                stopped = ledger.of_stopped_runs(batch)
            dead_lines = dead_lines + 1 if outcome is AttemptResult.DEAD_LINE else 0
            if dead_lines < DEAD_LINES:
                continue
            position, run.stopped = (
                position + 1,
                "The connection was lost again and again.",
            )
        log.warning("Mail waits: %s", run.stopped)
        for waiting in batch[position:]:
            ledger.release(waiting, run.stopped, clock())
        run.later += len(batch) - position
        return


def _send_one(
    delivery: Delivery,
    built: EmailMessage | Withdrawn | PutOff | Exception,
    connection: BaseEmailBackend,
    clock: Clock,
    run: Run,
) -> AttemptResult:
    """Raises NoServer."""
    match built:
        case Withdrawn(why):
            ledger.give_up(delivery, why, clock())
            run.given_up += 1
        case PutOff(until):
            ledger.put_off(delivery, until, clock())
            run.later += 1
        case Exception():
            log.error("Mail %s could not be built", delivery.pk, exc_info=built)
            ledger.release(delivery, f"It could not be built: {built!r}", clock())
            run.later += 1
        case _:
            return _deliver(delivery, built, connection, clock, run)
    return AttemptResult.DONE


def _deliver(
    delivery: Delivery,
    message: EmailMessage,
    connection: BaseEmailBackend,
    clock: Clock,
    run: Run,
) -> AttemptResult:
    try:
        _hand(message, connection, lambda: ledger.hand_over(delivery, clock()))
    except Later as error:
        ledger.release(delivery, str(error), clock())
        run.later += 1
        return (
            AttemptResult.DEAD_LINE
            if isinstance(error, DeadLine)
            else AttemptResult.DONE
        )
    except MailRefused as error:
        ledger.give_up(delivery, str(error), clock())
        run.given_up += 1
    except Unheard as error:
        ledger.leave_unconfirmed(delivery, str(error))
        run.unconfirmed += 1
        return AttemptResult.DEAD_LINE
    except NotOurs:
        ledger.let_go(delivery)  # if it is ours, and the run was stopped in this moment
        return AttemptResult.NOT_OURS
    else:
        ledger.mark_sent(delivery, clock())
        run.sent += 1
    return AttemptResult.DONE


def _hand(
    message: EmailMessage, connection: BaseEmailBackend, hand_over: HandOver
) -> None:
    """Send a message. With SmtpBackend the hand-over is committed before the final dot;
    with any other backend, before the message is sent.
    """
    if isinstance(connection, SmtpBackend):
        connection.deliver(message, hand_over)
        return
    if not hand_over():
        raise NotOurs
    try:
        connection.send_messages([message])
    except ValueError as error:  # as in SmtpBackend.deliver
        raise MailRefused(f"{type(error).__name__}: {error}") from error
    except OSError as error:
        if isinstance(connection, OutboxBackend):
            raise NoServer(f"The outbox folder: {error}") from error
        raise Unheard(str(error)) from error
    except Exception as error:
        # With `resends_are_one` an unconfirmed mail can be claimed again at once, so a
        # permanent error would be tried without end.
        raise (Later if isinstance(connection, OutboxBackend) else Unheard)(
            repr(error)
        ) from error
