"""What the platform takes from its accounts for instant payouts, as it has set it at Stripe; and what Stripe takes."""

from payments.sandbox.store import Thing
from payments.sandbox.tariff import INSTANT_PAYOUT, Price
from payments.sandbox.world import World

_PRICE, _BILL = "instant.price", "instant.bill"


def set_price(world: World, *, bps: int, fixed: int) -> None:
    world.store.set_knob(_PRICE, [bps, fixed])


def price(world: World) -> Price:
    """By default what Stripe itself takes."""
    bps, fixed = world.store.knob(_PRICE, [INSTANT_PAYOUT.basis_points, INSTANT_PAYOUT.fixed])
    return Price(bps, fixed)


def net_available(world: World, account: str, currency: str, available: int) -> list[Thing]:
    """How much would arrive, for each bank account that takes instant payouts in that currency."""
    banks = (world.maybe(account) or {}).get("external_accounts", {}).get("data", [])
    able = [bank for bank in banks if bank["currency"] == currency and "instant" in bank["available_payout_methods"]]
    net = _net(price(world), available)
    return [{"amount": net, "destination": bank["id"], "source_types": {"card": net}} for bank in able]


def note_cost(world: World, amount: int, currency: str) -> None:
    """Stripe's own price goes on the platform's next bill."""
    bill = world.store.knob(_BILL, {})
    world.store.set_knob(_BILL, {**bill, currency: bill.get(currency, 0) + INSTANT_PAYOUT.of(amount)})


def take_bill(world: World) -> dict[str, int]:
    """What is on the bill, by currency; it is empty afterwards."""
    bill: dict[str, int] = world.store.knob(_BILL, {})
    world.store.set_knob(_BILL, {})
    return bill


def _net(price: Price, available: int) -> int:
    """The largest amount that is there with its price."""
    net = available
    while net > 0 and net + price.of(net) > available:
        net -= max(1, (net + price.of(net) - available) // 2)
    while net and net + 1 + price.of(net + 1) <= available:
        net += 1
    return max(net, 0)
