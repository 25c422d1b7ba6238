"""Names of cookies.

Behind TLS each begins with __Host-, so that a browser takes it from this
very host only.

A neighbour of the domain could otherwise plant a cookie of its own, such
as the one that says whose browser this is. Without TLS each ends with the
port of the site's address. Browsers do not tell ports apart, so a second
site on the same machine would else sign out the members of the first.
"""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse

from config.origin import cookie_name


def cookie(name: str) -> str:
    return cookie_name(name, settings.SITE_URL)


class Messages(CookieStorage):
    """Messages to whoever asks, in a cookie: a visitor writes no sessions."""

    @property
    def cookie_name(self) -> str:  # type: ignore[override]
        return cookie("messages")

    def _update_cookie(self, encoded_data: str, response: HttpResponse) -> None:
        """Django also deletes a cookie that the browser does not have."""
        if encoded_data or self.cookie_name in self.request.COOKIES:
            super()._update_cookie(encoded_data, response)  # type: ignore[misc]
