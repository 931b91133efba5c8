"""The bank's rows: who, what is held, what moves, what the books say."""

from payments.models.accounts import Account
from payments.models.books import Balance, Entry, Posting
from payments.models.holds import Checkout, Hold
from payments.models.moves import Payout, Refund, Transfer
from payments.models.queue import Bookmark, Operation, StripeEvent
from payments.models.schedule import FeeSchedule

__all__ = [
    "Account",
    "Balance",
    "Bookmark",
    "Checkout",
    "Entry",
    "FeeSchedule",
    "Hold",
    "Operation",
    "Payout",
    "Posting",
    "Refund",
    "StripeEvent",
    "Transfer",
]
