"""Getting in and staying safe, end to end: a forgotten password, a second factor, its recovery codes, other devices."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from marketplace.users.models import User
from tests.cast import PASSWORD, person

pytestmark = pytest.mark.django_db
NEW = "a quite different horse"
STEP = 30  # seconds a code is good for


@pytest.fixture(autouse=True)
def own_cache(settings: Any) -> None:
    """The doors count tries and used codes in the cache: every test begins with none."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "accounts"}}
    cache.clear()


@pytest.fixture
def lea() -> User:
    """Somebody who signed up with a password and confirmed her address."""
    found = person("Lea Tor")
    found.set_password(PASSWORD)
    found.save()
    EmailAddress.objects.create(user=found, email=found.email, verified=True, primary=True)
    return found


def log_in(user: User, password: str = PASSWORD, client: Client | None = None) -> tuple[Client, str]:
    """A browser that has sent the log-in form, and where that led; no address when it was refused."""
    client = client or Client()
    answer = client.post("/accounts/login/", {"login": user.email, "password": password})
    return client, str(answer.headers.get("Location", ""))


def is_in(client: Client) -> bool:
    return client.get("/notices/").status_code == 200


def code_of(secret: str) -> str:
    """What the app on the phone shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // STEP)))


def protect(client: Client) -> str:
    """Turn the second factor on, the password given once more; the secret the phone now keeps."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = str(page.context["form"].secret)
    assert secret in page.content.decode()
    assert client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}).status_code == 302
    return secret


def recovery_codes(client: Client) -> list[str]:
    return re.findall(r"\b[0-9a-f]{8,}\b", client.get("/accounts/2fa/recovery-codes/download/").content.decode())


def answer_with(client: Client, code: str) -> bool:
    """The second step of a log-in; whether it opened the door."""
    client.post("/accounts/2fa/authenticate/", {"code": code})
    return is_in(client)


def test_a_forgotten_password_is_replaced_through_the_mailed_link(lea: User) -> None:
    phone, _ = log_in(lea)
    visitor = Client()

    sent = visitor.post("/accounts/password/reset/", {"email": lea.email})
    link = re.search(r"http://[^/\s]+(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert sent.headers["Location"] == "/accounts/password/reset/done/"
    assert link
    form = visitor.get(link[1], follow=True)
    done = visitor.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})

    assert done.headers["Location"] == "/accounts/password/reset/key/done/"
    assert log_in(lea)[1] == ""
    assert log_in(lea, NEW)[1] == "/"
    assert not is_in(phone)  # whoever was in with the old password is out
    assert b"used or is too old" in Client().get(link[1], follow=True).content


def test_an_address_nobody_has_is_answered_alike(lea: User) -> None:
    known = Client().post("/accounts/password/reset/", {"email": lea.email})
    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@example.org"})

    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert [letter.to for letter in mail.outbox] == [[lea.email], ["nobody@example.org"]]
    assert "/key/" not in str(mail.outbox[1].body)


def test_with_a_second_factor_the_password_alone_opens_nothing(lea: User) -> None:
    secret = protect(log_in(lea)[0])

    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        visitor, next_step = log_in(lea)
        page = visitor.get(next_step)
        assert next_step == "/accounts/2fa/authenticate/"
        assert b"One more step" in page.content
        assert not is_in(visitor)

        right = code_of(secret)
        wrong = f"{(int(right) + 1) % 10**6:06}"
        assert not answer_with(visitor, wrong)
        assert answer_with(visitor, right)
        overheard, _ = log_in(lea)
        assert not answer_with(overheard, right)  # a code counts once


def test_a_recovery_code_opens_the_door_once(lea: User) -> None:
    first = log_in(lea)[0]
    protect(first)
    codes = recovery_codes(first)
    assert len(codes) == 10

    assert answer_with(log_in(lea)[0], codes[0])
    assert not answer_with(log_in(lea)[0], codes[0])
    assert answer_with(log_in(lea)[0], codes[1])


def test_turning_the_second_factor_off_asks_for_the_password_again(lea: User) -> None:
    client, _ = log_in(lea)
    protect(client)

    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        asked = client.get("/accounts/2fa/totp/deactivate/")
        refused = client.post("/accounts/2fa/totp/deactivate/")

    assert asked.headers["Location"].startswith(("/accounts/reauthenticate/", "/accounts/2fa/reauthenticate/"))
    assert refused.status_code == 302
    assert Authenticator.objects.filter(user=lea, type="totp").exists()


def test_logging_out_everywhere_else_ends_the_other_sessions(lea: User) -> None:
    here, lost = log_in(lea)[0], log_in(lea)[0]
    assert is_in(here)
    assert is_in(lost)
    assert here.get("/accounts/sessions/").content.count(b"<tr>") == 3  # the heading, and one line for each device

    here.post("/accounts/sessions/")

    assert not is_in(lost)
    assert is_in(here)
