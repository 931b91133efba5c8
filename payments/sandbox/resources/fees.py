"""Application fees: taken from an account for its instant payout, given back when the payout comes back."""

from payments.sandbox import balances, instant
from payments.sandbox.routes import Call, Route, listing, retrieving
from payments.sandbox.store import Thing
from payments.sandbox.world import World


def take(world: World, payout: Thing, account: str, amount: int) -> None:
    """The platform gets its price of this payout. The account's side stands on the payout's own line."""
    fee = world.add(
        "application_fee", "fee", amount=amount, amount_refunded=0, application="ca_SandboxPlatform00",
        balance_transaction=None, charge=None, currency=payout["currency"],
        fee_source={"charge": None, "payout": payout["id"], "type": "payout"}, originating_transaction=None,
        refunded=False, refunds={"object": "list", "data": [], "has_more": False, "url": ""},
    )  # fmt: skip
    line = balances.book(world, kind="application_fee", source=fee["id"], amount=amount, currency=fee["currency"])
    fee.update(account=account, balance_transaction=line["id"])
    fee["refunds"]["url"] = f"/v1/application_fees/{fee['id']}/refunds"
    world.save(fee)
    payout.update(application_fee=fee["id"], application_fee_amount=amount)
    world.emit("application_fee.created", fee)


def give_back(world: World, payout: Thing, account: str) -> None:
    """The payout did not arrive: the account gets its price back."""
    if not payout["application_fee"]:
        return
    fee = world.get("application_fee", payout["application_fee"])
    amount, currency = fee["amount"], fee["currency"]
    line = balances.book(world, kind="application_fee_refund", source=fee["id"], amount=-amount, currency=currency)
    balances.book(world, kind="adjustment", source=payout["id"], amount=amount, currency=currency, account=account)
    refund: Thing = {
        "id": world.new_id("fr"), "object": "fee_refund", "amount": amount, "balance_transaction": line["id"],
        "created": world.now(), "currency": currency, "fee": fee["id"], "metadata": {},
    }  # fmt: skip
    fee.update(amount_refunded=amount, refunded=True)
    fee["refunds"]["data"].append(refund)
    world.save(fee)
    world.emit("application_fee.refunded", fee)


def bill(world: World) -> None:
    """Stripe takes from the platform what its accounts' instant payouts have cost."""
    for currency, amount in instant.take_bill(world).items():
        balances.book(world, kind="stripe_fee", source=None, amount=-amount, currency=currency,
                      description="Instant Payouts")  # fmt: skip


def _refunds(call: Call) -> Thing:
    refunds: Thing = call.world.get("application_fee", call.ids[0], call.account)["refunds"]
    return refunds


ROUTES = (
    Route("GET", "/v1/application_fees", "application_fee_list", listing("application_fee")),
    Route("GET", "/v1/application_fees/{fee}", "application_fee_retrieve", retrieving("application_fee")),
    Route("GET", "/v1/application_fees/{fee}/refunds", "application_fee_refund_list", _refunds),
)
