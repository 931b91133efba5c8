"""Transfers and their reversals."""

import pytest
import stripe

from payments.sandbox.server import Sandbox
from tests.payments.sandbox.acts import funds, open_account, pay, transfer, types


def test_a_transfer_from_a_pending_charge_moves_at_once(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    charge = pay(api, sandbox)
    account = open_account(api, sandbox)

    sent = transfer(api, account, charge.id, metadata={"op_id": "op_9"})

    assert (sent.amount, sent.destination, sent.transfer_group) == (9_000, account, "hold_1")
    assert funds(sandbox) == (0, 680)
    assert funds(sandbox, account) == (0, 9_000)
    assert types(api)[-1] == "transfer.created"


def test_without_a_charge_only_available_money_can_be_sent(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    pay(api, sandbox)
    account = open_account(api, sandbox)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        transfer(api, account)

    assert refusal.value.code == "balance_insufficient"
    assert funds(sandbox) == (0, 9_680)
    sandbox.control.settle()
    assert transfer(api, account).amount == 9_000
    assert funds(sandbox) == (680, 0)


def test_what_an_account_does_not_keep_is_converted(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    sandbox.control.add_funds(amount=9_000, currency="eur")
    sandbox.control.settle()
    account = open_account(api, sandbox)

    transfer(api, account, currency="eur", amount=1_000)
    sandbox.control.change_bank(account=account, currency="eur")
    transfer(api, account, currency="eur", amount=2_000)

    there = api.v1.balance.retrieve(options={"stripe_account": account}).available
    assert {row.currency: row.amount for row in there} == {"eur": 2_000, "usd": 900}


def test_money_of_another_source_type_is_not_there(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    pay(api, sandbox)
    account = open_account(api, sandbox)
    sandbox.control.settle()

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        transfer(api, account, source_type="bank_account")

    assert refusal.value.code == "balance_insufficient"
    assert transfer(api, account, source_type="card").amount == 9_000


def test_a_charge_never_pays_more_than_it_brought(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    charge = pay(api, sandbox)
    account = open_account(api, sandbox)
    transfer(api, account, charge.id, 6_000)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        transfer(api, account, charge.id, 4_001)

    assert refusal.value.code == "balance_insufficient"
    assert transfer(api, account, charge.id, 4_000).amount == 4_000


def test_an_account_that_is_not_ready_receives_nothing(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    charge = pay(api, sandbox)
    account = open_account(api, sandbox, ready=False)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        transfer(api, account, charge.id)

    assert refusal.value.code == "insufficient_capabilities_for_transfer"
    assert api.v1.transfers.list().data == []


def test_a_disabled_account_receives_nothing(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    charge = pay(api, sandbox)
    account = open_account(api, sandbox)
    sandbox.control.disable_account(account=account)

    with pytest.raises(stripe.InvalidRequestError):
        transfer(api, account, charge.id)


@pytest.mark.parametrize(
    ("more", "code", "param"),
    [
        ({"destination": "acct_1nobody"}, "resource_missing", "destination"),
        ({"source_transaction": "ch_none"}, "resource_missing", "source_transaction"),
        ({"amount": 0}, "parameter_invalid_integer", "amount"),
        ({"amount": -5}, "parameter_invalid_integer", "amount"),
        ({"currency": "eur"}, None, "currency"),
        ({"currency": "xyz"}, None, "currency"),
    ],
)
def test_what_a_transfer_names_must_make_sense(
    api: stripe.StripeClient, sandbox: Sandbox, more: dict[str, object], code: str, param: str
) -> None:
    charge = pay(api, sandbox)
    account = open_account(api, sandbox)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        transfer(api, **{"account": account, "charge": charge.id, **more})

    assert (refusal.value.code, refusal.value.param) == (code, param)
    assert funds(sandbox, account) == (0, 0)


def test_a_reversal_brings_it_back(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    account = open_account(api, sandbox)
    sent = transfer(api, account, pay(api, sandbox).id)

    api.v1.transfers.reversals.create(sent.id, {"amount": 4_000, "metadata": {"op_id": "r1"}})
    rest = api.v1.transfers.reversals.create(sent.id)

    seen = api.v1.transfers.retrieve(sent.id)
    assert rest.amount == 5_000
    assert (seen.amount_reversed, seen.reversed, len(seen.reversals.data)) == (9_000, True, 2)
    assert sum(funds(sandbox, account)) == 0
    assert sum(funds(sandbox)) == 9_680
    assert types(api)[-1] == "transfer.reversed"


def test_a_reversal_never_takes_more_than_is_there(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    account = open_account(api, sandbox)
    sent = transfer(api, account, pay(api, sandbox).id)
    with pytest.raises(stripe.InvalidRequestError, match="greater"):
        api.v1.transfers.reversals.create(sent.id, {"amount": 9_001})
    sandbox.control.settle()
    api.v1.payouts.create({"amount": 9_000, "currency": "usd"}, {"stripe_account": account})

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.v1.transfers.reversals.create(sent.id)

    assert refusal.value.code == "balance_insufficient"


def test_transfers_are_found_by_their_group(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    account = open_account(api, sandbox)
    charge = pay(api, sandbox)
    wanted = transfer(api, account, charge.id, 1_000, transfer_group="hold_7")
    transfer(api, account, charge.id, 1_000, transfer_group="hold_8")

    found = api.v1.transfers.list({"transfer_group": "hold_7"})

    assert [one.id for one in found.data] == [wanted.id]
