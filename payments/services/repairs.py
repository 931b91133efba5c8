"""What a person in the admin may do about something stuck: ask again. Never: change what was written."""

from django.db import transaction
from django.utils import timezone

from marketplace.kit.errors import Conflict
from marketplace.kit.later import later
from marketplace.trust.services import reason_given, record
from marketplace.users.models import User
from payments import tasks
from payments.models import Operation, StripeEvent
from payments.states import EventState, OperationState


@transaction.atomic
def retry_operation(operation: Operation, *, reason: str, by: User) -> Operation:
    """A parked or waiting operation is sent again now; a parked one is looked up at Stripe first, so never twice."""
    operation.refresh_from_db(from_queryset=Operation.objects.select_for_update(of=("self",)))
    if operation.state not in {OperationState.PARKED, OperationState.PENDING}:
        raise Conflict("not_stuck", "This is not waiting for anybody.", state=operation.state)
    if operation.state == OperationState.PARKED:
        operation.result = {"look_up": True}
    operation.state, operation.next_try_at = OperationState.PENDING, timezone.now()
    operation.save(update_fields=["state", "next_try_at", "result", "updated_at"])
    record(act="operation.retry", thing=operation, by=by, reason=reason_given(reason))
    later(tasks.run_operation, operation_id=operation.pk)
    return operation


@transaction.atomic
def retry_event(event: StripeEvent, *, reason: str, by: User) -> StripeEvent:
    """A parked or waiting event is read again now."""
    event.refresh_from_db(from_queryset=StripeEvent.objects.select_for_update())
    if event.state not in {EventState.PARKED, EventState.RECEIVED}:
        raise Conflict("not_stuck", "This is not waiting for anybody.", state=event.state)
    event.state, event.next_try_at, event.tries = EventState.RECEIVED, timezone.now(), 0
    event.save(update_fields=["state", "next_try_at", "tries", "updated_at"])
    record(act="event.retry", thing=event, by=by, reason=reason_given(reason))
    later(tasks.read_event, event_id=event.pk)
    return event
