"""Caches that count what somebody has used up.

    cache.count("budget:forms:44", 1, timeout=120)  # how much it is now

A number that is not there begins at nothing, and ends `timeout` seconds after it began.
"""

from typing import Any

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.utils.functional import cached_property
from redis import Redis


class Counting(BaseCache):
    """Counts by what every cache of Django has."""

    def count(self, key: str, amount: int, timeout: int) -> int:
        if self.add(key, amount, timeout):
            return amount
        # it may have ended this moment
        counted: int = self.get(key, 0) + amount
        self.set(key, counted, timeout)
        return counted


class CountingDatabase(Counting, DatabaseCache):
    pass


class CountingMemory(Counting, LocMemCache):
    """For tests."""


class LastingClient(RedisCacheClient):
    """Keeps its clients of Redis, one to write and one to read.

    Django makes a new one for each question, which takes longer than the question.
    """

    def __init__(self, servers: list[str], **options: Any) -> None:
        super().__init__(servers, **options)
        self._clients: dict[bool, Redis] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Redis:
        if write not in self._clients:
            self._clients[write] = super().get_client(key, write=write)
        return self._clients[write]

    def count(self, key: str, amount: int, timeout: int) -> int:
        # One round trip. Nothing can end between the two: a number that
        # began without an end would stay for good.
        with self.get_client(key, write=True).pipeline() as together:
            together.set(key, 0, nx=True, ex=timeout)
            together.incrby(key, amount)
            return int(together.execute()[-1])


class CountingRedis(RedisCache):
    @cached_property
    def _cache(self) -> LastingClient:
        return LastingClient(self._servers, **self._options)  # type: ignore[attr-defined]

    def count(self, key: str, amount: int, timeout: int) -> int:
        return self._cache.count(self.make_and_validate_key(key), amount, timeout)
