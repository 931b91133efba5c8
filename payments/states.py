"""Every life cycle of the bank on one page: verb, from, to, who.

Who: ``caller`` is the app above (it has checked its own people), ``bank`` is Stripe's word or the clock,
``admin`` is a person in the admin.
"""

from django.db import models

from marketplace.kit.states import Machine, row

CALLER, BANK, ADMIN = "caller", "bank", "admin"


class AccountKind(models.TextChoices):
    PAYER = "payer", "payer"
    PAYEE = "payee", "payee"
    PLATFORM = "platform", "platform"


class HoldState(models.TextChoices):
    AWAITING_PAYMENT = "awaiting_payment", "waiting for the payment"
    SECURED = "secured", "secured"
    FROZEN = "frozen", "frozen"
    RELEASING = "releasing", "on its way to the payee"
    RELEASED = "released", "released"
    REFUNDING = "refunding", "on its way back"
    REFUNDED = "refunded", "refunded"
    EXPIRED = "expired", "expired unpaid"
    DISPUTED = "disputed", "disputed at the bank"


H = HoldState
HOLD = Machine(
    "payment",
    HoldState,
    [
        row("secure", [H.AWAITING_PAYMENT], H.SECURED, [BANK], "Secure the payment", "secured"),
        row("expire", [H.AWAITING_PAYMENT], H.EXPIRED, [CALLER, BANK], "Let the payment expire", "expired"),
        row("freeze", [H.SECURED], H.FROZEN, [CALLER], "Freeze the payment", "froze"),
        row("unfreeze", [H.FROZEN], H.SECURED, [CALLER], "Unfreeze the payment", "unfroze"),
        row("release", [H.SECURED], H.RELEASING, [CALLER, ADMIN], "Release the payment", "released"),
        row("confirm_release", [H.RELEASING], H.RELEASED, [BANK], "Confirm the release", "confirmed"),
        row("refuse_release", [H.RELEASING], H.SECURED, [BANK], "Take the release back", "took back"),
        row("refund", [H.SECURED], H.REFUNDING, [CALLER, ADMIN], "Refund the payment", "refunded"),
        row("confirm_refund", [H.REFUNDING], H.REFUNDED, [BANK], "Confirm the refund", "confirmed"),
        row("refuse_refund", [H.REFUNDING, H.REFUNDED], H.SECURED, [BANK], "Take the refund back", "took back"),
        row("dispute", [H.SECURED, H.FROZEN], H.DISPUTED, [BANK], "Open a bank dispute", "disputed"),
        # Whatever is left afterwards, or comes back long after, waits, frozen, for the caller to decide.
        row("win_dispute", [H.DISPUTED, H.REFUNDED], H.FROZEN, [BANK], "Win the bank dispute", "won"),
        row("lose_dispute", [H.DISPUTED, H.RELEASING], H.REFUNDED, [BANK], "Lose the bank dispute", "lost"),
    ],
)


class WalletState(models.TextChoices):
    OPEN = "open", "open"
    CLOSED = "closed", "closed"


WALLET = Machine(
    "wallet",
    WalletState,
    [row("close", [WalletState.OPEN], WalletState.CLOSED, [CALLER], "Close the wallet", "closed")],
)


class CheckoutState(models.TextChoices):
    PREPARING = "preparing", "being prepared"
    OPEN = "open", "open"
    PROCESSING = "processing", "payment on its way"
    PAID = "paid", "paid"
    RETURNED = "returned", "paid too late and sent back"
    EXPIRED = "expired", "expired"
    FAILED = "failed", "failed"


C = CheckoutState
_UNPAID = [C.PREPARING, C.OPEN, C.PROCESSING, C.EXPIRED, C.FAILED]
CHECKOUT = Machine(
    "checkout",
    CheckoutState,
    [
        row("open", [C.PREPARING], C.OPEN, [BANK]),
        row("wait", [C.PREPARING, C.OPEN], C.PROCESSING, [BANK]),
        # Money is money: whatever we believed about the session, a paid one counts.
        row("pay", _UNPAID, C.PAID, [BANK]),
        row("give_back", _UNPAID, C.RETURNED, [BANK]),
        row("expire", [C.PREPARING, C.OPEN], C.EXPIRED, [BANK]),
        row("fail", [C.PREPARING, C.OPEN, C.PROCESSING], C.FAILED, [BANK]),
    ],
)


