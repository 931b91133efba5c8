"""Money's health for Prometheus: read from the rows at each scrape, so every process gives the same answer."""

from collections.abc import Iterator
from typing import Any

import structlog
from django.db import DatabaseError, connection
from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

log = structlog.get_logger(__name__)


class MoneyCollector(Collector):
    """Broken invariants, open cases, and when both kinds of looking were last done."""

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing is read when the process starts."""
        return _families()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """A database that does not answer gives no figures, and no error: the scrape shows them missing."""
        broken, checked, cases, compared = families = _families()
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
    ]


def _epoch(column: str) -> str:
    """Never is 0: an alert on the age of it rings."""
    return f"coalesce(extract(epoch FROM {column}), 0)::float"


def _rows(what: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {what}")
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
