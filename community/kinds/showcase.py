from django.utils.translation import gettext_lazy as _

from community.kinds.base import PostKind


class ShowcaseKind(PostKind):
    name = "showcase"
    label = _("Showcase")
    icon = "play"
    prompt = _("What did you make, %(name)s?")
