"""Why a vote or a change of a poll is refused. The texts can be shown to members."""

from django.utils.translation import gettext as _

from community.actions.refusals import Refused


class PollClosed(Refused):
    """The poll takes no more votes and no more changes."""

    def __init__(self) -> None:
        super().__init__(_("This poll is closed."))


class BadVote(Refused):
    """The ballot cannot be counted. The text says why."""


class BadOption(Refused):
    """The option cannot be added or changed. The text says why."""