class TransferState(models.TextChoices):
    WAITING = "waiting", "waiting for the payee's account"
    SENDING = "sending", "on its way"
    CONFIRMED = "confirmed", "arrived"
    REFUSED = "refused", "refused"


T = TransferState
TRANSFER = Machine(
    "transfer",
    TransferState,
    [
        row("send", [T.WAITING], T.SENDING, [BANK]),
        row("confirm", [T.WAITING, T.SENDING], T.CONFIRMED, [BANK]),
        row("refuse", [T.SENDING], T.REFUSED, [BANK]),
        # A bank dispute was lost while it waited: what the payee would owe of it is not sent at all.
        row("take_back", [T.WAITING], T.REFUSED, [BANK]),
    ],
)


class RefundState(models.TextChoices):
    SENDING = "sending", "on its way back"
    SUCCEEDED = "succeeded", "refunded"
    REFUSED = "refused", "refused"
    FAILED = "failed", "failed at the payer's bank"


R = RefundState
REFUND = Machine(
    "refund",
    RefundState,
    [
        row("succeed", [R.SENDING], R.SUCCEEDED, [BANK]),
        row("refuse", [R.SENDING], R.REFUSED, [BANK]),
        row("fail", [R.SUCCEEDED], R.FAILED, [BANK]),
    ],
)


class DisputeState(models.TextChoices):
    INQUIRY = "inquiry", "the bank asks"
    NEEDS_RESPONSE = "needs_response", "evidence wanted"
    UNDER_REVIEW = "under_review", "the bank judges"
    WON = "won", "won"
    LOST = "lost", "lost"
    CLOSED = "closed", "came to nothing"
    APPEALED = "appealed", "appealed after the verdict"


D = DisputeState
UNDECIDED = (D.NEEDS_RESPONSE, D.UNDER_REVIEW, D.APPEALED)  # the bank has not judged; an inquiry takes no money
_OPEN = [D.INQUIRY, *UNDECIDED]
DISPUTE = Machine(
    "dispute",
    DisputeState,
    [
        row("escalate", [D.INQUIRY], D.NEEDS_RESPONSE, [BANK]),
        row("review", [D.INQUIRY, D.NEEDS_RESPONSE], D.UNDER_REVIEW, [BANK]),
        row("appeal", [D.NEEDS_RESPONSE, D.UNDER_REVIEW, D.WON, D.LOST], D.APPEALED, [BANK]),
        # A verdict may be turned round, with or without an appeal: what it did to the money is, too.
        row("win", [*_OPEN, D.LOST], D.WON, [BANK]),
        row("lose", [*_OPEN, D.WON], D.LOST, [BANK]),
        row("close", [D.INQUIRY, D.NEEDS_RESPONSE, D.UNDER_REVIEW], D.CLOSED, [BANK]),
    ],
)


class ReversalState(models.TextChoices):
    SENDING = "sending", "on its way back"
    CONFIRMED = "confirmed", "back"
    REFUSED = "refused", "refused"


REVERSAL = Machine(
    "reversal",
    ReversalState,
    [
        row("confirm", [ReversalState.SENDING], ReversalState.CONFIRMED, [BANK]),
        row("refuse", [ReversalState.SENDING], ReversalState.REFUSED, [BANK]),
    ],
)


class ClaimState(models.TextChoices):
    OPEN = "open", "owed"
    RECOVERED = "recovered", "paid back"
    WRITTEN_OFF = "written_off", "written off"
    CANCELLED = "cancelled", "no longer owed"


CLAIM = Machine(
    "claim",
    ClaimState,
    [
        row("recover", [ClaimState.OPEN], ClaimState.RECOVERED, [BANK]),
        row("write_off", [ClaimState.OPEN], ClaimState.WRITTEN_OFF, [ADMIN], "Write off", "wrote off"),
        row("cancel", [ClaimState.OPEN], ClaimState.CANCELLED, [BANK]),
    ],
)


class PayoutState(models.TextChoices):
    REQUESTED = "requested", "requested"
    ON_ITS_WAY = "on_its_way", "on its way to the bank"
    PAID = "paid", "paid out"
    FAILED = "failed", "failed at the bank"
    REFUSED = "refused", "refused"


