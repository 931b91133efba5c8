"""Not so often: what costs a call to somebody else is done once in a while, whoever asks."""

from django.core.cache import cache
from redis.exceptions import RedisError

OFTEN = 2  # seconds, for somebody who waits before a page that asks every three


def its_time(name: str, *, seconds: int = OFTEN) -> bool:
    """True for the first who asks for this name within so many seconds. Without the cache nobody's time comes."""
    try:
        return cache.add(f"pace:{name}", 1, timeout=seconds)
    except (RedisError, OSError):
        return False
