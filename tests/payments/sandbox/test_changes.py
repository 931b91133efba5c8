"""Changing what is there already, and the refusals that go with it."""

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from payments.sandbox.server import Sandbox
from tests.payments.sandbox.acts import funds, open_account, open_session, pay, transfer, types

Api = stripe.StripeClient


def customer(api: Api, sandbox: Sandbox) -> tuple[Any, str, str | None]:
    return api.v1.customers, api.v1.customers.create({"name": "Bo"}).id, None


def session(api: Api, sandbox: Sandbox) -> tuple[Any, str, str | None]:
    return api.v1.checkout.sessions, open_session(api).id, None


def charge(api: Api, sandbox: Sandbox) -> tuple[Any, str, str | None]:
    return api.v1.charges, pay(api, sandbox).id, None


def intent(api: Api, sandbox: Sandbox) -> tuple[Any, str, str | None]:
    return api.v1.payment_intents, pay(api, sandbox).payment_intent, None


def refund(api: Api, sandbox: Sandbox) -> tuple[Any, str, str | None]:
    return api.v1.refunds, api.v1.refunds.create({"charge": pay(api, sandbox).id, "amount": 1}).id, None


def sent(api: Api, sandbox: Sandbox) -> tuple[Any, str, str | None]:
    return api.v1.transfers, transfer(api, open_account(api, sandbox), pay(api, sandbox).id).id, None


def payout(api: Api, sandbox: Sandbox) -> tuple[Any, str, str | None]:
    account = open_account(api, sandbox)
    transfer(api, account, pay(api, sandbox).id)
    sandbox.control.settle()
    made = api.v1.payouts.create({"amount": 100, "currency": "usd"}, {"stripe_account": account})
    return api.v1.payouts, made.id, account


def dispute(api: Api, sandbox: Sandbox) -> tuple[Any, str, str | None]:
    return api.v1.disputes, sandbox.control.open_dispute(charge=pay(api, sandbox).id)["id"], None


@pytest.mark.parametrize("make", [customer, session, charge, intent, refund, sent, payout, dispute])
def test_metadata_is_merged_and_kept(
    api: Api, sandbox: Sandbox, make: Callable[[Api, Sandbox], tuple[Any, str, str | None]]
) -> None:
    service, thing_id, account = make(api, sandbox)
    options = {"stripe_account": account}

    service.update(thing_id, {"metadata": {"a": "1", "b": "2"}}, options)
    service.update(thing_id, {"metadata": {"a": "", "c": "3"}}, options)

    kept = service.retrieve(thing_id, options=options).metadata.to_dict()
    assert kept | {"op_id": ""} == {"b": "2", "c": "3", "op_id": ""}


def test_a_customer_changes_their_address(api: Api) -> None:
    made = api.v1.customers.create({"name": "Bo", "email": "old@oat.test"})

    api.v1.customers.update(made.id, {"email": "new@oat.test"})

    assert [one.id for one in api.v1.customers.list({"email": "new@oat.test"}).data] == [made.id]
    assert api.v1.customers.list({"email": "old@oat.test"}).data == []
    assert types(api)[-1] == "customer.updated"


def test_a_transfer_group_is_set_once(api: Api, sandbox: Sandbox) -> None:
    paid = pay(api, sandbox)

    with pytest.raises(stripe.InvalidRequestError, match="transfer_group"):
        api.v1.charges.update(paid.id, {"transfer_group": "another"})

    assert api.v1.charges.update(paid.id, {"description": "Reel"}).description == "Reel"


def test_an_open_intent_can_be_cancelled(api: Api, sandbox: Sandbox) -> None:
    sandbox.control.pay_session(session=open_session(api).id, method="declined")
    waiting = api.v1.payment_intents.list().data[0]

    gone = api.v1.payment_intents.cancel(waiting.id, {"cancellation_reason": "abandoned"})

    assert (gone.status, gone.cancellation_reason) == ("canceled", "abandoned")
    assert types(api)[-1] == "payment_intent.canceled"


def test_an_account_changes_what_it_asks_for(api: Api, sandbox: Sandbox) -> None:
    account = open_account(api, sandbox)

    changed = api.v1.accounts.update(
        account,
        {
            "business_profile": {"url": "https://lena.test"},
            "capabilities": {"card_payments": {"requested": True}},
            "settings": {"payouts": {"schedule": {"interval": "daily", "delay_days": "minimum"}}},
        },
    ).to_dict()

    assert changed["business_profile"]["url"] == "https://lena.test"
    assert changed["capabilities"]["card_payments"] == "active"
    assert changed["settings"]["payouts"]["schedule"] == {"interval": "daily", "delay_days": 2}


def test_an_account_can_look_at_itself(api: Api, sandbox: Sandbox) -> None:
    account = open_account(api, sandbox)

    assert api.v1.accounts.retrieve_current({}, {"stripe_account": account}).id == account
    assert api.v1.accounts.retrieve_current().id == "acct_1SandboxPlatform00"


