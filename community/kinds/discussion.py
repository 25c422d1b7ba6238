from django.utils.translation import gettext_lazy as _

from community.kinds.base import PostKind


class DiscussionKind(PostKind):
    name = "discussion"
    label = _("Discussion")
