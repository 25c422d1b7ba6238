"""Pages about who somebody is, and the site as a whole."""

from members.views.landing import (
    landing,
)
from members.views.people import (
    person,
)
from members.views.settings import (
    settings_page,
    theme,
)
from members.views.signing_in import (
    change_password,
    prove,
    second_factor,
    sign_in_link,
)
from members.views.site import (
    form_expired,
    security_txt,
)
from members.views.welcome import (
    end_welcome,
    onboarding,
    set_up,
)

__all__ = [
    "change_password",
    "end_welcome",
    "form_expired",
    "landing",
    "onboarding",
    "person",
    "prove",
    "second_factor",
    "security_txt",
    "set_up",
    "settings_page",
    "sign_in_link",
    "theme",
]