P = PayoutState
PAYOUT = Machine(
    "payout",
    PayoutState,
    [
        row("send", [P.REQUESTED], P.ON_ITS_WAY, [BANK]),
        row("pay", [P.REQUESTED, P.ON_ITS_WAY], P.PAID, [BANK]),
        row("fail", [P.REQUESTED, P.ON_ITS_WAY, P.PAID], P.FAILED, [BANK]),
        row("refuse", [P.REQUESTED], P.REFUSED, [BANK]),
    ],
)


class OperationState(models.TextChoices):
    PENDING = "pending", "to be sent"
    CLAIMED = "claimed", "being sent"
    DONE = "done", "done"
    REFUSED = "refused", "refused"
    PARKED = "parked", "needs a person"


LIVE_OPERATIONS = (OperationState.PENDING, OperationState.CLAIMED, OperationState.PARKED)


class EventState(models.TextChoices):
    RECEIVED = "received", "to be read"
    CLAIMED = "claimed", "being read"
    DONE = "done", "done"
    IGNORED = "ignored", "nothing to do"
    PARKED = "parked", "needs a person"


class Chart(models.TextChoices):
    """The chart of accounts, exactly. PostgreSQL refuses an entry on any other name."""

    STRIPE = "stripe", "asset: our balance at Stripe"
    BANK = "bank", "asset: our bank account"
    RECEIVABLE_DISPUTE = "receivable:dispute", "asset: money a bank took back while it decides"
    RECEIVABLE_PAYEE = "receivable:payee", "asset: money a payee owes back"
    HOLD = "hold", "liability: secured payments"
    FEE_DEFERRED = "fee_deferred", "liability: fees taken, not yet earned"
    TRANSIT = "transit", "liability: released, not yet at the payee's account"
    REFUNDING = "refunding", "liability: refunds on their way"
    AFFILIATE_PAYABLE = "affiliate_payable", "liability: commissions owed"
    WALLET = "wallet", "liability: funds not yet held for anything"
    TAX_PAYABLE = "tax_payable", "liability: taxes owed"
    PLATFORM_FEE = "platform_fee", "income: our fee"
    PROCESSING = "processing", "expense: what card networks and banks took"
    CONNECT = "connect", "expense: what Stripe takes for payees' accounts"
    DISPUTE_FEE = "dispute_fee", "expense: fees for bank disputes"
    DISPUTE_LOSS = "dispute_loss", "expense: bank disputes lost"
    AFFILIATE = "affiliate", "expense: commissions"
    ROUNDING = "rounding", "expense: rounding"
    MEMO_RECEIVED = "memo:received", "memo: all that was moved to payees' accounts"
    MEMO_CONNECTED = "memo:connected", "memo: what a payee has at Stripe"
    MEMO_REVERSING = "memo:reversing", "memo: on its way back from a payee's account"
    MEMO_PAYING_OUT = "memo:paying_out", "memo: on its way to a payee's bank"
    MEMO_PAID_OUT = "memo:paid_out", "memo: arrived at a payee's bank"


# Kept as one row each, with an owner, never below zero. The others are hot: summed, not locked.
GUARDED = (
    Chart.HOLD,
    Chart.TRANSIT,
    Chart.REFUNDING,
    Chart.AFFILIATE_PAYABLE,
    Chart.WALLET,
    Chart.MEMO_CONNECTED,
    Chart.MEMO_REVERSING,
    Chart.MEMO_PAYING_OUT,
    Chart.MEMO_PAID_OUT,
)
# What of it all is other people's.
OWED = (Chart.HOLD, Chart.TRANSIT, Chart.REFUNDING, Chart.WALLET, Chart.AFFILIATE_PAYABLE)


class CaseKind(models.TextChoices):
    """What a person has to look at. docs/money.md says for each what to do."""

    UNBOOKED = "unbooked", "moved at Stripe, not in our books"
    UNSEEN = "unseen", "in our books, not at Stripe"
    DIFFERENT = "different", "another sum at Stripe than in our books"
    BALANCE = "balance", "our balance at Stripe differs"
    PAYEE_BALANCE = "payee_balance", "a payee's balance at Stripe differs"
    INVARIANT = "invariant", "a rule of the books is broken"
    AGEING = "ageing", "money is held for long"
    DISPUTE = "dispute", "a bank turns its verdict round"


class Severity(models.TextChoices):
    """Critical: money or the books are wrong. Warning: something is late and needs a person."""

    CRITICAL = "critical", "critical"
    WARNING = "warning", "warning"
