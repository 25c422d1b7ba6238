import time
from typing import Any

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.core.cache import cache, caches
from django.test import Client
from hypothesis import HealthCheck, settings

from curriculum.models import KEPT_OUTLINES
from lists.cache import forget_all
from members.budget import COUNTS

# No example fails by the time of a machine that has other work; pytest-timeout ends a
# test that hangs.
settings.register_profile(
    "suite", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")

ONLY_DATABASE = "--only-database"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        ONLY_DATABASE,
        action="store_true",
        help="leave out the tests that pytest-django refuses the database: they are the "
        "same on each",
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Tests without a database come first: the longest are among them, and at the end
    one process would wait for another.
    """
    with_database = [item for item in items if asks_database(item)]
    without = [item for item in items if not asks_database(item)]
    if config.getoption(ONLY_DATABASE):
        config.hook.pytest_deselected(items=without)
        without = []
    items[:] = [*without, *with_database]


def asks_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db")) or not fixtures.isdisjoint(
        ("db", "transactional_db", "django_db_setup")
    )


@pytest.fixture(autouse=True)
def _clear_caches() -> None:
    """Pages keep small things in the process; no test finds those
    of another.
    """
    cache.clear()
    caches["local"].clear()
    KEPT_OUTLINES.clear()
    forget_all()
    COUNTS.clear()


signs_in_only = Client.force_login


@pytest.fixture(autouse=True)
def _signed_in_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """`force_login` signs in as a person has who did everything: just now,
    with the second factor if there is one.

    Tests of signing in itself use `signs_in_only`, or the forms.
    """

    def force_login(self: Client, user: Any, backend: str | None = None) -> None:
        signs_in_only(self, user, backend)
        UserSession.objects.update_or_create(  # as allauth notes it
            session_key=self.session.session_key,
            defaults={"user": user, "ip": "127.0.0.1"},
        )
        shown: dict[str, Any] = {"method": "code", "at": time.time()}
        has_app = Authenticator.objects.filter(
            user=user, type=Authenticator.Type.TOTP
        ).exists()
        if user.holds_role and not has_app:
            TOTP.activate(user, generate_totp_secret())
        if user.holds_role or has_app:
            shown = {"method": "mfa", "at": time.time(), "type": "totp"}
        session = self.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [
            {**shown, "reauthenticated": True}
        ]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()

    monkeypatch.setattr(Client, "force_login", force_login)
