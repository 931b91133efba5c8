"""Each payee's balance at Stripe, compared with the memo book to the cent."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from marketplace.kit.money import Money
from payments.models import Account, Balance, Case, Payout, Posting, Reversal, Transfer
from payments.reconciliation.asking import Withheld, ask
from payments.reconciliation.balances import TRIES, sums
from payments.reconciliation.report import Report
from payments.settlement import inbox
from payments.states import CaseKind, Chart, PayoutState, ReversalState, TransferState

MOVED_LATELY = timedelta(days=60)


def payees(after: int) -> QuerySet[Account]:
    """Payees who have money at Stripe or had some lately, in the order in which they are compared."""
    rows = Balance.objects.filter(chart=Chart.MEMO_CONNECTED)
    lately = Posting.objects.filter(created_at__gte=timezone.now() - MOVED_LATELY).exclude(account=None)
    touched = Q(public_id__in=rows.filter(minor__gt=0).values("owner")) | Q(pk__in=lately.values("account"))
    return Account.objects.payees().exclude(stripe_account_id=None).filter(touched, pk__gt=after).order_by("pk")


def compare_payee(report: Report, account: Account) -> None:
    """What a payee has at Stripe must be what the memo book says, but for what is just being sent there or away."""
    report.count("payees compared")
    try:
        wrong = list(_differences(account))
        if wrong and report.keep:  # news may have been lost: a payout that failed puts money back
            inbox.catch_up([account])
            inbox.read_due()
            wrong = list(_differences(account))
    except Withheld as refusal:
        report.mismatch(
            CaseKind.PAYEE_BALANCE, f"payee:{account.public_id}",
            f"Stripe does not show us the account of {account.name}: {refusal}", things=["withheld"], account=account,
        )  # fmt: skip
        return
    for currency, at_stripe, least, most in wrong:
        off = Money(at_stripe - (least if at_stripe < least else most), currency)
        report.mismatch(
            CaseKind.PAYEE_BALANCE, f"payee:{account.public_id}:{currency}",
            f"{account.name} has {Money(at_stripe, currency)} at Stripe; the books say {Money(least, currency)}.",
            things=[f"{currency} {off.minor}"], account=account, money=off, at_stripe=at_stripe, least=least, most=most,
        )  # fmt: skip
    _note_right(report, account, {currency for currency, *_ in wrong})


def _note_right(report: Report, account: Account, wrong: set[str]) -> None:
    name = f"payee:{account.public_id}"
    for case in Case.objects.open().filter(kind=CaseKind.PAYEE_BALANCE, account=account):
        if case.key not in {f"{name}:{currency}" for currency in wrong}:
            report.agrees(case.key)


def _differences(account: Account) -> Iterator[tuple[str, int, int, int]]:
    """Currency, at Stripe, the least and the most it may be there by our books."""
    for _ in range(TRIES):
        before = _memo(account)
        at_stripe = sums(ask("balance.retrieve", {}, account=account.stripe_account_id))
        if _memo(account) == before:
            break
    else:  # it will not stand still: another night
        return
    for currency in sorted(at_stripe.keys() | before.keys()):
        least, most = before.get(currency, (0, 0))
        if not least <= at_stripe[currency] <= most:
            yield currency, at_stripe[currency], least, most


def _memo(account: Account) -> dict[str, tuple[int, int]]:
    """Currency → the least and the most that lies at Stripe.

    A payout or a reversal leaves the memo account when it is asked for, and Stripe when it is made there; a transfer
    arrives there before we hear of it. Between the two, both sums are right.
    """
    rows = Balance.objects.filter(chart=Chart.MEMO_CONNECTED, owner=account.public_id)
    held = {row.currency: row.minor for row in rows}
    moving: dict[str, int] = defaultdict(int)
    for going in (
        Payout.objects.filter(account=account, state=PayoutState.REQUESTED),
        Reversal.objects.filter(claim__payee=account, state=ReversalState.SENDING),
        Transfer.objects.filter(payee=account, state=TransferState.SENDING),
    ):
        for currency, minor in going.values_list("currency").annotate(total=Sum("amount_minor")).order_by():
            moving[currency] += minor
    return {c: (held.get(c, 0), held.get(c, 0) + moving[c]) for c in held.keys() | moving.keys()}
