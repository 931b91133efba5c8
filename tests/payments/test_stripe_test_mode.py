"""One scenario, two Stripes: the double, and with STRIPE_TEST_KEY set Stripe's own test mode.

Whatever the product does is the same; only the hands of the people differ (``hands.py``). Nothing here is real money.
Up to now they have been played against the double alone: nobody who works on this has had a key yet. What they send
in test mode is at least spelt right, which the last test sees to; what Stripe answers there is still to be seen.
"""

import os
from datetime import timedelta
from typing import Any

import pytest
import stripe
from django.utils import timezone

from marketplace.kit import later
from marketplace.kit.money import Money
from payments import clock, gateway, ledger, services
from payments.models import Account, Claim, Dispute, Hold, Refund
from payments.sandbox.params import check
from payments.sandbox.server import Sandbox
from payments.settlement import sending
from payments.states import (
    Chart,
    CheckoutState,
    ClaimState,
    DisputeState,
    HoldState,
    PayoutState,
    RefundState,
)
from tests.payments.hands import CARDS, AtStripe, AtTheDouble, Scene, intent_for
from tests.plugins.sandbox import PAGE

pytestmark = pytest.mark.django_db
KEY = os.environ.get("STRIPE_TEST_KEY", "")
ASKED = pytest.mark.skipif(
    not KEY.startswith("sk_test_"),
    reason="STRIPE_TEST_KEY is not set to a sk_test_ key, so Stripe's own test mode was not asked",
)
# What Stripe's test mode takes for evidence that the bank believes, or does not.
EVIDENCE = {True: "winning_evidence", False: "losing_evidence"}


def dollars(minor: int) -> Money:
    return Money(minor, "USD")


def client(key: str, **where: Any) -> stripe.StripeClient:
    return stripe.StripeClient(key, stripe_version=gateway.API_VERSION, max_network_retries=2, **where)


