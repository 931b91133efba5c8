"""What lies in somebody's mailbox: words for every reader, and the same frame for every mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from campaigns.mail import deliver_invite
from campaigns.services.teams import invite_member
from marketplace.kit import later
from tests.cast import Cast, make_cast

TEMPLATES = Path(django_settings.BASE_DIR) / "templates"
SIGN_UP = {"name": "Lea Tor", "password1": "a quite different horse"}


@pytest.fixture
def cast(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(later, "_ring", lambda task, kwargs: None)
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "mails"}}
    cache.clear()
    found = make_cast()
    EmailAddress.objects.create(user=found.mina, email=found.mina.email, verified=True, primary=True)
    return found


def signs_up(cast: Cast) -> None:
    Client().post("/accounts/signup/", {**SIGN_UP, "email": "lea@example.org"})


def signs_up_again(cast: Cast) -> None:
    Client().post("/accounts/signup/", {**SIGN_UP, "email": cast.mina.email})


def forgets_the_password(cast: Cast) -> None:
    Client().post("/accounts/password/reset/", {"email": cast.mina.email})


def forgets_the_address(cast: Cast) -> None:
    Client().post("/accounts/password/reset/", {"email": "nobody@example.org"})


def adds_an_address(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.mina, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/accounts/email/", {"action_add": "", "email": "mina@example.net"})


def is_invited(cast: Cast) -> None:
    invite = invite_member(cast.bakery, email="lea@example.org", role="viewer", by=cast.owner)
    deliver_invite(invite.pk)


ACTS = [signs_up, signs_up_again, forgets_the_password, forgets_the_address, adds_an_address, is_invited]


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_a_mail_has_plain_words_and_the_frame_with_one_thing_to_do(cast: Cast, act: Callable[[Cast], None]) -> None:
    cast.bakery.name = "Rosa & Sons"
    cast.bakery.save()

    act(cast)

    (letter,) = mail.outbox
    assert isinstance(letter, EmailMultiAlternatives)
    ((html, kind),) = letter.alternatives
    assert kind == "text/html"
    plain = re.findall(r"https?://\S+", str(letter.body))
    assert re.findall(r'bgcolor="#00618b"><a href="([^"]+)"', str(html)) == plain[:1]
    assert str(letter.body).rstrip().endswith(f"Goodword\n{django_settings.SITE_URL}")
    assert "&amp;" not in str(letter.body)
    assert "Rosa & Sons" not in str(html)


def test_no_mail_is_without_its_frame() -> None:
    words = {*TEMPLATES.glob("*/email/*_message.txt"), *TEMPLATES.glob("*/mail/*.txt"), *TEMPLATES.glob("*/mail.txt")}

    assert len(words) > 6
    assert [str(path) for path in words if not path.with_suffix(".html").exists()] == []
