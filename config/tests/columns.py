"""Who asks, in the tables of who may do what: one browser for each column."""

import re
import time
from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.db import connection
from django.test import Client

from config.tests.world import World

# The columns, and whose role they show. `other` is a member who owns
# nothing that the table asks for and has a second factor, as have all who
# hold a role. Those with a tilde signed in an hour ago; the session of
# those with a dash has shown a password and no second factor.
COLUMNS = {
    "vis": "visitor", "sus": "suspended", "mem": "member", "oth": "other",
    "cur": "curator", "mod": "moderator", "own": "owner",
    "mem~": "member", "oth~": "other", "own~": "owner",
    "cur-": "curator", "mod-": "moderator", "own-": "owner",
}  # fmt: skip
AN_HOUR = 3601
# Tables without facts of the site: sessions, and what is counted while
# Redis is away.
UNCOUNTED = {"django_session", "standby_cache"}
WRITES = re.compile(
    r'\s*(INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE
)
CHANGES = {"UPDATE", "DELETE FROM"}  # which may find no row


def browser_of(column: str, world: World) -> Client:
    client = Client(raise_request_exception=False)
    if COLUMNS[column] in world.people:
        client.force_login(world[COLUMNS[column]])
    if column.endswith("-"):
        _shown(client, [{"method": "password", "at": time.time()}])
    if column.endswith("~"):
        records = client.session[AUTHENTICATION_METHODS_SESSION_KEY]
        _shown(client, [{**each, "at": each["at"] - AN_HOUR} for each in records])
    return client


def _shown(client: Client, records: list[dict[str, Any]]) -> None:
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = records
    session.save()


class Written:
    """The tables in which something was changed while this was listening."""

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,
        context: Any,
    ) -> Any:
        result = execute(sql, params, many, context)
        found = WRITES.match(sql)
        if (
            found
            and found[2] not in UNCOUNTED
            and (found[1].upper() not in CHANGES or context["cursor"].rowcount)
        ):
            self.tables.add(found[2])
        return result

    def __enter__(self) -> "Written":
        self._wrapper = connection.execute_wrapper(self)
        self._wrapper.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._wrapper.__exit__(None, None, None)
