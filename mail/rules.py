"""What happens to an unconfirmed mail, by kind: one that was sent in full and whose
answer did not arrive.

Codes and account mails are not in the ledger. They are sent while the member waits, who
can ask for another one.
"""

from dataclasses import dataclass
from datetime import timedelta

from mail.models import Delivery


@dataclass(frozen=True, slots=True)
class UnconfirmedRule:
    """`repeat_after`: the time after which the mail is sent once more with the same
    Message-ID; None for never. `why` is for whoever reads this table.
    """

    repeat_after: timedelta | None
    why: str


REPEATS = 1  # at most, whatever the kind
UNCONFIRMED = {
    Delivery.Kind.DIGEST: UnconfirmedRule(
        timedelta(hours=12),
        "Many mail clients show two equal mails as one; without any the week is lost.",
    ),
    Delivery.Kind.INACTIVITY: UnconfirmedRule(
        None, "It says how many reminders come, so none must come twice."
    ),
    Delivery.Kind.BUNDLE: UnconfirmedRule(
        timedelta(hours=4), "What it tells is told by no other mail."
    ),
    Delivery.Kind.ONCE: UnconfirmedRule(
        timedelta(hours=1), "The member wants to know soon."
    ),
    Delivery.Kind.TEST: UnconfirmedRule(
        None, "The owner waits for it and presses again."
    ),
    Delivery.Kind.NOTICE: UnconfirmedRule(
        timedelta(hours=1), "The fault that it is about may have affected it too."
    ),
}
# then owners get a notice about the unconfirmed mails of a run, one for each run
TELL_THE_OWNER_AFTER = timedelta(hours=1)
