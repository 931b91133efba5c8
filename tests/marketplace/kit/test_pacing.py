"""Once in a while, whoever asks."""

from typing import Any

import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as RedisGone

from marketplace.kit import pacing
from marketplace.kit.pacing import its_time


def test_the_first_who_asks_is_the_only_one(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pace"}}
    cache.clear()

    assert [its_time("a", seconds=60) for _ in range(3)] == [True, False, False]
    assert its_time("b", seconds=60)


def test_without_the_cache_nobodys_time_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def add(self, *_: object, **__: object) -> bool:
            raise RedisGone

    monkeypatch.setattr(pacing, "cache", Gone())

    assert not its_time("a", seconds=60)
