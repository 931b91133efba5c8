"""API keys: what a new password does to them, and that they cannot be guessed at leisure."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.core.cache import cache
from django.test import Client

from marketplace.hooks import authentication
from marketplace.hooks.models import ApiKey
from marketplace.hooks.services import READ, find_key, make_key
from marketplace.trust.models import AuditEntry
from marketplace.users.models import User
from tests.cast import PASSWORD, person

pytestmark = pytest.mark.django_db
NEW = "another horse battery"
CACHE = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "keys"}}


@pytest.fixture
def rosa(settings: Any) -> User:
    settings.CACHES = CACHE
    cache.clear()
    made = person("Rosa Keller")
    made.set_password(PASSWORD)
    made.save()
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    return made


def test_a_reset_password_stops_every_key(rosa: User) -> None:
    secrets = [make_key(rosa, name=name, scopes=[READ])[1] for name in ("one", "two")]
    others = make_key(person("Otto Rad"), name="his", scopes=[READ])[1]
    client = Client()
    uid, token = user_pk_to_url_str(rosa), default_token_generator.make_token(rosa)
    form = client.get(f"/accounts/password/reset/key/{uid}-{token}/", follow=True)

    done = client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW}, follow=True)

    rosa.refresh_from_db()
    assert rosa.check_password(NEW)
    assert [find_key(secret) for secret in secrets] == [None, None]
    assert find_key(others) is not None
    assert AuditEntry.objects.filter(act="revoke_key", by=rosa).count() == 2
    assert "Your API keys stopped working" in done.content.decode()


def test_a_changed_password_says_that_keys_go_on_working(rosa: User) -> None:
    secret = make_key(rosa, name="one", scopes=[READ])[1]
    client = Client()
    client.post("/accounts/login/", {"login": rosa.email, "password": PASSWORD})

    done = client.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}, follow=True
    )

    assert find_key(secret) is not None
    assert "Your API keys go on working" in done.content.decode()


def test_without_keys_nothing_is_said_of_them(rosa: User) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": rosa.email, "password": PASSWORD})

    done = client.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}, follow=True
    )

    assert "API keys go on" not in done.content.decode()
    assert not ApiKey.objects.exists()


def ask(secret: str, **extra: Any) -> Any:
    return Client().get("/api/v1/me/", headers={"authorization": f"Bearer {secret}"}, **extra)


def test_keys_are_not_guessed_at_leisure(
    rosa: User, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(authentication, "WRONG_KEYS_MAX", 3)
    secret = make_key(rosa, name="one", scopes=[READ])[1]

    answers = [ask(f"gw_{number}").status_code for number in range(3)]
    with django_assert_num_queries(0):
        refused = ask("gw_4", HTTP_X_FORWARDED_FOR="10.0.0.4")

    assert answers == [401, 401, 401]
    assert (refused.status_code, refused.json()["code"]) == (429, "throttled")
    assert refused.headers["Retry-After"] == "60"
    assert ask(secret, REMOTE_ADDR="198.51.100.9").status_code == 200


def test_right_keys_are_not_counted(rosa: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authentication, "WRONG_KEYS_MAX", 1)
    secret = make_key(rosa, name="one", scopes=[READ])[1]

    assert [ask(secret).status_code for _ in range(3)] == [200, 200, 200]
