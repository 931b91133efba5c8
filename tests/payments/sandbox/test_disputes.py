"""Disputes from the bank's first question to its verdict."""

from typing import Any

import pytest
import stripe

from payments.sandbox.server import Sandbox
from tests.payments.sandbox.acts import funds, pay, types

DAY = 86_400
Api = stripe.StripeClient


def asked_about(api: Api, sandbox: Sandbox) -> Any:
    """A charge of 100.00 and an inquiry about it."""
    charge = pay(api, sandbox)
    return charge, sandbox.control.open_dispute(charge=charge.id, inquiry=True)["id"]


def test_an_inquiry_takes_nothing(api: Api, sandbox: Sandbox) -> None:
    charge, inquiry = asked_about(api, sandbox)

    seen = api.v1.disputes.retrieve(inquiry)

    assert (seen.status, seen.is_charge_refundable, seen.balance_transactions) == ("warning_needs_response", True, [])
    assert sum(funds(sandbox)) == 9_680
    assert types(api)[-1] == "charge.dispute.created"
    assert api.v1.charges.retrieve(charge.id).disputed


def test_an_answered_inquiry_is_reviewed_and_ends(api: Api, sandbox: Sandbox) -> None:
    _, inquiry = asked_about(api, sandbox)

    sent = api.v1.disputes.update(inquiry, {"evidence": {"product_description": "A reel"}})
    sandbox.control.advance(seconds=121 * DAY)

    assert sent.status == "warning_under_review"
    assert api.v1.disputes.retrieve(inquiry).status == "warning_closed"
    assert "charge.dispute.funds_withdrawn" not in types(api)


def test_an_inquiry_can_become_a_dispute(api: Api, sandbox: Sandbox) -> None:
    charge, inquiry = asked_about(api, sandbox)

    sandbox.control.escalate_dispute(dispute=inquiry)

    seen = api.v1.disputes.retrieve(inquiry)
    assert (seen.status, seen.is_charge_refundable) == ("needs_response", False)
    assert sum(funds(sandbox)) == 9_680 - 10_000 - 1_500
    assert types(api)[-2:] == ["charge.dispute.updated", "charge.dispute.funds_withdrawn"]
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.v1.refunds.create({"charge": charge.id})
    assert refusal.value.code == "charge_disputed"
    with pytest.raises(Exception, match="needs_response"):
        sandbox.control.escalate_dispute(dispute=inquiry)


def test_a_full_refund_answers_an_inquiry(api: Api, sandbox: Sandbox) -> None:
    pay(api, sandbox)
    charge, inquiry = asked_about(api, sandbox)

    api.v1.refunds.create({"charge": charge.id, "amount": 4_000})
    half = api.v1.disputes.retrieve(inquiry).status
    api.v1.refunds.create({"charge": charge.id})

    assert (half, api.v1.disputes.retrieve(inquiry).status) == ("warning_needs_response", "warning_closed")


def test_without_an_answer_a_dispute_is_lost_at_its_deadline(api: Api, sandbox: Sandbox) -> None:
    dispute = sandbox.control.open_dispute(charge=pay(api, sandbox).id)["id"]

    sandbox.control.advance(seconds=9 * DAY)
    assert api.v1.disputes.retrieve(dispute).status == "needs_response"
    sandbox.control.advance(seconds=DAY + 1)

    seen = api.v1.disputes.retrieve(dispute)
    assert (seen.status, seen.evidence_details.past_due) == ("lost", True)
    assert types(api)[-1] == "charge.dispute.closed"
    assert sum(funds(sandbox)) == 9_680 - 10_000 - 1_500


def test_an_answer_after_the_deadline_is_not_taken(api: Api, sandbox: Sandbox) -> None:
    _, inquiry = asked_about(api, sandbox)
    sandbox.control.advance(seconds=11 * DAY)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.v1.disputes.update(inquiry, {"evidence": {"product_description": "A reel"}})

    assert refusal.value.code == "dispute_evidence_closed"
    assert api.v1.disputes.retrieve(inquiry).evidence_details.past_due


