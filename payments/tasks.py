"""The doorbell: wakes a worker for one row. Lost, it only means that the sweep comes first."""

from celery import shared_task

from payments.settlement import inbox, sending


@shared_task(name="payments.run_operation")
def run_operation(*, operation_id: int) -> None:
    """Send one operation."""
    sending.run(operation_id)


@shared_task(name="payments.read_event")
def read_event(*, event_id: int) -> None:
    """Read one event, and send at once what it set off."""
    inbox.read(event_id)
    sending.run_due(limit=20)
