"""Jobs that time starts."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from marketplace.kit.sweeping import one_by_one
from marketplace.notices import mail
from marketplace.notices.models import Notice

SCHEDULE = {"notices-sweep": ("notices.mail.sweep", 60.0)}
BATCH = 200


@shared_task(name="notices.mail.sweep")
def sweep() -> None:
    """Send what the doorbell missed."""
    now = timezone.now()
    overdue = Notice.objects.unsent().filter(created_at__lt=now - timedelta(seconds=30)).unclaimed(now)
    one_by_one(overdue.order_by("pk").values_list("pk", flat=True)[:BATCH], mail.deliver, job="deliver_notice")
