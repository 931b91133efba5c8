"""Connected accounts, their onboarding, and their payouts."""

import pytest
import stripe

from payments.sandbox.server import Sandbox
from tests.payments.sandbox.acts import funds, open_account, pay, transfer, types


def earn(api: stripe.StripeClient, sandbox: Sandbox, **account: str) -> str:
    """An account with 90.00 available."""
    account_id = open_account(api, sandbox, **account)  # type: ignore[arg-type]
    transfer(api, account_id, pay(api, sandbox).id)
    sandbox.control.settle()
    return account_id


def test_a_new_account_has_requirements(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    account = api.v1.accounts.retrieve(open_account(api, sandbox, ready=False)).to_dict()

    assert (account["payouts_enabled"], account["details_submitted"]) == (False, False)
    assert account["capabilities"] == {"transfers": "inactive"}
    assert "external_account" in account["requirements"]["currently_due"]
    assert account["controller"]["losses"] == {"payments": "application"}
    assert account["settings"]["payouts"]["schedule"]["interval"] == "manual"


def test_onboarding_opens_transfers_and_payouts(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    account_id = open_account(api, sandbox)

    account = api.v1.accounts.retrieve(account_id).to_dict()

    assert (account["payouts_enabled"], account["capabilities"]) == (True, {"transfers": "active"})
    assert account["requirements"]["currently_due"] == []
    assert account["external_accounts"]["data"][0]["last4"] == "6789"
    assert "account.updated" in types(api, account_id)


def test_a_disabled_account_says_why(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    account_id = open_account(api, sandbox)

    sandbox.control.disable_account(account=account_id, reason="requirements.past_due")

    account = api.v1.accounts.retrieve(account_id).to_dict()
    assert (account["payouts_enabled"], account["capabilities"]["transfers"]) == (False, "inactive")
    assert account["requirements"]["disabled_reason"] == "requirements.past_due"


def test_a_country_without_stripe_is_refused(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.v1.accounts.create({"country": "XX"})

    assert refusal.value.code == "country_unsupported"


def test_an_account_sees_only_its_own(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    mine, other = earn(api, sandbox), open_account(api, sandbox)
    payout = api.v1.payouts.create({"amount": 1_000, "currency": "usd"}, {"stripe_account": mine})

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.v1.payouts.retrieve(payout.id, options={"stripe_account": other})

    assert refusal.value.http_status == 404
    assert api.v1.payouts.list().data == []


def test_a_strangers_account_is_forbidden(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.PermissionError):
        api.v1.balance.retrieve(options={"stripe_account": "acct_1stranger"})


def test_a_payout_arrives_with_time(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    account = earn(api, sandbox)

    payout = api.v1.payouts.create({"amount": 9_000, "currency": "usd", "metadata": {"op_id": "p"}},
                                   {"stripe_account": account})  # fmt: skip
    assert (payout.status, funds(sandbox, account)) == ("pending", (0, 0))
    sandbox.control.advance(seconds=3 * 86_400)

    assert api.v1.payouts.retrieve(payout.id, options={"stripe_account": account}).status == "paid"
    assert types(api, account)[-2:] == ["payout.created", "payout.paid"]


@pytest.mark.parametrize("by", ["clock", "control"])
def test_a_failed_payout_comes_back(api: stripe.StripeClient, sandbox: Sandbox, by: str) -> None:
    account = earn(api, sandbox, bank="closed" if by == "clock" else "works")
    payout = api.v1.payouts.create({"amount": 9_000, "currency": "usd"}, {"stripe_account": account})

    if by == "clock":
        sandbox.control.advance(seconds=3 * 86_400)
    else:
        sandbox.control.pay_payout(payout=payout.id)
        sandbox.control.fail_payout(payout=payout.id)

    seen = api.v1.payouts.retrieve(payout.id, options={"stripe_account": account})
    assert (seen.status, seen.failure_code) == ("failed", "account_closed")
    assert funds(sandbox, account) == (9_000, 0)
    assert types(api, account)[-1] == "payout.failed"


def test_a_payout_needs_the_money_to_be_available(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    account = open_account(api, sandbox)
    transfer(api, account, pay(api, sandbox).id)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.v1.payouts.create({"amount": 9_000, "currency": "usd"}, {"stripe_account": account})

    assert refusal.value.code == "balance_insufficient"


def test_a_payout_needs_an_open_account_and_a_bank(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    account = earn(api, sandbox)
    with pytest.raises(stripe.InvalidRequestError) as wrong_currency:
        api.v1.payouts.create({"amount": 1, "currency": "eur"}, {"stripe_account": account})
    sandbox.control.disable_account(account=account)

    with pytest.raises(stripe.InvalidRequestError) as closed:
        api.v1.payouts.create({"amount": 1, "currency": "usd"}, {"stripe_account": account})

    assert (wrong_currency.value.code, closed.value.code) == ("payouts_not_allowed", "payouts_not_allowed")


def test_an_instant_payout_costs_a_percent(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    account = earn(api, sandbox)

    payout = api.v1.payouts.create({"amount": 8_000, "currency": "usd", "method": "instant"},
                                   {"stripe_account": account})  # fmt: skip

    assert payout.method == "instant"
    assert funds(sandbox, account) == (920, 0)


def test_a_cancelled_payout_comes_back(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    account = earn(api, sandbox)
    payout = api.v1.payouts.create({"amount": 9_000, "currency": "usd"}, {"stripe_account": account})

    cancelled = api.v1.payouts.cancel(payout.id, options={"stripe_account": account})

    assert (cancelled.status, funds(sandbox, account)) == ("canceled", (9_000, 0))


def test_the_balance_is_the_sum_of_its_transactions(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    account = earn(api, sandbox)
    api.v1.payouts.create({"amount": 2_500, "currency": "usd"}, {"stripe_account": account})

    for whose in (None, account):
        lines = api.v1.balance_transactions.list({"limit": 100}, {"stripe_account": whose}).data
        assert sum(line.net for line in lines) == sum(funds(sandbox, whose or ""))
        assert all(line.net == line.amount - line.fee for line in lines)


def test_account_metadata_is_merged(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    account = open_account(api, sandbox)
    api.v1.accounts.update(account, {"metadata": {"a": "1", "b": "2"}})

    changed = api.v1.accounts.update(account, {"metadata": {"a": "", "c": "3"}})

    assert changed.metadata is not None
    assert changed.metadata.to_dict() == {"b": "2", "c": "3"}
