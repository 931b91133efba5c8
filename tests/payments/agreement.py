"""Do the books say what Stripe says? To the cent, in every currency, on every account."""

from payments import amounts, ledger
from payments.invariants import INVARIANTS, check
from payments.models import Account, Entry
from payments.sandbox.server import Sandbox
from payments.states import Chart


def differences(sandbox: Sandbox) -> list[str]:
    """Every balance on which our books and Stripe do not agree."""
    found = []
    for currency in Entry.objects.values_list("currency", flat=True).distinct().order_by("currency"):
        ours, theirs = ledger.balance(Chart.STRIPE, currency).minor, at_stripe(sandbox, "", currency)
        if ours != theirs:
            found.append(f"platform {currency}: our books say {ours}, Stripe says {theirs}")
        for payee in Account.objects.payees().exclude(stripe_account_id=None):
            ours = ledger.held(Chart.MEMO_CONNECTED, payee.public_id, currency).minor
            theirs = at_stripe(sandbox, payee.stripe_account_id or "", currency)
            if ours != theirs:
                found.append(f"{payee.name} {currency}: our books say {ours}, Stripe says {theirs}")
        if sum(ledger.trial_balance(currency).values()):
            found.append(f"the books do not balance in {currency}")
    return found


def at_stripe(sandbox: Sandbox, account: str, currency: str) -> int:
    """What lies at Stripe, available or pending, in our minor units."""
    balance = sandbox.control.balance(account=account)
    rows = [*balance["available"], *balance["pending"]]
    return amounts.from_stripe(
        sum(row["amount"] for row in rows if row["currency"] == currency.lower()), currency
    ).minor


def broken_rules() -> list[str]:
    """The rules of the books that do not hold now, or could not be looked at."""
    looks = check(INVARIANTS, keep=False)
    return [look.invariant.name for look in looks if look.rows or look.trouble]
