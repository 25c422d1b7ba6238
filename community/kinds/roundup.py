from django.utils.translation import gettext_lazy as _

from community.kinds.base import PostKind


class RoundupKind(PostKind):
    name = "roundup"
    label = _("Roundup")
    icon = "newspaper"
    is_offered = False
