"""What becomes of a connected account: checked, asked again, disabled, with another bank, out of reach."""

import json

import pytest
import stripe

from payments.sandbox.server import Sandbox
from tests.payments.conftest import Letters
from tests.payments.sandbox.acts import funds, open_account, pay, transfer, types

DAY = 86_400
Api = stripe.StripeClient


def earned(api: Api, sandbox: Sandbox, bank: str = "works") -> str:
    """An account with 90.00 available."""
    account = open_account(api, sandbox, bank=bank)
    transfer(api, account, pay(api, sandbox).id)
    sandbox.control.settle()
    return account


def test_capabilities_wait_while_a_document_is_checked(api: Api, sandbox: Sandbox) -> None:
    account = open_account(api, sandbox, ready=False)

    stages = [api.v1.accounts.capabilities.retrieve(account, "transfers").status]
    sandbox.control.complete_onboarding(account=account, pending=True)
    checking = api.v1.accounts.retrieve(account).to_dict()
    stages.append(checking["capabilities"]["transfers"])
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        transfer(api, account, pay(api, sandbox).id)
    sandbox.control.complete_onboarding(account=account)
    stages += [one.status for one in api.v1.accounts.capabilities.list(account).data]

    assert stages == ["inactive", "pending", "active"]
    assert (checking["payouts_enabled"], checking["requirements"]["pending_verification"]) == (
        False, ["individual.verification.document"],
    )  # fmt: skip
    assert refusal.value.code == "insufficient_capabilities_for_transfer"


def test_a_requirement_is_due_before_it_is_past_due(api: Api, sandbox: Sandbox) -> None:
    account = open_account(api, sandbox)
    sandbox.control.require_document(account=account, seconds=DAY)

    early = api.v1.accounts.retrieve(account).to_dict()
    sandbox.control.advance(seconds=DAY + 1)
    late = api.v1.accounts.retrieve(account).to_dict()

    assert (early["payouts_enabled"], early["requirements"]["past_due"]) == (True, [])
    assert early["requirements"]["currently_due"] == ["individual.verification.document"]
    assert (late["payouts_enabled"], late["capabilities"]) == (False, {"transfers": "inactive"})
    assert late["requirements"]["past_due"] == ["individual.verification.document"]
    assert late["requirements"]["disabled_reason"] == "requirements.past_due"


def test_a_requirement_met_in_time_disables_nothing(api: Api, sandbox: Sandbox) -> None:
    account = open_account(api, sandbox)
    sandbox.control.require_document(account=account, seconds=DAY)
    sandbox.control.complete_onboarding(account=account)

    sandbox.control.advance(seconds=2 * DAY)

    assert api.v1.accounts.retrieve(account).payouts_enabled


def test_a_rejected_account_has_nothing_left_to_hand_in(api: Api, sandbox: Sandbox) -> None:
    account = open_account(api, sandbox)

    sandbox.control.disable_account(account=account, reason="rejected.fraud")

    seen = api.v1.accounts.retrieve(account).to_dict()["requirements"]
    assert (seen["disabled_reason"], seen["currently_due"]) == ("rejected.fraud", [])


def test_another_bank_account_takes_the_place_of_the_old_one(api: Api, sandbox: Sandbox, letters: Letters) -> None:
    account = open_account(api, sandbox)
    old = api.v1.accounts.external_accounts.list(account).data[0].id

    new = sandbox.control.change_bank(account=account, name="Lena B")["id"]
    sandbox.deliver()

    assert [one.id for one in api.v1.accounts.external_accounts.list(account).data] == [new]
    assert api.v1.accounts.external_accounts.retrieve(account, new).id == new
    with pytest.raises(stripe.InvalidRequestError, match=old):
        api.v1.accounts.external_accounts.retrieve(account, old)
    news = [json.loads(body) for endpoint, body, _ in letters if endpoint == "connect"]
    assert [(one["type"], one["data"]["object"]["id"]) for one in news if "external_account" in one["type"]] == [
        ("account.external_account.created", old),
        ("account.external_account.created", new),
        ("account.external_account.deleted", old),
    ]


def test_a_bank_account_in_another_currency_is_one_more(api: Api, sandbox: Sandbox) -> None:
    account = open_account(api, sandbox)

    sandbox.control.change_bank(account=account, currency="eur")

    assert [one["currency"] for one in api.v1.accounts.retrieve(account).to_dict()["external_accounts"]["data"]] == [
        "eur", "usd",
    ]  # fmt: skip


