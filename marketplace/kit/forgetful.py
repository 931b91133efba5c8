"""A cache that forgets rather than waits: when Redis does not answer, everything is a miss and nobody hangs.

After one silence it is not asked again for some seconds. What is kept here may be lost at any moment anyway: counters
of rate limits (they start anew), and signs of life (whose absence ``/readyz`` reports).
"""

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import TimeoutError as NoAnswer
from redis.retry import Retry

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 0.5
QUIET_SECONDS = 5.0
_YES, _NO = True, False


class ForgetfulCache(RedisCache):
    """Django's Redis cache, asked once, briefly, and not at all for a while after a silence."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        # The library would try three times more, with growing pauses, while a person waits.
        hurry = {"socket_timeout": PATIENCE_SECONDS, "socket_connect_timeout": PATIENCE_SECONDS}
        options = {**hurry, "retry": Retry(NoBackoff(), 0), **params.get("OPTIONS", {})}
        super().__init__(server, {**params, "OPTIONS": options})
        self._quiet_until = 0.0

    def _ask(self, instead: Any, act: Callable[..., Any], *args: Any) -> Any:
        if time.monotonic() < self._quiet_until:
            return instead
        try:
            return act(*args)
        except (NoConnection, NoAnswer) as error:
            self._quiet_until = time.monotonic() + QUIET_SECONDS
            log.warning("cache_silent", error=str(error))
            return instead

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        return self._ask(_YES, super().add, key, value, timeout, version)

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._ask(default, super().get, key, default, version)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> None:
        self._ask(None, super().set, key, value, timeout, version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        return self._ask(_NO, super().touch, key, timeout, version)

    def delete(self, key: Any, version: Any = None) -> Any:
        return self._ask(_NO, super().delete, key, version)

    def get_many(self, keys: Any, version: Any = None) -> Any:
        return self._ask({}, super().get_many, keys, version)

    def has_key(self, key: Any, version: Any = None) -> Any:
        return self._ask(_NO, super().has_key, key, version)

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> Any:
        return self._ask(delta, super().incr, key, delta, version)

    def set_many(self, data: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        return self._ask(list(data), super().set_many, data, timeout, version)

    def delete_many(self, keys: Any, version: Any = None) -> None:
        self._ask(None, super().delete_many, keys, version)

    def clear(self) -> Any:
        return self._ask(_NO, super().clear)
