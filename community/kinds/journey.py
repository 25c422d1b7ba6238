from django.utils.translation import gettext_lazy as _

from community.kinds.base import PostKind


class JourneyKind(PostKind):
    name = "journey"
    label = _("Journey")
    icon = "footprints"
    prompt = _("How far have you come, %(name)s?")
