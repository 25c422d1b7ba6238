"""A mail in a frame of a page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import HEADER as POLICY
from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.utils import build_policy
from django.http import HttpResponse

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
    """The view answers with the HTML of a mail, under its own policy."""
    policy = build_policy(config=MAIL_POLICY)

    @wraps(view)
    def framed(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        response.headers[POLICY] = policy
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response

    return framed
