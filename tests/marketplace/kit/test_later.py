"""The doorbell: pressed after commit, and never waited for."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery
from django.db import transaction

from marketplace.kit import later


@pytest.fixture(autouse=True)
def heard_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "_quiet", {"until": 0.0})


@pytest.fixture
def mute() -> Iterator[Any]:
    """A task whose broker takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        app = Celery("mute", broker=f"redis://127.0.0.1:{door.getsockname()[1]}/0", set_as_current=False)

        def ring(**_: Any) -> None:
            """Never runs."""

        yield app.task(name="mute.task")(ring)


@pytest.mark.django_db(transaction=True)
def test_a_mute_broker_is_waited_for_once_and_then_left_alone(mute: Any) -> None:
    started = time.monotonic()
    with transaction.atomic():
        later.later(mute, row=1)
    first = time.monotonic() - started

    for row in range(50):
        with transaction.atomic():
            later.later(mute, row=row)

    assert first < 8 * later.PATIENCE_SECONDS
    assert time.monotonic() - started - first < later.PATIENCE_SECONDS


@pytest.mark.django_db(transaction=True)
def test_nothing_is_rung_for_what_was_not_committed(monkeypatch: pytest.MonkeyPatch, mute: Any) -> None:
    rung: list[Any] = []
    monkeypatch.setattr(later, "_ring", lambda task, kwargs: rung.append(kwargs))

    with transaction.atomic():
        later.later(mute, row=1)
        transaction.set_rollback(True)
    with transaction.atomic():
        later.later(mute, row=2)

    assert rung == [{"row": 2}]
