"""A mail in a frame of a page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import HEADER as POLICY
from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.utils import build_policy
from django.http import HttpResponse

View = Callable[..., HttpResponse]

# A mail has inline styles and may contain anything, so it gets a policy of its own
# instead of an exception in the site's: no scripts, no forms, no links that navigate the
# page (sandbox), nothing loaded from elsewhere (images only from inside the message),
# and shown only in a frame of this site.
MAIL_POLICY: dict[str, Any] = {
    "sandbox": True,
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [SELF],
}


def shown_in_a_frame(view: View) -> View:
    """Send the HTML of a mail, which the view returns, with a policy of its own."""
    policy = build_policy(config=MAIL_POLICY)

    @wraps(view)
    def framed(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        response.headers[POLICY] = policy
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response

    return framed
