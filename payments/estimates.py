"""Estimates against actuals: what the schedule would have said of each payment, beside what its processing cost.

A row that is off by more than ``TOLERANCE_BPS`` over at least ``ENOUGH`` payments is a schedule out of date.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models.functions import Coalesce

from marketplace.kit.money import Money
from payments import fees
from payments.models import Checkout, FeeSchedule

TOLERANCE_BPS, ENOUGH, DAYS = 500, 10, 90
ANYWHERE = "*"
Place = tuple[str, str, str]


@dataclass(slots=True)
class Comparison:
    """One country, currency and method. What had no price is counted apart: it is in no sum but ``unpriced_actual``."""

    country: str
    currency: str
    method: str
    count: int = 0
    unpriced: int = 0
    volume_minor: int = 0
    estimated_minor: int = 0
    actual_minor: int = 0
    unpriced_minor: int = 0
    price: FeeSchedule | None = None

    @property
    def volume(self) -> Money:
        return Money(self.volume_minor, self.currency)

    @property
    def estimated(self) -> Money:
        return Money(self.estimated_minor, self.currency)

    @property
    def actual(self) -> Money:
        return Money(self.actual_minor, self.currency)

    @property
    def unpriced_actual(self) -> Money:
        return Money(self.unpriced_minor, self.currency)

    @property
    def difference(self) -> Money:
        """What the processing cost more than estimated; less, when it is negative."""
        return self.actual - self.estimated

    @property
    def off_bps(self) -> int | None:
        """The difference in basis points of the estimate; None where nothing was estimated."""
        if not self.estimated_minor:
            return None
        size = (abs(self.difference.minor) * 20_000 + self.estimated_minor) // (2 * self.estimated_minor)
        return size if self.difference.minor >= 0 else -size

    @property
    def verdict(self) -> str:
        """“out of date”, “no price”, “too few” or “fits”."""
        if self.unpriced:
            return "no price"
        if self.count < ENOUGH:
            return "too few"
        off = abs(self.difference.minor) * 10_000 > TOLERANCE_BPS * self.estimated_minor
        return "out of date" if off else "fits"

    @property
    def is_due(self) -> bool:
        """Somebody has to add a price."""
        return self.verdict in {"out of date", "no price"}


def compare(since: datetime) -> list[Comparison]:
    """Every payment that arrived from then on, against the price valid that day (UTC). Two queries."""
    prices = _Prices()
    rows: dict[Place, Comparison] = {}
    for country, currency, method, total_minor, actual_minor, paid_at in _paid(since):
        row = rows.setdefault((country, currency, method), Comparison(country, currency, method))
        price = prices.valid_on(paid_at.astimezone(UTC).date(), (country, currency, method))
        if price is None:
            row.unpriced += 1
            row.unpriced_minor += actual_minor
            continue
        total = Money(total_minor, currency)
        expected = fees.processing_estimate(
            total, bps=price.bps, fixed_minor=price.fixed_minor, cap_minor=price.cap_minor
        )
        row.count, row.price = row.count + 1, price
        row.volume_minor += total_minor
        row.estimated_minor += expected.minor
        row.actual_minor += actual_minor
    return [rows[place] for place in sorted(rows)]


def _paid(since: datetime) -> Iterator[tuple[str, str, str, int, int, datetime]]:
    rows = Checkout.objects.filter(processing_minor__isnull=False, paid_at__gte=since).order_by("paid_at", "pk")
    country = Coalesce("hold__payer__country", "wallet__payer__country")
    columns = ("currency", "method", "total_minor", "processing_minor", "paid_at")
    return rows.values_list(country, *columns).iterator(chunk_size=2_000)


class _Prices:
    """The whole schedule, asked like ``FeeSchedule.objects.valid_on`` but without a query for each payment."""

    def __init__(self) -> None:
        self.rows: dict[Place, list[FeeSchedule]] = {}
        for price in FeeSchedule.objects.order_by("-valid_from"):
            self.rows.setdefault((price.country, price.currency, price.method), []).append(price)

    def valid_on(self, day: date, place: Place) -> FeeSchedule | None:
        """The country's own newest price of that day, else the one for anywhere."""
        known = [*self.rows.get(place, []), *self.rows.get((ANYWHERE, *place[1:]), [])]
        return next((price for price in known if price.valid_from <= day), None)


def percent_of(bps: int | None) -> str:
    """“+12.5 %”, “−3.0 %”; a dash where nothing was estimated. Whole tenths, rounded away from zero by half."""
    if bps is None:
        return "–"
    tenths = (abs(bps) + 5) // 10
    return f"{'−' if bps < 0 and tenths else '+' if tenths else ''}{tenths // 10}.{tenths % 10} %"
