"""Both sides as they are at one moment: our rows and books, and what Stripe's double has. Read once for every step."""

from collections import defaultdict
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from payments.models import (
    Account,
    Balance,
    Checkout,
    Claim,
    Dispute,
    Draw,
    Entry,
    Hold,
    Operation,
    Payout,
    Posting,
    Refund,
    Reversal,
    Share,
    StripeEvent,
    Transfer,
    Wallet,
)
from payments.sandbox import balances
from payments.states import OperationState
from tests.plugins.sandbox import Bank

Thing = dict[str, Any]
Key = tuple[str, str, str]  # chart, owner, currency
MANY, MANY_DISPUTES, MANY_WALLETS = 7, 4, 2
# Stripe's words for a dispute: asked about only, taken until it is judged, judged, and judged once more.
ASKING, TAKEN = ("warning_needs_response", "warning_under_review"), ("needs_response", "under_review")
JUDGED, APPEALED = ("won", "lost"), ("appeal_needs_response", "appeal_under_review")
KINDS = (
    "charge", "transfer", "transfer_reversal", "refund", "application_fee", "balance_transaction", "dispute",
)  # fmt: skip
UNBALANCED = (
    "SELECT posting_id, currency, sum(minor) FROM payments_entry"
    " GROUP BY posting_id, currency, chart LIKE 'memo:%' HAVING sum(minor) <> 0"
)


class Facts:
    """One look at everything. Amounts are minor units; a sum of entries is shown with the sign of its balance."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.now = timezone.now()
        self.payees = list(Account.objects.payees().order_by("pk"))
        self.holds = list(Hold.objects.order_by("pk"))
        self.checkouts = list(Checkout.objects.all())
        self.transfers = list(Transfer.objects.all())
        self.refunds = list(Refund.objects.all())
        self.payouts = list(Payout.objects.all())
        self.wallets = list(Wallet.objects.all())
        self.draws = list(Draw.objects.all())
        self.disputes = list(Dispute.objects.all())
        self.claims = list(Claim.objects.all())
        self.reversals = list(Reversal.objects.all())
        self.booked = set(Posting.objects.exclude(source="").values_list("source", flat=True))
        self.operations = {operation.pk: operation for operation in Operation.objects.all()}
        self.events = list(StripeEvent.objects.only("kind", "state", "next_try_at", "lease_until", "outcome"))
        self.balances: dict[Key, int] = {
            (row.chart, row.owner, row.currency): row.minor for row in Balance.objects.all()
        }
        entries = Entry.objects.values_list("chart", "owner", "currency").annotate(total=Sum("minor"))
        self.sums: dict[Key, int] = {(chart, owner, currency): -total for chart, owner, currency, total in entries}
        fees = Entry.objects.filter(chart="platform_fee").values_list("posting__hold").annotate(total=Sum("minor"))
        self.earned: dict[int, int] = {hold: -total for hold, total in fees}
        self.shared = set(Share.objects.values_list("hold", flat=True))
        lines = Entry.objects.filter(chart="receivable:dispute").values_list("posting__key", "minor")
        self.at_banks: dict[str, int] = defaultdict(int)
        for key, minor in lines:
            self.at_banks[key.split(":")[1]] += minor
        with connection.cursor() as cursor:
            cursor.execute(UNBALANCED)
            self.unbalanced = cursor.fetchall()
        self.things: dict[tuple[str, str], list[Thing]] = defaultdict(list)
        store = bank.sandbox.engine.world.store
        for kind in KINDS:
            self.things[kind, ""] = [thing for _, thing in store.newest(kind, "")]
        for payee in self.payees:
            if payee.stripe_account_id:
                made = store.newest("payout", payee.stripe_account_id)
                self.things["payout", payee.stripe_account_id] = [thing for _, thing in made]

    def held(self, chart: str, owner: str, currency: str) -> int:
        return self.balances.get((chart, owner, currency), 0)

    def booked_at_stripe(self, currency: str) -> int:
        """What our books say we have at Stripe."""
        return -self.sums.get(("stripe", "", currency), 0)

    def at_stripe(self, currency: str) -> int:
        """The platform's balance there, without what was topped up as a reserve."""
        lines = self.things["balance_transaction", ""]
        return sum(one["net"] for one in lines if one["currency"] == currency.lower() and one["type"] != "topup")

    def at_stripe_for(self, payee: Account) -> int:
        return balances.total(self.bank.sandbox.engine.world, str(payee.stripe_account_id), payee.currency.lower())

    def operation(self, made: Thing) -> Operation | None:
        """Whose act made this."""
        wanted = made["metadata"].get("op_id")
        return next((one for one in self.operations.values() if one.op_id == wanted), None)

    def words(self) -> set[str]:
        """What there is, in words that rules ask for: ``hold secured``, ``operation due``, ``news`` …"""
        rows: list[Any] = [*self.holds, *self.checkouts, *self.transfers, *self.refunds, *self.payouts]
        rows += [*self.wallets, *self.claims]
        found = {f"{row._meta.model_name} {row.state}" for row in rows}
        for payee in self.payees:
            found.add("payee known" if payee.stripe_account_id else "payee unknown")
            found.add("payee ready" if payee.is_onboarded else "payee not ready")
        world, told = self.bank.sandbox.engine.world, self.bank.sandbox.control.state()
        facts = {
            "many holds": len(self.holds) >= MANY,
            "many wallets": len(self.wallets) >= MANY_WALLETS,
            "many disputes": len(self.things["dispute", ""]) >= MANY_DISPUTES,
            "charge": any(one["status"] == "succeeded" for one in self.things["charge", ""]),
            "inquiry": self._disputes(ASKING),
            "dispute taken": self._disputes(TAKEN),
            "dispute judged": self._disputes(JUDGED),
            "dispute appealed": self._disputes(APPEALED),
            "dispute known": bool(self.disputes),
            "operation due": any(self._is_due(one) for one in self.operations.values()),
            "event due": any(self._is_due(one) for one in self.events),
            "event": bool(self.events),
            "news": bool(told["webhooks_waiting"] or self.bank.letters),
            "unheard": told["things"].get("event", 0) > len(self.events),
            "trouble": bool(world.store.knob("faults", [])),
            "debit": bool(world.store.marked("payment_intent", None, "status", "processing")),
        }
        return found | {name for name, there in facts.items() if there}

    def _disputes(self, words: tuple[str, ...]) -> bool:
        return any(one["status"] in words for one in self.things["dispute", ""])

    def _is_due(self, row: Operation | StripeEvent) -> bool:
        if row.state == OperationState.CLAIMED:
            return row.lease_until is not None and row.lease_until < self.now
        return row.state in {"pending", "received"} and row.next_try_at <= self.now
