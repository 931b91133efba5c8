"""From the payee's account to their bank: on demand, and nightly when it is worth a payout."""

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from marketplace.kit.errors import Conflict, DomainError
from marketplace.kit.later import later
from marketplace.kit.money import Money
from payments import ledger, tasks
from payments.models import Account, Balance, Payout
from payments.services.cases import refuse_under_review
from payments.settlement import payouts
from payments.states import Chart

log = structlog.get_logger(__name__)

LONGEST_WAIT = timedelta(days=30)
BATCH = 500


def request_payout(account: Account, *, currency: str | None = None) -> Payout:
    """What the payee has available at Stripe goes to their bank now."""
    account.refresh_from_db()
    currency = currency or _currency(account)
    if not (account.stripe_account_id and account.payouts_enabled):
        raise Conflict("payouts_off", "Your bank details are not complete yet.", requirements=account.requirements)
    refuse_under_review(account)
    at_stripe = payouts.available(account, currency)
    if at_stripe is None:
        raise Conflict("try_again", "The payment provider does not answer right now. Please try again in a minute.")
    with transaction.atomic():
        account.refresh_from_db(from_queryset=Account.objects.select_for_update())
        refuse_under_review(account)  # a case may have been opened while Stripe was asked
        ours = ledger.held(Chart.MEMO_CONNECTED, account.public_id, currency)
        amount = min(ours, at_stripe, key=lambda money: money.minor)
        if not amount:
            raise Conflict("nothing_available", "Nothing is available for a payout yet.")
        payout = payouts.reserve(account, amount)
        later(tasks.run_operation, operation_id=payout.operation_id)
    return payout


def nightly_payouts() -> int:
    """One payout for each payee who has reached their minimum or waited 30 days. Returns how many."""
    made = 0
    rows = Balance.objects.filter(chart=Chart.MEMO_CONNECTED, minor__gt=0).order_by("pk")
    for row in rows[:BATCH]:
        account = Account.objects.filter(public_id=row.owner, payouts_enabled=True).first()
        if account is None or not _is_worth_it(account, Money(row.minor, row.currency)):
            continue
        try:
            request_payout(account, currency=row.currency)
            made += 1
        except DomainError as refusal:
            log.info("payout_waits", account=account.public_id, code=refusal.code)
    return made


def _is_worth_it(account: Account, money: Money) -> bool:
    least = account.payout_minimum_minor if money.currency == account.currency else settings.PAYOUT_MINIMUM_MINOR
    if money.minor >= least:
        return True
    last = account.payouts.order_by("-created_at").first()
    waiting = account.transfers.filter(currency=money.currency).exclude(confirmed_at=None)
    oldest = (waiting.filter(confirmed_at__gt=last.created_at) if last else waiting).order_by("confirmed_at").first()
    at = oldest.confirmed_at if oldest else None
    return at is not None and at <= timezone.now() - LONGEST_WAIT


def _currency(account: Account) -> str:
    """The account's own currency, or the one in which there is money."""
    rows = Balance.objects.filter(chart=Chart.MEMO_CONNECTED, owner=account.public_id, minor__gt=0)
    held = list(rows.order_by("currency").values_list("currency", flat=True))
    return account.currency if account.currency in held or not held else held[0]
