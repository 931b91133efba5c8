"""Payouts: from a balance at Stripe to somebody's bank."""

from payments.sandbox import balances, instant, onboarding, tariff
from payments.sandbox.errors import ApiError, balance_insufficient
from payments.sandbox.resources import fees
from payments.sandbox.resources.customers import merged
from payments.sandbox.routes import Call, Route, listing, retrieving
from payments.sandbox.store import Thing
from payments.sandbox.world import World

HALF_HOUR = 1_800
FAILURES = {
    "account_closed": "The bank account has been closed.",
    "account_frozen": "The bank account has been frozen.",
    "bank_account_restricted": "The bank account does not take this kind of payout.",
    "bank_ownership_changed": "The bank account belongs to another branch now.",
    "could_not_process": "The bank could not process this payout.",
    "debit_not_authorized": "Debits are not allowed on the bank account.",
    "declined": "The bank declined this payout.",
    "incorrect_account_holder_name": "The name on the bank account is another one.",
    "insufficient_funds": "There was not enough money for this payout.",
    "invalid_account_number": "The account number is not right.",
    "invalid_currency": "The bank account does not take this currency.",
    "no_account": "There is no such bank account.",
}
# What says nothing about the bank account itself.
_HARMLESS = {"could_not_process", "insufficient_funds"}


def create(call: Call) -> Thing:
    world, params = call.world, call.params
    currency = tariff.check_currency(params["currency"])
    amount = tariff.check_payout(params["amount"], currency)
    bank = _bank(call, currency)
    is_instant = params.get("method") == "instant"
    if is_instant and "instant" not in bank.get("available_payout_methods", ["instant"]):
        raise ApiError("This bank account does not take instant payouts.", code="instant_payouts_unsupported",
                       param="method")  # fmt: skip
    fee = instant.price(world).of(amount) if is_instant and call.account else 0
    if balances.available(world, call.account, currency) < amount + fee:
        raise balance_insufficient(
            "You have insufficient funds in your Stripe account for this transfer. Your available balance is less "
            "than the amount."
        )
    payout = world.add("payout", "po", call.account, **_blank(call, amount, currency, bank))
    line = balances.book(world, kind="payout", source=payout["id"], amount=-amount, fee=fee, currency=currency,
                         fee_type="application_fee", account=call.account)  # fmt: skip
    if fee:
        fees.take(world, payout, call.account, fee)
    if is_instant:
        instant.note_cost(world, amount, currency)
    payout["balance_transaction"] = line["id"]
    world.save(payout)
    world.emit("payout.created", payout, call.account)
    return payout


def _blank(call: Call, amount: int, currency: str, bank: Thing) -> Thing:
    """A payout that has just set off."""
    params, config = call.params, call.world.config
    is_instant = params.get("method") == "instant"
    delay = min(HALF_HOUR, config.payout_seconds) if is_instant else config.payout_seconds
    nothing = ("application_fee", "application_fee_amount", "balance_transaction", "failure_balance_transaction",
               "failure_code", "failure_message", "original_payout", "reversed_by", "trace_id")  # fmt: skip
    return {
        **dict.fromkeys(nothing),
        "amount": amount,
        "arrival_date": call.world.now() + delay,
        "automatic": False,
        "currency": currency,
        "description": params.get("description"),
        "destination": bank["id"],
        "metadata": call.metadata(),
        "method": "instant" if is_instant else "standard",
        "reconciliation_status": "not_applicable",
        "source_type": "card",
        "statement_descriptor": params.get("statement_descriptor"),
        "status": "pending",
        "type": "bank_account",
        "_fails": bank.get("_closed", False),
    }


def _bank(call: Call, currency: str) -> Thing:
    """Where it goes. A connected account must be allowed to pay out and have a bank in that currency."""
    if not call.account:
        return {"id": "ba_platform", "status": "verified"}
    account = call.world.get("account", call.account)
    if not account["payouts_enabled"]:
        raise ApiError("Payouts are not enabled on this account: there are requirements to meet first.",
                       code="payouts_not_allowed")  # fmt: skip
    banks: list[Thing] = account["external_accounts"]["data"]
    wanted = call.params.get("destination")
    for bank in banks:
        if bank["currency"] == currency and wanted in {None, bank["id"]}:
            return bank
    raise ApiError(f"Sorry, you don't have any external accounts in that currency ({currency}).",
                   code="payouts_not_allowed", param="currency")  # fmt: skip


