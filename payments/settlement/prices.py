"""The price of an instant payout: set at Stripe for our platform, taken there from the payee, and given back there.

The payee's side is in the memo book. On our side it stands against what Stripe bills us for the same payout, so it is
never income: at Stripe's own price both come to nothing.
"""

from typing import Any

from payments import amounts, ledger
from payments.models import Payout
from payments.states import Chart


def follow(payout: Payout, fee: dict[str, Any]) -> None:
    """Take over what Stripe has taken for this payout, and what of it it has given back. Running twice changes nothing.

    The caller has locked the payout.
    """
    owner, currency = payout.account.public_id, payout.currency
    if payout.fee_stripe_id is None:
        taken = amounts.from_stripe(fee["amount"], currency)
        ledger.post(
            [
                ledger.debit(Chart.STRIPE, taken),
                ledger.credit(Chart.CONNECT, taken),
                ledger.debit(Chart.MEMO_PAYING_OUT, taken, owner),
                ledger.credit(Chart.MEMO_RECEIVED, taken),
            ],
            key=f"payout:{payout.public_id}:price",
            kind="payout_price",
            account=payout.account,
            source=str(fee["balance_transaction"]),
        )
        payout.fee_stripe_id = fee["id"]
    for refund in (fee.get("refunds") or {}).get("data") or []:
        back = amounts.from_stripe(refund["amount"], currency)
        ledger.post(
            [
                ledger.debit(Chart.CONNECT, back),
                ledger.credit(Chart.STRIPE, back),
                ledger.debit(Chart.MEMO_RECEIVED, back),
                ledger.credit(Chart.MEMO_CONNECTED, back, owner),
            ],
            key=f"payout:{payout.public_id}:price_back:{refund['id']}",
            kind="payout_price_back",
            account=payout.account,
            source=str(refund["balance_transaction"]),
        )
    payout.fee_returned_minor = amounts.from_stripe(fee.get("amount_refunded") or 0, currency).minor
    payout.save(update_fields=["fee_stripe_id", "fee_returned_minor", "updated_at"])
