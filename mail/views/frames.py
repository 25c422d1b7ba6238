"""A mail in a frame of a page."""

from collections.abc import Callable
from typing import Any, cast

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.http import HttpResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin

View = Callable[..., HttpResponse]

# A mail is not a page of the site: it brings its own inline styles, and it may hold
# anything that a sender wrote. So it gets a policy of its own instead of a hole in the
# site's: no scripts, no forms, no links that navigate us (sandbox), nothing loaded from
# anywhere (images only from inside the message), shown in our own frame alone.
MAIL_POLICY: dict[str, Any] = {
    "sandbox": True,
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [SELF],
}


def shown_in_a_frame(view: View) -> View:
    """The view answers with the HTML of a mail."""
    framed: Any = csp(MAIL_POLICY)(xframe_options_sameorigin(view))
    return cast(View, framed)
