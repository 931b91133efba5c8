"""One run, step by step: lines, postings, our balance, payees' balances. Each step can be taken up again."""

import time
from datetime import datetime, timedelta

import structlog
from django.utils import timezone

from payments.models import Reconciliation
from payments.reconciliation.asking import NoAnswer
from payments.reconciliation.balances import compare_ours
from payments.reconciliation.judging import clear_settled, judge_lines, judge_postings
from payments.reconciliation.lines import copy
from payments.reconciliation.payees import compare_payee, payees
from payments.reconciliation.report import Report
from payments.settlement import inbox

log = structlog.get_logger(__name__)

OVERLAP = timedelta(days=1)  # Stripe's list may be a little behind itself
NO_TIME = "there was no time for the rest yet"


class OutOfTime(Exception):
    """The rest is for the next ring."""


def start(*, since: datetime | None = None) -> Reconciliation:
    """A run not begun yet: from ``since``, else a day before the last whole one began, else from the beginning."""
    if since is None:
        last = Reconciliation.objects.exclude(finished_at=None).order_by("-started_at").first()
        since = last.started_at - OVERLAP if last else None
    return Reconciliation(since=since)


def start_or_go_on(day: datetime) -> Reconciliation | None:
    """The run of the day that began then: new, interrupted, or None when it is done already."""
    row = Reconciliation.objects.filter(started_at__gte=day).order_by("-started_at").first()
    if row is None:
        return start()
    return row if row.finished_at is None else None


def reconcile(row: Reconciliation, report: Report, *, seconds: float = float("inf")) -> Report:
    """Compare everything, or as much as ``seconds`` allow; ``row`` remembers how far it came.

    Stripe's silence opens no case: ``report.trouble`` says so, and the run is not finished.
    """
    ends = time.monotonic() + seconds
    report.counts.update(row.counts)
    try:
        _compare(row, report, ends)
        row.finished_at = timezone.now()
    except NoAnswer as silence:
        log.warning("reconciliation_unanswered", reason=str(silence))
        report.trouble = f"Stripe did not answer: {silence}"
    except OutOfTime:
        report.trouble = NO_TIME
    row.trouble = report.trouble[:300]
    _remember(row, report)
    return report


def _compare(row: Reconciliation, report: Report, ends: float) -> None:
    if report.keep:  # what Stripe has told, or would tell if asked, is read before anything is called a mismatch
        inbox.catch_up()
        inbox.read_due()
    if not row.lines_copied:
        for page in copy(row.since, row.started_at, after=row.cursor):
            report.count("lines copied", page.lines)
            row.cursor = page.last
            _remember(row, report)
            _mind(ends)
        row.lines_copied = True
    if row.payee_after == 0:
        judge_lines(report)
        judge_postings(report, since=row.since)
        compare_ours(report)
    for account in payees(row.payee_after).iterator(chunk_size=100):
        compare_payee(report, account)
        row.payee_after = account.pk
        _remember(row, report)
        _mind(ends)
    clear_settled(report)


def _remember(row: Reconciliation, report: Report) -> None:
    row.counts = dict(report.counts)
    if report.keep:
        row.save()


def _mind(ends: float) -> None:
    if time.monotonic() >= ends:
        raise OutOfTime
