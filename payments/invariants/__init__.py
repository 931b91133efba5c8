"""What must always be true of money, as SQL that finds whoever breaks it. Run every minute; see docs/money.md."""

from payments.invariants import ageing, books, disputes, holds, moves, papers, queues, reserve, wallets
from payments.invariants.checking import check
from payments.invariants.shape import Invariant

INVARIANTS: tuple[Invariant, ...] = (
    *books.INVARIANTS,
    *holds.INVARIANTS,
    *wallets.INVARIANTS,
    *moves.INVARIANTS,
    *papers.INVARIANTS,
    *disputes.INVARIANTS,
    *queues.INVARIANTS,
    *ageing.INVARIANTS,
    *reserve.INVARIANTS,
)

__all__ = ["INVARIANTS", "Invariant", "check"]
