"""What people do at Stripe, which the product cannot: at the double by its control desk, there by its test values."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import stripe
from django.utils import timezone

from payments import gateway
from payments.models import Account, Hold, Operation, StripeEvent
from payments.sandbox.server import Sandbox
from payments.settlement import arrivals, inbox, readers, sending

PATIENCE_SECONDS = 60
# The double's way to pay → Stripe's name for the same test card (https://docs.stripe.com/testing).
CARDS = {
    "at_once": "pm_card_bypassPending",  # 4000 0000 0000 0077
    "disputed": "pm_card_createDispute",  # 4000 0000 0000 0259
    "inquiry": "pm_card_createDisputeInquiry",  # 4000 0000 0000 1976
    "refund_fails": "pm_card_refundFail",  # 4000 0000 0000 5126
}
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

    def pay(self, hold: Hold, card: str) -> None:
        """The payer pays with one of CARDS."""

    def settle(self) -> None:
        """Whatever is pending becomes available."""

    def arrive(self, payout_id: str) -> None:
        """The payout reaches the bank."""

    def send_back(self, refund_id: str) -> None:
        """The payer's bank sends a refund to that card back."""


@dataclass
class AtTheDouble:
    """People in the sandbox."""

    sandbox: Sandbox

    def onboard(self, payee: Account) -> None:
        self.sandbox.control.complete_onboarding(account=payee.stripe_account_id)

    def pay(self, hold: Hold, card: str) -> None:
        self.sandbox.control.pay_session(session=hold.checkouts.get().stripe_id, method=card)

    def settle(self) -> None:
        self.sandbox.control.settle()

    def arrive(self, payout_id: str) -> None:
        self.sandbox.control.pay_payout(payout=payout_id)

    def send_back(self, refund_id: str) -> None:
        self.sandbox.control.fail_refund(refund=refund_id)


@dataclass
class AtStripe:
    """People in Stripe's test mode, by its documented test values.

    Hosted pages cannot be filled in by a program. So the card pays an intent of its own, with the marks and the group
    that the page would give it, and what the page would tell is taken over by hand; and in the place of the account
    that the product opened steps one whose questions the platform may answer itself.
    """

    api: stripe.StripeClient

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

    def pay(self, hold: Hold, card: str) -> None:
        intent = self.api.v1.payment_intents.create(intent_for(hold, card)).id
        found = gateway.call("payment_intent.retrieve", {"id": intent, "expand": readers.WITH_BALANCE}, key=None)
        assert isinstance(found, gateway.Success)
        arrivals.payment_arrived(hold.checkouts.get(), found.data)

    def settle(self) -> None:
        """Money by these cards is available at once, or soon."""

    def arrive(self, payout_id: str) -> None:
        """Test payouts arrive by themselves, in their own time."""

    def send_back(self, refund_id: str) -> None:
        """That card's bank does so by itself."""


def intent_for(hold: Hold, card: str) -> Any:
    """The parameters of a payment like the one that the hold's page would make."""
    asked = hold.checkouts.get().operation.params
    return {
        "amount": sum(line["price_data"]["unit_amount"] for line in asked["line_items"]),
        "currency": hold.currency.lower(),
        "customer": asked["customer"],
        "payment_method": CARDS[card],
        "allowed_payment_method_types": ["card"],
        "confirm": True,
        **asked["payment_intent_data"],
    }


@dataclass
class Scene:
    """A Stripe, the hands of its people, and Stripe's own client, to see what is there."""

    hands: Hands
    api: stripe.StripeClient
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

    def until_state(self, thing: Any, *states: str) -> None:
        """Until the row says one of these."""
        self.until(lambda: self.state(thing) in states, f"{thing._meta.model_name} {' or '.join(states)}")

    def state(self, thing: Any) -> str:
        thing.refresh_from_db()
        return str(thing.state)
