"""What people ask of the bank. Each is one decision in one transaction; what Stripe must do goes to the outbox."""

from payments.services.accounts import (
    lift_pause,
    open_account,
    pause_payouts,
    refresh_account,
    set_payout_minimum,
    start_onboarding,
)
from payments.services.cases import close_case
from payments.services.checkouts import checkout_url, refresh_checkout, wallet_url
from payments.services.claims import recover_claim, take_back, write_off_claim
from payments.services.disputes import due_evidence, propose_evidence, submit_evidence
from payments.services.holds import (
    divide,
    expire_hold,
    freeze,
    open_hold,
    prolong,
    refund,
    refund_again,
    release,
    unfreeze,
)
from payments.services.invoices import Work, change_invoice_details, issue_credit_notes, issue_invoices
from payments.services.payouts import nightly_payouts, quote_payouts, request_payout
from payments.services.repairs import retry_event, retry_operation
from payments.services.wallets import close_wallet, draw, open_wallet, return_left

__all__ = [
    "Work",
    "change_invoice_details",
    "checkout_url",
    "close_case",
    "close_wallet",
    "divide",
    "draw",
    "due_evidence",
    "expire_hold",
    "freeze",
    "issue_credit_notes",
    "issue_invoices",
    "lift_pause",
    "nightly_payouts",
    "open_account",
    "open_hold",
    "open_wallet",
    "pause_payouts",
    "prolong",
    "propose_evidence",
    "quote_payouts",
    "recover_claim",
    "refresh_account",
    "refresh_checkout",
    "refund",
    "refund_again",
    "release",
    "request_payout",
    "retry_event",
    "retry_operation",
    "return_left",
    "set_payout_minimum",
    "start_onboarding",
    "submit_evidence",
    "take_back",
    "unfreeze",
    "wallet_url",
    "write_off_claim",
]
