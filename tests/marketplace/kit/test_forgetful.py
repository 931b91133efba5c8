"""A cache that does not answer is a cache that knows nothing."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from marketplace.kit.forgetful import PATIENCE_SECONDS, QUIET_SECONDS, ForgetfulCache


@pytest.fixture
def mute() -> Iterator[str]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield f"redis://127.0.0.1:{door.getsockname()[1]}/0"


def test_an_answering_redis_is_an_ordinary_cache() -> None:
    cache = ForgetfulCache(settings.CACHES["default"]["LOCATION"], {"KEY_PREFIX": "forgetful"})

    cache.set_many({"a": 1, "b": 2})

    assert cache.get_many(["a", "b"]) == {"a": 1, "b": 2}
    assert (cache.incr("a"), cache.add("a", 9), cache.has_key("b")) == (2, False, True)
    assert (cache.touch("a", 5), cache.delete("a"), cache.get("a", "gone")) == (True, True, "gone")
    cache.delete_many(["b"])
    assert cache.get("b") is None


def test_a_mute_redis_is_a_miss_everywhere(mute: str) -> None:
    cache = ForgetfulCache(mute, {})

    assert cache.get("a", "default") == "default"
    assert (cache.add("a", 1), cache.incr("a"), cache.has_key("a"), cache.touch("a")) == (True, 1, False, False)
    assert (cache.get_many(["a"]), cache.set_many({"a": 1}), cache.delete("a")) == ({}, ["a"], False)
    cache.set("a", 1)
    cache.delete_many(["a"])
    assert cache.clear() is False


def test_only_the_first_to_ask_waits(mute: str) -> None:
    cache = ForgetfulCache(mute, {})
    started = time.monotonic()
    cache.get("a")
    first = time.monotonic() - started

    for _ in range(50):
        cache.get("a")

    assert first < 6 * PATIENCE_SECONDS
    assert time.monotonic() - started - first < PATIENCE_SECONDS


def test_after_a_while_it_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = ForgetfulCache(f"unix://{tmp_path}/nobody.sock", {})
    cache.get("a")
    asked: list[str] = []
    monkeypatch.setattr("django.core.cache.backends.redis.RedisCache.get", lambda *_: asked.append("a"))

    cache.get("a")
    silent = list(asked)
    cache._quiet_until -= QUIET_SECONDS
    cache.get("a")

    assert (silent, asked) == ([], ["a"])
