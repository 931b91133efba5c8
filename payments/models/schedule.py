"""What payment processing is expected to cost."""

from datetime import date

from django.db import models
from django.db.models import Q


class FeeScheduleQuerySet(models.QuerySet["FeeSchedule"]):
    """Prices, by place and day."""

    def valid_on(self, day: date, *, country: str, currency: str, method: str = "card") -> "FeeSchedule | None":
        """The newest price valid that day for this country, else for anywhere (country “*”)."""
        rows = self.filter(country__in=[country, "*"], currency=currency, method=method, valid_from__lte=day)
        # “*” sorts before every letter, so a country's own price comes first.
        return rows.order_by("-country", "-valid_from").first()

    def valid_for_all(self, day: date, *, country: str, currency: str) -> "list[FeeSchedule]":
        """The price of every known method, as ``valid_on`` would choose it."""
        rows = self.filter(country__in=[country, "*"], currency=currency, valid_from__lte=day)
        return list(rows.order_by("method", "-country", "-valid_from").distinct("method"))


class FeeSchedule(models.Model):
    """The processing price for one country, currency and method from a day on. Estimates only; books keep actuals."""

    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    method = models.CharField(max_length=40)
    valid_from = models.DateField()
    bps = models.PositiveIntegerField(help_text="Basis points of the amount.")
    fixed_minor = models.PositiveIntegerField(default=0)
    cap_minor = models.PositiveIntegerField(null=True, blank=True)
    source = models.CharField(max_length=200, help_text="Where the price was found, and when.")

    objects = FeeScheduleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["country", "currency", "method", "valid_from"], name="one_price_per_method_and_day"
            ),
            models.CheckConstraint(condition=Q(bps__lte=10_000), name="fee_at_most_everything"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.country} {self.currency}: {self.bps / 100} % + {self.fixed_minor}"
