"""Why a change is not made. The texts can be shown to members."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from community.models import Comment, Post
from members import limits


class Refused(Exception):
    """A deed that the group does not allow now; the text says why, to be shown."""


class TooMany(limits.TooMany):
    """The member has written as much as fits into an hour."""


class NotAllowed(Refused, PermissionDenied):
    """The deed is another member's: the author's, the asker's or a moderator's."""


class EditConflict(Exception):
    """The words were changed after the writer had seen them.

    Carries both texts, so that none is lost.
    """

    def __init__(self, current: Post | Comment, *, title: str, body: str) -> None:
        super().__init__(_("This text was changed since you opened it."))
        self.current = current
        self.title = title
        self.body = body
