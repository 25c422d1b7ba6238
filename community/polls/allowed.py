"""Who may change a poll, and until when."""

from dataclasses import dataclass

from community.models import Post
from members.models import Member


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a member may do to a poll besides voting."""

    edits: bool  # its options, and when it closes
    removes: bool  # a single option, whatever votes it has
    closes: bool  # now

    @property
    def changes(self) -> bool:
        """Whether there is a page for them to change the poll."""
        return self.edits or self.removes


def allowed(post: Post, member: Member, *, is_open: bool) -> Allowed:
    """Authors change a poll while it is open, and moderators may always remove an option."""
    is_mine = post.author_id == member.pk
    return Allowed(
        edits=is_mine and is_open,
        removes=member.is_moderator,
        closes=(is_mine or member.is_moderator) and is_open,
    )
