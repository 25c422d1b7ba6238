"""Changes to mail preferences, and the runs that write and send mail."""

from mail.actions.bundles import write_bundles
from mail.actions.preferences import (
    ChangedMeanwhile,
    Choices,
    end_links,
    has_stopped,
    set_preferences,
    start_mail,
    stop_mail,
)
from mail.actions.runs import (
    send_digests,
    send_waiting,
    write_digests,
    write_due_digests,
    write_due_reminders,
    write_notices,
    write_test,
)

__all__ = [
    "ChangedMeanwhile",
    "Choices",
    "end_links",
    "has_stopped",
    "send_digests",
    "send_waiting",
    "set_preferences",
    "start_mail",
    "stop_mail",
    "write_bundles",
    "write_digests",
    "write_due_digests",
    "write_due_reminders",
    "write_notices",
    "write_test",
]
