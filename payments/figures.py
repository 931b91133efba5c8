"""Money's health for Prometheus: read from the rows at each scrape, so every process gives the same answer."""

from collections.abc import Iterator
from typing import Any

import structlog
from django.db import DatabaseError, connection
from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from payments.states import OWED

log = structlog.get_logger(__name__)

_OWED = ", ".join(f"'{chart}'" for chart in OWED)
# For each currency what lies at Stripe by our books beyond what is other people's, and how much that is.
OWN_FUNDS = f"""SELECT owed.currency, coalesce(there.minor, 0) - owed.minor AS own, owed.minor AS owed
    FROM (
        SELECT currency, sum(minor) AS minor FROM payments_balance
        WHERE chart IN ({_OWED}) GROUP BY currency
    ) AS owed
    LEFT JOIN (
        SELECT currency, sum(minor) AS minor FROM payments_entry WHERE chart = 'stripe' GROUP BY currency
    ) AS there ON there.currency = owed.currency"""


class MoneyCollector(Collector):
    """Broken invariants, open cases, when both kinds of looking were last done, and the reserve."""

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing is read when the process starts."""
        return _families()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """A database that does not answer gives no figures, and no error: the scrape shows them missing."""
        broken, checked, cases, compared, own = families = _families()
        try:
            for name, severity, offending, at in _rows(
                f"name, severity, offending, {_epoch('checked_at')} FROM payments_finding"
            ):
                broken.add_metric([name, severity], offending)
                checked.add_metric([name], at)
            for kind, count in _rows("kind, count(*) FROM payments_case WHERE closed_at IS NULL GROUP BY kind"):
                cases.add_metric([kind], count)
            for (at,) in _rows(f"{_epoch('max(finished_at)')} FROM payments_reconciliation"):
                compared.add_metric([], at)
            for currency, minor in _rows(f"currency, own FROM ({OWN_FUNDS}) AS funds"):
                own.add_metric([currency], float(minor))
        except DatabaseError:
            log.exception("figures_missing")
            return
        yield from families


def register() -> None:
    """Once per process."""
    REGISTRY.register(MoneyCollector())


def _families() -> list[GaugeMetricFamily]:
    return [
        GaugeMetricFamily(
            "goodword_invariant_offending", "Rows that break an invariant of the books.", labels=["name", "severity"]
        ),
        GaugeMetricFamily(
            "goodword_invariant_checked_timestamp_seconds", "When an invariant was last looked at.", labels=["name"]
        ),
        GaugeMetricFamily("goodword_cases_open", "Cases about money that wait for a person.", labels=["kind"]),
        GaugeMetricFamily("goodword_reconciled_timestamp_seconds", "When the books were last compared with Stripe."),
        GaugeMetricFamily(
            "goodword_own_funds_minor", "What lies at Stripe beyond what we owe, in minor units.", labels=["currency"]
        ),
    ]


def _epoch(column: str) -> str:
    """Never is 0: an alert on the age of it rings."""
    return f"coalesce(extract(epoch FROM {column}), 0)::float"


def _rows(what: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {what}")
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
