"""What the machines that watch are told."""

import time
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from django.core.cache import cache
from django.db import DatabaseError
from django.test import Client
from redis.exceptions import ConnectionError as RedisGone

from marketplace import health


@pytest.fixture(autouse=True)
def own_cache(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "health"}}
    cache.clear()


def ready(client: Client) -> tuple[int, dict[str, Any]]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()


def test_alive_touches_neither_database_nor_cache(client: Client) -> None:
    answer = client.get("/healthz")  # a query here would fail the test: it has no database

    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_ready_when_everything_answers(client: Client) -> None:
    cache.set(health.HEARTBEAT, time.time())

    assert ready(client) == (200, {"ready": True, "database": "ok", "redis": "ok", "beat": "ok"})


@pytest.mark.django_db
def test_not_ready_when_the_clock_stands_still(client: Client) -> None:
    assert ready(client)[1]["beat"] == "has not ticked"

    cache.set(health.HEARTBEAT, time.time() - 90)

    status, answer = ready(client)
    assert (status, answer["ready"]) == (503, False)
    assert answer["beat"].startswith("last ticked 9")


def test_not_ready_without_database_or_redis(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> None:
        raise RedisGone

    def refused() -> None:
        raise DatabaseError

    monkeypatch.setattr(health, "cache", SimpleNamespace(set=gone, get=gone))
    monkeypatch.setattr(health, "connection", SimpleNamespace(cursor=refused))

    status, answer = ready(client)

    assert status == 503
    assert set(answer.values()) == {False, "does not answer"}


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "word"), [("ours", "ok"), ("theirs", "is somebody else's"), ("", "does not answer")])
def test_ready_only_with_the_sandbox_that_was_started_with_us(
    name: str, word: str, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def head(_url: str, **_: object) -> SimpleNamespace:
        if not name:
            raise requests.ConnectionError
        return SimpleNamespace(headers={"Sandbox-Name": name})

    settings.SANDBOX_NAME, settings.STRIPE_API_BASE = "ours", "http://127.0.0.1:9"
    monkeypatch.setattr("marketplace.health.requests.head", head)
    cache.set(health.HEARTBEAT, time.time())

    status, answer = ready(client)

    assert (status, answer["sandbox"]) == (200 if word == "ok" else 503, word)


@pytest.mark.django_db
def test_figures_are_for_the_holder_of_the_token(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404

    settings.METRICS_TOKEN = "figures"
    assert client.get("/metrics", headers={"authorization": "Bearer guess"}).status_code == 404

    answer = client.get("/metrics", headers={"authorization": "Bearer figures"})
    assert answer.status_code == 200
    assert b"process_resident_memory_bytes" in answer.content