def test_an_answer_in_time_stops_the_clock(api: Api, sandbox: Sandbox) -> None:
    dispute = sandbox.control.open_dispute(charge=pay(api, sandbox).id)["id"]
    api.v1.disputes.update(dispute, {"evidence": {"product_description": "A reel"}})

    sandbox.control.advance(seconds=40 * DAY)

    assert api.v1.disputes.retrieve(dispute).status == "under_review"


def test_a_draft_is_kept_until_it_is_sent(api: Api, sandbox: Sandbox) -> None:
    dispute = sandbox.control.open_dispute(charge=pay(api, sandbox).id)["id"]

    draft = api.v1.disputes.update(dispute, {"evidence": {"product_description": "A reel"}, "submit": False})
    sent = api.v1.disputes.update(dispute, {"submit": True})

    assert (draft.status, draft.evidence_details.has_evidence) == ("needs_response", True)
    assert (sent.status, sent.evidence_details.submission_count) == ("under_review", 1)


@pytest.mark.parametrize(
    ("words", "verdict", "left"), [("winning_evidence", "won", 9_680), ("losing_evidence", "lost", -1_820)]
)
def test_stripes_test_words_decide_a_dispute(api: Api, sandbox: Sandbox, words: str, verdict: str, left: int) -> None:
    dispute = sandbox.control.open_dispute(charge=pay(api, sandbox).id)["id"]

    seen = api.v1.disputes.update(dispute, {"evidence": {"uncategorized_text": words}, "submit": True})

    assert (seen.status, sum(funds(sandbox))) == (verdict, left)


def test_a_won_dispute_may_still_cost_its_fee(api: Api, sandbox: Sandbox) -> None:
    dispute = sandbox.control.open_dispute(charge=pay(api, sandbox).id)["id"]

    sandbox.control.close_dispute(dispute=dispute, won=True, fee_back=False)

    assert sum(funds(sandbox)) == 9_680 - 1_500
    lines = api.v1.disputes.retrieve(dispute).balance_transactions
    assert [(line.amount, line.fee) for line in lines] == [(-10_000, 1_500), (10_000, 0)]


def test_parts_are_disputed_until_nothing_is_left(api: Api, sandbox: Sandbox) -> None:
    charge = pay(api, sandbox)
    sandbox.control.open_dispute(charge=charge.id, amount=6_000)
    sandbox.control.open_dispute(charge=charge.id, amount=4_000)

    with pytest.raises(Exception, match="0 of it"):
        sandbox.control.open_dispute(charge=charge.id, amount=1)

    assert [one.amount for one in api.v1.disputes.list({"charge": charge.id}).data] == [4_000, 6_000]
    assert sum(funds(sandbox)) == 9_680 - 10_000 - 2 * 1_500


@pytest.mark.parametrize(("refunded", "disputed"), [(4_000, 6_000), (10_000, 10_000)])
def test_a_refunded_charge_is_disputed_all_the_same(api: Api, sandbox: Sandbox, refunded: int, disputed: int) -> None:
    pay(api, sandbox)
    charge = pay(api, sandbox)
    api.v1.refunds.create({"charge": charge.id, "amount": refunded})

    made = sandbox.control.open_dispute(charge=charge.id)

    assert made["amount"] == disputed
    assert sum(funds(sandbox)) == 2 * 9_680 - refunded - disputed - 1_500


def test_after_a_won_dispute_a_refund_is_possible_again(api: Api, sandbox: Sandbox) -> None:
    pay(api, sandbox)
    charge = pay(api, sandbox)
    dispute = sandbox.control.open_dispute(charge=charge.id)["id"]
    sandbox.control.close_dispute(dispute=dispute, won=True)

    assert api.v1.refunds.create({"charge": charge.id}).status == "succeeded"


def test_an_asking_card_is_asked_about_at_once(api: Api, sandbox: Sandbox) -> None:
    paid = pay(api, sandbox, method="inquiry")

    assert [one.status for one in api.v1.disputes.list({"charge": paid.id}).data] == ["warning_needs_response"]
