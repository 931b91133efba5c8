"""Balances, derived from balance transactions alone: nothing else is ever added or subtracted."""

from typing import Any

from payments.sandbox import instant
from payments.sandbox.store import Thing
from payments.sandbox.world import PLATFORM, World

_CATEGORY = {"payment": "charge", "payout_failure": "payout_reversal", "transfer_refund": "transfer_reversal",
             "payment_refund": "refund", "payment_failure_refund": "refund_failure"}  # fmt: skip


def book(
    world: World,
    *,
    kind: str,
    source: str | None,
    amount: int,
    currency: str,
    account: str = PLATFORM,
    fee: int = 0,
    fee_type: str = "stripe_fee",
    available_on: int | None = None,
    category: str = "",
    description: str | None = None,
    exchange_rate: float | None = None,
) -> Thing:
    """One balance transaction: ``amount`` less ``fee`` moves the balance of ``account`` from ``available_on``."""
    details = [{"amount": fee, "application": None, "currency": currency, "description": None, "type": fee_type}]
    line = world.add(
        "balance_transaction",
        "txn",
        account,
        amount=amount,
        available_on=world.now() if available_on is None else available_on,
        balance_type="payments",
        currency=currency,
        description=description,
        exchange_rate=exchange_rate,
        fee=fee,
        fee_details=details if fee else [],
        net=amount - fee,
        reporting_category=category or _CATEGORY.get(kind, kind),
        source=source,
        status="pending",
        type=kind,
    )
    world.store.run(
        "INSERT INTO lines VALUES (?, ?, ?, ?, ?)",
        line["id"], account, currency, line["net"], line["available_on"],
    )  # fmt: skip
    return line


def total(world: World, account: str, currency: str) -> int:
    rows = world.store.run("SELECT SUM(net) FROM lines WHERE account = ? AND currency = ?", account, currency)
    return rows[0][0] or 0


def available(world: World, account: str, currency: str) -> int:
    """What can be sent or paid out now."""
    rows = world.store.run(
        "SELECT SUM(net) FROM lines WHERE account = ? AND currency = ? AND available_on <= ?",
        account, currency, world.now(),
    )  # fmt: skip
    return rows[0][0] or 0


def available_of(world: World, currency: str, source_type: str) -> int:
    """Stripe keeps money apart by where it came from. Cards and today's bank debits are ``card``; nothing we take is
    of the others (``bank_account``: ACH as it was once, ``fpx``: a Malaysian method)."""
    return available(world, PLATFORM, currency) if source_type == "card" else 0


def settle(world: World, source: str | None = None) -> list[str]:
    """Make pending money available now (all of it, or what one source brought). Returns the accounts touched."""
    now = world.now()
    rows = world.store.run("SELECT id, account FROM lines WHERE available_on > ?", now)
    touched = []
    for line_id, account in rows:
        line = world.get("balance_transaction", line_id, None)
        if source in {None, line["source"]}:
            line["available_on"] = now
            world.save(line)
            world.store.run("UPDATE lines SET available_on = ? WHERE id = ?", now, line_id)
            touched.append(account)
    return list(dict.fromkeys(touched))


def balance(world: World, account: str) -> Thing:
    """Stripe's balance object."""
    rows = world.store.run("SELECT DISTINCT currency FROM lines WHERE account = ? ORDER BY currency", account)
    currencies = [row[0] for row in rows] or [(world.maybe(account) or {}).get("default_currency") or "usd"]
    ready, waiting = [], []
    for currency in currencies:
        free = available(world, account, currency)
        ready.append(_sum(free, currency))
        waiting.append(_sum(total(world, account, currency) - free, currency))
    thing: Thing = {"object": "balance", "available": ready, "livemode": False, "pending": waiting}
    if account:
        thing["instant_available"] = [_instant(world, account, row["currency"], max(0, row["amount"])) for row in ready]
    return thing


def shown(world: World, line: Thing) -> Thing:
    """A balance transaction with today's status."""
    return {**line, "status": "available" if line["available_on"] <= world.now() else "pending"}


def _sum(amount: int, currency: str) -> dict[str, Any]:
    return {"amount": amount, "currency": currency, "source_types": {"card": amount}}


def _instant(world: World, account: str, currency: str, amount: int) -> dict[str, Any]:
    """What could leave at once; what of it would arrive is told to those who expand it."""
    return {**_sum(amount, currency), "_net_available": instant.net_available(world, account, currency, amount)}
