"""The books: postings of balanced entries, written by ``ledger.post`` alone, never changed afterwards."""

from typing import ClassVar

from django.db import models
from django.db.models import Q, Sum

from marketplace.kit.money import Money
from payments.models.accounts import Account
from payments.models.holds import Hold
from payments.models.wallets import Wallet
from payments.states import Chart


class Posting(models.Model):
    """One thing that happened to money. Append-only: PostgreSQL refuses UPDATE, DELETE and TRUNCATE."""

    key = models.CharField(max_length=120, unique=True, help_text="Says what happened to which object: once only.")
    kind = models.CharField(max_length=40)
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, null=True, blank=True, related_name="postings")
    wallet = models.ForeignKey(Wallet, on_delete=models.PROTECT, null=True, blank=True, related_name="postings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="postings")
    source = models.CharField(max_length=64, blank=True, db_index=True, help_text="Stripe's balance transaction.")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        default_permissions: ClassVar[tuple[str, ...]] = ("view",)

    def __str__(self) -> str:
        return self.key


class EntryQuerySet(models.QuerySet["Entry"]):
    """Entries, read back."""

    def balance(self, chart: str, currency: str, owner: str | None = None) -> Money:
        """Debits minus credits on one account of the chart."""
        rows = self.filter(chart=chart, currency=currency)
        if owner is not None:
            rows = rows.filter(owner=owner)
        return Money(rows.aggregate(total=Sum("minor"))["total"] or 0, currency)


class Entry(models.Model):
    """One line: ``minor`` is positive for a debit, negative for a credit. Append-only."""

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="entries")
    chart = models.CharField(max_length=24, choices=Chart.choices)
    owner = models.CharField(max_length=14, blank=True, help_text="Public id of the hold or account it belongs to.")
    minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        default_permissions: ClassVar[tuple[str, ...]] = ("view",)
        constraints = [
            models.CheckConstraint(condition=~Q(minor=0), name="entry_not_zero"),
            models.CheckConstraint(condition=Q(chart__in=Chart.values), name="entry_on_the_chart"),
        ]
        indexes = [models.Index(fields=["chart", "owner", "currency"], name="entry_account")]

    def __str__(self) -> str:
        side = "Dr" if self.minor > 0 else "Cr"
        return f"{side} {self.chart} {Money(abs(self.minor), self.currency)}"

    @property
    def money(self) -> Money:
        return Money(self.minor, self.currency)


class Balance(models.Model):
    """What a guarded account holds. Only entries move it (a trigger), and never below zero (a constraint)."""

    chart = models.CharField(max_length=24, choices=Chart.choices)
    owner = models.CharField(max_length=14)
    currency = models.CharField(max_length=3)
    minor = models.BigIntegerField()

    class Meta:
        default_permissions: ClassVar[tuple[str, ...]] = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["chart", "owner", "currency"], name="one_balance_per_account"),
            models.CheckConstraint(condition=Q(minor__gte=0), name="balance_never_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.chart} {self.owner}: {Money(self.minor, self.currency)}"
