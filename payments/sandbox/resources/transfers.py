"""Transfers to connected accounts, and their reversals."""

from payments.sandbox import balances, tariff
from payments.sandbox.banks import kept_currency
from payments.sandbox.errors import ApiError, balance_insufficient
from payments.sandbox.resources.charges import add_charge
from payments.sandbox.resources.customers import merged
from payments.sandbox.routes import Call, Route, listing, page, retrieving
from payments.sandbox.store import Thing
from payments.sandbox.world import PLATFORM, World

EXCHANGE_RATE = 0.9  # of any two currencies, less what Stripe takes for it: nobody here may rely on it


def create(call: Call) -> Thing:
    world, params = call.world, call.params
    currency = tariff.check_currency(params["currency"])
    amount = tariff.check_amount(call.need("amount"), currency)
    destination = world.get("account", params["destination"], PLATFORM, param="destination")
    if destination.get("_gone"):
        raise ApiError(f"No such destination: '{destination['id']}'", code="resource_missing", param="destination")
    if (destination["capabilities"] or {}).get("transfers") != "active":
        raise ApiError(
            "Your destination account needs to have at least one of the following capabilities enabled: transfers, "
            "crypto_transfers, legacy_payments",
            code="insufficient_capabilities_for_transfer",
        )
    source = _source(call, amount, currency)
    available_on = world.now()
    if source:
        available_on = world.get("balance_transaction", source["balance_transaction"])["available_on"]
    transfer = world.add(
        "transfer",
        "tr",
        amount=amount,
        amount_reversed=0,
        balance_transaction=None,
        currency=currency,
        description=params.get("description"),
        destination=destination["id"],
        destination_payment=None,
        metadata=call.metadata(),
        reversals=None,
        reversed=False,
        source_transaction=source and source["id"],
        source_type=params.get("source_type", "card"),
        transfer_group=params.get("transfer_group") or (source or {}).get("transfer_group"),
    )
    _move(world, transfer, available_on)
    world.emit("transfer.created", shown(world, transfer))
    return transfer


def _source(call: Call, amount: int, currency: str) -> Thing | None:
    """The charge that pays for it. Without one, the available balance must."""
    world = call.world
    if "source_transaction" not in call.params:
        if balances.available_of(world, currency, call.params.get("source_type", "card")) < amount:
            raise balance_insufficient(
                "You have insufficient available funds in your Stripe account. Try adding funds directly to your "
                "available balance, or use source_transaction to transfer from a charge that is still pending."
            )
        return None
    charge = world.get("charge", call.params["source_transaction"], param="source_transaction")
    if charge["status"] != "succeeded":
        raise ApiError(f"The charge {charge['id']} has not succeeded.", param="source_transaction")
    if charge["currency"] != currency:
        raise ApiError(
            f"The currency of source_transaction's balance transaction ({charge['currency']}) must be the same as the "
            f"transfer currency ({currency})",
            param="currency",
        )
    spent = sum(
        one["amount"] - one["amount_reversed"]
        for _, one in world.store.marked("transfer", PLATFORM, "source_transaction", charge["id"])
    )
    if spent + amount > charge["amount"]:
        raise balance_insufficient(
            f"The transfers from {charge['id']} would exceed its amount: {charge['amount'] - spent} is left."
        )
    return charge


def _move(world: World, transfer: Thing, available_on: int) -> None:
    """Out of the platform's balance, into the account's."""
    account, amount, currency = transfer["destination"], transfer["amount"], transfer["currency"]
    payment = add_charge(world, amount, currency, account, source_transfer=transfer["id"],
                         transfer_group=transfer["transfer_group"])  # fmt: skip
    kept = kept_currency(world.get("account", account, PLATFORM), currency)
    rate = None if kept == currency else EXCHANGE_RATE
    gained = balances.book(world, kind="payment", source=payment["id"], amount=int(amount * (rate or 1)),
                           currency=kept, account=account, available_on=available_on, exchange_rate=rate)  # fmt: skip
    payment["balance_transaction"] = gained["id"]
    world.save(payment)
    spent = balances.book(world, kind="transfer", source=transfer["id"], amount=-amount, currency=currency,
                          available_on=available_on)  # fmt: skip
    transfer.update(balance_transaction=spent["id"], destination_payment=payment["id"])
    world.save(transfer)


def shown(world: World, transfer: Thing) -> Thing:
    """A transfer carries its reversals."""
    rows = world.store.marked("transfer_reversal", PLATFORM, "transfer", transfer["id"])
    url = f"/v1/transfers/{transfer['id']}/reversals"
    return {
        **transfer,
        "reversals": {"object": "list", "url": url, "has_more": len(rows) > 10, "data": [r for _, r in rows[:10]]},
    }


def reverse(call: Call) -> Thing:
    world = call.world
    transfer = world.get("transfer", call.ids[0])
    left = transfer["amount"] - transfer["amount_reversed"]
    account, currency = transfer["destination"], transfer["currency"]
    amount = tariff.check_amount(call.params.get("amount", left), currency) if left else 0
    if left == 0:
        raise ApiError("Transfer is already fully reversed.", code="transfer_already_reversed", param="id")
    if amount > left:
        raise ApiError(f"Reversal amount ({amount}) is greater than unreversed amount on transfer ({left})",
                       param="amount")  # fmt: skip
    if balances.total(world, account, currency) < amount:
        raise balance_insufficient("The connected account does not have enough money left to reverse this transfer.")
    reversal = world.add(
        "transfer_reversal", "trr", amount=amount, balance_transaction=None, currency=currency,
        destination_payment_refund=None, metadata=call.metadata(), source_refund=None, transfer=transfer["id"],
    )  # fmt: skip
    gained = balances.book(world, kind="transfer_refund", source=reversal["id"], amount=amount, currency=currency)
    balances.book(world, kind="payment_refund", source=transfer["destination_payment"], amount=-amount,
                  currency=currency, account=account)  # fmt: skip
    reversal["balance_transaction"] = gained["id"]
    world.save(reversal)
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    world.save(transfer)
    world.emit("transfer.reversed", shown(world, transfer))
    return reversal


def update(call: Call) -> Thing:
    transfer = call.world.get("transfer", call.ids[0])
    transfer["metadata"] = merged(transfer["metadata"], call)
    call.world.save(transfer)
    return transfer


def reversals(call: Call) -> Thing:
    wanted = {"transfer": call.world.get("transfer", call.ids[0])["id"]}
    return page(call, "transfer_reversal", lambda one: one["transfer"] == wanted["transfer"], wanted)


ROUTES = (
    Route("POST", "/v1/transfers", "transfer_create", create),
    Route("GET", "/v1/transfers", "transfer_list", listing("transfer")),
    Route("GET", "/v1/transfers/{transfer}", "transfer_retrieve", retrieving("transfer")),
    Route("POST", "/v1/transfers/{transfer}", "transfer_update", update),
    Route("POST", "/v1/transfers/{id}/reversals", "transfer_reversal_create", reverse),
    Route("GET", "/v1/transfers/{id}/reversals", "transfer_reversal_list", reversals),
)
