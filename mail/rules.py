"""What becomes of a mail whose end was sent and whose answer nobody heard: one rule for
each kind.

Codes and account mails are not in the ledger. They are sent while the member waits; she
asks for another one.
"""

from dataclasses import dataclass
from datetime import timedelta

from mail.models import Delivery


@dataclass(frozen=True, slots=True)
class UnheardRule:
    """`repeat_after`: sent once more, with the same Message-ID, when that long has
    passed; None for never.
    """

    repeat_after: timedelta | None
    why: str


REPEATS = 1  # at most, whatever the kind
UNHEARD = {
    Delivery.Kind.DIGEST: UnheardRule(
        timedelta(hours=12),
        "A second copy costs a glance, and many programs show one; none costs the week.",
    ),
    Delivery.Kind.INACTIVITY: UnheardRule(
        None, "It says that it is the only reminder, so it must not come twice."
    ),
    Delivery.Kind.TEST: UnheardRule(None, "The owner waits for it and presses again."),
    Delivery.Kind.NOTICE: UnheardRule(
        timedelta(hours=1), "It tells of a fault, and the fault may hit it too."
    ),
}
# of mails that are unheard: one notice for each run
TELL_THE_OWNER_AFTER = timedelta(hours=1)
