"""How a dispute goes at Stripe, beyond what the sandbox's own control plays: odd verdicts, lines and appeals."""

from typing import Any

from payments.models import Checkout, Dispute
from payments.sandbox import balances
from tests.plugins.sandbox import Bank

Thing = dict[str, Any]


def open_dispute(bank: Bank, checkout: Checkout, **facts: Any) -> Dispute:
    """The bank of the payer takes it back, and we hear of it."""
    made = bank.sandbox.control.open_dispute(charge=checkout.charge, **facts)
    bank.settle_down()
    return Dispute.objects.get(stripe_id=made["id"])


def judge(bank: Bank, dispute: Dispute, *, won: bool) -> None:
    bank.sandbox.control.close_dispute(dispute=dispute.stripe_id, won=won)
    bank.settle_down()
    dispute.refresh_from_db()


def tell(bank: Bank, dispute: Dispute, status: str, *moved: int, currency: str = "") -> None:
    """Stripe says that the dispute stands like this now, and has moved these sums for it; and we hear of it."""
    say(bank, dispute.stripe_id, status, *moved, currency=currency)
    bank.settle_down()
    dispute.refresh_from_db()


def say(bank: Bank, dispute: str, status: str, *moved: int, currency: str = "") -> None:
    """The same, and its news is on its way."""
    world = bank.sandbox.engine.world
    thing = world.get("dispute", dispute)
    for amount in moved:
        line = balances.book(
            world, kind="adjustment", source=thing["id"], amount=amount, currency=currency or thing["currency"],
            category="dispute" if amount < 0 else "dispute_reversal",
        )  # fmt: skip
        thing["balance_transactions"].append(balances.shown(world, line))
    thing["status"] = status
    world.save(thing)
    world.emit("charge.dispute.updated", thing)
