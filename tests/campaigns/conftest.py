"""The cast, a bank that only notes what it is asked, and a doorbell that nobody hears."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.kit import later
from payments import services
from tests.cast import Cast, make_cast

ASKS = (
    "checkout_url", "wallet_url", "return_left", "release", "divide", "refund", "expire_hold", "freeze", "unfreeze",
)  # fmt: skip
ANSWERS = {
    "checkout_url": "https://checkout.example/pay",
    "wallet_url": "https://checkout.example/fund",
    "return_left": ["one"],
}


@pytest.fixture(autouse=True)
def bell(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What would have woken a worker."""
    rung: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(later, "_ring", lambda task, kwargs: rung.append((task.name, kwargs)))
    return rung


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


class Asked(list[str]):
    """What the bank was asked, in order."""


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """The bank's desk, noting what it is asked instead of calling Stripe."""
    asked = Asked()
    for name in ASKS:
        monkeypatch.setattr(services, name, _noting(asked, name))
    return asked


def _noting(asked: Asked, name: str) -> Any:
    def note(*_args: Any, **_: Any) -> Any:
        asked.append(name)
        return ANSWERS.get(name)

    return note
