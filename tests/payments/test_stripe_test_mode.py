"""One scenario, two Stripes: the double, and with STRIPE_TEST_KEY set Stripe's own test mode.

Whatever the product does is the same; only the hands of the people differ (who pays, who fills in the onboarding):
against the double they are its control desk, against Stripe they are Stripe's test tokens. Nothing here is real money.
"""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import pytest
import stripe
from django.utils import timezone

from marketplace.kit import later
from marketplace.kit.money import Money
from payments import clock, gateway, services
from payments.models import Account, Hold, Operation, StripeEvent
from payments.sandbox.server import Sandbox
from payments.settlement import arrivals, inbox, sending
from payments.states import HoldState, PayoutState, RefundState
from tests.plugins.sandbox import PAGE

pytestmark = pytest.mark.django_db
KEY = os.environ.get("STRIPE_TEST_KEY", "")
ASKED = pytest.mark.skipif(
    not KEY.startswith("sk_test_"),
    reason="STRIPE_TEST_KEY is not set to a sk_test_ key, so Stripe's own test mode was not asked",
)
PATIENCE_SECONDS = 60
# The values that Stripe's test mode takes for verified.
PERSON = {
    "first_name": "Mina",
    "last_name": "Park",
    "email": "mina@goodword.example",
    "phone": "0000000000",
    "dob": {"day": 1, "month": 1, "year": 1901},
    "address": {"line1": "address_full_match", "city": "Columbus", "state": "OH", "postal_code": "43214"},
    "id_number": "000000000",
}


class Hands(Protocol):
    """What people do at Stripe, which the product cannot."""

    def onboard(self, payee: Account) -> None:
        """The payee tells Stripe who they are, and which bank account is theirs."""

    def pay(self, hold: Hold) -> None:
        """The payer pays with a test card whose money is available at once."""

    def settle(self) -> None:
        """Whatever is pending becomes available."""

    def arrive(self, payout_id: str) -> None:
        """The payout reaches the bank."""


@dataclass
class AtTheDouble:
    """People in the sandbox."""

    sandbox: Sandbox

    def onboard(self, payee: Account) -> None:
        self.sandbox.control.complete_onboarding(account=payee.stripe_account_id)

    def pay(self, hold: Hold) -> None:
        self.sandbox.control.pay_session(session=hold.checkouts.get().stripe_id, method="at_once")

    def settle(self) -> None:
        self.sandbox.control.settle()

    def arrive(self, payout_id: str) -> None:
        self.sandbox.control.pay_payout(payout=payout_id)


@dataclass
class AtStripe:
    """People in Stripe's test mode, by its documented test values.

    Hosted pages cannot be filled in by a program. So the card pays an intent of its own, with the marks and the group
    that the page would give it; and in the place of the account that the product opened steps one whose questions the
    platform may answer itself.
    """

    api: stripe.StripeClient
    intent: str = ""

    def onboard(self, payee: Account) -> None:
        asked: Any = {
            "country": "US",
            "email": payee.email,
            "controller": {
                "fees": {"payer": "application"},
                "losses": {"payments": "application"},
                "requirement_collection": "application",
                "stripe_dashboard": {"type": "none"},
            },
            "capabilities": {"transfers": {"requested": True}},
            "settings": {"payouts": {"schedule": {"interval": "manual"}}},
            "business_type": "individual",
            "business_profile": {"mcc": "7311", "url": "https://accessible.stripe.com"},
            "individual": PERSON,
            "external_account": "btok_us_verified",
            "tos_acceptance": {"date": int(time.time()), "ip": "127.0.0.1"},
        }
        made = self.api.v1.accounts.create(asked).id
        Account.objects.filter(pk=payee.pk).update(stripe_account_id=made)
        payee.refresh_from_db()

    def pay(self, hold: Hold) -> None:
        asked = hold.checkouts.get().operation.params
        paid: Any = {
            "amount": sum(line["price_data"]["unit_amount"] for line in asked["line_items"]),
            "currency": hold.currency.lower(),
            "customer": asked["customer"],
            "payment_method": "pm_card_bypassPending",
            "payment_method_types": ["card"],
            "confirm": True,
            **asked["payment_intent_data"],
        }
        self.intent = self.api.v1.payment_intents.create(paid).id

    def settle(self) -> None:
        """Money by this card is available at once."""

    def arrive(self, payout_id: str) -> None:
        """Test payouts arrive by themselves, in their own time."""


