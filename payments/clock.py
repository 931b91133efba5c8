"""What time starts. Every job may run at any moment, on two machines at once, and again."""

from datetime import timedelta

import structlog
from celery import shared_task
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from marketplace.kit.alone import alone
from marketplace.kit.errors import Conflict
from payments.invariants import INVARIANTS, check
from payments.models import Account, Bookmark, Hold, Transfer
from payments.reconciliation import Report, start_or_go_on
from payments.reconciliation import reconcile as compare_with_stripe
from payments.services import due_evidence, expire_hold, nightly_payouts, submit_evidence
from payments.settlement import accounts, inbox, releases, sending
from payments.states import PayoutState

log = structlog.get_logger(__name__)

SCHEDULE: dict[str, tuple[str, float]] = {
    "payments-sweep": ("payments.sweep", 10.0),
    "payments-expire": ("payments.expire_unpaid", 60.0),
    "payments-catch-up": ("payments.catch_up", 600.0),
    "payments-payouts": ("payments.pay_out", 60.0),
    "payments-evidence": ("payments.answer_disputes", 900.0),
    "payments-reconcile": ("payments.reconcile", 60.0),
    "payments-invariants": ("payments.check_invariants", 60.0),
}
BATCH = 200
ASKED = 100  # payees about whom one ring asks Stripe, each a request
RECONCILE_HOUR = 1  # UTC; before the payouts, so that what does not agree is not paid out
RECONCILE_SECONDS = 30  # of a task's time; the next ring goes on
PAYOUT_HOUR = 2  # UTC
RECENT = timedelta(days=30)


@shared_task(name="payments.sweep")
def sweep() -> None:
    """Send and read everything that is overdue: no lost doorbell loses money."""
    inbox.read_due(BATCH)
    for payee in Account.objects.filter(pk__in=Transfer.objects.sendable().values("payee")).order_by("pk")[:BATCH]:
        releases.send_waiting(payee)
    sending.run_due(BATCH)


@shared_task(name="payments.expire_unpaid")
def expire_unpaid() -> None:
    """Let holds whose time to pay is over expire."""
    for hold in Hold.objects.overdue(timezone.now()).order_by("due_at")[:BATCH]:
        try:
            expire_hold(hold)
        except Conflict:
            log.info("expiry_came_late", hold=hold.public_id)


@shared_task(name="payments.catch_up")
def catch_up() -> None:
    """Heal lost webhooks: read Stripe's own list of events, and ask about payees who are being waited for."""
    known = Account.objects.payees().exclude(stripe_account_id=None)
    # A bank may send a payout back days after it took it.
    moving = Q(payouts__state__in=[PayoutState.REQUESTED, PayoutState.ON_ITS_WAY])
    arrived = Q(payouts__state=PayoutState.PAID, payouts__paid_at__gte=timezone.now() - RECENT)
    read_at = Bookmark.objects.filter(acts_as=OuterRef("stripe_account_id")).values("read_until")
    paying = known.filter(moving | arrived).distinct().annotate(read_at=Subquery(read_at))
    inbox.catch_up(paying.order_by(F("read_at").asc(nulls_first=True), "pk")[:BATCH])
    for account in accounts.worth_asking()[:ASKED]:
        accounts.refresh(account)
    inbox.read_due(BATCH)
    sending.run_due(BATCH)


@shared_task(name="payments.pay_out")
def pay_out() -> None:
    """The nightly run: one payout for every payee whose money has reached their minimum or waited long enough.

    Rung every minute, because a timer of a day starts anew with every restart, and a long night goes on.
    """
    if timezone.now().hour != PAYOUT_HOUR:
        return
    with alone("payments.pay_out") as mine:
        if mine:
            nightly_payouts()


@shared_task(name="payments.answer_disputes")
def answer_disputes() -> None:
    """Send the evidence that nobody has sent, while the bank still takes it."""
    for dispute in due_evidence():
        try:
            submit_evidence(dispute, reason="the bank's deadline is near")
        except Conflict as refusal:
            log.info("evidence_waits", dispute=dispute.public_id, code=refusal.code)


@shared_task(name="payments.reconcile")
def reconcile() -> None:
    """Every night, once: Stripe against our books. Rung every minute, so that a long or unanswered run goes on."""
    now = timezone.now()
    if now.hour < RECONCILE_HOUR:
        return
    tonight = now.replace(hour=RECONCILE_HOUR, minute=0, second=0, microsecond=0)
    with alone("payments.reconcile") as mine:
        row = start_or_go_on(tonight) if mine else None
        if row is not None:
            compare_with_stripe(row, Report(), seconds=RECONCILE_SECONDS)


@shared_task(name="payments.check_invariants")
def check_invariants() -> None:
    """Look at every rule of the books."""
    with alone("payments.check_invariants") as mine:
        if mine:
            check(INVARIANTS)
