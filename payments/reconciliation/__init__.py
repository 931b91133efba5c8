"""Stripe compared with our books: every line, every balance, to the cent. It never mends what it finds."""

from payments.reconciliation.report import Report
from payments.reconciliation.run import reconcile, start, start_or_go_on

__all__ = ["Report", "reconcile", "start", "start_or_go_on"]
