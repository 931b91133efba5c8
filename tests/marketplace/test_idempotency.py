"""An Idempotency-Key: one effect, one reply, whatever is sent again."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from campaigns.models import Business, Submission
from marketplace.hooks.models import KeptReply
from marketplace.users.models import User
from tests.cast import collaboration, make_cast, person, secure


@pytest.fixture
def rosa(db: None) -> User:
    return person("Rosa Keller")


def send(user: User, name: str, key: str = "k1") -> Any:
    client = Client(headers={"idempotency-key": key})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.post("/api/v1/businesses/", json.dumps({"name": name}), content_type="application/json")


def test_the_first_reply_comes_back_and_nothing_happens_twice(rosa: User) -> None:
    first, again = send(rosa, "Bakery"), send(rosa, "Bakery")

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Business.objects.count() == 1


def test_a_refusal_is_kept_as_well(rosa: User) -> None:
    first, again = send(rosa, " "), send(rosa, " ")

    assert first.status_code == again.status_code == 400
    assert first.json() == again.json()
    assert first.headers["Content-Type"] == again.headers["Content-Type"] == "application/problem+json"


def test_the_key_of_another_request_is_refused(rosa: User) -> None:
    send(rosa, "Bakery")

    other = send(rosa, "Butchery")

    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert Business.objects.count() == 1


def test_another_file_of_the_same_name_and_size_is_another_request(db: None, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    cast = make_cast()
    room = secure(collaboration(cast))
    client = Client(headers={"idempotency-key": "k1"})
    client.force_login(cast.mina, backend="django.contrib.auth.backends.ModelBackend")

    def upload(content: bytes) -> Any:
        file = SimpleUploadedFile("take.pdf", content)
        return client.post(f"/api/v1/collaborations/{room.public_id}/upload/", {"file": file})

    first, again, other = upload(b"%PDF-1.4 one"), upload(b"%PDF-1.4 one"), upload(b"%PDF-1.4 two")

    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 422)
    assert again.headers["Idempotent-Replayed"] == "true"
    with Submission.objects.get().file.open() as kept:
        assert kept.read() == b"%PDF-1.4 one"


def test_two_people_may_use_the_same_key(rosa: User) -> None:
    assert send(rosa, "Bakery").status_code == send(person("Otto Rad"), "Wheels").status_code == 201


def test_while_the_first_runs_the_second_waits(rosa: User) -> None:
    send(rosa, "Bakery")
    KeptReply.objects.update(status=None)

    assert send(rosa, "Bakery").status_code == 409
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        assert send(rosa, "Bakery").status_code == 201

    assert Business.objects.count() == 2


def test_a_key_is_forgotten_after_a_day(rosa: User) -> None:
    send(rosa, "Bakery")

    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert send(rosa, "Butchery").status_code == 201


def test_a_crash_keeps_nothing(rosa: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campaigns.services.teams.record", lambda **_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        send(rosa, "Bakery")

    assert KeptReply.objects.count() == Business.objects.count() == 0


def test_a_key_that_is_no_key_is_refused(rosa: User) -> None:
    assert send(rosa, "Bakery", key="x" * 256).status_code == 400
    assert Business.objects.count() == 0
