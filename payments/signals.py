"""What the bank tells upward. Sent inside the settling transaction: the listener's rows stand or fall with ours."""

from django.dispatch import Signal

hold_secured = Signal()  # hold: the payment is here
hold_expired = Signal()  # hold: the time to pay is over
hold_released = Signal()  # hold, transfer: the money reached the payee's account
hold_release_refused = Signal()  # hold, transfer: Stripe refused; the money is secured again
hold_refunded = Signal()  # hold, refund: (part of) the money went back to the payer
hold_taken_back = Signal()  # hold, refund: a released payment goes back after all; claims say who owes it
dispute_opened = Signal()  # dispute: a payer's bank asks, or has taken the money back; tell us what speaks for it
dispute_escalated = Signal()  # dispute: the bank has only asked, and now takes the money; it wants evidence anew
dispute_closed = Signal()  # dispute: won, lost, or came to nothing
claim_made = Signal()  # claim: a payee owes money back
payout_created = Signal()  # payout: on its way to the payee's bank
payout_paid = Signal()  # payout
payouts_paused = Signal()  # account: nothing leaves for the bank for a while
payout_failed = Signal()  # payout: the money is back on the payee's account
account_changed = Signal()  # account: onboarding moved on, or something is required
wallet_filled = Signal()  # wallet, checkout: a payment arrived in it
wallet_returned = Signal()  # wallet, refund: what was left of a payment is back with the payer
debit_bounced = Signal()  # checkout: a bank debit did not come through; the payer may try again
checkout_returned_late = Signal()  # checkout, refund: paid after the end; recorded and sent back
