"""Refunds and disputes."""

import pytest
import stripe

from payments.sandbox.server import Sandbox
from tests.payments.sandbox.acts import funds, open_account, open_session, pay, transfer, types


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


def test_a_refund_without_money_waits_for_it(api: stripe.StripeClient, sandbox: Sandbox) -> None:
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