def pay_payout(world: World, payout: Thing) -> Thing:
    """The bank has the money."""
    _still_on_its_way(payout, "in_transit")
    account = world.account_of(payout["id"])
    payout.update(status="paid", arrival_date=min(payout["arrival_date"], world.now()),
                  trace_id={"status": "supported", "value": payout["id"][-12:]})  # fmt: skip
    world.save(payout)
    world.emit("payout.paid", payout, account)
    return payout


def fail_payout(world: World, payout: Thing, *, code: str = "account_closed") -> Thing:
    """The bank sends it back. Stripe allows this even some days after it said paid."""
    if payout["status"] in {"failed", "canceled"} or payout["reversed_by"]:
        raise ApiError(f"Payout {payout['id']} is {payout['status']}.")
    if code not in FAILURES:
        raise ApiError(f"No such failure code: {code[:40]}. There are: {', '.join(FAILURES)}.", param="code")
    account = world.account_of(payout["id"])
    line = balances.book(world, kind="payout_failure", source=payout["id"], amount=payout["amount"],
                         currency=payout["currency"], account=account)  # fmt: skip
    payout.update(status="failed", failure_code=code, failure_balance_transaction=line["id"],
                  failure_message=FAILURES[code])  # fmt: skip
    world.save(payout)
    fees.give_back(world, payout, account)
    if account and code not in _HARMLESS:
        onboarding.stop_payouts(world, world.get("account", account), payout["destination"])
    world.emit("payout.failed", payout, account)
    return payout


def hand_over(world: World, payout: Thing) -> Thing:
    """Stripe has given it to the bank: too late to cancel."""
    _still_on_its_way(payout)
    payout["status"] = "in_transit"
    world.save(payout)
    world.emit("payout.updated", payout, world.account_of(payout["id"]), {"status": "pending"})
    return payout


def arrive_due(world: World) -> None:
    for status in ("pending", "in_transit"):
        for _, payout in world.store.marked("payout", None, "status", status):
            if payout["arrival_date"] <= world.now():
                fail_payout(world, payout) if payout["_fails"] else pay_payout(world, payout)


def cancel(call: Call) -> Thing:
    payout = call.world.get("payout", call.ids[0], call.account)
    _still_on_its_way(payout)
    line = balances.book(call.world, kind="payout_cancel", source=payout["id"], amount=payout["amount"],
                         currency=payout["currency"], account=call.account)  # fmt: skip
    payout.update(status="canceled", failure_balance_transaction=line["id"])
    call.world.save(payout)
    fees.give_back(call.world, payout, call.account)
    call.world.emit("payout.canceled", payout, call.account)
    return payout


def reverse(call: Call) -> Thing:
    """Bring a paid payout back from the bank, as a payout the other way."""
    world = call.world
    payout = world.get("payout", call.ids[0], call.account)
    if payout["status"] != "paid" or payout["reversed_by"] or payout["original_payout"]:
        raise ApiError(f"Payout {payout['id']} cannot be reversed: it is {payout['status']}.", code="payout_not_paid")
    nothing = dict.fromkeys(("description", "failure_balance_transaction", "trace_id"))
    back = {**payout, **nothing, "amount": -payout["amount"], "original_payout": payout["id"], "status": "pending",
            "metadata": call.metadata(), "arrival_date": world.now() + world.config.payout_seconds}  # fmt: skip
    made = world.add("payout", "po", call.account,
                     **{n: v for n, v in back.items() if n not in {"id", "object", "created", "livemode"}})  # fmt: skip
    line = balances.book(world, kind="payout", source=made["id"], amount=payout["amount"], account=call.account,
                         currency=payout["currency"], available_on=made["arrival_date"])  # fmt: skip
    made["balance_transaction"] = line["id"]
    world.save(made)
    world.save({**payout, "reversed_by": made["id"]})
    world.emit("payout.created", made, call.account)
    return made


def _still_on_its_way(payout: Thing, *also: str) -> None:
    if payout["status"] not in {"pending", *also}:
        raise ApiError(f"Payout {payout['id']} is {payout['status']}.", code="payout_not_pending")


def update(call: Call) -> Thing:
    payout = call.world.get("payout", call.ids[0], call.account)
    payout["metadata"] = merged(payout["metadata"], call)
    call.world.save(payout)
    return payout


ROUTES = (
    Route("POST", "/v1/payouts", "payout_create", create),
    Route("GET", "/v1/payouts", "payout_list", listing("payout")),
    Route("GET", "/v1/payouts/{payout}", "payout_retrieve", retrieving("payout")),
    Route("POST", "/v1/payouts/{payout}", "payout_update", update),
    Route("POST", "/v1/payouts/{payout}/cancel", "payout_cancel", cancel),
    Route("POST", "/v1/payouts/{payout}/reverse", "payout_reverse", reverse),
)
