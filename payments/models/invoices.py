"""Invoices and credit notes: what was invoiced stays as it is; a mistake or a refund is a credit note of its own."""

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from marketplace.kit.models import Stamped
from marketplace.kit.money import Money
from payments.models.accounts import Account
from payments.models.holds import Hold
from payments.models.moves import Refund, Transfer


class InvoiceAbout(models.TextChoices):
    """What is invoiced: the payee's work, or our fee."""

    WORK = "work", "Work"
    FEE = "fee", "Platform fee"


class InvoiceDetails(models.Model):
    """What an account wants to read on invoices. Invoices copy it: a change is for later ones."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="invoice_details")
    name = models.CharField(max_length=120, help_text="Of the person or company, as the tax office knows it.")
    address = models.TextField(max_length=300, blank=True)
    tax_id = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name_plural = "invoice details"

    def __str__(self) -> str:
        return self.name


class InvoiceSeries(models.Model):
    """How far an issuer's numbers have come in a year (no issuer: us). PostgreSQL alone moves it, one by one."""

    issuer = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "invoice series"
        default_permissions: ClassVar[tuple[str, ...]] = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["issuer", "year"], nulls_distinct=False, name="one_series_per_year"),
        ]

    def __str__(self) -> str:
        return f"{self.issuer or 'we'} {self.year}: {self.last}"


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    """Invoices, as the apps above ask for them."""

    def for_accounts(self, accounts: "Iterable[Account | int] | models.QuerySet[Account]") -> "InvoiceQuerySet":
        """Those that one of these accounts issues or receives."""
        if isinstance(accounts, models.QuerySet):
            return self.filter(Q(issuer__in=accounts) | Q(recipient__in=accounts))
        ids = [account if isinstance(account, int) else account.pk for account in accounts]
        return self.filter(Q(issuer__in=ids) | Q(recipient__in=ids))


class Invoice(Stamped):
    """One invoice, or (``corrects``) one credit note. Append-only; PostgreSQL gives the number, without gaps.

    Never insert one with ON CONFLICT DO NOTHING: a row that is not written must undo its number with its transaction.
    """

    issuer = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="invoices_issued",
        help_text="In whose name; none: ours.",
    )  # fmt: skip
    recipient = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="invoices_received")
    about = models.CharField(max_length=4, choices=InvoiceAbout.choices)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(default=0, help_text="Given by PostgreSQL when it is written.")
    prefix = models.CharField(max_length=20)
    issued_on = models.DateField(help_text="UTC, like the books.")
    served_on = models.DateField()
    amount_minor = models.BigIntegerField(help_text="The whole amount, as in the books, taxes included.")
    tax_minor = models.BigIntegerField(default=0)
    tax_bps = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3)
    text = models.TextField(max_length=1000)
    reference = models.CharField(max_length=120, help_text="The contract, in the caller's words.")
    seller = models.JSONField(help_text="name, address (lines), country, tax_id; as they were.")
    buyer = models.JSONField()
    is_demo = models.BooleanField(default=False, help_text="No real money, or nobody who issues invoices.")
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="invoices")
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="invoices")
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="credit_notes")
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, null=True, blank=True, related_name="credit_notes")

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        default_permissions: ClassVar[tuple[str, ...]] = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "year", "number"], nulls_distinct=False, name="one_invoice_per_number"
            ),
            models.UniqueConstraint(
                fields=["transfer", "about"], condition=Q(corrects=None), name="one_invoice_per_transfer"
            ),
            models.UniqueConstraint(
                fields=["refund", "corrects"], condition=Q(corrects__isnull=False), name="one_credit_note_per_refund"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, tax_minor__gte=0, tax_minor__lt=F("amount_minor")),
                name="invoice_amount_positive",
            ),
            models.CheckConstraint(
                condition=Q(about=InvoiceAbout.WORK, issuer__isnull=False, tax_minor=0)
                | Q(about=InvoiceAbout.FEE, issuer=None),
                name="invoice_is_the_issuers",
            ),
            models.CheckConstraint(
                condition=Q(corrects=None, refund=None) | Q(corrects__isnull=False, refund__isnull=False),
                name="credit_note_has_a_reason",
            ),
            models.CheckConstraint(condition=Q(issued_on__year=F("year")), name="invoice_counts_in_its_year"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The number as people write it."""
        return f"{self.prefix}-{self.year}-{self.number:05d}"

    @property
    def is_credit_note(self) -> bool:
        return self.corrects_id is not None

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def tax(self) -> Money:
        return Money(self.tax_minor, self.currency)

    @property
    def net(self) -> Money:
        return self.amount - self.tax
