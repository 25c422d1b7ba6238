"""Why a change to the conversation is refused. The texts can be shown to members."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from community.models import Comment, Post
from members import limits
from members.refusals import Refused


class PostLimitReached(limits.TooMany):
    """The member has written as many posts or comments as one hour allows."""


class NotAllowed(Refused, PermissionDenied):
    """Only another member may do this: the author, the asker or a moderator."""


class EditConflict(Exception):
    """The text was changed after the member had opened it.

    Carries what the member typed, so that it is not lost.
    """

    def __init__(self, current: Post | Comment, *, title: str, body: str) -> None:
        super().__init__(_("This text was changed since you opened it."))
        self.current = current
        self.title = title
        self.body = body
