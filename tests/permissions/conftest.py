"""One world for a whole file: built once in a transaction that never ends well, looked at by everybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from marketplace.kit import later
from marketplace.kit.money import Money
from payments import services as bank
from payments.models import BankAccount, Payout, PayoutMethod
from payments.services.payouts import Quote
from tests.permissions.asking import snapshot
from tests.permissions.world import World, build_world
from tests.plugins.lasting import taken_back

BANK_ACCOUNT = BankAccount(bank_name="Bread Bank", last4="6789")
QUOTES = [Quote(PayoutMethod.STANDARD, Money(1, "EUR"), Money(0, "EUR"), BANK_ACCOUNT)]
DESK = {
    "checkout_url": "https://checkout.example/pay", "start_onboarding": "https://connect.example/go", "release": None,
    "wallet_url": "https://checkout.example/pay", "return_left": ["a refund"],
    "divide": None, "refund": None, "expire_hold": None, "freeze": None, "unfreeze": None,
    "request_payout": Payout(amount_minor=1, currency="EUR"), "refresh_checkout": None, "refresh_account": None,
}  # fmt: skip
QUIET = {
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}},
    "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
}


@pytest.fixture(scope="module")
def asked() -> Iterator[list[str]]:
    """What the bank's desk was asked; it does nothing else."""
    noted: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for name, answer in DESK.items():
            patch.setattr(bank, name, _noting(noted, name, answer))
        patch.setattr(bank, "quote_payouts", lambda account: QUOTES)  # only looks
        patch.setattr(later, "_ring", lambda task, kwargs: None)
        yield noted


def _noting(noted: list[str], name: str, answer: Any) -> Any:
    def note(*_args: Any, **_kwargs: Any) -> Any:
        noted.append(f"the bank: {name}")
        return answer

    return note


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, asked: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Everybody and everything of world.py. Nothing of it is ever committed."""
    media: Path = tmp_path_factory.mktemp("media")
    with override_settings(MEDIA_ROOT=media, **QUIET), django_db_blocker.unblock(), taken_back(lasting=True):
        yield build_world()


@pytest.fixture
def _django_db_helper(world: World) -> Iterator[None]:
    """Tests marked with django_db look at the world; what one of them adds to it is gone with the test."""
    with taken_back():
        yield


@pytest.fixture(scope="module")
def before(world: World) -> dict[str, str]:
    """How every table of ours stands; each request is taken back, so it is the same before all of them."""
    return snapshot()
