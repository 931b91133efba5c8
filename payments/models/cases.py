"""What a person has to look at, and what the last look at each rule of the books found."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from marketplace.kit.money import Money
from payments.models.accounts import Account
from payments.states import CaseKind, Severity


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases, as services and the admin ask for them."""

    def open(self) -> "CaseQuerySet":
        return self.filter(closed_at=None)

    def blocking(self, account: Account | models.OuterRef) -> "CaseQuerySet":
        """Those that keep this account from being paid out."""
        return self.open().filter(account=account)


class Case(models.Model):
    """Something about money that a person must look at. While it is open, its account is not paid out.

    It is closed by a person alone, with a reason; that it is no longer so is only noted. A case never moves money.
    """

    kind = models.CharField(max_length=16, choices=CaseKind.choices)
    key = models.CharField(max_length=120, help_text="What it is about: open once, however often it is seen.")
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="cases", help_text="Not paid out."
    )
    text = models.CharField(max_length=300)
    facts = models.JSONField(default=dict, blank=True)
    things = models.JSONField(default=list, blank=True, help_text="What is wrong, by name: closing answers for these.")
    amount_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    opened_at = models.DateTimeField(default=timezone.now, db_index=True)
    seen_at = models.DateTimeField(default=timezone.now, help_text="When it was last found to be so.")
    cleared_at = models.DateTimeField(null=True, blank=True, help_text="Since when it is no longer so.")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(closed_at=None), name="case_open_once"),
            models.CheckConstraint(condition=Q(kind__in=CaseKind.values), name="case_kind_known"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, reason="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(reason="")),
                name="case_closed_by_somebody_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor=None, currency="") | (Q(amount_minor__isnull=False) & ~Q(currency="")),
                name="case_amount_has_currency",
            ),
        ]
        indexes = [models.Index(fields=["key", "-closed_at"], name="case_last_closed")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text}"[:120]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def amount(self) -> Money | None:
        return None if self.amount_minor is None else Money(self.amount_minor, self.currency)


class Finding(models.Model):
    """What the last look at one invariant found. One row each, written anew every minute."""

    name = models.CharField(max_length=60, unique=True)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    sentence = models.CharField(max_length=200)
    offending = models.PositiveIntegerField(default=0, help_text="Rows that break it; counted up to a limit.")
    milliseconds = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=200, blank=True, help_text="Why it could not be looked at last time.")
    checked_at = models.DateTimeField(null=True, blank=True, help_text="When it was last looked at with success.")
    broken_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.name
