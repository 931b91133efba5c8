"""Jobs that time starts."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from marketplace.notices import mail
from marketplace.notices.models import Notice

SCHEDULE = {"notices-sweep": ("notices.mail.sweep", 60.0)}
BATCH = 200


@shared_task(name="notices.mail.sweep")
def sweep() -> None:
    """Send what the doorbell missed."""
    overdue = Notice.objects.unsent().filter(created_at__lt=timezone.now() - timedelta(seconds=30))
    for notice_id in overdue.order_by("pk").values_list("pk", flat=True)[:BATCH]:
        mail.deliver(notice_id)
