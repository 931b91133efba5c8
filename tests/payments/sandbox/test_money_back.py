"""Refunds and disputes."""

from typing import Any

import pytest
import stripe

from payments.sandbox.server import Sandbox
from tests.payments.sandbox.acts import funds, open_account, open_session, pay, transfer, types

DAY = 86_400


def test_a_refund_goes_back_in_parts(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    pay(api, sandbox)
    charge = pay(api, sandbox)

    first = api.v1.refunds.create({"charge": charge.id, "amount": 4_000, "metadata": {"op_id": "r1"}})
    rest = api.v1.refunds.create({"payment_intent": charge.payment_intent})

    seen = api.v1.charges.retrieve(charge.id)
    assert (first.status, rest.amount) == ("succeeded", 6_000)
    assert (seen.amount_refunded, seen.refunded) == (10_000, True)
    assert sum(funds(sandbox)) == 2 * 9_680 - 10_000
    assert types(api)[-2:] == ["refund.created", "charge.refunded"]
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.v1.refunds.create({"charge": charge.id})
    assert refusal.value.code == "charge_already_refunded"


def test_a_refund_never_exceeds_the_charge(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    charge = pay(api, sandbox)

    with pytest.raises(stripe.InvalidRequestError, match="greater than"):
        api.v1.refunds.create({"charge": charge.id, "amount": 10_001})

    assert funds(sandbox) == (0, 9_680)


def test_a_refund_may_take_the_platform_a_little_below_zero(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    charge = pay(api, sandbox)

    refund = api.v1.refunds.create({"charge": charge.id})

    assert (refund.status, sum(funds(sandbox))) == ("succeeded", -320)


def test_a_refund_without_money_waits_for_it(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    sandbox.control.set_overdraft(units=0)
    account = open_account(api, sandbox)
    charge = pay(api, sandbox)
    transfer(api, account, charge.id)

    refund = api.v1.refunds.create({"charge": charge.id})
    assert (refund.status, refund.pending_reason) == ("pending", "insufficient_funds")
    sandbox.control.add_funds(amount=10_000)
    sandbox.control.tick()

    assert api.v1.refunds.retrieve(refund.id).status == "succeeded"
    assert types(api)[-1] == "refund.updated"


def test_an_unpaid_intent_has_nothing_to_refund(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    session = open_session(api)
    sandbox.control.pay_session(session=session.id, method="declined")
    intent = api.v1.payment_intents.list().data[0]

    with pytest.raises(stripe.InvalidRequestError, match="successful charge"):
        api.v1.refunds.create({"payment_intent": intent.id})


def test_a_refund_that_the_bank_sends_back_returns_the_money(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    pay(api, sandbox)
    charge = pay(api, sandbox)
    refund = api.v1.refunds.create({"charge": charge.id})

    sandbox.control.fail_refund(refund=refund.id)

    assert api.v1.refunds.retrieve(refund.id).status == "failed"
    assert sum(funds(sandbox)) == 2 * 9_680
    assert api.v1.charges.retrieve(charge.id).amount_refunded == 0


def test_a_dispute_takes_the_amount_and_a_fee(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    charge = pay(api, sandbox)

    dispute = sandbox.control.open_dispute(charge=charge.id)

    seen = api.v1.disputes.retrieve(dispute["id"])
    assert (seen.status, seen.amount, seen.charge) == ("needs_response", 10_000, charge.id)
    assert sum(funds(sandbox)) == 9_680 - 10_000 - 1_500
    assert types(api)[-2:] == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.v1.refunds.create({"charge": charge.id})
    assert refusal.value.code == "charge_disputed"


def test_a_won_dispute_gives_it_back(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    charge = pay(api, sandbox)
    dispute = sandbox.control.open_dispute(charge=charge.id)
    sent = api.v1.disputes.update(dispute["id"], {"evidence": {"product_description": "A reel, live since May"}})
    assert sent.status == "under_review"

    sandbox.control.close_dispute(dispute=dispute["id"], won=True)

    assert api.v1.disputes.retrieve(dispute["id"]).status == "won"
    assert sum(funds(sandbox)) == 9_680
    assert types(api)[-2:] == ["charge.dispute.closed", "charge.dispute.funds_reinstated"]


def test_a_lost_dispute_keeps_it(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    charge = pay(api, sandbox)
    dispute = sandbox.control.open_dispute(charge=charge.id, amount=6_000)

    api.v1.disputes.close(dispute["id"])

    assert api.v1.disputes.retrieve(dispute["id"]).status == "lost"
    assert sum(funds(sandbox)) == 9_680 - 6_000 - 1_500


@pytest.mark.parametrize("end", ["clock", "control"])
def test_a_bank_debit_goes_back_as_a_bank_transfer(api: stripe.StripeClient, sandbox: Sandbox, end: str) -> None:
    refund = api.v1.refunds.create({"charge": debited(api, sandbox).id}).to_dict()
    after = sum(funds(sandbox))

    if end == "clock":
        sandbox.control.advance(seconds=4 * DAY)
    else:
        sandbox.control.finish_refund(refund=refund["id"])

    assert (refund["status"], refund["pending_reason"]) == ("pending", "processing")
    assert refund["destination_details"]["type"] == "us_bank_transfer"
    assert after == 9_680 + 9_920 - 10_000
    assert api.v1.refunds.retrieve(refund["id"]).status == "succeeded"
    assert types(api)[-1] == "refund.updated"


def test_a_bank_transfer_back_can_come_back(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    refund = api.v1.refunds.create({"charge": debited(api, sandbox).id})
    before = sum(funds(sandbox))

    sandbox.control.fail_refund(refund=refund.id, reason="declined")

    seen = api.v1.refunds.retrieve(refund.id)
    assert (seen.status, seen.failure_reason) == ("failed", "declined")
    assert sum(funds(sandbox)) == before + 10_000
    with pytest.raises(Exception, match="failed"):
        sandbox.control.finish_refund(refund=refund.id)


@pytest.mark.parametrize(
    ("method", "first", "last"), [("refund_later", "pending", "succeeded"), ("refund_fails", "succeeded", "failed")]
)
def test_stripes_test_cards_decide_how_a_refund_ends(
    api: stripe.StripeClient, sandbox: Sandbox, method: str, first: str, last: str
) -> None:
    pay(api, sandbox)

    refund = api.v1.refunds.create({"charge": pay(api, sandbox, method=method).id})
    sandbox.control.advance(seconds=4 * DAY)
    sandbox.control.advance(seconds=4 * DAY)

    assert (refund.status, api.v1.refunds.retrieve(refund.id).status) == (first, last)


def test_a_refund_that_waits_for_money_can_be_called_off(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    sandbox.control.set_overdraft(units=0)
    account = open_account(api, sandbox)
    charge = pay(api, sandbox)
    transfer(api, account, charge.id)
    refund = api.v1.refunds.create({"charge": charge.id})

    sandbox.control.cancel_refund(refund=refund.id)
    sandbox.control.add_funds(amount=10_000)
    sandbox.control.tick()

    assert api.v1.refunds.retrieve(refund.id).status == "canceled"
    assert api.v1.charges.retrieve(charge.id).amount_refunded == 0
    assert sum(funds(sandbox)) == 680 + 10_000


def test_a_refund_on_its_way_cannot_be_cancelled(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    refund = api.v1.refunds.create({"charge": debited(api, sandbox).id})

    with pytest.raises(stripe.InvalidRequestError, match="cannot be canceled"):
        api.v1.refunds.cancel(refund.id)
    with pytest.raises(Exception, match="cannot be canceled"):
        sandbox.control.cancel_refund(refund=refund.id)


def debited(api: stripe.StripeClient, sandbox: Sandbox) -> Any:
    """A charge by bank debit that has come through, beside other money."""
    pay(api, sandbox)
    session = open_session(api)
    sandbox.control.pay_session(session=session.id, method="debit")
    sandbox.control.finish_debit(payment_intent=api.v1.payment_intents.list().data[0].id)
    return api.v1.charges.list().data[0]