@pytest.fixture(params=["sandbox", pytest.param("stripe", marks=ASKED)])
def scene(request: pytest.FixtureRequest, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr(later, "_ring", lambda task, kwargs: None)
    if request.param == "sandbox":
        sandbox: Sandbox = request.getfixturevalue("sandbox")
        api = client("sk_test_of_the_tests", base_addresses={"api": sandbox.url})
        return Scene(AtTheDouble(sandbox), api, real=False, deliver=clock.catch_up)
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = KEY, ""
    return Scene(AtStripe(client(KEY)), client(KEY), real=True, deliver=clock.catch_up)


@pytest.fixture
def people() -> dict[str, Account]:
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


def with_a_page(people: dict[str, Any]) -> Hold:
    """The payer owes 100.00 and our fee, and the page that asks for it is open."""
    hold = services.open_hold(
        **people, amount=dollars(100_00), reference="work:1", description="One reel about sourdough",
        due_at=timezone.now() + timedelta(hours=72),
    )  # fmt: skip
    assert services.checkout_url(hold, success_url=PAGE, cancel_url=PAGE)
    return hold


def paid(scene: Scene, people: dict[str, Any], card: str = "at_once") -> Hold:
    hold = with_a_page(people)
    scene.hands.pay(hold, card)
    scene.until(lambda: Hold.objects.get(pk=hold.pk).is_secured, "the payment")
    return Hold.objects.get(pk=hold.pk)


def released(scene: Scene, people: dict[str, Any]) -> Hold:
    onboarded(scene, people["payee"])
    hold = paid(scene, people)
    services.release(hold)
    scene.until_state(hold, HoldState.RELEASED)
    return hold


def test_the_page_asks_for_what_is_owed_and_closes_when_the_time_is_over(scene: Scene, people: dict[str, Any]) -> None:
    hold = with_a_page(people)
    checkout = hold.checkouts.get()

    asked = scene.api.v1.checkout.sessions.retrieve(str(checkout.stripe_id))
    services.expire_hold(hold)
    scene.until_state(checkout, CheckoutState.EXPIRED)
    closed = scene.api.v1.checkout.sessions.retrieve(str(checkout.stripe_id))

    assert (asked.amount_total, asked.currency, asked.payment_status) == (hold.total.minor, "usd", "unpaid")
    assert (asked.status, closed.status) == ("open", "expired")


def test_an_account_link_leads_to_stripe_and_nobody_can_receive_before(scene: Scene, people: dict[str, Any]) -> None:
    link = services.start_onboarding(people["payee"], return_url=PAGE, refresh_url=PAGE)
    payee = services.refresh_account(people["payee"])

    assert link
    assert link.startswith("https://connect.stripe.com/" if scene.real else "http://")
    assert (payee.transfers_active, payee.payouts_enabled) == (False, False)


def test_pay_refund_a_part_release_and_pay_out(scene: Scene, people: dict[str, Any]) -> None:
    onboarded(scene, people["payee"])

    hold = paid(scene, people)
    refund = services.refund(hold, amount=dollars(25_00), reason="a part was dropped")
    scene.until_state(refund, RefundState.SUCCEEDED)
    services.release(hold)
    scene.until_state(hold, HoldState.RELEASED)
    scene.hands.settle()
    payout = services.request_payout(people["payee"])
    scene.until_state(payout, PayoutState.ON_ITS_WAY, PayoutState.PAID)
    scene.hands.arrive(payout.stripe_id or "")
    scene.until(lambda: scene.state(payout) == PayoutState.PAID or scene.real, "the money at the bank")

    assert (payout.amount, refund.total) == (dollars(75_00), dollars(27_25))


def test_a_whole_refund_goes_back(scene: Scene, people: dict[str, Any]) -> None:
    hold = paid(scene, people)

    services.refund(hold, reason="called off")

    scene.until_state(hold, HoldState.REFUNDED)


def test_a_refund_that_comes_back_is_owed_again(scene: Scene, people: dict[str, Any]) -> None:
    hold = paid(scene, people, "refund_fails")

    refund = services.refund(hold, reason="called off")
    scene.until_state(refund, RefundState.SUCCEEDED, RefundState.FAILED)
    scene.hands.send_back(str(refund.stripe_id))

    scene.until_state(refund, RefundState.FAILED)
    assert scene.state(hold) == HoldState.SECURED
    assert ledger.held(Chart.HOLD, hold.public_id, "USD") == hold.total


def test_a_transfer_to_an_account_that_is_not_ready_waits(scene: Scene, people: dict[str, Any]) -> None:
    hold = paid(scene, people)

    services.release(hold)
    sending.run_due()
    waiting = scene.state(hold)
    onboarded(scene, people["payee"])

    scene.until_state(hold, HoldState.RELEASED)
    assert waiting == HoldState.RELEASING


def test_a_refund_after_the_release_reverses_the_transfer(
    scene: Scene, people: dict[str, Any], django_user_model: Any
) -> None:
    hold = released(scene, people)
    teller = django_user_model.objects.create_user("teller@goodword.example", name="Odile")

    refund: Refund = services.take_back(hold, amount=dollars(60_00), reason="it was taken down", by=teller)

    scene.until_state(refund, RefundState.SUCCEEDED)
    claim = Claim.objects.get()
    transfer = scene.api.v1.transfers.retrieve(str(hold.transfers.get().stripe_id))
    assert (claim.state, transfer.amount_reversed, refund.total) == (ClaimState.RECOVERED, 60_00, dollars(65_40))


@pytest.mark.parametrize(
    ("won", "verdict", "after"),
    [(True, DisputeState.WON, HoldState.FROZEN), (False, DisputeState.LOST, HoldState.REFUNDED)],
)
def test_a_bank_takes_a_payment_back_and_judges_our_evidence(
    scene: Scene, people: dict[str, Any], *, won: bool, verdict: str, after: str
) -> None:
    hold = paid(scene, people, "disputed")
    scene.until_state(hold, HoldState.DISPUTED)
    dispute = services.propose_evidence(Dispute.objects.get(), {"uncategorized_text": EVIDENCE[won]})

    services.submit_evidence(dispute, reason="complete")

    scene.until_state(dispute, verdict)
    scene.until_state(hold, after)
    assert ledger.balance(Chart.RECEIVABLE_DISPUTE, "USD") == dollars(0)


def test_a_bank_that_only_asks_takes_nothing(scene: Scene, people: dict[str, Any]) -> None:
    hold = paid(scene, people, "inquiry")

    scene.until(lambda: Dispute.objects.exists(), "the inquiry")

    assert (Dispute.objects.get().state, scene.state(hold)) == (DisputeState.INQUIRY, HoldState.SECURED)


def as_form(value: Any) -> Any:
    """As it is written on the wire."""
    if isinstance(value, dict):
        return {name: as_form(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return {str(place): as_form(inner) for place, inner in enumerate(value)}
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_what_only_stripes_own_test_mode_would_be_sent_is_spelt_right(sandbox: Sandbox, people: dict[str, Any]) -> None:
    """Without a key these requests are never made; the double knows their parameters all the same."""
    hands = AtStripe(client("sk_test_of_the_tests", base_addresses={"api": sandbox.url}))
    hold = with_a_page(people)

    hands.onboard(people["payee"])
    for card in CARDS:
        check("payment_intent_create", as_form(intent_for(hold, card)))

    assert people["payee"].stripe_account_id
