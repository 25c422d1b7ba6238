"""People who are signed in already: their sessions are made by a script
and arrive as cookies.
"""

from pathlib import Path

from playwright.sync_api import Browser

from browser_tests.people import Person
from browser_tests.running import Site

# What a script is given to print: print("session", member.email,
# SESSION(member)).
SESSION = """
import time
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

def SESSION(member):
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(member.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = member.get_session_auth_hash()
    if member.holds_role:
        TOTP.activate(member, generate_totp_secret())
        shown = {"method": "mfa", "type": "totp", "at": time.time(), "reauthenticated": True}
        store[AUTHENTICATION_METHODS_SESSION_KEY] = [shown]
        store["account_authentication_methods_user"] = str(member.pk)
    store.create()
    return f"{store.session_key} {settings.SESSION_COOKIE_NAME}"
"""


def sessions_in(told: str) -> dict[str, str]:
    """The value and the name of the cookie, by email address, from what
    such a script printed.
    """
    lines = (
        line.split(maxsplit=2)
        for line in told.splitlines()
        if line.startswith("session ")
    )
    return {address: cookie for _, address, cookie in lines}


def comes(
    site: Site,
    browser: Browser,
    email: str,
    pictures: Path | None,
    *,
    javascript: bool = True,
) -> Person:
    person = Person(site, browser, email, pictures, javascript=javascript)
    value, name = site.links[email].split(" ")
    person.context.add_cookies([{"name": name, "value": value, "url": site.url}])
    return person
