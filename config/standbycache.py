"""The cache for when Redis is away: a table of the database, so that
limits still count and every page answers.

Redis may be stopped, unreachable, or hang without a word. Whoever notices
goes on with the table, and for a few seconds nobody else waits for Redis.
What was counted in Redis starts again at nothing in the table; a limit may
therefore be reached twice around an outage, never more often.
"""

import logging
import sys
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.core.cache import caches
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError, TimeoutError
from redis.retry import Retry

from config.counting import CountingRedis

STANDBY = "standby"  # the name in CACHES
LEFT_ALONE_SECONDS = 5.0
# a Redis without memory left refuses in words
AWAY = (RedisConnectionError, TimeoutError, ResponseError, OSError)

logger = logging.getLogger(__name__)
# A command by hand may run while the site is stopped; nothing is wrong
# then, and nobody needs to hear of it.
LEVEL = logging.DEBUG if Path(sys.argv[0]).name == "manage.py" else logging.WARNING
# by address of the Redis, for all threads of the process
_left_alone_until: dict[str, float] = {}


def _or_standby(name: str) -> Callable[..., Any]:
    redis_method = getattr(CountingRedis, name)

    @wraps(redis_method)
    def method(self: "RedisWithStandby", *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= _left_alone_until.get(self.address, 0.0):
            try:
                answer = redis_method(self, *args, **kwargs)
            except AWAY as error:
                self.leave_alone(error)
            else:
                self.welcome_back()
                return answer
        return getattr(caches[STANDBY], name)(*args, **kwargs)

    return method


class RedisWithStandby(CountingRedis):
    """Redis, and the cache named `standby` while Redis does not answer."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {**params.get("OPTIONS", {})}
        # One try of a second: a page waits once for a Redis that hangs,
        # and not at all for one that is gone.
        options.setdefault("socket_timeout", 1)
        options.setdefault("socket_connect_timeout", 1)
        options.setdefault("retry", Retry(NoBackoff(), 0))
        super().__init__(server, {**params, "OPTIONS": options})
        self.address = server

    def leave_alone(self, error: Exception) -> None:
        if self.address not in _left_alone_until:
            logger.log(
                LEVEL,
                "Redis does not answer (%s); the database stands in for it.",
                error,
            )
        _left_alone_until[self.address] = time.monotonic() + LEFT_ALONE_SECONDS

    def welcome_back(self) -> None:
        if _left_alone_until.pop(self.address, None) is not None:
            logger.log(LEVEL, "Redis answers again.")

    add = _or_standby("add")
    get = _or_standby("get")
    set = _or_standby("set")
    touch = _or_standby("touch")
    delete = _or_standby("delete")
    get_many = _or_standby("get_many")
    set_many = _or_standby("set_many")
    delete_many = _or_standby("delete_many")
    has_key = _or_standby("has_key")
    incr = _or_standby("incr")
    count = _or_standby("count")
    clear = _or_standby("clear")
