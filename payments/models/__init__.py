"""The bank's rows: who, what is held, what moves, what the books say."""

from payments.models.accounts import Account
from payments.models.books import Balance, Entry, Posting
from payments.models.cases import Case, Finding
from payments.models.holds import Checkout, Hold
from payments.models.moves import Payout, Refund, Transfer
from payments.models.nights import Reconciliation, StripeLine
from payments.models.queue import Operation, StripeEvent
from payments.models.schedule import FeeSchedule

__all__ = [
    "Account",
    "Balance",
    "Case",
    "Checkout",
    "Entry",
    "FeeSchedule",
    "Finding",
    "Hold",
    "Operation",
    "Payout",
    "Posting",
    "Reconciliation",
    "Refund",
    "StripeEvent",
    "StripeLine",
    "Transfer",
]
