"""What has no counterpart: the operator's own, still on its way, or a case. Line by line, and posting by posting."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from marketplace.kit.money import Money
from payments.models import Account, Case, Hold, Operation, Posting, StripeLine
from payments.reconciliation.asking import find
from payments.reconciliation.lines import keep, match
from payments.reconciliation.report import Report
from payments.settlement import treasury
from payments.settlement.readers import operation_of
from payments.states import LIVE_OPERATIONS, CaseKind, Chart

GRACE = timedelta(hours=1)  # news may take that long; Stripe's list and our books are never asked in one moment
MOST = 1_000  # of each in one run: more than that is one mistake, not a thousand


def judge_lines(report: Report) -> None:
    """Every line without its posting. ``report.waiting`` keeps those that are on their way into the books."""
    left = StripeLine.objects.unmatched().order_by("happened_at", "pk")
    match(list(left.values_list("stripe_id", flat=True)[:MOST]))  # some may have been booked since they were copied
    # What came in first: whether enough is left is asked of all that is there, and Stripe's seconds hold many lines.
    for line in sorted(left[:MOST], key=lambda line: line.net_minor < 0):
        postings = list(Posting.objects.filter(source=line.stripe_id).select_related("account", "hold__payee"))
        if postings:
            _differ(report, line, postings)
        elif line.kind in treasury.OWN and treasury.is_ours_to_take(line):
            _book(report, line)
        elif line.happened_at > timezone.now() - GRACE:
            _wait(report, line)
        else:
            _ask_whose(report, line)


def judge_postings(report: Report, *, since: datetime | None) -> None:
    """Every posting on Stripe's account whose line is not in Stripe's list."""
    rows = unseen().filter(created_at__lt=timezone.now() - GRACE)
    if since is not None:
        rows = rows.filter(Q(created_at__gte=since) | Q(key__in=_missed_before()))
    for posting in rows.select_related("account", "hold__payee").order_by("pk")[:MOST]:
        if not _is_at_stripe(posting.source):
            _miss(report, posting)


def unseen() -> QuerySet[Posting]:
    """Postings that moved Stripe's account and whose line we have not copied; with ``minor`` and ``currency``."""
    copied = StripeLine.objects.filter(stripe_id=OuterRef("source"))
    rows = Posting.objects.filter(~Exists(copied), entries__chart=Chart.STRIPE)
    return rows.annotate(minor=Sum("entries__minor"), currency=Min("entries__currency"))


def _missed_before() -> list[str]:
    """Postings with an open case are looked at again, however old."""
    cases = Case.objects.open().filter(kind=CaseKind.UNSEEN).values_list("things", flat=True)
    return [key for things in cases for key in things]


def clear_settled(report: Report) -> None:
    """Note on open cases what has found its counterpart since."""
    for case in Case.objects.open().filter(kind__in=[CaseKind.UNBOOKED, CaseKind.DIFFERENT], cleared_at=None):
        if StripeLine.objects.filter(stripe_id__in=case.things).exclude(matched_at=None).exists():
            report.agrees(case.key)
    for case in Case.objects.open().filter(kind=CaseKind.UNSEEN, cleared_at=None):
        if not unseen().filter(key__in=case.things).exists():
            report.agrees(case.key)


def _book(report: Report, line: StripeLine) -> None:
    report.count("own moves booked" if report.keep else "own moves to be booked")
    if report.keep:
        treasury.book(line)
        match([line.stripe_id])
    else:
        report.waiting.append(line.pk)


def _wait(report: Report, line: StripeLine) -> None:
    report.count("lines on their way into the books")
    report.waiting.append(line.pk)


def _ask_whose(report: Report, line: StripeLine) -> None:
    """An operation that is still being carried out explains it; nothing else does."""
    operation, payee = _whose(line)
    if operation is not None and operation.state in LIVE_OPERATIONS:
        _wait(report, line)
        return
    text = f"Stripe moved {line.net} ({line.kind} {line.thing}), and our books do not know of it."
    if line.kind in treasury.OWN:
        text = f"{-line.net} were taken out of the balance, and what is left does not cover what we owe to others."
    report.mismatch(
        CaseKind.UNBOOKED, f"line:{line.stripe_id}", text, things=[line.stripe_id], account=payee,
        money=line.net, line=line.stripe_id, type=line.kind, about=line.thing,
        happened_at=line.happened_at.isoformat(), operation=operation.op_id if operation else None,
    )  # fmt: skip


def _differ(report: Report, line: StripeLine, postings: list[Posting]) -> None:
    keys = [posting.key for posting in postings]
    report.mismatch(
        CaseKind.DIFFERENT, f"line:{line.stripe_id}",
        f"Stripe moved {line.net} with {line.stripe_id}; the books say something else in {', '.join(keys)}.",
        things=[line.stripe_id], account=_concerned(postings[0]), money=line.net, line=line.stripe_id,
        about=line.thing, postings=keys,
    )  # fmt: skip


def _miss(report: Report, posting: Any) -> None:
    money = Money(posting.minor, posting.currency)
    why = f"Stripe has no {posting.source}" if posting.source else "it names no balance transaction"
    report.mismatch(
        CaseKind.UNSEEN, f"posting:{posting.key}", f"The books moved {money} with {posting.key}, but {why}.",
        things=[posting.key], account=_concerned(posting), money=money, posting=posting.key, source=posting.source,
        posted_at=posting.created_at.isoformat(),
    )  # fmt: skip


def _is_at_stripe(source: str) -> bool:
    """Stripe may have it although it is older than what was copied. It is copied then."""
    found = find("balance_transaction.retrieve", {"id": source}) if source else None
    if found is not None:
        keep([found])
    return found is not None


def _whose(line: StripeLine) -> tuple[Operation | None, Account | None]:
    """The operation that made this move, and the payee it concerns, as far as Stripe's object says."""
    found = find("balance_transaction.retrieve", {"id": line.stripe_id, "expand": ["source"]}) or {}
    source = found.get("source")
    marks = (source.get("metadata") if isinstance(source, dict) else None) or {}
    hold = (
        Hold.objects.filter(public_id=str(marks.get("hold") or marks.get("purpose") or ""))
        .select_related("payee")
        .first()
    )
    return operation_of(marks), hold.payee if hold else None


def _concerned(posting: Posting) -> Account | None:
    return posting.account or (posting.hold.payee if posting.hold else None)