@dataclass
class Scene:
    """A Stripe and the hands of its people."""

    hands: Hands
    real: bool
    deliver: Callable[[], Any]

    def until(self, look: Callable[[], bool], what: str) -> None:
        """Bring news, work off both queues, and look again until it is so."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not look():
            assert time.monotonic() < deadline, f"{what} did not come"
            self.deliver()
            now = timezone.now()
            Operation.objects.filter(state="pending").update(next_try_at=now)
            StripeEvent.objects.filter(state="received").update(next_try_at=now)
            inbox.read_due()
            sending.run_due()
            time.sleep(1 if self.real else 0)


@pytest.fixture(params=["sandbox", pytest.param("stripe", marks=ASKED)])
def scene(request: pytest.FixtureRequest, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setattr(later, "_ring", lambda task, kwargs: None)
    if request.param == "sandbox":
        yield Scene(AtTheDouble(request.getfixturevalue("sandbox")), real=False, deliver=clock.catch_up)
        return
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = KEY, ""
    api = stripe.StripeClient(KEY, stripe_version=gateway.API_VERSION, max_network_retries=2)
    yield Scene(AtStripe(api), real=True, deliver=clock.catch_up)


def open_people() -> dict[str, Account]:
    return {
        kind: services.open_account(
            kind=kind, name=name, email=f"{kind}@goodword.example", country="US", currency="USD"
        )
        for kind, name in (("payer", "Oat & Ember"), ("payee", "Mina"))
    }


def onboarded(scene: Scene, payee: Account) -> None:
    assert services.start_onboarding(payee, return_url=PAGE, refresh_url=PAGE)
    payee.refresh_from_db()
    scene.hands.onboard(payee)
    scene.until(lambda: services.refresh_account(payee).transfers_active, "the capability")


def secured(scene: Scene, people: dict[str, Any], minor: int = 100_00) -> Hold:
    hold = services.open_hold(
        **people, amount=Money(minor, "USD"), reference="work:1", description="One reel about sourdough",
        due_at=timezone.now() + timedelta(hours=72),
    )  # fmt: skip
    assert services.checkout_url(hold, success_url=PAGE, cancel_url=PAGE)
    scene.hands.pay(hold)
    if scene.real:  # the page was not used, so its intent is taken over by hand, as its news would
        _take_over(scene, hold)
    scene.until(lambda: Hold.objects.get(pk=hold.pk).state == HoldState.SECURED, "the payment")
    return Hold.objects.get(pk=hold.pk)


def test_onboard_pay_release_refund_and_pay_out(scene: Scene) -> None:
    people = open_people()
    onboarded(scene, people["payee"])

    hold = secured(scene, people)
    refund = services.refund(hold, amount=Money(25_00, "USD"), reason="a part was dropped")
    scene.until(lambda: _state(refund) == RefundState.SUCCEEDED, "the refund")
    services.release(hold)
    scene.until(lambda: _state(hold) == HoldState.RELEASED, "the release")
    scene.hands.settle()
    payout = services.request_payout(people["payee"])
    scene.until(lambda: _state(payout) in {PayoutState.ON_ITS_WAY, PayoutState.PAID}, "the payout")
    payout.refresh_from_db()
    scene.hands.arrive(payout.stripe_id or "")
    scene.until(lambda: _state(payout) == PayoutState.PAID or scene.real, "the money at the bank")

    assert payout.amount == Money(75_00, "USD")


def test_a_whole_refund_goes_back(scene: Scene) -> None:
    hold = secured(scene, open_people())

    services.refund(hold, reason="called off")

    scene.until(lambda: _state(hold) == HoldState.REFUNDED, "the refund")


def test_a_transfer_to_an_account_that_is_not_ready_waits(scene: Scene) -> None:
    people = open_people()
    hold = secured(scene, people)

    services.release(hold)
    sending.run_due()
    waiting = _state(hold)
    onboarded(scene, people["payee"])

    scene.until(lambda: _state(hold) == HoldState.RELEASED, "the release")
    assert waiting == HoldState.RELEASING


def _state(thing: Any) -> str:
    thing.refresh_from_db()
    return str(thing.state)


def _take_over(scene: Scene, hold: Hold) -> None:
    hands = scene.hands
    assert isinstance(hands, AtStripe)
    found = gateway.call(
        "payment_intent.retrieve", {"id": hands.intent, "expand": ["latest_charge.balance_transaction"]}, key=None
    )
    assert isinstance(found, gateway.Success)
    arrivals.payment_arrived(hold.checkouts.get(), found.data)


def test_what_only_stripes_own_test_mode_would_be_sent_is_spelt_right(sandbox: Sandbox) -> None:
    """Without a key these requests are never made; the double knows their parameters all the same."""
    api = stripe.StripeClient("sk_test_of_the_tests", base_addresses={"api": sandbox.url}, max_network_retries=0)
    hands = AtStripe(api)
    payee = open_people()["payee"]

    hands.onboard(payee)

    assert payee.stripe_account_id
