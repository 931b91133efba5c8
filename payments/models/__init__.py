"""The bank's rows: who, what is held, what moves, what the books say."""

from payments.models.accounts import Account, PauseReason
from payments.models.banks import BankAccount
from payments.models.books import Balance, Entry, Posting
from payments.models.cases import Case, Finding
from payments.models.checkouts import Checkout, Draw
from payments.models.disputes import Claim, Dispute, Reversal
from payments.models.holds import Hold, Share
from payments.models.invoices import Invoice, InvoiceAbout, InvoiceDetails, InvoiceSeries
from payments.models.moves import Payout, PayoutMethod, Refund, Transfer
from payments.models.nights import Reconciliation, StripeLine
from payments.models.queue import Bookmark, Operation, StripeEvent
from payments.models.schedule import FeeSchedule
from payments.models.wallets import Wallet

__all__ = [
    "Account",
    "Balance",
    "BankAccount",
    "Bookmark",
    "Case",
    "Checkout",
    "Claim",
    "Dispute",
    "Draw",
    "Entry",
    "FeeSchedule",
    "Finding",
    "Hold",
    "Invoice",
    "InvoiceAbout",
    "InvoiceDetails",
    "InvoiceSeries",
    "Operation",
    "PauseReason",
    "Payout",
    "PayoutMethod",
    "Posting",
    "Reconciliation",
    "Refund",
    "Reversal",
    "Share",
    "StripeEvent",
    "StripeLine",
    "Transfer",
    "Wallet",
]
