"""From the payee's account to their bank: on demand with the cost said first, and nightly when it is worth a payout."""

from dataclasses import dataclass
from datetime import date
from time import monotonic

import structlog
from django.db import transaction
from django.utils import timezone

from marketplace.kit.errors import Conflict, DomainError
from marketplace.kit.later import later
from marketplace.kit.money import Money
from payments import amounts, ledger, tasks
from payments.models import Account, BankAccount, Payout, PayoutMethod
from payments.services.cases import refuse_under_review
from payments.settlement import accounts, nights, payouts
from payments.states import Chart

log = structlog.get_logger(__name__)

SILENCE = "try_again"


@dataclass(frozen=True, slots=True)
class Quote:
    """What a payout now would do: ``amount`` arrives at ``bank``, ``fee`` is what the payee pays besides."""

    method: PayoutMethod
    amount: Money
    fee: Money
    bank: BankAccount


def quote_payouts(account: Account, *, currency: str | None = None) -> list[Quote]:
    """Every way in which this payee's money could leave now, with its cost, the free one first.

    Asks Stripe, so not inside a transaction. Raises Conflict saying why nothing can leave.
    """
    account.refresh_from_db()
    currency = currency or _currency(account)
    refuse_closed(account)
    bank = _bank(account, currency)
    ready = _ready(account, currency)
    ours = ledger.held(Chart.MEMO_CONNECTED, account.public_id, currency)
    quotes = [_standard(ours, ready, bank)]
    if bank.stripe_id in ready.prices and ours >= ready.instant:
        quotes.append(_instant(ready, bank))
    found = [quote for quote in quotes if quote.amount]
    if not found:
        raise Conflict("nothing_available", "Nothing is available for a payout yet.")
    return found


def request_payout(
    account: Account,
    *,
    currency: str | None = None,
    method: PayoutMethod = PayoutMethod.STANDARD,
    fee: Money | None = None,
) -> Payout:
    """What the payee has available at Stripe goes to their bank now. ``fee`` is what they have been told it costs
    them: when it is more by now nothing happens, and they are asked again."""
    quotes = quote_payouts(account, currency=currency)
    quote = next((one for one in quotes if one.method == method), None)
    if quote is None:
        raise Conflict("no_instant", "Your bank does not take instant payouts. A standard payout is free.")
    if fee is not None and quote.fee > fee:
        raise Conflict("cost_changed", f"This would cost {quote.fee} now. Please look again before you confirm.")
    with transaction.atomic():
        account.refresh_from_db(from_queryset=Account.objects.select_for_update())
        refuse_closed(account)  # while Stripe was asked a case may have been opened, or another bank account named
        if BankAccount.objects.for_payouts(account, quote.amount.currency) != quote.bank:
            raise Conflict("bank_changed", "Your bank account has just changed. Please look again.")
        ours = ledger.held(Chart.MEMO_CONNECTED, account.public_id, quote.amount.currency)
        if quote.amount + quote.fee > ours:
            raise Conflict("already_on_its_way", "This is already on its way.")
        payout = payouts.reserve(account, quote.amount, quote.bank, method=method, fee=quote.fee)
        later(tasks.run_operation, operation_id=payout.operation_id)
    return payout


def refuse_closed(account: Account) -> None:
    """Raises Conflict when nothing may leave for this payee's bank, saying why and what they can do."""
    if not (account.stripe_account_id and account.payouts_enabled):
        raise Conflict("payouts_off", "Your bank details are not complete yet.", requirements=account.requirements)
    refuse_under_review(account)
    until = account.payouts_paused_until
    if until and account.is_paused:
        raise Conflict(
            "payouts_paused",
            f"Payouts wait {account.pause}. Was that not you? Write to us.",
            until=until.isoformat(),
            reason=account.payouts_paused_for,
        )


def nightly_payouts(*, seconds: float = 30) -> int:
    """One payout for each payee who has reached their minimum or waited 30 days, and was not looked at this night.

    Stops after so many seconds; the next call goes on. Returns how many were made.
    """
    made, began, tonight = 0, monotonic(), timezone.now().date()
    for account, currency in nights.due(tonight):
        made += _pay_out_tonight(account, currency, tonight)
        if monotonic() - began > seconds:
            log.info("night_goes_on", made=made)
            break
    return made


def _pay_out_tonight(account: Account, currency: str, tonight: date) -> bool:
    try:
        request_payout(account, currency=currency)
    except DomainError as refusal:
        log.info("payout_waits", account=account.public_id, code=refusal.code)
        if refusal.code == SILENCE:  # asked again before the night is over
            return False
        made = False
    else:
        made = True
    Account.objects.filter(pk=account.pk).update(nightly_on=tonight)
    return made


def _ready(account: Account, currency: str) -> payouts.Ready:
    ready = payouts.ready(account, currency)
    if ready is None:
        raise Conflict(SILENCE, "The payment provider does not answer right now. Please try again in a minute.")
    if ready.standard.minor < 0:
        raise Conflict(
            "balance_negative",
            f"Your account at the payment provider is {-ready.standard} below zero: a payment was taken back after "
            "you had it. What you earn next fills it up first.",
        )
    return ready


def _bank(account: Account, currency: str) -> BankAccount:
    bank = BankAccount.objects.for_payouts(account, currency)
    if bank is None and accounts.refresh(account):
        bank = BankAccount.objects.for_payouts(account, currency)
    if bank is None:
        raise Conflict("no_bank", f"You have named no bank account that takes {currency} yet.")
    return bank


def _standard(ours: Money, ready: payouts.Ready, bank: BankAccount) -> Quote:
    amount = amounts.payable(min(ours, ready.standard, key=lambda money: money.minor))
    return Quote(PayoutMethod.STANDARD, amount, Money(0, amount.currency), bank)


def _instant(ready: payouts.Ready, bank: BankAccount) -> Quote:
    price = ready.prices[bank.stripe_id]
    return Quote(PayoutMethod.INSTANT, amounts.payable(ready.instant - price), price, bank)


def _currency(account: Account) -> str:
    """The account's own currency, or the one in which there is money."""
    held = ledger.currencies_held(Chart.MEMO_CONNECTED, account.public_id)
    return account.currency if account.currency in held or not held else held[0]
