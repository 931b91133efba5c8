"""Signing up: what it asks, and that it does not tell who is here already."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client

from marketplace.users.models import User
from tests.cast import person

pytestmark = pytest.mark.django_db
PASSWORD = "Zx9-lorem-ipsum"


@pytest.fixture(autouse=True)
def own_cache(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


def sign_up(email: str, name: str = "Foo Bar") -> Any:
    return Client().post("/accounts/signup/", {"email": email, "password1": PASSWORD, "name": name})


def test_a_known_address_is_answered_with_the_same_work(monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any]) -> None:
    known, hashed = person("Rosa Keller"), []
    real = Argon2PasswordHasher.encode

    def counting(hasher: Argon2PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return real(hasher, password, salt)

    monkeypatch.setattr(Argon2PasswordHasher, "encode", counting)
    answers = []
    for email in ("new@example.org", known.email):
        answer = sign_up(email)
        answers.append((answer.status_code, answer.headers["Location"], len(hashed), len(mailoutbox)))

    assert answers == [(302, "/accounts/confirm-email/", 1, 1), (302, "/accounts/confirm-email/", 2, 2)]


def test_a_name_is_one_line_and_no_address(mailoutbox: list[Any]) -> None:
    assert sign_up("nora@example.org", "Nora\r\nBcc: X").status_code == 302
    for empty in ("\x07\u2028", "Your account: https://evil.example"):
        assert sign_up("nobody@example.org", empty).status_code == 200

    assert User.objects.get().name == "Nora Bcc: X"
