"""Checkout sessions, payment intents and charges, through the real library."""

import time

import pytest
import requests
import stripe

from payments.sandbox.server import Sandbox
from tests.payments.sandbox.acts import funds, open_session, pay, types


def test_a_paid_session_brings_the_charge_less_the_fee(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    session = open_session(api, metadata={"hold": "h1"}, client_reference_id="c1")
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)

    sandbox.control.pay_session(session=session.id)

    paid = api.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge.balance_transaction", "line_items"]}
    ).to_dict()
    intent = paid["payment_intent"]
    line = intent["latest_charge"]["balance_transaction"]
    assert (paid["status"], paid["payment_status"], paid["metadata"]) == ("complete", "paid", {"hold": "h1"})
    assert (intent["status"], intent["transfer_group"], intent["metadata"]) == (
        "succeeded",
        "hold_1",
        {"op_id": "op_1"},
    )
    assert (line["amount"], line["fee"], line["net"], line["status"]) == (10_000, 320, 9_680, "pending")
    assert paid["line_items"]["data"][0]["amount_total"] == 10_000
    assert types(api)[-3:] == ["charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]


def test_pending_money_becomes_available_with_time(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    charge = pay(api, sandbox)
    assert funds(sandbox) == (0, 9_680)

    sandbox.control.advance(seconds=2 * 86_400 + 1)

    line = api.v1.balance_transactions.retrieve(charge.balance_transaction)
    assert funds(sandbox) == (9_680, 0)
    assert line.status == "available"


@pytest.mark.parametrize(("method", "code"), [("declined", "generic_decline"), ("no_funds", "insufficient_funds")])
def test_a_declined_card_leaves_the_session_open(
    api: stripe.StripeClient, sandbox: Sandbox, method: str, code: str
) -> None:
    session = open_session(api)

    assert sandbox.control.pay_session(session=session.id, method=method) == "declined"

    seen = api.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]}).to_dict()
    assert seen["status"] == "open"
    assert seen["payment_intent"]["status"] == "requires_payment_method"
    assert seen["payment_intent"]["last_payment_error"]["decline_code"] == code
    assert funds(sandbox) == (0, 0)
    assert sandbox.control.pay_session(session=session.id) == "paid"
    assert len(api.v1.payment_intents.list().data) == 1


def test_a_session_is_paid_once(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    session = open_session(api)
    sandbox.control.pay_session(session=session.id)

    assert sandbox.control.pay_session(session=session.id) == "complete"

    assert funds(sandbox) == (0, 9_680)


def test_a_bank_debit_answers_days_later(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    session = open_session(api)
    assert sandbox.control.pay_session(session=session.id, method="debit") == "processing"
    assert api.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"

    sandbox.control.advance(seconds=5 * 86_400)

    seen = api.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]}).to_dict()
    assert seen["payment_status"] == "paid"
    assert seen["payment_intent"]["latest_charge"]["payment_method_details"]["type"] == "us_bank_account"
    assert sum(funds(sandbox)) == 10_000 - 80
    assert types(api)[-1] == "checkout.session.async_payment_succeeded"


def test_a_bank_debit_can_bounce(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    session = open_session(api)
    sandbox.control.pay_session(session=session.id, method="debit_fails")

    sandbox.control.advance(seconds=5 * 86_400)

    assert api.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
    assert funds(sandbox) == (0, 0)
    assert types(api)[-1] == "checkout.session.async_payment_failed"


def test_an_expired_session_takes_no_money(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    session = open_session(api)

    assert api.v1.checkout.sessions.expire(session.id).status == "expired"

    assert sandbox.control.pay_session(session=session.id) == "expired"
    assert funds(sandbox) == (0, 0)
    with pytest.raises(stripe.InvalidRequestError, match="open"):
        api.v1.checkout.sessions.expire(session.id)


def test_time_expires_a_session(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    session = open_session(api, expires_at=int(time.time()) + 1_800)

    sandbox.control.advance(seconds=1_801)

    assert api.v1.checkout.sessions.retrieve(session.id).status == "expired"
    assert types(api)[-1] == "checkout.session.expired"


@pytest.mark.parametrize("seconds", [60, 90_000])
def test_a_session_lives_between_half_an_hour_and_a_day(api: stripe.StripeClient, seconds: int) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="expires_at"):
        open_session(api, expires_at=int(time.time()) + seconds)


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        (49, "usd", "amount_too_small"),
        (0, "usd", "parameter_invalid_integer"),
        (-1, "usd", "parameter_invalid_integer"),
        (100_000_000, "usd", "amount_too_large"),
        (10_000, "xyz", None),
        (49, "jpy", "amount_too_small"),
        (9_900, "isk", "amount_too_small"),
        (15_050, "isk", "parameter_invalid_integer"),
        (10_005, "kwd", "parameter_invalid_integer"),
        (17_499, "huf", "amount_too_small"),
    ],
)
def test_amounts_and_currencies_have_limits(api: stripe.StripeClient, amount: int, currency: str, code: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        open_session(api, amount, currency)

    assert refusal.value.code == code


def test_a_zero_decimal_currency_is_whole(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    charge = pay(api, sandbox, 1_000, "jpy")

    line = api.v1.balance_transactions.retrieve(charge.balance_transaction)

    assert (line.amount, line.fee, line.net) == (1_000, 36, 964)


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [(150_000, "isk", "ISK1,500"), (1_000, "jpy", "¥1,000"), (10_500, "kwd", "KWD10.500"), (20_000, "huf", "HUF200")],
)
def test_the_page_shows_what_the_amount_means(api: stripe.StripeClient, amount: int, currency: str, shown: str) -> None:
    page = requests.get(open_session(api, amount, currency).url, timeout=5).text.replace("\xa0", "")

    assert f"Pay {shown}" in page


@pytest.mark.parametrize(("amount", "code"), [(20_050, "parameter_invalid_integer"), (20_000, "balance_insufficient")])
def test_forints_leave_for_a_bank_whole(api: stripe.StripeClient, sandbox: Sandbox, amount: int, code: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.v1.payouts.create({"amount": amount, "currency": "huf"})

    assert refusal.value.code == code


def test_a_session_names_a_customer_that_exists(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        open_session(api, customer="cus_nobody")

    assert (refusal.value.code, refusal.value.param) == ("resource_missing", "customer")


def test_only_payments_are_sold(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="mode"):
        open_session(api, mode="subscription")


def test_an_intent_that_succeeded_cannot_be_cancelled(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    charge = pay(api, sandbox)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.v1.payment_intents.cancel(charge.payment_intent)

    assert refusal.value.code == "payment_intent_unexpected_state"