def test_a_payout_that_came_back_stops_the_others_until_the_bank_is_changed(api: Api, sandbox: Sandbox) -> None:
    account = earned(api, sandbox)
    asked = {"amount": 1_000, "currency": "usd"}
    failed = api.v1.payouts.create(asked, {"stripe_account": account})  # type: ignore[arg-type]
    sandbox.control.fail_payout(payout=failed.id, code="no_account")

    seen = api.v1.accounts.retrieve(account).to_dict()
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.v1.payouts.create(asked, {"stripe_account": account})  # type: ignore[arg-type]
    sandbox.control.change_bank(account=account)

    assert seen["external_accounts"]["data"][0]["status"] == "errored"
    assert (seen["payouts_enabled"], seen["requirements"]["past_due"]) == (False, ["external_account"])
    assert refusal.value.code == "payouts_not_allowed"
    assert "account.external_account.updated" in types(api, account)
    assert api.v1.payouts.create(asked, {"stripe_account": account}).status == "pending"  # type: ignore[arg-type]


def test_onboarding_again_replaces_a_broken_bank_account(api: Api, sandbox: Sandbox) -> None:
    account = earned(api, sandbox, bank="closed")
    api.v1.payouts.create({"amount": 1_000, "currency": "usd"}, {"stripe_account": account})
    sandbox.control.advance(seconds=3 * DAY)

    sandbox.control.complete_onboarding(account=account)

    banks = api.v1.accounts.retrieve(account).to_dict()["external_accounts"]["data"]
    assert [one["status"] for one in banks] == ["new"]


def test_a_bank_that_could_not_process_is_not_broken(api: Api, sandbox: Sandbox) -> None:
    account = earned(api, sandbox)
    payout = api.v1.payouts.create({"amount": 1_000, "currency": "usd"}, {"stripe_account": account})

    with pytest.raises(Exception, match="No such failure code"):
        sandbox.control.fail_payout(payout=payout.id, code="bad_luck")
    sandbox.control.fail_payout(payout=payout.id, code="could_not_process")

    seen = api.v1.payouts.retrieve(payout.id, options={"stripe_account": account})
    assert (seen.failure_code, seen.failure_message) == ("could_not_process", "The bank could not process this payout.")
    assert api.v1.accounts.retrieve(account).payouts_enabled


def test_a_payout_in_transit_is_too_late_to_cancel(api: Api, sandbox: Sandbox) -> None:
    account = earned(api, sandbox)
    payout = api.v1.payouts.create({"amount": 9_000, "currency": "usd"}, {"stripe_account": account})
    sandbox.control.hand_over_payout(payout=payout.id)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.v1.payouts.cancel(payout.id, options={"stripe_account": account})
    sandbox.control.advance(seconds=3 * DAY)

    assert refusal.value.code == "payout_not_pending"
    assert types(api, account)[-3:] == ["payout.created", "payout.updated", "payout.paid"]


def test_a_paid_payout_is_reversed_by_another(api: Api, sandbox: Sandbox) -> None:
    account = earned(api, sandbox)
    as_account: stripe.RequestOptions = {"stripe_account": account}
    payout = api.v1.payouts.create({"amount": 9_000, "currency": "usd"}, as_account)
    with pytest.raises(stripe.InvalidRequestError) as early:
        api.v1.payouts.reverse(payout.id, options=as_account)
    sandbox.control.pay_payout(payout=payout.id)

    back = api.v1.payouts.reverse(payout.id, {"metadata": {"why": "wrong bank"}}, as_account)
    waiting = funds(sandbox, account)
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.payouts.reverse(payout.id, options=as_account)
    sandbox.control.advance(seconds=3 * DAY)

    assert early.value.code == "payout_not_paid"
    assert (back.amount, back.original_payout, waiting) == (-9_000, payout.id, (0, 9_000))
    assert api.v1.payouts.retrieve(payout.id, options=as_account).reversed_by == back.id
    assert funds(sandbox, account) == (9_000, 0)


def test_a_slow_bank_takes_no_instant_payout(api: Api, sandbox: Sandbox) -> None:
    account = earned(api, sandbox, bank="slow")

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.v1.payouts.create({"amount": 100, "currency": "usd", "method": "instant"}, {"stripe_account": account})

    assert refusal.value.code == "instant_payouts_unsupported"


def test_an_account_that_cut_the_tie_is_out_of_reach(api: Api, sandbox: Sandbox, letters: Letters) -> None:
    account = earned(api, sandbox)
    sandbox.control.deauthorize(account=account)
    sandbox.deliver()

    last = json.loads(letters[-1][1])
    assert (last["type"], last["account"]) == ("account.application.deauthorized", account)
    assert last["data"]["object"]["object"] == "application"
    with pytest.raises(stripe.PermissionError):
        api.v1.accounts.retrieve(account)
    with pytest.raises(stripe.PermissionError):
        api.v1.balance.retrieve(options={"stripe_account": account})
    with pytest.raises(stripe.InvalidRequestError, match="No such destination"):
        transfer(api, account, pay(api, sandbox).id)


def test_what_an_account_does_not_have_is_not_found(api: Api, sandbox: Sandbox) -> None:
    account = open_account(api, sandbox)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.v1.accounts.capabilities.retrieve(account, "card_payments")

    assert refusal.value.http_status == 404