@pytest.mark.parametrize(
    ("asked", "param"),
    [
        ({"type": "express", "controller": {"fees": {"payer": "application"}}}, "type"),
        ({"controller": {"stripe_dashboard": {"type": "express"}}}, "controller"),
    ],
)
def test_an_account_that_contradicts_itself_is_refused(api: Api, asked: Any, param: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.v1.accounts.create(asked)

    assert refusal.value.param == param


@pytest.mark.parametrize("urls", [{"return_url": "http://x.test"}, {"return_url": "javascript:1", "refresh_url": "x"}])
def test_an_onboarding_link_leads_to_real_addresses(api: Api, sandbox: Sandbox, urls: Any) -> None:
    account = open_account(api, sandbox, ready=False)

    asked: Any = {**urls, "account": account, "type": "account_onboarding"}
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.account_links.create(asked)


def test_a_payout_ends_once(api: Api, sandbox: Sandbox) -> None:
    service, payout_id, account = payout(api, sandbox)
    sandbox.control.fail_payout(payout=payout_id)
    before = funds(sandbox, account or "")

    for act in (sandbox.control.pay_payout, sandbox.control.fail_payout):
        with pytest.raises(Exception, match="failed"):
            act(payout=payout_id)
    with pytest.raises(stripe.InvalidRequestError):
        service.cancel(payout_id, options={"stripe_account": account})

    assert funds(sandbox, account or "") == before


def test_the_platform_pays_itself_out(api: Api, sandbox: Sandbox) -> None:
    sandbox.control.add_funds(amount=5_000)

    made = api.v1.payouts.create({"amount": 2_000, "currency": "usd"})

    assert made.destination == "ba_platform"
    assert funds(sandbox) == (3_000, 0)


def test_a_dispute_is_opened_and_closed_once(api: Api, sandbox: Sandbox) -> None:
    service, dispute_id, _ = dispute(api, sandbox)
    with pytest.raises(Exception, match="cannot be disputed"):
        sandbox.control.open_dispute(charge=service.retrieve(dispute_id).charge)
    sandbox.control.close_dispute(dispute=dispute_id, won=False)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        service.close(dispute_id)
    with pytest.raises(stripe.InvalidRequestError, match="evidence"):
        service.update(dispute_id, {"evidence": {"receipt": "file_1"}})

    assert refusal.value.code == "dispute_already_closed"


def test_a_disputing_card_disputes_at_once(api: Api, sandbox: Sandbox) -> None:
    paid = pay(api, sandbox, method="disputed")

    assert [one.charge for one in api.v1.disputes.list({"charge": paid.id}).data] == [paid.id]


def test_a_refund_names_what_it_refunds(api: Api, sandbox: Sandbox) -> None:
    sandbox.control.pay_session(session=open_session(api).id, method="declined")
    failed = api.v1.charges.list().data[0]

    with pytest.raises(stripe.InvalidRequestError) as nothing:
        api.v1.refunds.create({"amount": 1})
    with pytest.raises(stripe.InvalidRequestError) as unpaid:
        api.v1.refunds.create({"charge": failed.id})

    assert (nothing.value.code, unpaid.value.code) == ("parameter_missing", "charge_not_refundable")


@pytest.mark.parametrize(
    "items",
    [
        [{"quantity": 1, "price": "price_1"}],
        [{"price_data": {"currency": "usd", "unit_amount": 100, "product_data": {"name": "x"}}}],
        [{"quantity": 1, "price_data": {"currency": "usd", "product_data": {"name": "x"}}}],
        [
            {"quantity": 1, "price_data": {"currency": c, "unit_amount": 100, "product_data": {"name": "x"}}}
            for c in ("usd", "eur")
        ],
    ],
    ids=["no price in place", "no quantity", "no amount", "two currencies"],
)
def test_line_items_must_add_up(api: Api, items: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        open_session(api, line_items=items)


def test_a_session_lists_its_lines(api: Api) -> None:
    made = open_session(api)

    assert [one.description for one in api.v1.checkout.sessions.line_items.list(made.id).data] == ["Reel about bread"]


def test_a_session_has_one_payer(api: Api) -> None:
    bo = api.v1.customers.create({"name": "Bo"}).id

    with pytest.raises(stripe.InvalidRequestError, match="only specify one"):
        open_session(api, customer=bo, customer_email="a@b.test")


def test_excluding_every_way_to_pay_is_refused(api: Api) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="payment method"):
        open_session(api, excluded_payment_method_types=["card", "us_bank_account"])


def test_control_finishes_a_debit_and_expires_a_session(api: Api, sandbox: Sandbox) -> None:
    waiting, old = open_session(api), open_session(api)
    sandbox.control.pay_session(session=waiting.id, method="debit")
    intent_id = api.v1.payment_intents.list().data[0].id

    sandbox.control.finish_debit(payment_intent=intent_id, succeeded=True)
    sandbox.control.expire_session(session=old.id)

    assert api.v1.checkout.sessions.retrieve(waiting.id).payment_status == "paid"
    assert api.v1.checkout.sessions.retrieve(old.id).status == "expired"


def test_armed_faults_can_be_cleared(api: Api, sandbox: Sandbox) -> None:
    sandbox.control.fault(route="*", kind="500", count=99)
    sandbox.control.clear_faults()

    assert api.v1.customers.create({"name": "Bo"}).name == "Bo"


def test_a_charge_that_failed_pays_no_transfer(api: Api, sandbox: Sandbox) -> None:
    sandbox.control.pay_session(session=open_session(api).id, method="declined")
    failed = api.v1.charges.list().data[0].id

    with pytest.raises(stripe.InvalidRequestError, match="not succeeded"):
        transfer(api, open_account(api, sandbox), failed)


def test_a_whole_reversal_cannot_be_repeated(api: Api, sandbox: Sandbox) -> None:
    service, transfer_id, _ = sent(api, sandbox)
    service.reversals.create(transfer_id)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        service.reversals.create(transfer_id)

    assert refusal.value.code == "transfer_already_reversed"
    assert len(service.reversals.list(transfer_id).data) == 1
