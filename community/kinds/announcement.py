from django.utils.translation import gettext_lazy as _

from community.kinds.base import Filter, PostKind
from members.models import Member


class AnnouncementKind(PostKind):
    name = "announcement"
    label = _("Announcement")
    icon = "pin"
    prompt = _("What should everybody know, %(name)s?")
    not_allowed = _("Only moderators can write announcements.")
    can_be_pinned = True
    filters = (
        Filter(
            "announcements",
            _("Announcements"),
            lambda posts, member: posts.of_kind(AnnouncementKind.name),
        ),
    )

    def may_be_written_by(self, member: Member) -> bool:
        return member.is_moderator
