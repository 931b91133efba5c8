"""What people ask of the bank. Each is one decision in one transaction; what Stripe must do goes to the outbox."""

from payments.services.accounts import open_account, refresh_account, start_onboarding
from payments.services.cases import close_case
from payments.services.checkouts import checkout_url, refresh_checkout
from payments.services.holds import expire_hold, freeze, open_hold, refund, refund_again, release, unfreeze
from payments.services.payouts import nightly_payouts, request_payout
from payments.services.repairs import retry_event, retry_operation

__all__ = [
    "checkout_url",
    "close_case",
    "expire_hold",
    "freeze",
    "nightly_payouts",
    "open_account",
    "open_hold",
    "refresh_account",
    "refresh_checkout",
    "refund",
    "refund_again",
    "release",
    "request_payout",
    "retry_event",
    "retry_operation",
    "start_onboarding",
    "unfreeze",
]
