"""Sending the outbox: the same key until the answer is clear, and each answer settled once."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from payments import gateway
from payments.models import Operation
from payments.settlement import accounts, arrivals, disputes, forgotten, payouts, refunds, releases, reversals
from payments.settlement.locks import lock_purpose
from payments.settlement.outbox import FINDABLE
from payments.states import OperationState

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=75)  # longer than a task may live (CELERY_TASK_TIME_LIMIT), so whoever held it is gone
KEY_IS_SAFE = timedelta(hours=20)  # Stripe forgets keys after 24 hours
REPLAYING_AFTER = 5
LONGEST_PAUSE = 3600
PATIENCE = 20  # times that carrying it out may break before a person is asked; with the pauses about four hours
LONGEST_PAUSE_WHEN_BROKEN = 900


# kind → how it ends well, how it ends badly. Both run inside the settling transaction, with the hold locked.
Succeed = Callable[[Operation, dict[str, Any]], None]
Refuse = Callable[[Operation, gateway.Refused], None]
SETTLERS: dict[str, tuple[Succeed, Refuse]] = {
    "account.create": (accounts.connected, accounts.not_connected),
    "account_link.create": (accounts.link_made, accounts.not_connected),
    "checkout_session.create": (arrivals.session_opened, arrivals.session_refused),
    "checkout_session.expire": (arrivals.session_closed, arrivals.session_not_closed),
    "dispute.update": (disputes.evidence_sent, disputes.evidence_refused),
    "customer.create": (accounts.customer_made, accounts.not_connected),
    "payout.create": (payouts.sent, payouts.refused),
    "refund.create": (refunds.answered, refunds.refused),
    "transfer.create": (releases.confirmed, releases.refused),
    "transfer_reversal.create": (reversals.confirmed, reversals.refused),
}


def run(operation_id: int, *, patient: bool = True) -> None:
    """Send one operation if it is due and nobody else is sending it, and settle the answer."""
    operation = _claim(operation_id)
    if operation is None:
        return
    try:
        settle(operation, _ask(operation, patient=patient))
    except Exception as broken:  # ours to mend: noted, so that it is seen, and told to whoever called
        with transaction.atomic():
            locked = Operation.objects.select_for_update(of=("self",)).get(pk=operation.pk)
            if locked.state == OperationState.CLAIMED:
                _note_broken(locked, repr(broken))
        raise


def run_due(limit: int = 100) -> int:
    """Send everything that is due. Returns how many were tried."""
    due = Operation.objects.due(timezone.now()).order_by("next_try_at").values_list("pk", flat=True)[:limit]
    for operation_id in list(due):
        try:
            run(operation_id)
        except Exception:  # one that breaks must not hold up the others; its lease ends and it comes again
            log.exception("operation_broke", operation=operation_id)
    return len(due)


def settle(operation: Operation, outcome: gateway.Outcome) -> None:
    """Write down what Stripe said. Running twice changes nothing."""
    with transaction.atomic():
        lock_purpose(operation)  # always the hold first, then the operation
        locked = Operation.objects.select_for_update(of=("self",)).get(pk=operation.pk)
        if locked.state in {OperationState.DONE, OperationState.REFUSED}:
            return
        match outcome:
            case gateway.Success(data=data):
                SETTLERS[locked.kind][0](locked, data)
                _end(locked, OperationState.DONE, "done", {"id": data.get("id"), "url": data.get("url")})
            case gateway.Refused(code=code, message=message):
                SETTLERS[locked.kind][1](locked, outcome)
                _end(locked, OperationState.REFUSED, f"{code}: {message}", {"code": code})
            case gateway.Ours(reason=reason):
                log.error("operation_parked", operation=str(locked.key), kind=locked.kind, reason=reason)
                _end(locked, OperationState.PARKED, f"ours: {reason}", {})
            case gateway.Unknown():
                _postpone(locked, outcome)


def _claim(operation_id: int) -> Operation | None:
    with transaction.atomic():
        now = timezone.now()
        due = Operation.objects.due(now).select_for_update(skip_locked=True, of=("self",))
        operation = due.filter(pk=operation_id).first()
        if operation is None:
            return None
        if operation.state == OperationState.CLAIMED:
            _note_broken(operation, "its worker has died")
            if operation.state == OperationState.PARKED:
                return None
        operation.state = OperationState.CLAIMED
        operation.lease_until = now + LEASE
        operation.tries += 1
        operation.first_sent_at = operation.first_sent_at or now
        operation.save(update_fields=["state", "lease_until", "tries", "first_sent_at", "updated_at"])
        return operation


def _ask(operation: Operation, *, patient: bool = True) -> gateway.Outcome:
    """Send it; but look it up first when the key may be forgotten, or when Stripe keeps replaying a broken answer.

    And send nothing that was made before these books were restored, however often somebody asks for it.
    """
    if _is_doubtful(operation):
        if operation.kind in FINDABLE:
            found = gateway.look_up(
                operation.kind, operation.params, op_id=operation.op_id, account=operation.acts_as or None
            )
            if not isinstance(found, gateway.Refused):
                return found
        operation.attempt += 1
        operation.first_sent_at, operation.result = timezone.now(), {}
        operation.save(update_fields=["attempt", "first_sent_at", "result", "updated_at"])
    if operation.kind in forgotten.ASKED_FIRST:
        answer = forgotten.made_before(operation, patient=patient)
        if answer is not None:
            return answer
    return gateway.call(
        operation.kind,
        operation.params,
        key=operation.idempotency_key,
        account=operation.acts_as or None,
        patient=patient,
    )


def _is_doubtful(operation: Operation) -> bool:
    """The key may be forgotten, Stripe replays a broken answer (or seems to), or a person asked after our fault."""
    sent_at = operation.first_sent_at
    if sent_at is not None and timezone.now() - sent_at > KEY_IS_SAFE:
        return True
    last: dict[str, Any] = operation.result
    replaying = (last.get("status") or 0) >= 500 and last.get("in_a_row", 0) >= REPLAYING_AFTER
    return replaying or bool(last.get("look_up"))


def _postpone(operation: Operation, answer: gateway.Unknown) -> None:
    in_a_row = operation.result.get("in_a_row", 0) + 1 if operation.result.get("status") == answer.status else 1
    pause = min(2 ** min(operation.tries, 12), LONGEST_PAUSE) * random.uniform(0.75, 1.25)  # noqa: S311 - jitter
    operation.next_try_at = timezone.now() + timedelta(seconds=pause)
    operation.state = OperationState.PENDING
    operation.outcome = f"unknown: {answer.reason}"[:300]
    operation.result = {"status": answer.status, "in_a_row": in_a_row, "look_up": answer.replayed}
    operation.save(update_fields=["next_try_at", "state", "outcome", "result", "updated_at"])


def _note_broken(operation: Operation, how: str) -> None:
    """Carrying it out broke, not Stripe's answer: tried again later under the same key, in the end by a person."""
    broke = operation.result.get("broke", 0) + 1
    if broke >= PATIENCE:
        log.error("operation_parked", operation=str(operation.key), kind=operation.kind, reason=how)
        _end(operation, OperationState.PARKED, f"broke {broke} times: {how}", {})
        return
    pause = timedelta(seconds=min(2**broke, LONGEST_PAUSE_WHEN_BROKEN))
    operation.state, operation.next_try_at = OperationState.PENDING, timezone.now() + pause
    operation.outcome, operation.result = f"broke: {how}"[:300], {**operation.result, "broke": broke}
    operation.save(update_fields=["state", "next_try_at", "outcome", "result", "updated_at"])


def _end(operation: Operation, state: OperationState, outcome: str, result: dict[str, Any]) -> None:
    operation.state = state
    operation.outcome = outcome[:300]
    operation.result = result
    operation.settled_at = timezone.now()
    operation.save(update_fields=["state", "outcome", "result", "settled_at", "updated_at"])
